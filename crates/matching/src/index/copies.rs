//! Records that are the same in all that is compared. As in a batch, of many such the first stands for the others.

use hashbrown::{HashMap, HashTable};

use crate::hash;
use crate::identical::MANY;
use crate::records::Records;

/// The records of each content.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// The first record of each content.
    firsts: HashTable<u32>,
    /// By the first record of a content all of them, where there are several.
    all: HashMap<u32, Vec<u32>>,
}

/// What a record that came or went changes.
#[derive(Debug, Default)]
pub(super) struct Shift {
    /// The record that stands for others.
    pub first: u32,
    /// Records that it stands for from now on.
    pub stood_for: Vec<u32>,
    /// Records that nobody stands for any more.
    pub free: Vec<u32>,
}

impl Copies {
    /// Takes a record up.
    pub fn add(&mut self, records: &Records, row: u32) -> Shift {
        let of = |row: u32| content(records, row);
        let Some(first) = self.firsts.find(of(row), |held| records.row(*held) == records.row(row)).copied() else {
            self.firsts.insert_unique(of(row), row, |held| of(*held));
            return Shift::default();
        };
        let all = self.all.entry(first).or_insert_with(|| vec![first]);
        all.push(row);
        let stood_for = match all.len() {
            len if len <= MANY => Vec::new(),
            len if len == MANY + 1 => all[1..].to_vec(),
            _ => vec![row],
        };
        Shift { first, stood_for, free: Vec::new() }
    }

    /// Forgets a record, because it goes or because a person said something of it.
    pub fn forget(&mut self, records: &Records, row: u32) -> Shift {
        let hash = content(records, row);
        let Ok(held) = self.firsts.find_entry(hash, |held| records.row(*held) == records.row(row)) else {
            return Shift::default();
        };
        let first = *held.get();
        let Some(mut all) = self.all.remove(&first) else {
            if first == row {
                held.remove();
            }
            return Shift::default();
        };
        let many = all.len() > MANY;
        all.retain(|other| *other != row);
        let next = all[0];
        if next != first {
            held.remove();
            self.firsts.insert_unique(hash, next, |held| content(records, *held));
        }
        let mut shift = Shift { first: next, ..Shift::default() };
        if many && all.len() <= MANY {
            shift.free = all.iter().copied().filter(|other| *other != first).collect();
        } else if many && next != first {
            shift.free = vec![next];
            shift.stood_for = all[1..].to_vec();
        }
        if all.len() > 1 {
            self.all.insert(next, all);
        }
        shift
    }
}

fn content(records: &Records, row: u32) -> u64 {
    records.row(row).iter().fold(0, |hash, id| hash::mix(hash, u64::from(*id)))
}
