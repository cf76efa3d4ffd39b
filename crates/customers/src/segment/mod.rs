//! Segments: named sets of profiles, each said by a filter. Whoever matches is a member at once, and can be told why.

mod member;
mod object;
mod reach;

pub use member::{Because, Membership, Segments, reasons};
pub(crate) use object::check;
pub use object::{ACTIVE, DESCRIPTION_EN, DESCRIPTION_FR, ENTITY, FILTER, MOST_FILTER, NAME, PURPOSE, Segment, object};
pub use reach::{LOOKED_AT, Reach, reach};
