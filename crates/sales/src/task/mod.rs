//! Things to do.

mod object;
mod rules;

pub use object::*;
pub use rules::note_completion;
