//! Which pairs are looked at: records are grouped by the keys of a few rules, and each pair is met once.

pub(crate) mod rule;
pub(crate) mod words;

use std::ops::Range;

use rayon::prelude::*;

use crate::frequency::SlotFrequency;
use crate::hash;
use crate::identical::MANY;
use crate::plan::Plan;
use crate::records::Records;
use rule::{Part, PartKeys, Rule, Take};

/// Groups larger than this are always divided by a further key.
pub(crate) const LARGEST: usize = 200;
/// Tables of up to this many rows are compared whole.
pub(crate) const COMPARED_WHOLE: usize = 1500;

/// The groups of one rule.
#[derive(Debug)]
pub(crate) struct RuleBlocks {
    pub rule: Rule,
    /// Rows, group after group.
    members: Vec<u32>,
    /// Past-the-end place of each group.
    ends: Vec<u32>,
    /// Rows that have a key.
    pub rows: u64,
    /// Groups that were divided.
    pub divided: u64,
    /// The size of the largest group before dividing.
    pub largest: u64,
    /// Larger groups were divided.
    pub limit: usize,
}

impl RuleBlocks {
    /// The number of groups.
    pub fn groups(&self) -> usize {
        self.ends.len()
    }

    /// The rows of a group, in order.
    pub fn group(&self, group: usize) -> &[u32] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.members[start as usize..self.ends[group] as usize]
    }

    /// Makes each pair a group of its own, because two rows may meet in several groups. No key tells other rules of them.
    fn take_apart(&mut self) {
        let groups = (0..self.groups()).map(|group| self.group(group));
        let mut pairs: Vec<(u32, u32)> = groups
            .flat_map(|rows| {
                let with_later = move |at: usize| rows[at + 1..].iter().map(move |b| (rows[at], *b));
                (0..rows.len()).flat_map(with_later)
            })
            .map(|(a, b)| (a.min(b), a.max(b)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        self.members = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        self.ends = (1..=pairs.len() as u32).map(|pair| 2 * pair).collect();
    }

    /// Pairs in all groups, those that other rules also bring included.
    pub fn pairs(&self) -> u64 {
        (0..self.groups()).map(|group| pairs_of(self.group(group).len())).sum()
    }
}

fn pairs_of(rows: usize) -> u64 {
    rows as u64 * (rows as u64).saturating_sub(1) / 2
}

/// How large a group may be before it is divided.
#[derive(Debug)]
pub(crate) enum Limits<'a> {
    /// So that no rule brings more than about as many pairs.
    Budget(u64),
    /// As they were when the model was learnt, by rule.
    Known(&'a [u32]),
}

impl Limits<'_> {
    /// The limit of a rule with its number.
    pub fn known(limits: &[u32], number: usize, rule: &Rule) -> usize {
        match limits.get(number) {
            Some(limit) => *limit as usize,
            None if rule.parts == [Part::Everything] => COMPARED_WHOLE,
            None => LARGEST,
        }
    }
}

/// The groups of all rules, and every row's keys.
#[derive(Debug)]
pub(crate) struct Blocks {
    pub rules: Vec<RuleBlocks>,
    /// Row by row the key under each rule.
    keys: Vec<u32>,
}

impl Blocks {
    /// Groups the records by the rules, and divides groups beyond each rule's limit. Rows for which `skip` says so are left out.
    pub fn new(
        records: &Records,
        frequencies: &[SlotFrequency],
        rules: Vec<Rule>,
        limits: &Limits,
        skip: impl Fn(u32) -> bool + Sync,
    ) -> Self {
        let refine = refinements(&records.plan);
        let keys = PartKeys::new(records, rules.iter().flat_map(|rule| &rule.parts).chain(&refine));
        let scene = Scene { records, frequencies, keys: &keys };
        let mut grouped: Vec<(RuleBlocks, Vec<u32>)> =
            rules.into_par_iter().enumerate().map(|(at, rule)| scene.group(rule, at, limits, &skip)).collect();
        drop_repeated_pairs(&mut grouped);
        let width = grouped.len();
        let mut by_row = vec![0u32; records.rows() * width];
        const CHUNK: usize = 1 << 14;
        by_row.par_chunks_mut((CHUNK * width).max(1)).enumerate().for_each(|(chunk, rows)| {
            for (row, keys) in rows.chunks_exact_mut(width).enumerate() {
                for (key, (_, column)) in keys.iter_mut().zip(&grouped) {
                    *key = column[chunk * CHUNK + row];
                }
            }
        });
        Self { rules: grouped.into_iter().map(|(blocks, _)| blocks).collect(), keys: by_row }
    }

    /// Gives up the rules that are not worth it.
    pub fn keep(&mut self, worth: &[bool]) {
        let width = self.rules.len();
        if worth.iter().all(|worth| *worth) {
            return;
        }
        let kept: Vec<usize> = (0..width).filter(|rule| worth[*rule]).collect();
        let rows = self.keys.len().checked_div(width).unwrap_or(0);
        for row in 0..rows {
            for (to, from) in kept.iter().enumerate() {
                self.keys[row * kept.len() + to] = self.keys[row * width + from];
            }
        }
        self.keys.truncate(rows * kept.len());
        let mut rule = 0;
        self.rules.retain(|_| {
            rule += 1;
            worth[rule - 1]
        });
    }

