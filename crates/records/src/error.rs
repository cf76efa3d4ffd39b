use kernel::{Code, Coded, Id};
use model::{FilterError, Ident, Problem, Problems, Value};
use store::StoreError;

/// What the records platform could not do.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// There is no such record, or the actor may not see it.
    #[error("there is no {object} {id}")]
    NotFound {
        /// The object.
        object: Ident,
        /// The record.
        id: Id,
    },
    /// There is no such object, field, batch … by this name.
    #[error("there is no {what} “{name}”")]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// By which name.
        name: String,
    },
    /// The actor may not do this.
    #[error("not allowed: {action} {object}")]
    Forbidden {
        /// What was tried: `read`, `create`, `update`, `delete`, `administer`.
        action: &'static str,
        /// On which object.
        object: String,
    },
    /// Values that do not fit.
    #[error("{0}")]
    Invalid(Problems),
    /// Somebody changed the same fields meanwhile.
    #[error("changed by somebody else meanwhile: {}", conflicts.iter().map(|c| c.field.as_str()).collect::<Vec<_>>().join(", "))]
    Conflict {
        /// The fields, with each side's value.
        conflicts: Vec<FieldConflict>,
        /// The record's version now.
        version: i64,
    },
    /// Some of several changes do not fit; nothing was written.
    #[error("{} of the changes do not fit", .0.len())]
    Batch(Vec<(usize, RecordError)>),
    /// Nobody is signed in, or the secret is wrong.
    #[error("not signed in")]
    Unauthenticated,
    /// Too many attempts.
    #[error("too many attempts: wait some minutes")]
    TooMany,
    /// The database's answer.
    #[error("{0}")]
    Store(#[source] StoreError),
}

impl From<StoreError> for RecordError {
    fn from(error: StoreError) -> RecordError {
        match error {
            StoreError::Pattern => Problem::new("", "pattern-unknown-here").into(),
            StoreError::Overflow => Problem::new("", "sum-too-large").into(),
            other => RecordError::Store(other),
        }
    }
}

/// A field that two people changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldConflict {
    /// The field.
    pub field: Ident,
    /// What this change wants.
    pub mine: Value,
    /// What the other one made it.
    pub theirs: Value,
}

impl RecordError {
    /// An error about the actor's rights.
    pub fn forbidden(action: &'static str, object: impl AsRef<str>) -> RecordError {
        RecordError::Forbidden { action, object: object.as_ref().to_owned() }
    }

    /// An error about something looked up by name.
    pub fn unknown(what: &'static str, name: impl AsRef<str>) -> RecordError {
        RecordError::Unknown { what, name: name.as_ref().chars().take(80).collect() }
    }
}

impl From<Problem> for RecordError {
    fn from(problem: Problem) -> RecordError {
        RecordError::Invalid(problem.into())
    }
}

impl From<Problems> for RecordError {
    fn from(problems: Problems) -> RecordError {
        RecordError::Invalid(problems)
    }
}

impl From<FilterError> for RecordError {
    fn from(error: FilterError) -> RecordError {
        RecordError::Invalid(error.0.into())
    }
}

impl Coded for RecordError {
    fn code(&self) -> Code {
        match self {
            RecordError::NotFound { .. } | RecordError::Unknown { .. } => Code::NotFound,
            RecordError::Forbidden { .. } => Code::Forbidden,
            RecordError::Invalid(problems) if problems.0.iter().any(|p| p.key == "taken") => Code::Conflict,
            RecordError::Invalid(_) => Code::Invalid,
            RecordError::Conflict { .. } => Code::Conflict,
            RecordError::Batch(list) => list.first().map_or(Code::Invalid, |(_, e)| e.code()),
            RecordError::Unauthenticated => Code::Unauthenticated,
            RecordError::TooMany => Code::TooMany,
            RecordError::Store(error) => error.code(),
        }
    }
}
