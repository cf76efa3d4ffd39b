//! Events by the Segment specification: from the body of a call to the disk.

mod envelope;
mod error;
mod intake;
mod learn;
mod read;
mod replay;
mod shape;
mod tally;

pub use envelope::{Call, MAX_BODY, MAX_EVENT};
pub use error::IntakeError;
pub use intake::{Receipt, Rejected, receive};
pub use learn::{forget, learn};
pub use replay::{Replayed, discard, replay};
pub(crate) use tally::POSITION;
pub use tally::tally;
