//! Objects, fields, values, filters and queries as plain data: what the store, the API and the pages all derive from.

mod check;
mod eval;
mod field;
mod filter;
mod ident;
mod json;
mod object;
mod phone;
mod problem;
mod query;
mod record;
mod relative;
mod schema;
mod typed;
mod value;

pub use check::check;
pub use eval::{Related, evaluate};
pub use field::{Choice, FieldDef, FieldType, Hue, Initial, OnDelete, Rollup, RollupOp, Scalar};
pub use filter::{Condition, Filter, FilterError, Op, Operand, Path};
pub use ident::{Ident, IdentError};
pub use json::{from_json, normalise_email, to_json};
pub use object::{Grant, IndexDef, Layout, ObjectDef, Scope, Section, Validation, system};
pub use phone::normalise_phone;
pub use problem::{Arg, Problem, Problems};
pub use query::{Cursor, Nulls, Query, Sort};
pub use record::{Fields, Record};
pub use relative::{Relative, Span, Unit};
pub use schema::{Schema, SchemaError};
pub use typed::{
    Field, FieldValue, address, auto_number, boolean, choice, date, date_time, decimal, duration, emails, files,
    formula, integer, json, links, location, long_text, money, multi_choice, percent, person_name, phones, polymorphic,
    rating, reference, references, rollup, tags, text, user,
};
pub use value::{Address, Entry, FileRef, Location, PersonName, Ref, Value};
