//! Whatever tells us about people or organisations.

mod health;
mod key;
mod object;

pub use health::*;
pub use key::*;
pub use object::*;
