//! JSON: objects one a line, one after the other, or in one array.

pub(crate) mod read;
pub(crate) mod write;
