//! Who is who: which records of all sources are the same person or organisation.

mod adopt;
mod attributes;
mod example;
mod follow;
mod lineage;
mod model;
mod resolve;
mod train;
mod understand;
mod verdict;

pub use adopt::{Choice, UnderWay, adopt, model_of, models, refuse, rematch, reread, under_way};
pub(crate) use adopt::{REMATCH, rematch_job};
pub use attributes::*;
pub use example::{Example, examples};
pub use follow::follow;
pub(crate) use follow::{POSITION, lock, take};
pub(crate) use model::Linkers;
pub use model::{config, starting};
pub(crate) use resolve::{MOST_HOLDERS, Resolved, answered, features_of, key_of, resolve, settle};
pub use train::{Comparison, ask, train};
pub(crate) use train::{TRAIN, follow as follow_models, learning, train_job};
pub(crate) use understand::{GROUP, Sources, understand, works_at};
pub use understand::{Understood, Work};
pub use verdict::{Decision, Effect, Snapshot, current, decide};
