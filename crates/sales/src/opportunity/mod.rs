//! Sales under way, won and lost, each in a stage of a pipeline.

mod object;
mod rules;

pub use object::*;
pub use rules::{follow_stage, keep_stage_history};
