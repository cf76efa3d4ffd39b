//! Rows by blocking key, growing one row at a time.

use hashbrown::HashMap;

use crate::block::refinements;
use crate::block::rule::{Part, Rule, Take, joined, part_key};
use crate::hash;
use crate::records::Records;

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
    /// Larger buckets are divided by a further key, as in the batch that the model was learnt from.
    limit: usize,
    refine: Vec<Part>,
    buckets: HashMap<u32, Bucket>,
}

impl Buckets {
    pub fn new(rule: Rule, limit: usize, records: &Records) -> Self {
        let refine = refinements(&records.plan).into_iter().filter(|part| !rule.parts.contains(part)).collect();
        Self { rule, limit, refine, buckets: HashMap::new() }
    }

    /// The keys of a row: several for a rule of several values.
    fn keys(&self, records: &Records, row: u32) -> Vec<u32> {
        let keys = self.rule.ways().map(|parts| joined(parts, |part| key_of(part, records, row)));
        let mut keys: Vec<u32> = keys.filter(|key| *key != 0).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The keys of the buckets in which a row is, or would be.
    fn places_of(&self, records: &Records, row: u32) -> Vec<u32> {
        let mut places = self.keys(records, row);
        for key in &mut places {
            for part in &self.refine {
                match self.buckets.get(key) {
                    Some(Bucket::Divided) => *key = refined(*key, part, records, row),
                    _ => break,
                }
            }
        }
        places
    }

    /// The rows that share a bucket with a row, in no order, some more than once; the row itself may be among them. Of a bucket that
    /// nothing divides any further, those that came last.
    pub fn candidates(&self, records: &Records, row: u32) -> impl Iterator<Item = u32> {
        let rows = self.places_of(records, row).into_iter().map(|place| match self.buckets.get(&place) {
            Some(Bucket::Rows(rows)) => &rows[rows.len().saturating_sub(self.limit)..],
            _ => &[],
        });
        rows.flatten().copied()
    }

    /// Whether two rows are in one bucket.
    pub fn are_together(&self, records: &Records, a: u32, b: u32) -> bool {
        let places = self.places_of(records, a);
        !places.is_empty() && self.places_of(records, b).iter().any(|place| places.contains(place))
    }

    /// Adds a row. Where that divides a bucket, gives the rows that were in it.
    pub fn insert(&mut self, records: &Records, row: u32) -> Vec<u32> {
        let mut divided = Vec::new();
        for key in self.keys(records, row) {
            self.place(records, row, key, 0, &mut divided);
        }
        divided
    }

    /// Takes a row out. Buckets that were divided stay so.
    pub fn remove(&mut self, records: &Records, row: u32) {
        for place in self.places_of(records, row) {
            if let Some(Bucket::Rows(rows)) = self.buckets.get_mut(&place) {
                rows.retain(|held| *held != row);
            }
        }
    }

    fn place(&mut self, records: &Records, row: u32, mut key: u32, mut depth: usize, divided: &mut Vec<u32>) {
        loop {
            let bucket = self.buckets.entry(key).or_insert_with(|| Bucket::Rows(Vec::new()));
            match bucket {
                Bucket::Divided => {
                    key = refined(key, &self.refine[depth], records, row);
                    depth += 1;
                }
                Bucket::Rows(rows) => {
                    rows.push(row);
                    if rows.len() <= self.limit || depth == self.refine.len() {
                        return;
                    }
                    let rows = std::mem::take(rows);
                    *bucket = Bucket::Divided;
                    divided.extend(&rows);
                    for row in rows {
                        let key = refined(key, &self.refine[depth], records, row);
                        self.place(records, row, key, depth + 1, divided);
                    }
                    return;
                }
            }
        }
    }
}

fn refined(key: u32, part: &Part, records: &Records, row: u32) -> u32 {
    hash::key(hash::mix(u64::from(key), u64::from(key_of(part, records, row))))
}

/// The key of a part of a row, 0 when it has none.
pub(super) fn key_of(part: &Part, records: &Records, row: u32) -> u32 {
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
