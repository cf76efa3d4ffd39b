//! Events by the Segment specification: from the body of a call to the disk.

mod again;
mod envelope;
mod error;
mod intake;
mod learn;
mod read;
mod shape;
mod tally;

pub(crate) use again::Again;
pub use envelope::{Call, MAX_BODY, MAX_EVENT};
pub use error::IntakeError;
pub(crate) use intake::keep_own;
pub use intake::{Receipt, Rejected, receive};
pub use learn::{forget, learn};
pub(crate) use shape::{Remembered, Shapes};
pub(crate) use tally::POSITION;
pub use tally::tally;
