//! Companies, in a hierarchy of groups and subsidiaries.

mod object;

pub use object::*;
