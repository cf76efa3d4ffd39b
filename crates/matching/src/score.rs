//! From the outcomes of a pair to its weight.

use crate::Model;
use crate::compare::Outcome;

/// The weights of a model, ready for use.
///
/// Three explanations of a pair are weighed: the same entity, related entities, and chance. With the odds of the first two
/// against chance `2^same` and `2^related`, the odds of a match are `2^same / (1 + 2^related)`; the weight is its base-2
/// logarithm. Without related entities this is Fellegi and Sunter's sum of weights.
#[derive(Debug, Clone)]
pub(crate) struct Scorer {
    /// For each comparison and level the weight for the same entity; level 0 weighs nothing.
    same: Vec<[f32; 16]>,
    related: Vec<[f32; 16]>,
    pub prior: f32,
    pub related_prior: f32,
    /// Whether a frequency adjusts the weight of a level at all.
    pub comparisons: usize,
}

/// The weights of one pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weights {
    /// The match weight.
    pub total: f32,
    /// What the chance of related entities takes away.
    pub related: f32,
    /// What is added because the two are one record written twice.
    pub twice: f32,
}

/// One record written twice weighs at least this much, in bits, however frequent its values are.
const TWICE: f32 = 10.0;

impl Scorer {
    pub fn new(model: &Model) -> Self {
        let mut same = Vec::new();
        let mut related = Vec::new();
        for comparison in &model.comparisons {
            let (mut ours, mut theirs) = ([0.0; 16], [0.0; 16]);
            for (at, level) in comparison.levels.iter().enumerate().take(15) {
                ours[at + 1] = (level.m / level.u).log2() as f32;
                theirs[at + 1] = (level.related / level.u).log2() as f32;
            }
            same.push(ours);
            related.push(theirs);
        }
        let chance = (1.0 - model.prior - model.related).max(1e-9);
        Self {
            comparisons: same.len(),
            same,
            related,
            prior: (model.prior.max(1e-15) / chance).log2() as f32,
            related_prior: if model.related > 0.0 { (model.related / chance).log2() as f32 } else { f32::NEG_INFINITY },
        }
    }

    /// The weight of one outcome without the correction for frequency.
    pub fn level(&self, comparison: usize, level: usize) -> f32 {
        self.same[comparison][level]
    }

    /// The weight of a pair.
    #[inline]
    pub fn weights(&self, outcome: &Outcome) -> Weights {
        let mut same = self.prior + outcome.adjust;
        let mut related = self.related_prior + outcome.shared;
        let mut pattern = outcome.pattern;
        for (ours, theirs) in self.same.iter().zip(&self.related) {
            let level = (pattern & 15) as usize;
            pattern >>= 4;
            same += ours[level];
            related += theirs[level];
        }
        let correction = if related < -10.0 {
            0.0
        } else if related > 20.0 {
            related
        } else {
            (1.0 + related.exp2()).log2()
        };
        let total = same - correction;
        let twice = if outcome.twice { (TWICE - total).max(0.0) } else { 0.0 };
        Weights { total: total + twice, related: correction, twice }
    }
}
