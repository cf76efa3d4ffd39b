//! Who is who: which records of all sources are the same person or organisation.

mod attributes;
mod follow;
mod lineage;
mod model;
mod resolve;
mod train;
mod understand;
mod verdict;

pub use attributes::*;
pub use follow::follow;
pub(crate) use follow::{POSITION, lock, take};
pub(crate) use model::Linkers;
pub use model::{config, starting};
pub(crate) use resolve::{Resolved, features_of, key_of, resolve, settle};
pub use train::{Comparison, adopt, ask, models, refuse, rematch, reread, train};
pub(crate) use train::{REMATCH, TRAIN, follow as follow_models, rematch_job, train_job};
pub use understand::Understood;
pub(crate) use understand::{GROUP, Sources, understand};
pub use verdict::{Decision, Effect, Snapshot, current, decide};
