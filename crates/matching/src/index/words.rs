//! The nearest of each record by the words of one rule, growing one record at a time.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::buckets::key_of;
use crate::block::rule::Rule;
use crate::block::words::{Near, Tokens, cut, nearest, nearest_of, nearness, tokens};
use crate::frequency::SlotFrequency;
use crate::records::Records;

/// Records that are visited for one word: of more, those that came last.
const VISITS: usize = 2000;

/// The records of a rule by words.
#[derive(Debug)]
pub(super) struct Words {
    rule: Rule,
    postings: HashMap<u32, Vec<u32>>,
    tokens: Vec<Tokens>,
    nearest: Vec<Vec<Near>>,
}

/// What a record changes.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Records that are now candidates of the record.
    pub near: Vec<u32>,
    /// Pairs of which one was among the nearest of the other and is no more.
    pub gone: Vec<(u32, u32)>,
}

impl Words {
    pub fn new(rule: Rule) -> Self {
        Self { rule, postings: HashMap::new(), tokens: Vec::new(), nearest: Vec::new() }
    }

    /// Takes up all records at once, but for those for which `skip` says so.
    pub fn fill(&mut self, records: &Records, frequencies: &[SlotFrequency], skip: &(impl Fn(u32) -> bool + Sync)) {
        let rows = 0..records.rows() as u32;
        self.tokens = rows
            .clone()
            .into_par_iter()
            .map(|row| match skip(row) {
                true => Tokens::default(),
                false => tokens(records, frequencies, &self.rule, row, |part| key_of(part, records, row)),
            })
            .collect();
        self.nearest = nearest(records, &self.tokens, skip);
        for row in rows {
            self.post(row);
        }
    }

    fn post(&mut self, row: u32) {
        for (token, _) in &self.tokens[row as usize].list {
            self.postings.entry(*token).or_default().push(row);
        }
    }

    /// Adds a record.
    pub fn insert(&mut self, records: &Records, frequencies: &[SlotFrequency], row: u32) -> Changed {
        let own = tokens(records, frequencies, &self.rule, row, |part| key_of(part, records, row));
        let common = self.common(&own, row);
        let content = records.content(row);
        let rows = self.tokens.len().max(row as usize + 1);
        self.tokens.resize_with(rows, Tokens::default);
        self.nearest.resize_with(rows, Vec::new);
        let mut changed = Changed::default();
        for (other, common) in &common {
            let near = Near { score: nearness(*common, own.norm), content, row };
            let theirs = &mut self.nearest[*other as usize];
            let at = theirs.partition_point(|held| held.order(&near).is_lt());
            theirs.insert(at, near);
            let nearest = cut(theirs);
            if at < nearest {
                changed.near.push(*other);
            }
            changed.gone.extend(theirs.drain(nearest..).filter(|held| held.row != row).map(|held| (*other, held.row)));
        }
        let mut scored: Vec<(f32, u32)> = common
            .into_iter()
            .map(|(other, common)| (nearness(common, self.tokens[other as usize].norm), other))
            .collect();
        let nearest = nearest_of(&mut scored, |row| records.content(row));
        changed.near.extend(nearest.iter().map(|near| near.row));
        self.nearest[row as usize] = nearest;
        self.tokens[row as usize] = own;
        self.post(row);
        changed
    }

    /// The weight of the words that a record has in common with each other.
    fn common(&self, tokens: &Tokens, row: u32) -> HashMap<u32, u64> {
        let mut common: HashMap<u32, u64> = HashMap::new();
        for (token, weight) in &tokens.list {
            let Some(rows) = self.postings.get(token) else { continue };
            for other in rows[rows.len().saturating_sub(VISITS)..].iter().filter(|other| **other != row) {
                *common.entry(*other).or_default() += weight;
            }
        }
        common
    }

    /// Takes a record out; gives the pairs that take the places that become free.
    pub fn remove(&mut self, records: &Records, row: u32) -> Vec<(u32, u32)> {
        let Some(own) = self.tokens.get_mut(row as usize).map(std::mem::take) else { return Vec::new() };
        for (token, _) in &own.list {
            if let Some(rows) = self.postings.get_mut(token) {
                rows.retain(|held| *held != row);
            }
        }
        self.nearest[row as usize].clear();
        let mut others: Vec<u32> = self.common(&own, row).into_keys().filter(|other| self.has(*other, row)).collect();
        others.sort_unstable();
        let mut near = Vec::new();
        for other in others {
            let common = self.common(&self.tokens[other as usize], other);
            let mut scored: Vec<(f32, u32)> = common
                .iter()
                .map(|(held, common)| (nearness(*common, self.tokens[*held as usize].norm), *held))
                .collect();
            let nearest = nearest_of(&mut scored, |row| records.content(row));
            near.extend(nearest.iter().map(|near| (other, near.row)));
            self.nearest[other as usize] = nearest;
        }
        near
    }

    fn has(&self, row: u32, other: u32) -> bool {
        self.nearest[row as usize].iter().any(|near| near.row == other)
    }

    /// Whether one of two records is among the nearest of the other.
    pub fn are_near(&self, a: u32, b: u32) -> bool {
        self.has(a, b) || self.has(b, a)
    }
}
