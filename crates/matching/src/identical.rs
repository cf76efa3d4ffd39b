//! Rows that are the same in everything that is compared. A great many of them are compared once.

use crate::compare::Comparer;
use crate::hash;
use crate::records::Records;
use crate::resolve::{Apart, Scored};
use crate::score::Scorer;
use crate::{Pair, RuleReport};

/// Groups of more rows than this are stood for by their first row.
pub(crate) const MANY: usize = 32;

/// Large groups of identical rows.
#[derive(Debug, Default)]
pub(crate) struct Identical {
    groups: Vec<Vec<u32>>,
    /// One bit for each row that its group's first row stands for.
    stood_for: Vec<u64>,
    /// The same of rows that hold something of one entity's own, so that they are known to be copies.
    copies: Vec<u64>,
}

fn mark(bits: &mut [u64], row: u32) {
    bits[row as usize / 64] |= 1 << (row % 64);
}

fn is_marked(bits: &[u64], row: u32) -> bool {
    bits[row as usize / 64] >> (row % 64) & 1 == 1
}

/// Finds large groups of identical rows, of those about which nobody said anything. Where some sources have no duplicates, rows may
/// be alike and yet not the same.
pub(crate) fn groups(records: &Records, apart: &Apart) -> Identical {
    let none = || vec![0; records.rows().div_ceil(64)];
    let mut identical = Identical { groups: Vec::new(), stood_for: none(), copies: none() };
    if apart.has_distinct_sources() {
        return identical;
    }
    let rows = records.rows() as u32;
    let key = |row: u32| records.row(row).iter().fold(0, |hash, id| hash::mix(hash, u64::from(*id))) as u32;
    let unsaid = (0..rows).filter(|row| !apart.is_labelled(*row));
    let mut keyed: Vec<u64> = unsaid.map(|row| u64::from(key(row)) << 32 | u64::from(row)).collect();
    keyed.sort_unstable();
    for chunk in keyed.chunk_by(|a, b| a >> 32 == b >> 32).filter(|chunk| chunk.len() > MANY) {
        let mut rows: Vec<u32> = chunk.iter().map(|keyed| *keyed as u32).collect();
        // Rows of another content with the same key are rare, and compared like all others.
        let first = rows[0];
        rows.retain(|row| records.row(*row) == records.row(first));
        if rows.len() > MANY {
            let own = records.has_own(first);
            for row in &rows[1..] {
                mark(&mut identical.stood_for, *row);
                if own {
                    mark(&mut identical.copies, *row);
                }
            }
            identical.groups.push(rows);
        }
    }
    identical
}

impl Identical {
    /// Whether another row stands for a row.
    pub fn is_stood_for(&self, row: u32) -> bool {
        is_marked(&self.stood_for, row)
    }

    /// Whether a row says nothing new. Rows without anything of their own are many because what they hold is frequent.
    pub fn is_copy(&self, row: u32) -> bool {
        is_marked(&self.copies, row)
    }

    /// How many rows say nothing new.
    pub fn copies(&self) -> usize {
        self.copies.iter().map(|bits| bits.count_ones() as usize).sum()
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
