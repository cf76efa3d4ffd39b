//! Whatever tells us about people or organisations.

mod health;
mod key;
mod mirror;
mod object;

pub use health::*;
pub use key::*;
pub(crate) use mirror::{JOB as MIRROR, job as mirror, start};
pub use mirror::{follow, originals};
pub use object::*;
