//! Which records are the same person, organisation or thing: probabilistic record linkage without labels.

mod block;
mod cluster;
mod compare;
mod config;
mod dictionary;
mod error;
pub mod evaluate;
mod explain;
mod frequency;
mod hash;
mod identical;
mod index;
mod infer;
mod learn;
mod metric;
mod model;
mod normalise;
mod plan;
mod records;
mod resolution;
mod resolve;
mod score;
mod sound;
mod table;

pub use config::{ColumnConfig, Config, Entity, Role, Thresholds};
pub use error::Error;
pub use explain::{Bar, ClusterView, Waterfall, explain, explain_cluster};
pub use index::{Candidate, Decision, Index, Verdict};
pub use model::{Comparison, Frequencies, Level, MODEL_FORMAT, Model};
pub use resolution::{
    Histogram, Pair, PatternCount, Progress, Resolution, RuleReport, Stage, StageTime, probability, weight_of,
};
pub use resolve::{Label, Options, resolve};
pub use table::{Column, Table};
