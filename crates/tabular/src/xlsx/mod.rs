//! Office Open XML workbooks.

pub(crate) mod guard;
pub(crate) mod read;
pub(crate) mod write;
