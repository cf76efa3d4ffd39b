//! From a table to clusters.

use crate::{Config, Error, Model, Progress, Resolution, Table};

/// A verdict on two rows, given by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// A row.
    pub a: u32,
    /// Another row.
    pub b: u32,
    /// Whether the two are the same entity.
    pub same: bool,
}

/// What [`resolve`] may be told beyond the configuration.
#[derive(Default)]
pub struct Options<'a> {
    /// Score with this model instead of learning one.
    pub model: Option<&'a Model>,
    /// Verdicts of people. They decide their pair, and refine what is learnt.
    pub labels: &'a [Label],
    /// The probability from which pairs are linked, instead of the configuration's.
    pub threshold: Option<f64>,
    /// Called now and then; resolving stops with [`Error::Stopped`] when it returns `false`.
    pub progress: Option<&'a (dyn Fn(Progress) -> bool + Sync)>,
    /// How many threads to use; all processors when absent. The result does not depend on it.
    pub threads: Option<usize>,
}

/// Finds the rows that are the same entity.
pub fn resolve(table: &Table, config: &Config, options: &Options) -> Result<Resolution, Error> {
    let _ = (table, config, options);
    Err(Error::Empty)
}
