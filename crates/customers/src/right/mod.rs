//! Requests by which people use their rights (RGPD, articles 15 to 21): from the day one comes in to the proof of its answer.

mod deadline;
mod object;
mod rules;

pub use deadline::{Deadline, due_on};
pub(crate) use deadline::{follow, plus_months};
pub use object::*;
pub(crate) use rules::{check, object_at_once};
