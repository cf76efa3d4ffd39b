use kernel::{Code, Coded, Id};
use model::Problem;

use crate::RecordError;

/// Why an import or an export stopped. What was acknowledged before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or read as a table.
    #[error("{0}")]
    Table(#[from] tabular::Error),
    /// The file cannot be read any further than this row.
    #[error("row {row}: {reason}")]
    Broken {
        /// The row, as the file counts them.
        row: u64,
        /// What is wrong.
        reason: String,
    },
    /// The mapping does not fit the file or the object.
    #[error("{0}")]
    Mapping(Problem),
    /// The records platform refused.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// A file beside the import (rejected rows, rows that wait) cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// The answer of the system.
        error: std::io::Error,
    },
    /// The file is not the one that the import began with.
    #[error("this is not the file that the import began with: it changed since")]
    OtherFile,
    /// Another process goes on with this import, or undid it.
    #[error("import {0} is not running, or somebody else goes on with it")]
    TakenOver(Id),
}

impl ImportError {
    pub(super) fn file(path: &std::path::Path, error: std::io::Error) -> ImportError {
        ImportError::File { path: path.display().to_string(), error }
    }
}

impl From<store::StoreError> for ImportError {
    fn from(error: store::StoreError) -> ImportError {
        ImportError::Records(error.into())
    }
}

impl From<Problem> for ImportError {
    fn from(problem: Problem) -> ImportError {
        ImportError::Mapping(problem)
    }
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            ImportError::Table(tabular::Error::TooLarge { .. } | tabular::Error::TooManyColumns { .. }) => {
                Code::TooLarge
            }
            ImportError::Table(tabular::Error::Io(_)) | ImportError::File { .. } => Code::Unavailable,
            ImportError::Table(_) | ImportError::Broken { .. } | ImportError::Mapping(_) => Code::Invalid,
            ImportError::Records(error) => error.code(),
            ImportError::OtherFile | ImportError::TakenOver(_) => Code::Conflict,
        }
    }
}
