//! Consents: a ledger by contact point, a policy, purposes, and the one gate that everything sent goes through.
//!
//! A consent belongs to the contact point under which it was given, never to a person: merging, un-merging, importing and aliasing
//! regroup points and move no consent from one to another.

mod decide;
mod follow;
mod gate;
mod line;
mod point;
mod policy;
pub mod purpose;
mod table;
#[cfg(test)]
mod tests;
mod unsubscribe;

pub use decide::{Decision, Question, Reason, Standing, Why, decide};
pub use follow::follow;
pub use gate::{Gate, Known, Statement, check_lookup, known, may, record};
pub use line::{Basis, Channel, Line, Proof, State};
pub use point::{ContactPoint, PointKind};
pub use policy::{Audience, Mode, Policy, Rule};
pub use purpose::{Purpose, Purposes};
pub use table::{Told, import};
pub use unsubscribe::{point_of, unsubscribe, unsubscribe_token};
