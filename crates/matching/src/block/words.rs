//! Candidates by the telling words that texts have in common.
//!
//! Everything here depends on two records and on the model alone, so that records one at a time get the candidates of a
//! batch: how telling a word is comes from the model's frequencies, and a record's nearest are those with the greatest share of common
//! words among all that have a telling word of it.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::rule::{Part, Rule, Take};
use crate::frequency::SlotFrequency;
use crate::hash;
use crate::identical::MANY;
use crate::records::Records;

/// Words of a record that are looked up, the most telling first.
const WORDS: usize = 14;
/// Words that more records than this are expected to have are not looked up.
const FREQUENT: f32 = 1000.0;
/// Candidates that a record proposes; more where the last of them are the same in all that is compared.
const NEAREST: usize = 8;

/// Weights of words in fixed point, for sums in which the order does not matter.
const FIXED: f32 = 1024.0;

/// What a record is looked up by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    /// Words joined with the keys of the rule's other parts, with their weight.
    pub list: Vec<(u32, u64)>,
    /// The length of the vector of all its words.
    pub norm: f32,
}

/// A neighbour: how near it is, its content to order those equally near, and its row. The greatest is the nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Near {
    pub score: f32,
    pub content: u64,
    pub row: u32,
}

impl Near {
    /// The nearest come first.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score).then(self.content.cmp(&other.content)).then(self.row.cmp(&other.row))
    }
}

/// How near a record is, by the weight of the words in common and its own length.
pub(crate) fn nearness(common: u64, norm: f32) -> f32 {
    common as f32 / FIXED / norm.max(1e-6)
}

/// What a record is looked up by under a rule. `part` gives the keys of the rule's other parts, 0 where one is missing.
pub(crate) fn tokens(
    records: &Records,
    frequencies: &[SlotFrequency],
    rule: &Rule,
    row: u32,
    part: impl Fn(&Part) -> u32,
) -> Tokens {
    let features = records.row(row);
    let (mut joined, mut share) = (0, 1.0);
    let mut texts = None;
    for held in &rule.parts {
        match held {
            Part::Slot(slot, Take::Words) => texts = Some(*slot),
            held => match part(held) {
                0 => return Tokens::default(),
                key => {
                    joined = hash::mix(joined, u64::from(key));
                    if let Part::Slot(slot, _) = held {
                        share *= frequencies[*slot].share(features[*slot]).min(1.0);
                    }
                }
            },
        }
    }
    let Some(slot) = texts.filter(|slot| features[*slot] != 0) else { return Tokens::default() };
    let Some(words) = &records.dictionary(slot).words else { return Tokens::default() };
    let frequency = &frequencies[slot];
    let weight = |word: u32| frequency.word_weight(word);
    let ids = words.of(features[slot]);
    let norm = ids.iter().map(|word| weight(*word) * weight(*word)).sum::<f32>().sqrt();
    let mut telling: Vec<u32> =
        ids.iter().copied().filter(|word| frequency.word_count(*word) * share <= FREQUENT).collect();
    let text = |word: u32| words.vocabulary.bytes(word);
    telling.sort_by(|x, y| weight(*y).total_cmp(&weight(*x)).then_with(|| text(*x).cmp(text(*y))));
    telling.truncate(WORDS);
    let token = |word: u32| {
        let square = weight(word) * weight(word) * FIXED;
        (hash::key(hash::mix(joined, hash::bytes(text(word)))), square as u64)
    };
    Tokens { list: telling.into_iter().map(token).collect(), norm }
}

/// For each row its nearest, by the words of a rule. Rows for which `skip` says so have none and are none's.
pub(crate) fn nearest(records: &Records, all: &[Tokens], skip: &(impl Fn(u32) -> bool + Sync)) -> Vec<Vec<Near>> {
    let mut keyed: Vec<u64> = all
        .iter()
        .enumerate()
        .filter(|(row, _)| !skip(*row as u32))
        .flat_map(|(row, tokens)| tokens.list.iter().map(move |(token, _)| u64::from(*token) << 32 | row as u64))
        .collect();
    keyed.par_sort_unstable();
    let mut postings: HashMap<u32, (u32, u32)> = HashMap::new();
    let mut start = 0;
    for chunk in keyed.chunk_by(|a, b| a >> 32 == b >> 32) {
        postings.insert((chunk[0] >> 32) as u32, (start, start + chunk.len() as u32));
        start += chunk.len() as u32;
    }
    (0..records.rows() as u32)
        .into_par_iter()
        .map_init(HashMap::new, |common: &mut HashMap<u32, u64>, row| {
            common.clear();
            if skip(row) {
                return Vec::new();
            }
            for (token, weight) in &all[row as usize].list {
                let Some((start, end)) = postings.get(token) else { continue };
                for keyed in &keyed[*start as usize..*end as usize] {
                    *common.entry(*keyed as u32).or_default() += weight;
                }
            }
            common.remove(&row);
            let score = |other: u32, common: u64| nearness(common, all[other as usize].norm);
            let mut found: Vec<(f32, u32)> =
                common.iter().map(|(other, common)| (score(*other, *common), *other)).collect();
            nearest_of(&mut found, |row| records.content(row))
        })
        .collect()
}

/// How many of some rows, the nearest first, are the nearest: rows of the same content are all of them or none, unless there are as
/// many as only sources without duplicates have.
pub(crate) fn cut(sorted: &[Near]) -> usize {
    let Some(last) = sorted.get(NEAREST - 1) else { return sorted.len() };
    let same = |near: &&Near| (near.score, near.content) == (last.score, last.content);
    NEAREST + sorted[NEAREST..].iter().take_while(same).take(MANY).count()
}

/// The nearest of some scored rows.
pub(crate) fn nearest_of(found: &mut [(f32, u32)], content: impl Fn(u32) -> u64) -> Vec<Near> {
    // Content is worked out for those alone that may be among the nearest.
    if found.len() > NEAREST {
        found.select_nth_unstable_by(NEAREST - 1, |x, y| y.0.total_cmp(&x.0));
    }
    let least = found.iter().take(NEAREST).map(|(score, _)| *score).fold(f32::INFINITY, f32::min);
    let mut nearest: Vec<Near> = found
        .iter()
        .filter(|(score, _)| *score >= least)
        .map(|(score, row)| Near { score: *score, content: content(*row), row: *row })
        .collect();
    nearest.sort_unstable_by(Near::order);
    nearest.truncate(cut(&nearest));
    nearest
}

/// Pairs of rows of which one is among the nearest of the other.
pub(super) fn pairs(nearest: &[Vec<Near>]) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = nearest
        .par_iter()
        .enumerate()
        .flat_map_iter(|(row, near)| {
            let row = row as u32;
            near.iter().map(move |near| (row.min(near.row), row.max(near.row)))
        })
        .collect();
    found.par_sort_unstable();
    found.dedup();
    found
}
