//! Expressions in CEL (the Common Expression Language): formula fields, validation rules, and the conditions under which a field
//! is required, shown or read-only.
//!
//! The `cel` crate reads the text; the tree is then bound to the object's fields and evaluated here, straight from the record, so
//! that the rules below hold and no expression can run for long.
//!
//! **Names.** Every field of the object by its name; `now` (a moment), `today` (the actor's day), `me` (the acting user's
//! identifier, null for the product itself). Composite fields have parts: `amount.amount`, `amount.currency`, `name.full`,
//! `name.first`, `address.city`, `place.lat`, `about.object`, `emails[0].value`, `emails.primary`, `files[0].size`. References are
//! identifiers in their written form (`con_01h…`).
//!
//! **Numbers.** Whole and floating numbers mix freely and compare by value. `7 / 2` is 3.5, `6 / 2` is 3; what leaves the range
//! of whole numbers goes on as a floating number. Dividing by zero gives null.
//!
//! **Null.** A field without a value is null, a yes/no field without a value is false. Parts, elements, arithmetic, functions and
//! order comparisons of null give null; `==` and `!=` compare with it. `&&`, `||`, `!` follow SQL: `null && false` is false,
//! `null || true` is true, otherwise null. A condition that ends in null does not hold; a validation rule that ends in null is
//! not broken, as an SQL `CHECK`.
//!
//! **Days and moments.** `day - day` is whole days, `moment - moment` is days with a fraction, and `+` or `-` a number moves by
//! days. Where a day meets a moment, the moment counts as its day in the actor's time zone.
//!
//! **Limits.** [`MAX_LENGTH`], [`MAX_DEPTH`], [`MAX_NESTING`], [`MAX_LIST`], [`MAX_STEPS`] and [`MAX_TEXT`].

mod compile;
mod error;
mod eval;
mod function;
mod object;
mod program;
mod sample;
mod source;
mod value;

#[cfg(test)]
mod tests;

pub use error::FormulaError;
pub use object::Formulas;
pub use program::Program;

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 2_000;
/// How deep an expression may be nested.
pub const MAX_DEPTH: usize = 48;
/// How many of `all`, `exists`, `exists_one`, `map` and `filter` may stand inside each other.
pub const MAX_NESTING: usize = 2;
/// The longest list that those go through.
pub const MAX_LIST: usize = 1_000;
/// The most work one evaluation may take, in nodes visited and 64-byte pieces of text built.
pub const MAX_STEPS: u32 = 100_000;
/// The longest text an expression may build, in bytes.
pub const MAX_TEXT: usize = 100_000;
