//! Answering queries: a tree of the dialect becomes a plan on the model, the plan is run, and rows are written straight into text.

mod answer;
mod cast;
mod condition;
mod cursor;
mod embed;
mod group;
mod path;
mod plan;
mod relation;
mod row;
mod run;
mod value;

pub(crate) use answer::body;
pub(crate) use cursor::{decode, encode};
pub(crate) use path::field_of;
pub(crate) use plan::{Plan, plan};
pub(crate) use run::{fetch, with_embeds};

/// Most rows of one answer.
pub const MAX_ROWS: u32 = 1_000;
/// Most related rows that one embedded resource brings, all its parents together.
pub const MAX_EMBEDDED: u32 = 10_000;
