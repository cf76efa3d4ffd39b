//! How often values occur, and what that does to the weight of agreeing on them.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rayon::prelude::*;

use crate::dictionary::Dictionary;
use crate::hash;
use crate::records::Records;
use crate::{Frequencies, Model};

/// A value is never taken to be rarer than this: a rare spelling is often a mistake that one person made twice.
const RAREST: f64 = 4e-6;

/// A mailbox that a post or a team reads tells as little of a person as one that so many people share.
const SHARED: u32 = 10;

/// With fewer records than this, frequencies say little.
const FEW: f64 = 10.0;

/// Frequencies of a slot's values, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct SlotFrequency {
    /// For each value `log2(mean / frequency)`, where mean is the chance that two records agree on any value.
    adjust: Vec<f32>,
    /// The adjustment of a value that was never seen.
    rarest: f32,
    /// The adjustment of a value that [`SHARED`] records have.
    of_many: f32,
    /// For each word of a text its weight.
    words: Vec<f32>,
    /// The weight of a word that was never seen.
    rarest_word: f32,
    /// The chance that two random records with a value have the same one.
    pub agreement: f64,
    /// Records with a value.
    total: f32,
    /// Records that the words are counted in.
    texts: f32,
    /// Words that are less telling than this are frequent.
    frequent: f32,
    /// How many records in a town have a word in their name, by a hash of both, where they are several.
    in_town: HashMap<u64, u32>,
    /// The chance of each level of the comparison, as bits: `-log2 u`.
    chance: Vec<f32>,
}

/// A word is one of a town's where more records than this have it: one company may be written so many times.
const OF_TOWN: u32 = 4;

fn in_town(word: &[u8], town: &[u8]) -> u64 {
    hash::mix(hash::bytes(word), hash::bytes(town))
}

impl SlotFrequency {
    /// What agreement on a value adds to the weight, in bits.
    #[inline]
    pub fn adjust(&self, id: u32) -> f32 {
        self.adjust.get(id as usize).copied().unwrap_or(self.rarest)
    }

    /// What agreement on a value adds at most, in bits, where some ten people are expected to share it.
    #[inline]
    pub fn adjust_shared(&self, id: u32) -> f32 {
        self.adjust(id).min(self.of_many)
    }

    /// The share of records that have a value.
    #[inline]
    pub fn share(&self, id: u32) -> f32 {
        if id == 0 { 0.0 } else { self.agreement as f32 / self.adjust(id).exp2() }
    }

    /// About how many records have a value; small counts come out as one or two.
    #[inline]
    pub fn count(&self, id: u32) -> f32 {
        self.share(id) * self.total + 1.0
    }

    /// How telling a word is: its inverse document frequency (Spärck Jones, *A Statistical Interpretation of Term
    /// Specificity*, Journal of Documentation 28, 1972).
    #[inline]
    pub fn word_weight(&self, word: u32) -> f32 {
        self.words.get(word as usize).copied().unwrap_or(self.rarest_word)
    }

    /// About how many records have a word.
    #[inline]
    pub fn word_count(&self, word: u32) -> f32 {
        ((self.texts + 1.0) / self.word_weight(word).exp2() - 0.5).max(1.0)
    }

    /// Whether a word is met in many records: in one of five hundred, and in ten.
    pub fn is_frequent(&self, word: u32) -> bool {
        self.word_weight(word) < self.frequent
    }

    /// How telling a word is among the `rows` records of a town; infinite where few have it there.
    pub fn word_weight_in(&self, word: &[u8], town: &[u8], rows: f32) -> f32 {
        let held = self.in_town.get(&in_town(word, town)).copied();
        held.map_or(f32::INFINITY, |count| (rows / (count - OF_TOWN + 1) as f32).log2().max(0.05))
    }

    /// What evidence of some bits adds to or takes from the weight of a level.
    pub fn against_level(&self, level: u8, bits: f32) -> f32 {
        self.chance.get(usize::from(level) - 1).map_or(0.0, |chance| (bits - chance).clamp(-10.0, 3.0))
    }

    /// Takes up the chance of each level of the comparison.
    pub fn set_chance(&mut self, chance: impl Iterator<Item = f64>) {
        self.chance = chance.map(|u| -u.log2() as f32).collect();
    }

