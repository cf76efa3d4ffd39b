//! How good a resolution is, where the truth is known.
//!
//! Nothing here looks at all pairs of rows: pairs inside clusters are counted from the sizes of the clusters and of their
//! overlaps with the true ones, so that a million rows are judged in a fraction of a second.

use std::collections::HashMap;

use serde::Serialize;

/// A row whose true entity is not known: it is left out of every figure.
pub const UNKNOWN: u32 = u32::MAX;

/// Precision and recall, each from 0 to 1, and their harmonic mean.
///
/// Where nothing was found, nothing found is wrong: precision is 1. Where nothing was to be found, recall is 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quality {
    /// The share of what was found that is right.
    pub precision: f64,
    /// The share of what is right that was found.
    pub recall: f64,
    /// `2 · precision · recall / (precision + recall)`, 0 where both are 0 (van Rijsbergen, *Information Retrieval*, 1979).
    pub f1: f64,
}

impl Quality {
    fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }

    /// From counts: how many of the `found` are among the `wanted`.
    ///
    /// ```
    /// let quality = matching::evaluate::Quality::counted(8, 10, 16);
    /// assert_eq!((quality.precision, quality.recall), (0.8, 0.5));
    /// ```
    pub fn counted(right: u64, found: u64, wanted: u64) -> Self {
        let share = |of: u64| if of == 0 { 1.0 } else { right as f64 / of as f64 };
        Self::new(share(found), share(wanted))
    }
}

/// What clusters are worth, in three views.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Clusters {
    /// Pairs of rows in one cluster against pairs of rows of one entity. Large clusters weigh most.
    pub pairs: Quality,
    /// B-cubed: precision and recall of each row's cluster, averaged over rows, so that every row weighs the same (Bagga and
    /// Baldwin, "Entity-based cross-document coreferencing using the vector space model", 1998).
    pub b_cubed: Quality,
    /// Clusters that are exactly one entity, against all clusters and all entities, single rows included.
    pub exact: Quality,
    /// Rows whose entity is known.
    pub rows: u64,
    /// Entities among them.
    pub entities: u64,
    /// Pairs of rows of one entity.
    pub true_pairs: u64,
}

/// Judges clusters: `found[row]` is the cluster of a row, `truth[row]` its entity or [`UNKNOWN`].
///
/// ```
/// use matching::evaluate::clusters;
///
/// // Rows 0, 1, 2 are one person, 3 is another; the last two were wrongly put together.
/// let judged = clusters(&[0, 0, 1, 1], &[0, 0, 0, 1]);
/// assert_eq!(judged.pairs.precision, 0.5);
/// assert_eq!(judged.pairs.recall, 1.0 / 3.0);
/// ```
///
/// # Panics
/// Panics if the slices differ in length.
pub fn clusters(found: &[u32], truth: &[u32]) -> Clusters {
    assert_eq!(found.len(), truth.len(), "one cluster and one entity for each row");
    let mut cells: Vec<(u32, u32)> =
        found.iter().copied().zip(truth.iter().copied()).filter(|(_, entity)| *entity != UNKNOWN).collect();
    cells.sort_unstable();
    let cluster_sizes = sizes(cells.iter().map(|(cluster, _)| *cluster));
    let entity_sizes = sizes(cells.iter().map(|(_, entity)| *entity));
    let mut both = 0;
    let mut exact = 0;
    let (mut precision, mut recall) = (0.0, 0.0);
    for overlap in cells.chunk_by(|a, b| a == b) {
        let (cluster, entity) = overlap[0];
        let count = overlap.len() as u64;
        let (in_cluster, in_entity) = (cluster_sizes[&cluster], entity_sizes[&entity]);
        both += pairs_of(count);
        exact += u64::from(count == in_cluster && count == in_entity);
        let square = (count * count) as f64;
        precision += square / in_cluster as f64;
        recall += square / in_entity as f64;
    }
    let pairs_in = |sizes: &HashMap<u32, u64>| sizes.values().map(|size| pairs_of(*size)).sum::<u64>();
    let rows = cells.len() as u64;
    let mean = |sum: f64| if rows == 0 { 1.0 } else { sum / rows as f64 };
    let true_pairs = pairs_in(&entity_sizes);
    Clusters {
        pairs: Quality::counted(both, pairs_in(&cluster_sizes), true_pairs),
        b_cubed: Quality::new(mean(precision), mean(recall)),
        exact: Quality::counted(exact, cluster_sizes.len() as u64, entity_sizes.len() as u64),
        rows,
        entities: entity_sizes.len() as u64,
        true_pairs,
    }
}

