//! The records platform: one write pipeline, one access predicate, history and undo, search, import and export, jobs.

mod access;
mod app;
mod auth;
mod definitions;
mod error;
pub mod export;
pub mod formula;
pub mod import;
mod jobs;
mod merge;
pub mod objects;
mod pipeline;
mod place;
mod share;
mod space;
mod undo;
pub mod webhook;

pub use access::{Access, Action, Reason};
pub use app::{App, Follower, Rule, RuleFn, Seed, When};
pub use auth::{MIN_PASSWORD, Secret, digest};
pub use definitions::free_prefix;
pub use error::{FieldConflict, RecordError};
pub use jobs::{Handler, Worker};
pub use merge::{MOST_MERGED, MOST_MOVED, Merge};
pub use pipeline::{Cx, Draft, Mode, Notice, Op, Outcome};
pub use place::{At, Bucket, Keys, Place};
pub use space::{Loaded, Platform, Space};
pub use undo::Undone;
