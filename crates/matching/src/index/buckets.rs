//! Rows by blocking key, growing one row at a time.

use hashbrown::HashMap;

use crate::block::divisions;
use crate::block::rule::{Part, Rule, Take, joined, part_key};
use crate::hash;
use crate::identical::MANY;
use crate::records::Records;

/// The rows of one key; while they are too many, the keys of the smaller buckets in which they are.
#[derive(Debug)]
enum Bucket {
    Rows(Vec<u32>),
    Divided { rows: usize, parts: Vec<u32> },
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
        let refine = divisions(&records.plan, &rule);
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
                    Some(Bucket::Divided { .. }) => *key = refined(*key, part, records, row),
                    _ => break,
                }
            }
        }
        places
    }

    /// The rows that share a bucket with a row, in no order, some more than once; the row itself may be among them. Of many rows that
    /// are the same in everything, which sources without duplicates may have, those that came last.
    pub fn candidates(&self, records: &Records, row: u32) -> impl Iterator<Item = u32> {
        let most = self.limit.max(MANY);
        let rows = self.places_of(records, row).into_iter().map(move |place| match self.buckets.get(&place) {
            Some(Bucket::Rows(rows)) => &rows[rows.len().saturating_sub(most)..],
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

    /// Takes a row out. Where that leaves few enough in divided buckets to make one of them, gives its rows.
    pub fn remove(&mut self, records: &Records, row: u32) -> Vec<Vec<u32>> {
        let keys = self.keys(records, row);
        keys.into_iter().filter_map(|key| self.take_out(records, row, key)).collect()
    }

    fn take_out(&mut self, records: &Records, row: u32, first: u32) -> Option<Vec<u32>> {
        let (mut key, mut depth) = (first, 0);
        loop {
            match self.buckets.get_mut(&key)? {
                Bucket::Rows(rows) => {
                    rows.retain(|held| *held != row);
                    if rows.is_empty() && depth == 0 {
                        self.buckets.remove(&key);
                    }
                    return None;
                }
                Bucket::Divided { rows, .. } => {
                    *rows -= 1;
                    if *rows <= self.limit {
                        let mut together = Vec::new();
                        self.gather(key, &mut together);
                        together.retain(|held| *held != row);
                        together.sort_unstable();
                        self.buckets.insert(key, Bucket::Rows(together.clone()));
                        return Some(together);
                    }
                    key = refined(key, &self.refine[depth], records, row);
                    depth += 1;
                }
            }
        }
    }

    /// Takes a bucket and all into which it is divided away, and gives their rows.
    fn gather(&mut self, key: u32, into: &mut Vec<u32>) {
        match self.buckets.remove(&key) {
            Some(Bucket::Rows(rows)) => into.extend(rows),
            Some(Bucket::Divided { parts, .. }) => parts.into_iter().for_each(|part| self.gather(part, into)),
            None => {}
        }
    }

    fn place(&mut self, records: &Records, row: u32, mut key: u32, mut depth: usize, divided: &mut Vec<u32>) {
        let mut parent = None;
        loop {
            if !self.buckets.contains_key(&key) {
                self.buckets.insert(key, Bucket::Rows(Vec::new()));
                if let Some(Bucket::Divided { parts, .. }) = parent.and_then(|parent| self.buckets.get_mut(&parent)) {
                    parts.push(key);
                }
            }
            match self.buckets.get_mut(&key) {
                Some(Bucket::Divided { rows, .. }) => {
                    *rows += 1;
                    parent = Some(key);
                    key = refined(key, &self.refine[depth], records, row);
                    depth += 1;
                }
                Some(Bucket::Rows(rows)) => {
                    rows.push(row);
                    if rows.len() <= self.limit || depth == self.refine.len() {
                        return;
                    }
                    let rows = std::mem::take(rows);
                    self.buckets.insert(key, Bucket::Divided { rows: 0, parts: Vec::new() });
                    divided.extend(&rows);
                    for row in rows {
                        self.place(records, row, key, depth, divided);
                    }
                    return;
                }
                None => return,
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
