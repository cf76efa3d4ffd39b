//! Rows that are the same in everything that is compared. A great many of them are compared once.

use crate::compare::Comparer;
use crate::hash;
use crate::records::Records;
use crate::resolve::{Apart, Scored};
use crate::score::Scorer;
use crate::{Pair, RuleReport};

/// Groups of more rows than this are stood for by their first row.
const MANY: usize = 32;

/// Large groups of identical rows.
#[derive(Debug, Default)]
pub(crate) struct Identical {
    groups: Vec<Vec<u32>>,
    /// One bit for each row that its group's first row stands for.
    stood_for: Vec<u64>,
}

/// Finds large groups of identical rows. Where some sources have no duplicates, rows may be alike and yet not the same.
pub(crate) fn groups(records: &Records, apart: &Apart) -> Identical {
    if apart.has_distinct_sources() {
        return Identical { groups: Vec::new(), stood_for: vec![0; records.rows().div_ceil(64)] };
    }
    let rows = records.rows() as u32;
    let key = |row: u32| records.row(row).iter().fold(0, |hash, id| hash::mix(hash, u64::from(*id))) as u32;
    let mut keyed: Vec<u64> = (0..rows).map(|row| u64::from(key(row)) << 32 | u64::from(row)).collect();
    keyed.sort_unstable();
    let mut identical = Identical { groups: Vec::new(), stood_for: vec![0; records.rows().div_ceil(64)] };
    for chunk in keyed.chunk_by(|a, b| a >> 32 == b >> 32).filter(|chunk| chunk.len() > MANY) {
        let mut rows: Vec<u32> = chunk.iter().map(|keyed| *keyed as u32).collect();
        // Rows of another content with the same key are rare, and compared like all others.
        let first = rows[0];
        rows.retain(|row| records.row(*row) == records.row(first));
        // Without anything of their own, that many are alike because there is little to tell.
        if rows.len() > MANY && records.has_own(first) {
            for row in &rows[1..] {
                identical.stood_for[*row as usize / 64] |= 1 << (row % 64);
            }
            identical.groups.push(rows);
        }
    }
    identical
}

impl Identical {
    /// Whether another row stands for a row.
    pub fn is_stood_for(&self, row: u32) -> bool {
        self.stood_for[row as usize / 64] >> (row % 64) & 1 == 1
    }

    /// How many rows another row stands for.
    pub fn stood_for(&self) -> usize {
        self.groups.iter().map(|group| group.len() - 1).sum()
    }

    /// Adds a pair of each row that is stood for and the row that stands for it.
    pub fn add_pairs(&self, comparer: &Comparer, scorer: &Scorer, apart: &Apart, scored: &mut Scored) {
        if self.groups.is_empty() {
            return;
        }
        let records = comparer.records;
        let size = |group: &Vec<u32>| group.len() as u64;
        let mut report = RuleReport {
            rule: "identical rows".to_owned(),
            rows: self.groups.iter().map(size).sum(),
            groups: self.groups.len() as u64,
            largest: self.groups.iter().map(size).max().unwrap_or(0),
            divided: 0,
            pairs: 0,
            matches: 0,
        };
        for group in &self.groups {
            let features = records.row(group[0]);
            let weight = scorer.weights(&comparer.outcome(features, features)).total;
            for row in group[1..].iter().filter(|row| !apart.holds(records, group[0], **row)) {
                report.pairs += 1;
                report.matches += u64::from(f64::from(weight) >= scored.threshold);
                if f64::from(weight) >= scored.floor {
                    scored.pairs.push(Pair { a: group[0], b: *row, weight });
                }
            }
        }
        scored.pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        scored.blocking.push(report);
    }

    /// Puts rows that are stood for into the cluster of the row that stands for them, where their pair is linked. `clusters`
    /// has the lowest row of each row's cluster.
    pub fn follow(&self, links: &[Pair], clusters: &mut [u32]) {
        for link in links.iter().filter(|link| self.is_stood_for(link.b)) {
            clusters[link.b as usize] = clusters[link.a as usize];
        }
    }
}
