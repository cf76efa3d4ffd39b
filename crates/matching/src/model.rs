//! What was learnt: the weights of agreement and disagreement, readable and versioned.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::compare::levels;
use crate::plan::Plan;
use crate::{Config, Entity, Error, Thresholds};

/// The format of model files written by this version.
pub const MODEL_FORMAT: u32 = 1;

/// One outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// What the outcome means, in English: `exact`, `one letter differs`.
    pub name: String,
    /// The probability of this outcome between records of the same entity.
    pub m: f64,
    /// The probability of this outcome between records of unrelated entities.
    pub u: f64,
    /// The probability of this outcome between records of different but related entities: a household, a group.
    pub related: f64,
    /// Whether the weight depends on how frequent the agreeing value is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_frequency: bool,
}

impl Level {
    /// The match weight `log2(m / u)`, in bits (Fellegi and Sunter, *A Theory for Record Linkage*, JASA 64, 1969).
    pub fn weight(&self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// A comparison of one attribute (or of several that depend on each other), with its outcomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// A name, unique in the model.
    pub name: String,
    /// The columns that it reads.
    pub columns: Vec<String>,
    /// The outcomes from the strongest agreement to disagreement. A missing value on either side weighs nothing.
    pub levels: Vec<Level>,
}

/// How often the values of an attribute occur.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Frequencies {
    /// Records that have a value.
    pub total: u64,
    /// Different values.
    pub distinct: u64,
    /// The chance that two records with a value have the same one.
    pub agreement: f64,
    /// Records of each value that is more frequent than the rest.
    pub counts: BTreeMap<String, u32>,
}

/// Everything that scoring needs, learnt from a table or read from a file.
///
/// The weight of a pair is `log2(prior / (1 - prior))` plus the weight of each comparison's outcome, plus a correction for
/// the frequency of the agreeing values, less a correction for records that are better explained as related entities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The format, [`MODEL_FORMAT`].
    pub format: u32,
    /// What a record describes.
    pub entity: Entity,
    /// The configuration with which it was learnt.
    pub config: Config,
    /// Records it was learnt from.
    pub records: u64,
    /// The probability that two records taken at random are the same entity.
    pub prior: f64,
    /// The probability that two records taken at random are of related entities.
    pub related: f64,
    /// The bands.
    pub thresholds: Thresholds,
    /// The comparisons, in the order in which they are shown.
    pub comparisons: Vec<Comparison>,
    /// The blocking rules that were chosen.
    pub blocking: Vec<String>,
    /// For each of these rules the number of records that may share a key before a further key divides them; 200 where it is
    /// not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block_limits: Vec<u32>,
    /// Value frequencies by attribute.
    pub frequencies: BTreeMap<String, Frequencies>,
}

impl Model {
    /// Whether the comparisons are those of a plan.
    pub(crate) fn check(&self, plan: &Plan) -> Result<(), Error> {
        let mismatch = |what: String| Err(Error::ModelMismatch(what));
        if self.comparisons.len() != plan.comparisons.len() {
            return mismatch(format!("{} comparisons, not {}", self.comparisons.len(), plan.comparisons.len()));
        }
        for (ours, theirs) in self.comparisons.iter().zip(&plan.comparisons) {
            let wanted = levels(&theirs.kind).len();
            if ours.name != theirs.name || ours.levels.len() != wanted {
                return mismatch(format!(
                    "“{}” with {} levels, not “{}” with {wanted}",
                    ours.name,
                    ours.levels.len(),
                    theirs.name
                ));
            }
            let valid = |p: f64| p.is_finite() && p > 0.0 && p <= 1.0;
            if !ours.levels.iter().all(|level| valid(level.m) && valid(level.u) && valid(level.related)) {
                return mismatch(format!("“{}” has probabilities outside of 0 to 1", ours.name));
            }
        }
        Ok(())
    }

    /// Reads a model from JSON.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| Error::Unreadable { what: "the model", detail: error.to_string() };
        let head: Head = serde_json::from_str(text).map_err(unreadable)?;
        if head.format > MODEL_FORMAT {
            return Err(Error::FutureModel { found: head.format, known: MODEL_FORMAT });
        }
        serde_json::from_str(text).map_err(unreadable)
    }

    /// The model as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a model file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_json(&std::fs::read_to_string(path)?)
    }

    /// Writes a model file.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        Ok(std::fs::write(path, self.to_json())?)
    }
}
