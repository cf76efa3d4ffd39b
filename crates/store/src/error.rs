use std::path::PathBuf;

use deadpool::managed::PoolError;
use kernel::{Code, Coded};

/// What the store could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record has the same value.
    #[error("the value of {} is already taken", columns.join(", "))]
    Taken {
        /// The table.
        table: String,
        /// The columns that together must be unique.
        columns: Vec<String>,
    },
    /// A reference points to no record, or a record that others point to would vanish.
    #[error("a reference would point to nothing")]
    Dangling,
    /// The disk is full.
    #[error("the disk is full: nothing was written")]
    Full,
    /// The disk has no room for the copy that is made before an upgrade.
    #[error(
        "{} has no room for the copy of the database that is made before its upgrade: {needed} MB are needed, {free} MB are free. \
         Make room there, for instance by moving copies called NAME.before-TIME.db elsewhere, and start again; nothing was changed",
        folder.display()
    )]
    NoRoom {
        /// Where the database is.
        folder: PathBuf,
        /// What the copy and the upgrade take, in MB.
        needed: u64,
        /// What is free, in MB.
        free: u64,
    },
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The statement took longer than allowed.
    #[error("the query took too long and was stopped")]
    TooSlow,
    /// Two writes waited for each other; this one was undone and can be tried again.
    #[error("another change to the same records was under way: try again")]
    Deadlock,
    /// A regular expression that this database does not know.
    #[error("the database does not understand this regular expression")]
    Pattern,
    /// A sum that is larger than the largest number.
    #[error("a sum is larger than the largest number")]
    Overflow,
    /// The file was written by a newer version of Clientele, or is no database of it.
    #[error("{0}")]
    Foreign(String),
    /// A fault of ours: SQL that does not fit, data that cannot be read back.
    #[error("internal: {0}")]
    Fault(String),
}

impl Coded for StoreError {
    fn code(&self) -> Code {
        match self {
            StoreError::Taken { .. } | StoreError::Dangling | StoreError::Deadlock => Code::Conflict,
            StoreError::Pattern | StoreError::Overflow => Code::BadRequest,
            StoreError::Full | StoreError::NoRoom { .. } | StoreError::Unavailable(_) | StoreError::TooSlow => {
                Code::Unavailable
            }
            StoreError::Foreign(_) | StoreError::Fault(_) => Code::Internal,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode as C;
        let text = error.to_string();
        let rusqlite::Error::SqliteFailure(failure, message) = &error else { return StoreError::Fault(text) };
        match failure.code {
            C::ConstraintViolation => match failure.extended_code {
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                    taken(message.as_deref().unwrap_or_default())
                }
                rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Dangling,
                _ => StoreError::Fault(text),
            },
            C::DiskFull => StoreError::Full,
            C::OperationInterrupted => StoreError::TooSlow,
            C::Unknown if message.as_deref() == Some("integer overflow") => StoreError::Overflow,
            C::DatabaseBusy
            | C::DatabaseLocked
            | C::CannotOpen
            | C::SystemIoFailure
            | C::PermissionDenied
            | C::ReadOnly => StoreError::Unavailable(text),
            C::NotADatabase | C::DatabaseCorrupt => {
                StoreError::Foreign(format!("this file is no readable database: {text}"))
            }
            _ => StoreError::Fault(text),
        }
    }
}

/// From “UNIQUE constraint failed: contact.code, contact.kind”.
fn taken(message: &str) -> StoreError {
    let list = message.rsplit(": ").next().unwrap_or_default();
    let mut table = String::new();
    let columns = list
        .split(", ")
        .filter_map(|item| {
            let (t, column) = item.split_once('.')?;
            table = t.to_owned();
            Some(column.to_owned())
        })
        .collect();
    StoreError::Taken { table, columns }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> StoreError {
        let Some(db) = error.as_db_error() else {
            let mut text = error.to_string();
            if let Some(source) = std::error::Error::source(&error) {
                text = format!("{text}: {source}");
            }
            return StoreError::Unavailable(text);
        };
        match db.code().code() {
            // “Key (code, kind)=(x, y) already exists.”, in the server's language.
            "23505" => {
                let detail = db.detail().unwrap_or_default();
                let list =
                    detail.split_once('(').and_then(|(_, rest)| rest.split_once(")=(")).map_or("", |(list, _)| list);
                let columns = list.split(", ").map(|c| c.trim_matches('"').to_owned()).collect();
                StoreError::Taken { table: db.table().unwrap_or_default().to_owned(), columns }
            }
            "23503" => StoreError::Dangling,
            "2201B" => StoreError::Pattern,
            "22003" => StoreError::Overflow,
            "53100" => StoreError::Full,
            "57014" => StoreError::TooSlow,
            "40P01" | "40001" | "55P03" => StoreError::Deadlock,
            code if code.starts_with("08") || code.starts_with("57P") || code.starts_with("53") => {
                StoreError::Unavailable(db.message().to_owned())
            }
            code => StoreError::Fault(format!("{} ({code})", db.message())),
        }
    }
}

impl From<PoolError<tokio_postgres::Error>> for StoreError {
    fn from(error: PoolError<tokio_postgres::Error>) -> StoreError {
        match error {
            PoolError::Backend(error) => error.into(),
            other => StoreError::Unavailable(other.to_string()),
        }
    }
}
