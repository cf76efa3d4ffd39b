use std::io;

use crate::Format;

/// Why a table could not be opened or written. Problems of single rows are [`RowError`](crate::RowError)s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read or written.
    #[error("the file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// The file holds nothing.
    #[error("the file is empty")]
    Empty,
    /// The content is of no known format: bytes that are neither text, a workbook nor Parquet.
    #[error("the content is neither text, a spreadsheet nor a Parquet file")]
    UnknownFormat,
    /// An old or other office format that is recognised but not read.
    #[error("{0} files are not supported: save the file as .xlsx or .csv")]
    Unsupported(&'static str),
    /// The format needs to jump inside the file and cannot be read from a stream.
    #[error("{0} cannot be read from a stream: save it to a file first")]
    NeedsFile(Format),
    /// The format was left out of this build.
    #[error("{0} is not part of this build")]
    NotBuilt(Format),
    /// The file claims a format and breaks its rules.
    #[error("this {format} file is damaged: {detail}")]
    Damaged {
        /// The format the file claims.
        format: Format,
        /// What is wrong, in the words of the format.
        detail: String,
    },
    /// The workbook has no sheet of this name.
    #[error("there is no sheet {wanted:?}; the workbook has {available:?}")]
    NoSuchSheet {
        /// The sheet asked for.
        wanted: String,
        /// The sheets there are.
        available: Vec<String>,
    },
    /// The file would grow beyond a limit when it is unpacked.
    #[error("{what} is {actual} bytes when unpacked; the limit is {limit}")]
    TooLarge {
        /// The part that grows.
        what: String,
        /// The size reached when reading stopped, in bytes.
        actual: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// More columns than the limit.
    #[error("the table has {actual} columns; the limit is {limit}")]
    TooManyColumns {
        /// Columns found.
        actual: usize,
        /// The limit.
        limit: usize,
    },
    /// A row given to a sink has another number of cells than the sink has columns.
    #[error("a row of {found} cells was written to a table of {expected} columns")]
    Width {
        /// Columns of the sink.
        expected: usize,
        /// Cells given.
        found: usize,
    },
    /// A cell does not fit the column type of the format.
    #[error("column {column:?} holds {expected} and cannot take {found:?}")]
    Type {
        /// The column.
        column: String,
        /// What the column holds.
        expected: &'static str,
        /// The text of the cell, shortened.
        found: String,
    },
}

impl Error {
    pub(crate) fn damaged(format: Format, detail: impl ToString) -> Self {
        Self::Damaged { format, detail: detail.to_string() }
    }
}
