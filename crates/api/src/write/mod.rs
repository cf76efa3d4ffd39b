//! Changing records: bodies are read, changes go through the one pipeline, and answers are kept for idempotency keys, in one transaction.

mod answer;
mod batch;
mod body;
mod change;
mod create;
mod csv;
mod idempotency;
mod many;
mod one;

pub(crate) use body::fields_of;
pub(crate) use create::create;
pub(crate) use many::{delete_many, update_many};
pub(crate) use one::{delete, put, restore, update};

/// Most rows of one request.
pub const MAX_CHANGES: usize = 10_000;
