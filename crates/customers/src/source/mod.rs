//! Whatever tells us about people or organisations.

mod give;
mod health;
mod key;
mod mirror;
mod object;

pub use give::{MOST_GIVEN, Taken, When, give};
pub use health::*;
pub use key::*;
pub(crate) use mirror::{JOB as MIRROR, job as mirror, start};
pub use mirror::{follow, originals};
pub use object::*;
