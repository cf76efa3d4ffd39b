//! People who showed interest and are not yet qualified.

mod object;

pub use object::*;
