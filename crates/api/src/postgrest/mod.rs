//! The PostgREST dialect, as plain data: query strings and headers in, a tree of our own out.
//!
//! Nothing here knows an object, a field or a database. What a name means, and whether an operator suits its
//! field, is decided by whoever reads the tree.
//!
//! ```
//! let query = api::postgrest::Query::parse("select=name,account(name)&amount=gt.1000&order=amount.desc", &[])?;
//! assert_eq!(query.root.filters.len(), 1);
//! assert_eq!(query.to_string(), "select=name,account(name)&amount=gt.1000&order=amount.desc");
//! # Ok::<(), api::postgrest::Error>(())
//! ```

mod accept;
mod ast;
mod encode;
mod error;
mod filter;
mod order;
mod prefer;
mod print;
mod query;
mod range;
mod reader;
mod select;
#[cfg(test)]
mod tests;

pub use accept::Format;
pub use ast::{
    Aggregate, Column, Condition, Connective, Direction, Embed, Field, Filter, Function, Item, Join, Key, Level, Nulls,
    Operator, Order, Quantifier, Query, Search, Step, Test, Truth, Window,
};
pub use error::{Error, Place};
pub use filter::array_items;
pub use prefer::{Count, Handling, Missing, Preferences, Resolution, Return, Transaction};

/// Longest query string that is read, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;
/// Deepest nesting of embedded resources.
pub const MAX_EMBED_DEPTH: usize = 8;
/// Deepest nesting of `and`/`or` groups.
pub const MAX_GROUP_DEPTH: usize = 16;
/// Most conditions in one query, all levels together.
pub const MAX_CONDITIONS: usize = 500;
/// Most values in the lists of one query, all conditions together.
pub const MAX_VALUES: usize = 10_000;
