//! Which records are the same person, organisation or thing: probabilistic record linkage without labels.
//!
//! [`Config::infer`] recognises what the columns hold, [`resolve`] normalises, blocks, learns, scores and clusters, [`explain`]
//! shows why two rows are or are not the same, and an [`Index`] resolves records one at a time with the same [`Model`].
//! Nothing here reads files, knows a database or waits for anything: a [`Table`] of texts goes in, plain data comes out.
//!
//! The result depends on the input only: not on the number of threads, not on the run, and, under one model, not on the order
//! of the rows.
//!
//! ```
//! use matching::{Config, Options, Table, explain, resolve};
//!
//! let mut table = Table::default();
//! table.append_rows("crm", &["nom", "prénom", "naissance", "mail"], &[
//!     vec![Some("Lefèvre"), Some("Élodie"), Some("14/03/1990"), Some("elodie.lefevre@free.fr")],
//!     vec![Some("LEFEBVRE"), Some("Elodie"), Some("1990-03-14"), None],
//!     vec![Some("Lefèvre"), Some("Karim"), Some("02/11/1971"), None],
//! ])?;
//! let found = resolve(&table, &Config::infer(&table, None)?, &Options::default())?;
//! assert_eq!(found.clusters, [0, 0, 1]);
//! println!("{}", explain(&found.model, &table, 0, 1)?.to_text());
//! # Ok::<(), matching::Error>(())
//! ```

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
mod headers;
mod identical;
mod index;
mod infer;
mod learn;
mod linker;
mod metric;
mod model;
mod normalise;
mod plan;
mod records;
mod resolution;
mod resolve;
mod score;
mod sound;
mod splink;
mod table;
mod teach;

pub use config::{ColumnConfig, Config, Entity, Role, Thresholds};
pub use error::Error;
pub use explain::{Bar, ClusterView, Waterfall, explain, explain_cluster};
pub use index::{Candidate, Decision, Index, Verdict};
pub use linker::{Desk, Features, Key, Linker};
pub use model::{Comparison, Frequencies, Level, MODEL_FORMAT, Model};
pub use resolution::{
    Histogram, Pair, PatternCount, Progress, Resolution, RuleReport, Stage, StageTime, probability, weight_of,
};
pub use resolve::{Label, Options, resolve};
pub use table::{Column, Table};