    /// From saved frequencies of values, and of words where the slot holds texts.
    pub fn new(values: &Frequencies, words: Option<&Frequencies>, dictionary: &Dictionary) -> Self {
        let mut slot = Self {
            rarest: adjust_of(values, 1) as f32,
            of_many: adjust_of(values, SHARED) as f32,
            rarest_word: words.map_or(0.0, |words| idf(words, 1)),
            agreement: values.agreement,
            total: values.total as f32,
            texts: words.map_or(0.0, |words| words.total as f32),
            frequent: words.map_or(0.0, |words| idf(words, 10.max((words.total / 500) as u32))),
            ..Self::default()
        };
        slot.extend(values, words, dictionary);
        slot
    }

    /// Takes up values that the dictionary has got since.
    pub fn extend(&mut self, values: &Frequencies, words: Option<&Frequencies>, dictionary: &Dictionary) {
        extend(&mut self.adjust, values, dictionary, |count| adjust_of(values, count) as f32);
        self.adjust[0] = 0.0;
        if let (Some(words), Some(held)) = (words, &dictionary.words) {
            extend(&mut self.words, words, &held.vocabulary, |count| idf(words, count));
        }
    }
}

/// Makes the weights as long as the dictionary: values with a saved count by that, others as rare as can be.
fn extend(weights: &mut Vec<f32>, saved: &Frequencies, dictionary: &Dictionary, weight: impl Fn(u32) -> f32) {
    let known = weights.len();
    if dictionary.len() - known < saved.counts.len() {
        weights.extend((known..dictionary.len()).map(|id| {
            let count = saved.counts.get(dictionary.text(id as u32)).copied();
            weight(count.unwrap_or(1))
        }));
        return;
    }
    weights.resize(dictionary.len(), weight(1));
    for (value, count) in &saved.counts {
        if let Some(id) = dictionary.find(value).filter(|id| *id as usize >= known) {
            weights[id as usize] = weight(*count);
        }
    }
}

/// The weight of a word that occurs in `count` records.
fn idf(words: &Frequencies, count: u32) -> f32 {
    ((words.total as f64 + 1.0) / (f64::from(count) + 0.5)).log2().max(0.05) as f32
}

/// The frequency table of words in towns of a slot of names.
pub(crate) fn in_towns(slot: &str) -> String {
    format!("{slot}:words in towns")
}

/// The frequencies of all slots under a model, also for values that records bring later.
pub(crate) fn all(records: &Records, model: &Model) -> Vec<SlotFrequency> {
    let slots = (0..records.plan.slots.len()).into_par_iter();
    let mut frequencies: Vec<SlotFrequency> = slots.map(|slot| of_slot(records, model, slot)).collect();
    for (slot, towns) in town_tables(records, model) {
        let parted = towns.counts.iter().filter_map(|(both, count)| Some((both.split_once(BETWEEN)?, *count)));
        frequencies[slot].in_town =
            parted.map(|((word, town), count)| (in_town(word.as_bytes(), town.as_bytes()), count)).collect();
    }
    frequencies
}

/// The frequencies of all slots under a model, for a few records to which none is added: too few to wake other threads for.
pub(crate) fn of_few(records: &Records, model: &Model) -> Vec<SlotFrequency> {
    let slots = 0..records.plan.slots.len();
    let mut frequencies: Vec<SlotFrequency> = slots.map(|slot| of_slot(records, model, slot)).collect();
    for (slot, towns) in town_tables(records, model) {
        let (Some(city), Some(words)) = (records.city, &records.dictionary(slot).words) else { continue };
        let towns_here = records.dictionary(city);
        for town in 1..towns_here.len() as u32 {
            for word in 1..words.vocabulary.len() as u32 {
                let (word, town) = (words.vocabulary.text(word), towns_here.text(town));
                if let Some(count) = towns.counts.get(&format!("{word}{BETWEEN}{town}")) {
                    frequencies[slot].in_town.insert(in_town(word.as_bytes(), town.as_bytes()), *count);
                }
            }
        }
    }
    frequencies
}

/// The slots of names with the saved table of their words in towns.
fn town_tables<'a>(records: &'a Records, model: &'a Model) -> impl Iterator<Item = (usize, &'a Frequencies)> {
    let slots = records.plan.slots.iter().enumerate();
    slots.filter_map(|(slot, held)| Some((slot, model.frequencies.get(&in_towns(&held.name))?)))
}

/// The frequencies of one slot under a model.
fn of_slot(records: &Records, model: &Model, slot: usize) -> SlotFrequency {
    let none = Frequencies::default();
    let name = &records.plan.slots[slot].name;
    let values = model.frequencies.get(name).unwrap_or(&none);
    let words = model.frequencies.get(&format!("{name}:words"));
    let mut frequency = SlotFrequency::new(values, words, records.dictionary(slot));
    if let Some(comparison) = model.comparisons.iter().find(|comparison| comparison.name == *name) {
        frequency.set_chance(comparison.levels.iter().map(|level| level.u));
    }
    frequency
}

