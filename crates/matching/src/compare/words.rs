//! Texts by their words, rare words counting more.

use super::{Comparer, Graded, MISSING};
use crate::dictionary::Dictionary;
use crate::metric::edits;

/// Texts with more words than this are compared by equal words only.
const SOFT: usize = 24;

/// Words that differ by a letter, or of which one begins the other, count as equal to this degree; 0 when they do not.
fn likeness(a: &str, b: &str) -> f32 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.bytes().any(|c| c.is_ascii_digit()) || short.len() < 3 {
        return 0.0;
    }
    if long.starts_with(short) {
        return if short.len() >= 4 { 0.85 } else { 0.6 };
    }
    if short.len() >= 4 && edits(a.as_bytes(), b.as_bytes()) <= 1 + u32::from(short.len() >= 9) { 0.85 } else { 0.0 }
}

/// The words of two sorted lists that are only in the first, only in the second, and the weight of the common ones.
fn split<'s>(
    a: &[u32],
    b: &[u32],
    weight: impl Fn(u32) -> f32,
    room: &'s mut [u32; 2 * SOFT],
) -> (f32, &'s [u32], &'s [u32]) {
    let (mut i, mut j, mut common) = (0, 0, 0.0);
    let (mut left, mut right) = (0, 0);
    while i < a.len() || j < b.len() {
        let order = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Equal => {
                common += weight(a[i]) * weight(a[i]);
                i += 1;
                j += 1;
            }
            std::cmp::Ordering::Less => {
                if left < SOFT {
                    room[left] = a[i];
                    left += 1;
                }
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                if right < SOFT {
                    room[SOFT + right] = b[j];
                    right += 1;
                }
                j += 1;
            }
        }
    }
    (common, &room[..left], &room[SOFT..SOFT + right])
}

/// The cosine of two sets of weighted words, words that are nearly equal counting in part (soft TF-IDF: Cohen, Ravikumar
/// and Fienberg, *A Comparison of String Distance Metrics for Name-Matching Tasks*, 2003).
pub(crate) fn cosine(a: &[u32], b: &[u32], vocabulary: &Dictionary, weight: impl Fn(u32) -> f32 + Copy) -> f32 {
    let mut room = [0; 2 * SOFT];
    let norm = |list: &[u32]| list.iter().map(|word| weight(*word) * weight(*word)).sum::<f32>();
    let (na, nb) = (norm(a), norm(b));
    if na == 0.0 || nb == 0.0 {
        return 0.0;
    }
    let (mut common, left, right) = split(a, b, weight, &mut room);
    if a.len() <= SOFT && b.len() <= SOFT {
        // The best couples first; the order of the words or of the texts makes no difference.
        let mut couples: Vec<(f32, &str, &str, u32, u32)> = Vec::new();
        for x in left {
            for y in right {
                let (p, q) = (vocabulary.text(*x), vocabulary.text(*y));
                let alike = likeness(p, q) * weight(*x) * weight(*y);
                if alike > 0.0 {
                    couples.push((alike, p.min(q), p.max(q), *x, *y));
                }
            }
        }
        couples.sort_by(|m, n| n.0.total_cmp(&m.0).then((m.1, m.2).cmp(&(n.1, n.2))));
        for at in 0..couples.len() {
            let (alike, .., x, y) = couples[at];
            if couples[..at].iter().all(|held| held.0 == 0.0 || (held.3 != x && held.4 != y)) {
                common += alike;
            } else {
                couples[at].0 = 0.0;
            }
        }
    }
    common / (na * nb).sqrt()
}

/// Whether one of the first two words of a name is made of the first letters of another name's words: `sncf paris`.
fn is_initials(short: &str, long: &str) -> bool {
    short.split(' ').take(2).any(|word| {
        let mut initials = long.split(' ').map(|word| word.as_bytes()[0]);
        word.len() >= 3 && word.bytes().all(|c| initials.next() == Some(c))
    })
}

impl Comparer<'_> {
    /// How alike two texts are, from 0 to 1.
    pub(crate) fn text_similarity(&self, slot: usize, x: u32, y: u32) -> f32 {
        let texts = self.records.dictionary(slot);
        let Some(words) = &texts.words else { return 0.0 };
        let frequency = &self.frequencies[slot];
        cosine(words.of(x), words.of(y), &words.vocabulary, |word| frequency.word_weight(word))
    }

    pub(super) fn text(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = match self.pair(slot, a, b) {
            Ok(pair) => pair,
            Err(graded) => return graded,
        };
        let similarity = self.text_similarity(slot, x, y);
        let level = [0.9, 0.75, 0.6, 0.45, 0.3].iter().position(|least| similarity >= *least).map_or(7, |at| at + 2);
        Graded(level as u8, 0.0)
    }

    /// Names of organisations: their words, or the initials of one.
    pub(super) fn organisation(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = match self.pair(slot, a, b) {
            Ok(pair) => pair,
            Err(graded) => return graded,
        };
        let names = self.records.dictionary(slot);
        if names.entry(x).extra != names.entry(y).extra {
            return Graded(8, 0.0);
        }
        let similarity = self.text_similarity(slot, x, y);
        if similarity >= 0.6 {
            return Graded(
                if similarity >= 0.9 {
                    2
                } else if similarity >= 0.75 {
                    3
                } else {
                    4
                },
                0.0,
            );
        }
        if is_initials(names.text(x), names.text(y)) || is_initials(names.text(y), names.text(x)) {
            return Graded(5, 0.0);
        }
        Graded(
            if similarity >= 0.45 {
                6
            } else if similarity >= 0.3 {
                7
            } else {
                9
            },
            0.0,
        )
    }

    /// Codes and numbers of two texts.
    pub(super) fn codes(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = match self.pair(slot, a, b) {
            Ok(pair) => pair,
            Err(graded) => return graded,
        };
        let codes = self.records.dictionary(slot);
        let Some(words) = &codes.words else { return MISSING };
        let (p, q) = (words.of(x), words.of(y));
        let mut level = 4;
        for code in p {
            if q.binary_search(code).is_ok() {
                let long = words.vocabulary.bytes(*code).len() >= 4;
                level = level.min(if long { 2 } else { 3 });
            }
        }
        Graded(level, 0.0)
    }
}
