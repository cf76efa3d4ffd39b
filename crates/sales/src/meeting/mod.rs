//! Meetings.

mod object;

pub use object::*;
