//! Rows by blocking key, growing one row at a time.

use hashbrown::HashMap;

use crate::block::refinements;
use crate::block::rule::{Part, Rule, Take, part_key};
use crate::hash;
use crate::records::Records;

/// Buckets larger than this are divided by a further key, earlier than in a batch: one record is answered at once.
const LARGEST: usize = 100;

/// The rows of one key, or the mark that they are now found by a further key.
#[derive(Debug)]
enum Bucket {
    Rows(Vec<u32>),
    Divided,
}

/// The buckets of one rule.
#[derive(Debug)]
pub(super) struct Buckets {
    rule: Rule,
    refine: Vec<Part>,
    buckets: HashMap<u32, Bucket>,
}

impl Buckets {
    pub fn new(rule: Rule, records: &Records) -> Self {
        let refine = refinements(&records.plan).into_iter().filter(|part| !rule.parts.contains(part)).collect();
        Self { rule, refine, buckets: HashMap::new() }
    }

    /// The rows that share a row's bucket, in no order; the row itself may be among them.
    pub fn candidates(&self, records: &Records, row: u32) -> &[u32] {
        let Some(mut key) = rule_key(&self.rule, records, row) else { return &[] };
        for part in &self.refine {
            match self.buckets.get(&key) {
                None => return &[],
                Some(Bucket::Rows(rows)) => return latest(rows),
                Some(Bucket::Divided) => key = refined(key, part, records, row),
            }
        }
        match self.buckets.get(&key) {
            Some(Bucket::Rows(rows)) => latest(rows),
            _ => &[],
        }
    }

    /// Adds a row.
    pub fn insert(&mut self, records: &Records, row: u32) {
        let Some(key) = rule_key(&self.rule, records, row) else { return };
        self.place(records, row, key, 0);
    }

    fn place(&mut self, records: &Records, row: u32, mut key: u32, mut depth: usize) {
        loop {
            let bucket = self.buckets.entry(key).or_insert_with(|| Bucket::Rows(Vec::new()));
            match bucket {
                Bucket::Divided => {
                    key = refined(key, &self.refine[depth], records, row);
                    depth += 1;
                }
                Bucket::Rows(rows) => {
                    rows.push(row);
                    if rows.len() <= LARGEST || depth == self.refine.len() {
                        return;
                    }
                    let rows = std::mem::take(rows);
                    *bucket = Bucket::Divided;
                    for row in rows {
                        let key = refined(key, &self.refine[depth], records, row);
                        self.place(records, row, key, depth + 1);
                    }
                    return;
                }
            }
        }
    }
}

/// Of a bucket that nothing divides any further, the rows that came last.
fn latest(rows: &[u32]) -> &[u32] {
    &rows[rows.len().saturating_sub(LARGEST)..]
}

fn refined(key: u32, part: &Part, records: &Records, row: u32) -> u32 {
    hash::key(hash::mix(u64::from(key), u64::from(key_of(part, records, row))))
}

fn key_of(part: &Part, records: &Records, row: u32) -> u32 {
    let features = records.row(row);
    let of = |slot: usize, take: Take| {
        let kind = records.plan.dictionaries[records.plan.slots[slot].dictionary];
        if features[slot] == 0 { 0 } else { part_key(records.dictionary(slot), kind, take, features[slot]) }
    };
    match part {
        Part::Everything => 1,
        Part::Slot(slot, take) => of(*slot, *take),
        Part::Names { last, first } => {
            let (a, b) = (of(*last, Take::Sound), of(*first, Take::Sound));
            if a == 0 || b == 0 { 0 } else { hash::key(hash::mix(u64::from(a.min(b)), u64::from(a.max(b)))) }
        }
    }
}

fn rule_key(rule: &Rule, records: &Records, row: u32) -> Option<u32> {
    let mut hash = 0;
    for part in &rule.parts {
        match key_of(part, records, row) {
            0 => return None,
            key => hash = hash::mix(hash, u64::from(key)),
        }
    }
    Some(hash::key(hash))
}