    /// The keys of a row.
    #[inline]
    pub fn keys(&self, row: u32) -> &[u32] {
        let width = self.rules.len();
        &self.keys[row as usize * width..(row as usize + 1) * width]
    }

    /// Hands the pairs of some groups of a rule to `visit`, with whether no earlier rule brings the pair.
    #[inline]
    pub fn pairs(&self, rule: usize, groups: Range<usize>, mut visit: impl FnMut(u32, u32, bool)) {
        let blocks = &self.rules[rule];
        for group in groups {
            let rows = blocks.group(group);
            for (at, a) in rows.iter().enumerate() {
                let ours = &self.keys(*a)[..rule];
                for b in &rows[at + 1..] {
                    let theirs = &self.keys(*b)[..rule];
                    let met = ours.iter().zip(theirs).any(|(x, y)| x == y && *x != 0);
                    visit(*a, *b, !met);
                }
            }
        }
    }

    /// Ranges of groups of a rule that hold about as many pairs each.
    pub fn portions(&self, rule: usize, pairs: u64) -> Vec<Range<usize>> {
        let blocks = &self.rules[rule];
        let mut portions = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for group in 0..blocks.groups() {
            sum += pairs_of(blocks.group(group).len());
            if sum >= pairs {
                portions.push(start..group + 1);
                (start, sum) = (group + 1, 0);
            }
        }
        if start < blocks.groups() {
            portions.push(start..blocks.groups());
        }
        portions
    }
}

/// Rules that give a record several keys bring pairs, not groups: what an earlier one brought is taken out of later ones.
fn drop_repeated_pairs(grouped: &mut [(RuleBlocks, Vec<u32>)]) {
    let mut met: Vec<u64> = Vec::new();
    let several = |rule: &Rule| rule.is_by_words() || rule.is_of_several();
    for (blocks, _) in grouped.iter_mut().filter(|(blocks, _)| several(&blocks.rule)) {
        let pairs = blocks.members.chunks_exact(2).map(|pair| u64::from(pair[0]) << 32 | u64::from(pair[1]));
        let mut pairs: Vec<u64> = pairs.collect();
        pairs.retain(|pair| met.binary_search(pair).is_err());
        blocks.members = pairs.iter().flat_map(|pair| [(pair >> 32) as u32, *pair as u32]).collect();
        blocks.ends = (1..=pairs.len() as u32).map(|pair| 2 * pair).collect();
        met.extend(pairs);
        met.sort_unstable();
    }
}

/// Parts by which large groups are divided, the most telling first.
pub(crate) fn refinements(plan: &Plan) -> Vec<Part> {
    [
        ("date", Take::AnyOrder),
        ("first_name", Take::Sound),
        ("postcode", Take::Whole),
        ("last_name", Take::Sound),
        ("street", Take::Sound),
        ("city", Take::Sound),
        ("phone", Take::Whole),
        ("email", Take::Whole),
        ("organisation", Take::Start),
        ("text", Take::Start),
        ("date", Take::Year),
        ("house_number", Take::Whole),
        ("point", Take::Cell),
    ]
    .into_iter()
    .filter_map(|(name, take)| Some(Part::Slot(plan.slot(name)?, take)))
    .collect()
}

/// The parts by which large groups of a rule are divided: those that tell most, at last everything that is compared, so that only
/// records that are the same in all of it are still together.
pub(crate) fn divisions(plan: &Plan, rule: &Rule) -> Vec<Part> {
    let mut parts = refinements(plan);
    for slot in 0..plan.slots.len() {
        let whole = Part::Slot(slot, Take::Whole);
        if !parts.contains(&whole) {
            parts.push(whole);
        }
    }
    parts.retain(|part| !rule.parts.contains(part));
    parts
}

/// What grouping looks at.
struct Scene<'a> {
    records: &'a Records,
    frequencies: &'a [SlotFrequency],
    keys: &'a PartKeys,
}

