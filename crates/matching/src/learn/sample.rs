//! What is learnt from: counts of outcome patterns among the pairs of each rule and among random pairs.

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::block::Blocks;
use crate::compare::{Comparer, Outcome};
use crate::hash;
use crate::plan::Kind;

/// Pairs of each rule that are looked at to learn from.
const PAIRS_PER_RULE: u64 = 40_000;
/// Random pairs that are looked at.
const RANDOM_PAIRS: u64 = 300_000;
/// Random pairs where texts are compared, which costs more.
const RANDOM_PAIRS_OF_TEXTS: u64 = 100_000;
/// Adjustments for frequency are rounded to this many bits to count patterns together.
const STEP: f32 = 3.0;

/// Pairs with one pattern of outcomes and about the same rarity.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    pub pattern: u64,
    pub pairs: f64,
    /// Their mean adjustments, in bits.
    pub adjust: f64,
    pub shared: f64,
}

impl Cell {
    /// The outcome that stands for these pairs.
    pub fn outcome(&self) -> Outcome {
        Outcome { pattern: self.pattern, adjust: self.adjust as f32, shared: self.shared as f32, twice: false }
    }
}

/// Patterns with their counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub cells: Vec<Cell>,
}

/// Sums in integers, so that their order does not matter.
#[derive(Default)]
pub(crate) struct Counter(HashMap<u64, (u64, i64, i64)>);

const FIXED: f32 = 1024.0;

impl Counter {
    pub fn add(&mut self, outcome: &Outcome) {
        let bucket = ((outcome.adjust / STEP).round().clamp(-7.0, 8.0) + 7.0) as u64;
        let shared = ((outcome.shared / STEP).round().clamp(-7.0, 8.0) + 7.0) as u64;
        let cell = self.0.entry(outcome.pattern | bucket << 56 | shared << 60).or_default();
        cell.0 += 1;
        cell.1 += (outcome.adjust * FIXED) as i64;
        cell.2 += (outcome.shared * FIXED) as i64;
    }

    pub fn merge(mut self, other: Self) -> Self {
        for (key, (pairs, adjust, shared)) in other.0 {
            let cell = self.0.entry(key).or_default();
            cell.0 += pairs;
            cell.1 += adjust;
            cell.2 += shared;
        }
        self
    }

    /// The counts, each pair standing for `scale`.
    pub fn counts(self, scale: f64) -> Counts {
        let mut sorted: Vec<_> = self.0.into_iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        let cells = sorted.into_iter().map(|(key, (pairs, adjust, shared))| Cell {
            pattern: key & ((1 << 56) - 1),
            pairs: pairs as f64 * scale,
            adjust: adjust as f64 / f64::from(FIXED) / pairs as f64,
            shared: shared as f64 / f64::from(FIXED) / pairs as f64,
        });
        Counts { cells: cells.collect() }
    }
}

/// What was counted for one rule.
#[derive(Debug, Default)]
pub(crate) struct RuleSample {
    /// Pairs of the rule by the outcomes of comparisons that do not depend on it.
    pub others: Counts,
    /// Pairs that no earlier rule brings, by all outcomes, scaled up to all such pairs.
    pub fresh: Counts,
    /// The same two of pairs whose registration numbers tell them apart: examples of what different entities have in common.
    pub others_apart: Counts,
    pub fresh_apart: Counts,
}

/// Looks at some pairs of each rule. `apart` tells pairs that can never be the same.
pub(crate) fn of_rules(
    comparer: &Comparer,
    blocks: &Blocks,
    apart: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<RuleSample> {
    (0..blocks.rules.len())
        .into_par_iter()
        .map(|rule| {
            let held = &blocks.rules[rule];
            let every = held.pairs().div_ceil(PAIRS_PER_RULE).max(1);
            let mask = !held.rule.comparisons(&comparer.records.plan);
            let mut counters: [Counter; 4] = Default::default();
            for group in 0..held.groups() {
                // A large group is thinned itself; small ones are taken or left whole.
                let large = held.group(group).len() > 40;
                if !large && !hash::random(rule as u64, group as u64).is_multiple_of(every) {
                    continue;
                }
                let mut number = 0u64;
                blocks.pairs(rule, group..group + 1, |a, b, new| {
                    number += 1;
                    let seed = (rule as u64) << 32 | group as u64;
                    if large && !hash::random(seed, number).is_multiple_of(every) {
                        return;
                    }
                    let told_apart = comparer.records.numbers_differ(a, b);
                    if !told_apart && apart(a, b) {
                        return;
                    }
                    let (x, y) = (comparer.records.row(a), comparer.records.row(b));
                    let (all, independent) = comparer.outcomes(x, y, mask);
                    let [others, fresh, others_apart, fresh_apart] = &mut counters;
                    let (others, fresh) = if told_apart { (others_apart, fresh_apart) } else { (others, fresh) };
                    others.add(&independent);
                    if new {
                        fresh.add(&all);
                    }
                });
            }
            let [others, fresh, others_apart, fresh_apart] = counters;
            let scale = every as f64;
            RuleSample {
                others: others.counts(1.0),
                fresh: fresh.counts(scale),
                others_apart: others_apart.counts(1.0),
                fresh_apart: fresh_apart.counts(scale),
            }
        })
        .collect()
}

/// Looks at random pairs; at all of them when they are few.
pub(crate) fn random(comparer: &Comparer, apart: impl Fn(u32, u32) -> bool + Sync) -> Counts {
    let rows = comparer.records.rows() as u64;
    let all = rows * rows.saturating_sub(1) / 2;
    const PORTION: u64 = 1 << 15;
    let texts = comparer.records.plan.comparisons.iter().any(|compared| matches!(compared.kind, Kind::Text(_)));
    let most = if texts { RANDOM_PAIRS_OF_TEXTS } else { RANDOM_PAIRS };
    let look = |counter: &mut Counter, a: u64, b: u64| {
        let (a, b) = (a as u32, b as u32);
        if a != b && !apart(a, b) {
            counter.add(&comparer.outcome(comparer.records.row(a), comparer.records.row(b)));
        }
    };
    let portions: Vec<u64> = (0..if all <= most { rows } else { most.div_ceil(PORTION) }).collect();
    let counted = portions
        .par_iter()
        .map(|portion| {
            let mut counter = Counter::default();
            if all <= most {
                for b in portion + 1..rows {
                    look(&mut counter, *portion, b);
                }
            } else {
                for n in portion * PORTION..(portion + 1) * PORTION {
                    look(&mut counter, hash::random(1, 2 * n) % rows, hash::random(1, 2 * n + 1) % rows);
                }
            }
            counter
        })
        .collect::<Vec<_>>();
    counted.into_iter().fold(Counter::default(), Counter::merge).counts(1.0)
}
