//! What is sold.

mod object;

pub use object::*;
