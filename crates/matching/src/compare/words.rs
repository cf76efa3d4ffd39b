//! Texts by their words, rare words counting more.

use super::{Comparer, Graded, MISSING};
use crate::dictionary::Dictionary;
use crate::metric::edits;

/// Texts with more words than this are compared by equal words only.
const SOFT: usize = 24;

/// What a word that is nearly the same says less than the same word, in bits.
const NEARLY: f32 = 2.0;
/// How much the most telling word that two names share counts, the next, and the one after.
const FURTHER: [f32; 3] = [1.0, 0.6, 0.3];

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

/// The words of two sorted lists that are only in the first, only in the second, and the weight of the common ones, each of
/// which is also given to `common_word`.
fn split<'s>(
    a: &[u32],
    b: &[u32],
    weight: impl Fn(u32) -> f32,
    mut common_word: impl FnMut(u32),
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
                common_word(a[i]);
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
/// and Fienberg, *A Comparison of String Distance Metrics for Name-Matching Tasks*, 2003). Each couple of words that count as
/// the same goes to `shared`.
pub(crate) fn cosine(
    a: &[u32],
    b: &[u32],
    vocabulary: &Dictionary,
    weight: impl Fn(u32) -> f32 + Copy,
    mut shared: impl FnMut(u32, u32),
) -> f32 {
    let mut room = [0; 2 * SOFT];
    let norm = |list: &[u32]| list.iter().map(|word| weight(*word) * weight(*word)).sum::<f32>();
    let (na, nb) = (norm(a), norm(b));
    if na == 0.0 || nb == 0.0 {
        return 0.0;
    }
    let (mut common, left, right) = split(a, b, weight, |word| shared(word, word), &mut room);
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
                shared(x, y);
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
        cosine(words.of(x), words.of(y), &words.vocabulary, |word| frequency.word_weight(word), |_, _| {})
    }

    /// How alike two names of organisations are, and how much it says that they share the words they share, in bits: what
    /// sharing them by chance would be, in the town where both are if they are in one. Further words count in part, because
    /// words of a name depend on each other.
    fn shared_words(&self, slot: usize, x: u32, y: u32, town: Option<u32>) -> (f32, f32) {
        let names = self.records.dictionary(slot);
        let Some(words) = &names.words else { return (0.0, 0.0) };
        let frequency = &self.frequencies[slot];
        let town = town
            .zip(self.records.city)
            .map(|(id, city)| (self.records.dictionary(city).bytes(id), self.frequencies[city].count(id)));
        let telling = |word: u32| {
            let anywhere = frequency.word_weight(word);
            let here = town.map(|(name, rows)| frequency.word_weight_in(words.vocabulary.bytes(word), name, rows));
            here.map_or(anywhere, |here| here.min(anywhere))
        };
        let mut most = [0.0f32; 3];
        let shared = |p: u32, q: u32| {
            let bits = if p == q { telling(p) } else { telling(p).min(telling(q)) - NEARLY };
            if let Some(at) = most.iter().position(|held| bits > *held) {
                most[at..].rotate_right(1);
                most[at] = bits;
            }
        };
        let similarity =
            cosine(words.of(x), words.of(y), &words.vocabulary, |word| frequency.word_weight(word), shared);
        (similarity, most.iter().zip(FURTHER).map(|(bits, part)| bits * part).sum())
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
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        let names = self.records.dictionary(slot);
        if names.entry(x).extra != names.entry(y).extra {
            return Graded(8, 0.0);
        }
        if x != y && names.entry(x).sound == names.entry(y).sound {
            // The same letters: blanks moved, words in another order.
            return Graded(2, 0.0);
        }
        let town = self.records.city.filter(|city| a[*city] != 0 && a[*city] == b[*city]).map(|city| a[city]);
        let (similarity, bits) = self.shared_words(slot, x, y, town);
        let graded = |level: u8| Graded(level, self.frequencies[slot].against_level(level, bits));
        if x == y {
            let rarity = self.rarity(slot, x);
            return Graded(1, if town.is_some() { rarity.min(graded(1).1) } else { rarity });
        }
        if (0.3..0.9).contains(&similarity) && self.trades_differ(slot, x, y) {
            return Graded(8, 0.0);
        }
        if similarity >= 0.6 {
            return graded(if similarity >= 0.9 {
                2
            } else if similarity >= 0.75 {
                3
            } else {
                4
            });
        }
        if is_initials(names.text(x), names.text(y)) || is_initials(names.text(y), names.text(x)) {
            return Graded(5, 0.0);
        }
        if similarity >= 0.45 {
            graded(6)
        } else if similarity >= 0.3 {
            graded(7)
        } else {
            Graded(9, 0.0)
        }
    }

    /// Whether each of two names has a frequent word that the other lacks: *Garage Roux* and *Roux Boulangerie*.
    fn trades_differ(&self, slot: usize, x: u32, y: u32) -> bool {
        let Some(words) = &self.records.dictionary(slot).words else { return false };
        let (p, q) = (words.of(x), words.of(y));
        let frequency = &self.frequencies[slot];
        let own = |ours: &[u32], theirs: &[u32]| {
            ours.iter().any(|word| {
                let text = words.vocabulary.text(*word);
                frequency.is_frequent(*word)
                    && theirs.iter().all(|other| likeness(text, words.vocabulary.text(*other)) == 0.0 && word != other)
            })
        };
        own(p, q) && own(q, p)
    }

    /// Whether two organisations have about the same name.
    pub(super) fn are_namesakes(&self, a: &[u32], b: &[u32]) -> bool {
        self.records.name.is_some_and(|slot| {
            a[slot] != 0 && b[slot] != 0 && (a[slot] == b[slot] || self.text_similarity(slot, a[slot], b[slot]) >= 0.6)
        })
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
