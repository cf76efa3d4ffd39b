//! Phone calls.

mod object;

pub use object::*;