/// One point of a threshold curve: the quality of all scored pairs at or above a weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The lowest match weight taken, in bits.
    pub weight: f64,
    /// The match probability that belongs to it.
    pub probability: f64,
    /// Pairs taken.
    pub pairs: u64,
    /// Their quality, against all true pairs, also those that were never scored.
    pub quality: Quality,
}

/// The quality of scored pairs at every whole match weight that occurs, from the highest weight to the lowest.
///
/// `scored` gives for each pair its two rows, its weight in bits and its probability; `truth` is as for [`clusters`], and
/// `true_pairs` as it is counted there. Pairs with a row of unknown entity are left out.
pub fn curve(scored: impl IntoIterator<Item = (u32, u32, f64, f64)>, truth: &[u32], true_pairs: u64) -> Vec<Point> {
    let mut steps: HashMap<i64, Step> = HashMap::new();
    for (a, b, weight, probability) in scored {
        let (a, b) = (truth[a as usize], truth[b as usize]);
        if a == UNKNOWN || b == UNKNOWN || weight.is_nan() {
            continue;
        }
        let step = steps.entry(weight.floor() as i64).or_insert(Step { found: 0, right: 0, probability: 1.0 });
        step.found += 1;
        step.right += u64::from(a == b);
        step.probability = step.probability.min(probability);
    }
    let mut steps: Vec<(i64, Step)> = steps.into_iter().collect();
    steps.sort_unstable_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let (mut found, mut right) = (0, 0);
    steps
        .into_iter()
        .map(|(weight, step)| {
            found += step.found;
            right += step.right;
            let quality = Quality::counted(right, found, true_pairs);
            Point { weight: weight as f64, probability: step.probability, pairs: found, quality }
        })
        .collect()
}

/// The quality of a set of links, given as pairs of rows, each at most once; `true_pairs` as for [`curve`].
pub fn links(taken: impl IntoIterator<Item = (u32, u32)>, truth: &[u32], true_pairs: u64) -> Quality {
    let (mut found, mut right) = (0, 0);
    for (a, b) in taken {
        let (a, b) = (truth[a as usize], truth[b as usize]);
        if a != UNKNOWN && b != UNKNOWN {
            found += 1;
            right += u64::from(a == b);
        }
    }
    Quality::counted(right, found, true_pairs)
}

/// Numbers the entities of a truth column, by their first row. Blank cells and missing ones are [`UNKNOWN`].
///
/// ```
/// use matching::evaluate::{UNKNOWN, number};
/// assert_eq!(number([Some("p7"), Some("p2"), None, Some(" p7")]), [0, 1, UNKNOWN, 0]);
/// ```
pub fn number<'a>(truth: impl IntoIterator<Item = Option<&'a str>>) -> Vec<u32> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    truth
        .into_iter()
        .map(|cell| match cell.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => {
                let next = seen.len() as u32;
                *seen.entry(text).or_insert(next)
            }
            None => UNKNOWN,
        })
        .collect()
}

struct Step {
    found: u64,
    right: u64,
    probability: f64,
}

fn sizes(labels: impl Iterator<Item = u32>) -> HashMap<u32, u64> {
    let mut sizes = HashMap::new();
    for label in labels {
        *sizes.entry(label).or_default() += 1;
    }
    sizes
}

