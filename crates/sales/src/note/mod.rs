//! Notes on records.

mod object;

pub use object::*;
