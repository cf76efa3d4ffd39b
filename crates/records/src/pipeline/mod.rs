//! The one write pipeline: authorise → defaults → rules → formulas → validation → write, history and outbox → roll-ups → rules after
//! the write; all in one transaction. Creations, updates, deletions and restorations of any number of records take it.

mod cx;
mod draft;
mod parents;
mod run;
mod validate;

pub use cx::{Cx, Notice};
pub use draft::Draft;
pub(crate) use run::run;

use kernel::Id;
use model::{Fields, Record};
use store::ChangeOp;

/// One change asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A new record.
    Create(Fields),
    /// New values for some fields.
    Update {
        /// The record.
        id: Id,
        /// The fields.
        fields: Fields,
        /// The version that the values were decided on: fields that others changed since are conflicts.
        version: Option<i64>,
    },
    /// To the bin.
    Delete(Id),
    /// Out of the bin.
    Restore(Id),
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The record as it is now.
    pub record: Record,
    /// What was done; `None` when the record already was as asked.
    pub done: Option<ChangeOp>,
    /// The fields that changed.
    pub changed: Vec<model::Ident>,
}

/// How a batch of changes is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// One change that does not fit refuses them all; otherwise the others are written.
    pub atomic: bool,
    /// Everything is checked, nothing is kept.
    pub dry_run: bool,
    /// Values go in as they are: rules do not run, read-only fields can be set. For undo.
    pub raw: bool,
    /// Nobody typed the records one by one: what the apps' screens do not let in is refused.
    pub screened: bool,
}

impl Mode {
    /// All or nothing.
    pub const ALL: Mode = Mode { atomic: true, dry_run: false, raw: false, screened: false };
    /// Each for itself.
    pub const EACH: Mode = Mode { atomic: false, dry_run: false, raw: false, screened: false };

    /// The same, screened.
    pub const fn screened(self) -> Mode {
        Mode { screened: true, ..self }
    }
}

impl Op {
    /// The record it is about; none for creations.
    pub fn id(&self) -> Option<Id> {
        match self {
            Op::Create(_) => None,
            Op::Update { id, .. } | Op::Delete(id) | Op::Restore(id) => Some(*id),
        }
    }
}
