use std::fmt;

use crate::Cell;

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where the row starts, counted from 1: the line of a text file, the row of a sheet, the element of a JSON array, the
    /// record of a Parquet file. It grows from row to row, and is what [`Source::skip_to_row`](crate::Source::skip_to_row)
    /// takes.
    pub number: u64,
    /// One cell per column of the source.
    pub cells: Vec<Cell>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("row {number}: {reason}")]
pub struct RowError {
    /// Where the row starts, as in [`Row::number`].
    pub number: u64,
    /// What is wrong with it.
    pub reason: Reason,
    /// The row as it was written, shortened to some kilobytes; empty where the format has no text for it.
    pub raw: String,
}

impl RowError {
    pub(crate) fn new(number: u64, reason: Reason, raw: impl Into<String>) -> Self {
        Self { number, reason, raw: raw.into() }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// Another number of cells than the table has columns.
    Ragged {
        /// Columns of the table.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Bytes that are not text in the encoding of the file.
    Encoding {
        /// The line of the first such byte, from 1.
        line: u64,
        /// Its offset in the (unpacked) file, from 0.
        byte: u64,
    },
    /// A quote that opens a cell and is never closed.
    OpenQuote {
        /// The line of the quote, from 1.
        line: u64,
    },
    /// A row longer than the limit, in bytes.
    RowTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A cell longer than the limit, in bytes.
    CellTooLong {
        /// The column, from 1.
        column: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Not a JSON object.
    Json(String),
    /// A key that no earlier row had.
    UnknownKey(String),
    /// The file ends in the middle of a row.
    Truncated,
    /// The file cannot be read any further; this is the last item.
    Fatal(String),
}

impl Reason {
    /// Whether nothing can be read after this error.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Fatal(_) | Self::Truncated)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ragged { expected, found } => {
                write!(f, "the row has {found} cells where the table has {expected} columns")
            }
            Self::Encoding { line, byte } => {
                write!(f, "line {line} holds a wrong character (byte {byte} of the file)")
            }
            Self::OpenQuote { line } => write!(f, "a quote opened on line {line} is never closed"),
            Self::RowTooLong { limit } => write!(f, "the row is longer than {limit} bytes"),
            Self::CellTooLong { column, limit } => {
                write!(f, "the cell of column {column} is longer than {limit} bytes")
            }
            Self::Json(detail) => write!(f, "the row is not a JSON object: {detail}"),
            Self::UnknownKey(key) => write!(f, "the key {key:?} is not a column of the table"),
            Self::Truncated => write!(f, "the file ends in the middle of the row"),
            Self::Fatal(detail) => write!(f, "the file cannot be read any further: {detail}"),
        }
    }
}

/// The start of a text that may be long, cut at a character.
pub(crate) fn shorten(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The readable start of a row that may be long and may hold wrong bytes.
pub(crate) fn raw_text(bytes: &[u8]) -> String {
    const RAW_BYTES: usize = 16 * 1024;
    String::from_utf8_lossy(&bytes[..bytes.len().min(RAW_BYTES)]).into_owned()
}
