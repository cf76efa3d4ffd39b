//! People, at a company or on their own.

mod object;

pub use object::*;