impl Scene<'_> {
    fn group(
        &self,
        rule: Rule,
        number: usize,
        limits: &Limits,
        skip: &(impl Fn(u32) -> bool + Sync),
    ) -> (RuleBlocks, Vec<u32>) {
        let Self { records, keys, .. } = self;
        if rule.is_by_words() {
            return self.by_words(rule, skip);
        }
        let rows = records.rows() as u32;
        let (mut by_row, mut keyed): (Vec<u32>, Vec<u64>) = if rule.is_of_several() {
            let of_row = |row: u32| {
                keys.of_several(&rule, records.row(row)).map(move |key| u64::from(key) << 32 | u64::from(row))
            };
            (vec![0; records.rows()], (0..rows).filter(|row| !skip(*row)).flat_map(of_row).collect())
        } else {
            let by_row: Vec<u32> =
                (0..rows).map(|row| if skip(row) { 0 } else { keys.rule(&rule, records.row(row)) }).collect();
            let held = by_row.iter().enumerate().filter(|(_, key)| **key != 0);
            let keyed = held.map(|(row, key)| u64::from(*key) << 32 | row as u64).collect();
            (by_row, keyed)
        };
        keyed.sort_unstable();
        keyed.dedup();
        let sizes = || keyed.chunk_by(|a, b| a >> 32 == b >> 32).map(<[u64]>::len);
        let largest = sizes().max().unwrap_or(0);
        let limit = match limits {
            Limits::Known(limits) => Limits::known(limits, number, &rule),
            Limits::Budget(_) if rule.parts == [Part::Everything] => COMPARED_WHOLE,
            Limits::Budget(budget) => limit(sizes(), *budget),
        };
        let mut blocks = RuleBlocks {
            members: Vec::new(),
            ends: Vec::new(),
            rows: keyed.len() as u64,
            divided: 0,
            largest: largest as u64,
            limit,
            rule,
        };
        let parts = divisions(&records.plan, &blocks.rule);
        let mut divider = Divider { records, keys, parts: &parts, limit, by_row: &mut by_row };
        for chunk in keyed.chunk_by(|a, b| a >> 32 == b >> 32) {
            match chunk.len() {
                1 => {}
                size if size <= limit => {
                    blocks.members.extend(chunk.iter().map(|keyed| *keyed as u32));
                    blocks.ends.push(blocks.members.len() as u32);
                }
                _ => {
                    blocks.divided += 1;
                    let rows: Vec<u32> = chunk.iter().map(|keyed| *keyed as u32).collect();
                    divider.divide(rows, 0, &mut blocks.members, &mut blocks.ends);
                }
            }
        }
        if blocks.rule.is_of_several() {
            blocks.take_apart();
            by_row.fill(0);
        }
        (blocks, by_row)
    }

    /// The candidates of a rule by words, each pair a group of its own. No key tells other rules of them.
    fn by_words(&self, rule: Rule, skip: &(impl Fn(u32) -> bool + Sync)) -> (RuleBlocks, Vec<u32>) {
        let records = self.records;
        let part = |part: &Part, row: u32| self.keys.part(part, records.row(row));
        let tokens: Vec<words::Tokens> = (0..records.rows() as u32)
            .into_par_iter()
            .map(|row| words::tokens(records, self.frequencies, &rule, row, |held| part(held, row)))
            .collect();
        let pairs = words::pairs(&words::nearest(records, &tokens, skip));
        let blocks = RuleBlocks {
            members: pairs.iter().flat_map(|(a, b)| [*a, *b]).collect(),
            ends: (1..=pairs.len() as u32).map(|pair| 2 * pair).collect(),
            rows: tokens.iter().filter(|tokens| !tokens.list.is_empty()).count() as u64,
            divided: 0,
            largest: 2,
            limit: LARGEST,
            rule,
        };
        (blocks, vec![0; records.rows()])
    }
}

/// The largest group size with which a rule stays within its budget.
fn limit(sizes: impl Iterator<Item = usize>, budget: u64) -> usize {
    let sizes: Vec<usize> = sizes.filter(|size| *size > 1).collect();
    let cost = |limit: usize| -> u64 {
        sizes.iter().map(|size| if *size <= limit { pairs_of(*size) } else { (*size * limit / 4) as u64 }).sum()
    };
    [LARGEST, 120, 70, 40, 25, 15, 10, 6, 4].into_iter().find(|limit| cost(*limit) <= budget).unwrap_or(3)
}

/// Divides groups that are too large by further keys, so that which rows share a group does not depend on their order.
struct Divider<'a> {
    records: &'a Records,
    keys: &'a PartKeys,
    parts: &'a [Part],
    limit: usize,
    by_row: &'a mut [u32],
}

impl Divider<'_> {
    fn divide(&mut self, rows: Vec<u32>, depth: usize, members: &mut Vec<u32>, ends: &mut Vec<u32>) {
        // Rows that nothing divides are the same in all that is compared. There are many only of sources without duplicates.
        let most = if depth < self.parts.len() { self.limit } else { self.limit.max(MANY) };
        if rows.len() <= most {
            if rows.len() > 1 {
                members.extend_from_slice(&rows);
                ends.push(members.len() as u32);
            }
            return;
        }
        let Some(part) = self.parts.get(depth) else {
            for (number, chunk) in rows.chunks(self.limit).enumerate() {
                for row in chunk {
                    self.rekey(*row, number as u64 + 1);
                }
                members.extend_from_slice(chunk);
                ends.push(members.len() as u32);
            }
            return;
        };
        let mut keyed: Vec<(u32, u32)> =
            rows.iter().map(|row| (self.keys.part(part, self.records.row(*row)), *row)).collect();
        keyed.sort_unstable();
        for chunk in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (key, row) in chunk {
                self.rekey(*row, u64::from(*key));
            }
            self.divide(chunk.iter().map(|(_, row)| *row).collect(), depth + 1, members, ends);
        }
    }

    fn rekey(&mut self, row: u32, key: u64) {
        let held = &mut self.by_row[row as usize];
        *held = hash::key(hash::mix(u64::from(*held), key));
    }
}
