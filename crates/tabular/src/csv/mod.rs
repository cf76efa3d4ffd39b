//! CSV: finding the dialect, reading, writing.

pub mod formula;
pub(crate) mod read;
pub(crate) mod scan;
pub(crate) mod sniff;
pub(crate) mod write;

/// How cells and rows are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    /// The byte that ends a row: a line feed (a carriage return before it is dropped), or a carriage return in files that
    /// hold no line feed at all.
    pub(crate) newline: u8,
}