/// `log2(mean / frequency)` of a value that `count` records have. A record that agrees is one of them, so that the others
/// are what chance could have brought.
fn adjust_of(values: &Frequencies, count: u32) -> f64 {
    let total = (values.total as f64).max(FEW);
    let others = (f64::from(count) - 1.0).max(1.0) / total;
    (values.agreement.max(1e-12) / others.max(RAREST)).log2()
}

/// How many of a thousand records have a value.
pub(crate) fn per_thousand(values: &Frequencies, value: &str) -> f64 {
    let count = values.counts.get(value).copied().unwrap_or(1);
    f64::from(count) / (values.total as f64).max(1.0) * 1000.0
}

/// The frequencies of a dictionary's values. Values so rare that they weigh like a new one are left out.
pub(crate) fn frequencies(counts: &[u32], dictionary: &Dictionary) -> Frequencies {
    let (mut total, mut distinct, mut pairs) = (0u64, 0u64, 0u128);
    for count in &counts[1..] {
        total += u64::from(*count);
        distinct += u64::from(*count > 0);
        pairs += u128::from(*count) * u128::from(count.saturating_sub(1));
    }
    let all = u128::from(total) * u128::from(total.saturating_sub(1));
    let agreement = (pairs as f64 + 0.5) / (all as f64 + FEW);
    let least = (total as f64 * RAREST) as u32 + 1;
    let kept = (1..counts.len() as u32).filter(|id| counts[*id as usize] > least.max(1));
    let counts: BTreeMap<String, u32> = kept.map(|id| (dictionary.text(id).to_owned(), counts[id as usize])).collect();
    Frequencies { total, distinct, agreement, counts }
}

/// How many records of a town have a word in their name, for the words that several have.
pub(crate) fn town_frequencies(
    records: &Records,
    names: usize,
    city: usize,
    skip: impl Fn(u32) -> bool,
) -> Option<Frequencies> {
    let words = records.dictionary(names).words.as_ref()?;
    let mut counts: HashMap<u64, u32> = HashMap::new();
    let mut total = 0;
    for row in (0..records.rows() as u32).filter(|row| !skip(*row)) {
        let values = records.row(row);
        if values[names] == 0 || values[city] == 0 {
            continue;
        }
        total += 1;
        for word in words.of(values[names]) {
            *counts.entry(u64::from(*word) << 32 | u64::from(values[city])).or_default() += 1;
        }
    }
    let towns = records.dictionary(city);
    let several = counts.into_iter().filter(|(_, count)| *count > OF_TOWN);
    let text = |key: u64| format!("{}{BETWEEN}{}", words.vocabulary.text((key >> 32) as u32), towns.text(key as u32));
    let counts: BTreeMap<String, u32> = several.map(|(key, count)| (text(key), count)).collect();
    Some(Frequencies { total, distinct: counts.len() as u64, agreement: 0.0, counts })
}

/// What stands between a word and a town in a saved table.
const BETWEEN: char = '@';

/// The number of records in which each word of a slot of texts occurs.
pub(crate) fn word_frequencies(counts: &[u32], dictionary: &Dictionary) -> Option<Frequencies> {
    let words = dictionary.words.as_ref()?;
    let mut by_word = vec![0u32; words.vocabulary.len()];
    for (id, count) in counts.iter().enumerate().skip(1) {
        for word in words.of(id as u32) {
            by_word[*word as usize] += count;
        }
    }
    let records = counts.iter().skip(1).map(|count| u64::from(*count)).sum();
    Some(Frequencies { total: records, ..frequencies(&by_word, &words.vocabulary) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::ValueKind;

    #[test]
    fn rare_values_weigh_more() {
        let mut names = Dictionary::new(ValueKind::Name);
        let (common, rare) = (names.intern("martin"), names.intern("zyskind"));
        let counts = [0, 90, 10];
        let saved = frequencies(&counts, &names);
        assert_eq!((saved.total, saved.distinct), (100, 2));
        let slot = SlotFrequency::new(&saved, None, &names);
        assert!(slot.adjust(common) < 0.0 && slot.adjust(rare) > 3.0);
        assert!(slot.adjust(99) > slot.adjust(rare));
        assert_eq!(per_thousand(&saved, "martin"), 900.0);
        assert_eq!((slot.adjust_shared(common), slot.adjust_shared(99)), (slot.adjust(common), slot.adjust(rare)));
    }
}
