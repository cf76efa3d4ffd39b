//! What resolving a table gives back.

use std::time::Duration;

use serde::Serialize;

use crate::{Config, Model};

/// A pair of rows that was scored at or above the review floor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pair {
    /// The earlier row.
    pub a: u32,
    /// The later row.
    pub b: u32,
    /// The match weight in bits, prior included: the base-2 logarithm of the odds that it is a match.
    pub weight: f32,
}

impl Pair {
    /// The probability that the two rows are the same entity.
    pub fn probability(&self) -> f64 {
        probability(f64::from(self.weight))
    }
}

/// The probability that belongs to a match weight in bits.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The match weight in bits that belongs to a probability.
pub fn weight_of(probability: f64) -> f64 {
    let p = probability.clamp(1e-15, 1.0 - 1e-15);
    (p / (1.0 - p)).log2()
}

/// What one blocking rule brought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleReport {
    /// The rule as written in a configuration.
    pub rule: String,
    /// Rows that have a key under the rule.
    pub rows: u64,
    /// Groups of at least two rows.
    pub groups: u64,
    /// The largest group.
    pub largest: u64,
    /// Groups that were too large and were divided by a further key.
    pub divided: u64,
    /// Pairs that agree on the rule and on no earlier one: these were scored.
    pub pairs: u64,
    /// Of these, pairs at or above the match threshold.
    pub matches: u64,
}

/// How often a pattern of outcomes was seen among the scored pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatternCount {
    /// The outcome of each comparison: 0 for a missing value, else the number of the level, from 1.
    pub levels: Vec<u8>,
    /// Pairs with this pattern.
    pub pairs: u64,
    /// The mean weight of these pairs, in bits.
    pub weight: f64,
}

/// Scored pairs by weight, in bins of one bit.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Histogram {
    /// The lower bound of the first bin, in bits.
    pub start: i32,
    /// Pairs in each bin. The first and the last bin also hold what lies beyond.
    pub counts: Vec<u64>,
}

/// How long a stage took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageTime {
    /// The stage.
    pub stage: Stage,
    /// Time on the wall.
    pub wall: Duration,
}

/// The stages of resolving, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Values are normalised and numbered.
    Normalise,
    /// Blocking rules are tried and chosen.
    Block,
    /// Weights are learnt.
    Learn,
    /// Pairs are scored.
    Score,
    /// Clusters are formed.
    Cluster,
}

/// How far resolving is; given to [`Options::progress`](crate::Options::progress).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// The current stage.
    pub stage: Stage,
    /// How much of the stage is done, from 0 to 1.
    pub done: f64,
}

/// Records, pairs and clusters.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The configuration that was used, inferred parts included.
    pub config: Config,
    /// The model that was learnt or given.
    pub model: Model,
    /// Pairs at or above the review floor, by row.
    pub pairs: Vec<Pair>,
    /// The cluster of each row. Clusters are numbered from 0 by their first row.
    pub clusters: Vec<u32>,
    /// For each row the probability that it belongs to its cluster: of its best link to another member, or for a row
    /// alone in its cluster, that none of its candidates is the same.
    pub confidence: Vec<f32>,
    /// The number of clusters.
    pub cluster_count: usize,
    /// The match threshold, in bits.
    pub match_weight: f64,
    /// The floor above which pairs are kept, in bits.
    pub review_weight: f64,
    /// Pairs that were scored.
    pub scored: u64,
    /// The share of the matches among the linked pairs that the model expects.
    pub expected_precision: f64,
    /// What each blocking rule brought.
    pub blocking: Vec<RuleReport>,
    /// The most frequent patterns of outcomes, most frequent first.
    pub patterns: Vec<PatternCount>,
    /// Scored pairs by weight.
    pub histogram: Histogram,
    /// How long each stage took.
    pub timings: Vec<StageTime>,
}

impl Resolution {
    /// The pairs that a person should look at: linked without being sure, or kept apart without being sure.
    pub fn review(&self) -> impl Iterator<Item = &Pair> {
        let sure = weight_of(self.model.thresholds.sure);
        self.pairs.iter().filter(move |pair| {
            let together = self.clusters[pair.a as usize] == self.clusters[pair.b as usize];
            together != (f64::from(pair.weight) >= sure)
        })
    }
}
