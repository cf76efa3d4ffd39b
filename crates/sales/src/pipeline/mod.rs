//! Pipelines and their stages, as records: there can be several, each with stages of its own that mean open, won or lost.

mod object;
mod rules;

pub use object::*;
pub use rules::keep_one_default;
