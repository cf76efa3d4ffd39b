//! Candidates by the rare words that texts have in common.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::rule::{Part, PartKeys, Rule, Take};
use crate::hash;
use crate::records::Records;

/// Words of a record that are looked up, the rarest first.
const WORDS: usize = 14;
/// Rows that are visited for a record.
const VISITS: usize = 3000;
/// Candidates that a record proposes.
const NEAREST: usize = 8;

/// Pairs of rows of which one is among the nearest of the other by the weight of their common words.
pub(super) fn pairs(
    records: &Records,
    rule: &Rule,
    keys: &PartKeys,
    skip: &(impl Fn(u32) -> bool + Sync),
) -> Vec<(u32, u32)> {
    let rows = records.rows() as u32;
    let tokens: Vec<Vec<u32>> = (0..rows)
        .into_par_iter()
        .map(|row| if skip(row) { Vec::new() } else { tokens(records, rule, keys, row) })
        .collect();
    let mut keyed: Vec<u64> = tokens
        .iter()
        .enumerate()
        .flat_map(|(row, tokens)| tokens.iter().map(move |token| u64::from(*token) << 32 | row as u64))
        .collect();
    keyed.par_sort_unstable();
    let mut postings: HashMap<u32, (u32, u32)> = HashMap::new();
    let mut start = 0;
    for chunk in keyed.chunk_by(|a, b| a >> 32 == b >> 32) {
        postings.insert((chunk[0] >> 32) as u32, (start, start + chunk.len() as u32));
        start += chunk.len() as u32;
    }
    let weight = |holders: u32| {
        let idf = (f64::from(rows) / f64::from(holders)).log2().max(0.1);
        (idf * idf) as f32
    };
    let norm = |row: u32| {
        let sum: f32 =
            tokens[row as usize].iter().map(|token| postings.get(token).map_or(0.0, |(s, e)| weight(e - s))).sum();
        sum.sqrt()
    };
    let norms: Vec<f32> = (0..rows).into_par_iter().map(norm).collect();
    let mut found: Vec<(u32, u32)> = (0..rows)
        .into_par_iter()
        .flat_map_iter(|row| {
            let mut held: Vec<(u32, u32)> =
                tokens[row as usize].iter().filter_map(|token| postings.get(token)).copied().collect();
            held.sort_unstable_by_key(|(start, end)| (end - start, *start));
            let mut scores: HashMap<u32, f32> = HashMap::new();
            let mut visits = 0;
            for (start, end) in held.into_iter().take(WORDS) {
                visits += (end - start) as usize;
                if visits > VISITS {
                    break;
                }
                for keyed in &keyed[start as usize..end as usize] {
                    let other = *keyed as u32;
                    if other != row {
                        *scores.entry(other).or_default() += weight(end - start);
                    }
                }
            }
            let mut nearest: Vec<(f32, u32)> =
                scores.into_iter().map(|(other, score)| (score / norms[other as usize].max(1e-6), other)).collect();
            nearest.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            nearest.into_iter().take(NEAREST).map(move |(_, other)| (row.min(other), row.max(other)))
        })
        .collect();
    found.par_sort_unstable();
    found.dedup();
    found
}

/// What a record is looked up by: each of its words, joined with the keys of the rule's other parts.
fn tokens(records: &Records, rule: &Rule, keys: &PartKeys, row: u32) -> Vec<u32> {
    let features = records.row(row);
    let mut joined = 0;
    let mut texts = None;
    for part in &rule.parts {
        match part {
            Part::Slot(slot, Take::Words) => texts = Some(*slot),
            part => match keys.part(part, features) {
                0 => return Vec::new(),
                key => joined = hash::mix(joined, u64::from(key)),
            },
        }
    }
    let Some(slot) = texts else { return Vec::new() };
    let Some(words) = &records.dictionary(slot).words else { return Vec::new() };
    words.of(features[slot]).iter().map(|word| hash::key(hash::mix(joined, u64::from(*word)))).collect()
}
