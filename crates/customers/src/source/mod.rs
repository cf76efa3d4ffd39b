//! Whatever tells us about people or organisations.

mod give;
mod health;
mod hook;
mod key;
mod mirror;
mod object;
mod path;
mod replay;
mod sample;

pub(crate) use give::{Lot, new_records, write_for};
pub use give::{MOST_GIVEN, Taken, When, give};
pub use health::*;
pub use hook::{Delivery, deliver, has_secret, set_secret};
pub use key::*;
pub(crate) use mirror::{JOB as MIRROR, Mirrors, job as mirror, start};
pub use mirror::{follow, originals};
pub use object::*;
pub use path::{at, lists, places};
pub use replay::{Replayed, discard, replay};
pub use sample::{Sample, sample};
