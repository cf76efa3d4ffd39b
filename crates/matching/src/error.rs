use std::io;

/// What resolving records could not do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no row to resolve.
    #[error("the table has no rows")]
    Empty,
    /// No column was recognised, so that nothing can be compared.
    #[error("no column was recognised: give some a role in the configuration (columns: {0})")]
    NothingToCompare(String),
    /// The configuration names a column that the table does not have.
    #[error("the table has no column “{0}”")]
    UnknownColumn(String),
    /// The configuration names a source that the table does not have.
    #[error("the table has no source “{0}”")]
    UnknownSource(String),
    /// A table's columns differ in length, or a row has another number of cells than the table has columns.
    #[error("{found} cells where {expected} were expected")]
    Ragged {
        /// Cells given.
        found: usize,
        /// Cells needed.
        expected: usize,
    },
    /// A column holds more text, or a table more rows, than the library addresses (4 GiB a column, 4 billion rows).
    #[error("“{0}” holds more than can be addressed")]
    TooLarge(String),
    /// A row number beyond the end of the table.
    #[error("there is no row {0}")]
    NoSuchRow(usize),
    /// A configuration, model or rule that cannot be read.
    #[error("{what} cannot be read: {detail}")]
    Unreadable {
        /// What was being read.
        what: &'static str,
        /// Where and why it stopped.
        detail: String,
    },
    /// A model written by a later version of this library.
    #[error("the model has format {found}; this program reads up to {known}")]
    FutureModel {
        /// The format of the file.
        found: u32,
        /// The latest format known here.
        known: u32,
    },
    /// A model that was learnt for other comparisons than the configuration asks for.
    #[error("the model does not fit the configuration: {0}")]
    ModelMismatch(String),
    /// The progress callback asked to stop.
    #[error("stopped")]
    Stopped,
    /// A model file could not be read or written.
    #[error("the file cannot be read or written: {0}")]
    Io(#[from] io::Error),
}
