//! What verdicts of people teach a model.

use std::collections::BTreeMap;

use crate::compare::Comparer;
use crate::frequency::of_few;
use crate::plan::Plan;
use crate::records::Records;
use crate::score::Scorer;
use crate::{Error, Label, Model, Table};

/// How far the weight of one outcome is expected to move, in bits (standard deviation).
const OUTCOME_MOVES: f64 = 1.0;
/// How far the weight of all pairs together is expected to move, in bits.
const ALL_MOVE: f64 = 2.0;
const SWEEPS: usize = 50;
/// Nothing moves farther than this, in bits.
const FARTHEST: f64 = 8.0;

/// A pair with its verdict: the outcome of each comparison, the weight under the model so far, and whether it is the same.
type Case = (u64, f64, bool);

impl Model {
    /// Refines the model by verdicts on rows of a table, so that its probabilities fit them.
    ///
    /// Verdicts are given on pairs that somebody chose, doubtful ones above all: they say how probable a match is at a weight, not
    /// how frequent outcomes are. So what is learnt are corrections to the weights, by logistic regression around the present ones
    /// with normally distributed corrections (MacKay, *The Evidence Framework Applied to Classification Networks*, 1992): a
    /// few verdicts move little, many contradictions move much. Neither the order of the verdicts nor of the rows matters.
    ///
    /// Errors when a label names a row that the table does not have, or the table lacks a column of the model.
    ///
    /// ```
    /// # use matching::{Config, Label, Options, Table, explain, resolve};
    /// # let mut table = Table::default();
    /// # table.append_rows("crm", &["nom", "prénom", "naissance"], &[
    /// #     vec![Some("Durand"), Some("Élodie"), Some("14/03/1990")],
    /// #     vec![Some("DURAND"), Some("Elodie"), Some("1990-03-15")],
    /// # ])?;
    /// # let mut model = resolve(&table, &Config::infer(&table, None)?, &Options::default())?.model;
    /// let before = explain(&model, &table, 0, 1)?.weight;
    /// model.teach(&table, &[Label { a: 0, b: 1, same: true }])?;
    /// assert!(explain(&model, &table, 0, 1)?.weight > before);
    /// # Ok::<(), matching::Error>(())
    /// ```
    pub fn teach(&mut self, table: &Table, labels: &[Label]) -> Result<(), Error> {
        let plan = Plan::new(&self.config)?;
        self.check(&plan)?;
        let mut records = Records::new(plan, self.config.month_first.unwrap_or(false));
        let mut known: BTreeMap<u32, u32> = BTreeMap::new();
        for row in labels.iter().flat_map(|label| [label.a, label.b]) {
            let at = row as usize;
            if at >= table.rows() {
                return Err(Error::NoSuchRow(at));
            }
            known.entry(row).or_insert_with(|| records.push(0, |column| table.value(at, table.column(column)?)));
        }
        let frequencies = of_few(&records, self);
        let pairs = labels.iter().map(|label| (known[&label.a], known[&label.b], label.same));
        self.learn_from(&Comparer { records: &records, frequencies: &frequencies }, pairs);
        Ok(())
    }

    /// Refines the model by verdicts on pairs of records.
    pub(crate) fn learn_from(&mut self, comparer: &Comparer, pairs: impl Iterator<Item = (u32, u32, bool)>) {
        let scorer = Scorer::new(self);
        let mut cases: Vec<Case> = pairs
            .map(|(a, b, same)| {
                let outcome = comparer.outcome(comparer.records.row(a), comparer.records.row(b));
                (outcome.pattern, f64::from(scorer.weights(&outcome).total), same)
            })
            .collect();
        cases.sort_by(|x, y| x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then(x.2.cmp(&y.2)));
        let moves = corrections(&cases, self.comparisons.len());
        for ((comparison, level), bits) in moves {
            match comparison {
                Some(at) => self.comparisons[at].levels[level - 1].shift(bits),
                None => self.prior = (self.prior * bits.exp2()).clamp(1e-15, 0.5),
            }
        }
    }
}

impl crate::Level {
    /// Adds to the weight of the level, keeping both probabilities probabilities.
    fn shift(&mut self, bits: f64) {
        let m = self.m * bits.exp2();
        if m > 1.0 {
            self.u = (self.u / m).max(1e-15);
            self.m = 1.0;
        } else {
            self.m = m.max(1e-15);
        }
    }
}

/// What is corrected: an outcome of a comparison, or all pairs where there is no comparison.
type Moved = (Option<usize>, usize);

/// The corrections that fit the verdicts best, in bits: cyclic Newton steps on the penalised likelihood, which is concave.
fn corrections(cases: &[Case], comparisons: usize) -> BTreeMap<Moved, f64> {
    let mut holders: BTreeMap<Moved, Vec<usize>> = BTreeMap::new();
    for (at, (pattern, ..)) in cases.iter().enumerate() {
        holders.entry((None, 0)).or_default().push(at);
        for comparison in 0..comparisons {
            let level = (pattern >> (4 * comparison) & 15) as usize;
            if level > 0 {
                holders.entry((Some(comparison), level)).or_default().push(at);
            }
        }
    }
    let mut weights: Vec<f64> = cases.iter().map(|case| case.1.clamp(-40.0, 40.0)).collect();
    let mut moves: BTreeMap<Moved, f64> = BTreeMap::new();
    for _ in 0..SWEEPS {
        let mut farthest = 0.0f64;
        for (moved, held) in &holders {
            let spread = if moved.0.is_some() { OUTCOME_MOVES } else { ALL_MOVE };
            let now = moves.get(moved).copied().unwrap_or(0.0);
            let (mut slope, mut curve) = (-now / (spread * spread), 1.0 / (spread * spread));
            for at in held {
                let p = crate::probability(weights[*at]);
                let wanted = if cases[*at].2 { 1.0 } else { 0.0 };
                slope += std::f64::consts::LN_2 * (wanted - p);
                curve += std::f64::consts::LN_2 * std::f64::consts::LN_2 * p * (1.0 - p);
            }
            let step = (slope / curve).clamp(-1.0, 1.0);
            let then = (now + step).clamp(-FARTHEST, FARTHEST);
            for at in held {
                weights[*at] += then - now;
            }
            moves.insert(*moved, then);
            farthest = farthest.max((then - now).abs());
        }
        if farthest < 1e-6 {
            break;
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_that_agree_with_the_model_move_little() {
        let cases: Vec<Case> = (0..50).map(|n| (0x11, if n % 2 == 0 { 12.0 } else { -12.0 }, n % 2 == 0)).collect();
        let moves = corrections(&cases, 2);
        assert!(moves.values().all(|bits| bits.abs() < 0.1), "{moves:?}");
    }

    #[test]
    fn contradictions_move_what_they_have_in_common() {
        // The second comparison's second outcome was thought to speak for a match, and does not.
        let mut cases: Vec<Case> = (0..60).map(|_| (0x21, 5.0, false)).collect();
        cases.extend((0..60).map(|_| (0x11, 5.0, true)));
        let moves = corrections(&cases, 2);
        let weight = |pattern: [usize; 2]| {
            5.0 + moves[&(None, 0)] + moves[&(Some(0), pattern[0])] + moves[&(Some(1), pattern[1])]
        };
        assert!(weight([1, 2]) < 0.5 && weight([1, 1]) > 3.0, "{moves:?}");
    }
}