fn pairs_of(size: u64) -> u64 {
    size * size.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definitions, word for word: quadratic in the rows.
    fn by_definition(found: &[u32], truth: &[u32]) -> (Quality, Quality) {
        let rows: Vec<usize> = (0..found.len()).filter(|row| truth[*row] != UNKNOWN).collect();
        let (mut both, mut in_cluster, mut in_entity) = (0, 0, 0);
        let (mut precision, mut recall) = (0.0, 0.0);
        for a in &rows {
            let (mut cluster, mut entity, mut shared) = (0.0, 0.0, 0.0);
            for b in &rows {
                let (same, right) = (found[*a] == found[*b], truth[*a] == truth[*b]);
                cluster += f64::from(u8::from(same));
                entity += f64::from(u8::from(right));
                shared += f64::from(u8::from(same && right));
                if a < b {
                    both += u64::from(same && right);
                    in_cluster += u64::from(same);
                    in_entity += u64::from(right);
                }
            }
            precision += shared / cluster;
            recall += shared / entity;
        }
        let count = rows.len().max(1) as f64;
        let b_cubed =
            if rows.is_empty() { Quality::new(1.0, 1.0) } else { Quality::new(precision / count, recall / count) };
        (Quality::counted(both, in_cluster, in_entity), b_cubed)
    }

    fn close(a: Quality, b: Quality) -> bool {
        [(a.precision, b.precision), (a.recall, b.recall), (a.f1, b.f1)].iter().all(|(a, b)| (a - b).abs() < 1e-9)
    }

    proptest! {
        #[test]
        fn counts_follow_the_definitions(rows in prop::collection::vec((0_u32..6, prop_oneof![4 => 0_u32..6, 1 => Just(UNKNOWN)]), 0..40)) {
            let (found, truth): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
            let judged = clusters(&found, &truth);
            let (pairs, b_cubed) = by_definition(&found, &truth);
            prop_assert!(close(judged.pairs, pairs), "{:?} {pairs:?}", judged.pairs);
            prop_assert!(close(judged.b_cubed, b_cubed), "{:?} {b_cubed:?}", judged.b_cubed);
        }

        #[test]
        fn the_truth_itself_is_perfect(truth in prop::collection::vec(0_u32..9, 1..60)) {
            let judged = clusters(&truth, &truth);
            for quality in [judged.pairs, judged.b_cubed, judged.exact] {
                prop_assert!(close(quality, Quality::new(1.0, 1.0)));
            }
        }
    }

    #[test]
    fn the_example_of_the_paper_is_met() {
        // Bagga and Baldwin's figure 2: entities of 5, 2 and 5; the second answer joins the two large ones.
        let truth = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2];
        let found = [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        let judged = clusters(&found, &truth);
        assert!((judged.b_cubed.precision - 7.0 / 12.0).abs() < 1e-12);
        assert_eq!(judged.b_cubed.recall, 1.0);
        assert_eq!(judged.exact, Quality::counted(1, 2, 3));
    }

    #[test]
    fn single_rows_only_make_no_pairs() {
        let judged = clusters(&[0, 1, 2], &[5, 6, 7]);
        assert_eq!((judged.pairs.f1, judged.exact.f1, judged.true_pairs), (1.0, 1.0, 0));
        let empty = clusters(&[], &[]);
        assert_eq!((empty.rows, empty.b_cubed.f1), (0, 1.0));
    }

    #[test]
    fn a_curve_loses_precision_as_it_gains_recall() {
        let truth = [0, 0, 0, 1, UNKNOWN];
        let scored = [(0, 1, 9.5, 0.99), (1, 2, 9.1, 0.98), (2, 3, 1.5, 0.6), (0, 4, 20.0, 1.0), (0, 2, -2.5, 0.1)];
        let points = curve(scored, &truth, 3);
        let seen: Vec<_> = points.iter().map(|p| (p.weight, p.pairs, p.quality.precision, p.quality.recall)).collect();
        assert_eq!(seen, [(9.0, 2, 1.0, 2.0 / 3.0), (1.0, 3, 2.0 / 3.0, 2.0 / 3.0), (-3.0, 4, 0.75, 1.0)]);
        assert_eq!(points[0].probability, 0.98);
    }

    #[test]
    fn links_are_judged_against_all_true_pairs() {
        assert_eq!(links([(0, 1), (1, 3), (0, 4)], &[0, 0, 0, 1, UNKNOWN], 3), Quality::counted(1, 2, 3));
    }
}
