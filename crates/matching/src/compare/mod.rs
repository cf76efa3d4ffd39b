//! How alike two records are: one graded outcome for each comparison.

mod address;
mod contact;
mod person;
mod place;
mod words;

use crate::frequency::SlotFrequency;
use crate::plan::Kind;
use crate::records::Records;

/// One outcome that a comparison can have, from the strongest agreement to disagreement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelSpec {
    pub name: &'static str,
    /// Whether the weight depends on the frequency of the value.
    pub by_frequency: bool,
    /// The share of pairs of the same entity that is expected before anything is learnt.
    pub m: f64,
}

const fn level(name: &'static str, by_frequency: bool, m: f64) -> LevelSpec {
    LevelSpec { name, by_frequency, m }
}

const LAST: &[LevelSpec] = &[
    level("exact", true, 0.80),
    level("first and last name swapped", true, 0.02),
    level("one letter or the sound", true, 0.09),
    level("a word in common", true, 0.02),
    level("similar", false, 0.03),
    level("different", false, 0.04),
];
const FIRST: &[LevelSpec] = &[
    level("exact", true, 0.75),
    level("diminutive", true, 0.04),
    level("one letter or the sound", true, 0.09),
    level("a word in common", true, 0.02),
    level("initial", false, 0.03),
    level("similar", false, 0.02),
    level("different", false, 0.05),
];
const DATE: &[LevelSpec] = &[
    level("exact", true, 0.85),
    level("day and month swapped", false, 0.02),
    level("one digit", false, 0.05),
    level("two parts of three", false, 0.03),
    level("same year", false, 0.02),
    level("different", false, 0.03),
];
const EMAIL: &[LevelSpec] = &[
    level("exact", true, 0.65),
    level("same name at another domain", true, 0.05),
    level("similar", false, 0.10),
    level("different", false, 0.20),
];
const PHONE: &[LevelSpec] =
    &[level("exact", true, 0.70), level("one digit", false, 0.05), level("different", false, 0.25)];
const ADDRESS: &[LevelSpec] = &[
    level("same street and number", false, 0.55),
    level("same street", true, 0.10),
    level("same street and number elsewhere", false, 0.05),
    level("same postcode and city", true, 0.05),
    level("another street or number in the same city", true, 0.03),
    level("same postcode or city", true, 0.05),
    level("similar postcode or city", false, 0.05),
    level("different", false, 0.15),
];
const WORD: &[LevelSpec] =
    &[level("exact", true, 0.85), level("similar", false, 0.08), level("different", false, 0.07)];
const IDENTIFIER: &[LevelSpec] = &[
    level("exact", true, 0.85),
    level("same beginning", false, 0.04),
    level("one sign", false, 0.05),
    level("different", false, 0.06),
];
const WEBSITE: &[LevelSpec] = &[level("exact", true, 0.80), level("different", false, 0.20)];
const TEXT: &[LevelSpec] = &[
    level("exact", true, 0.35),
    level("nearly all words", false, 0.20),
    level("most words", false, 0.15),
    level("more than half of the words", false, 0.10),
    level("half of the words", false, 0.08),
    level("some words", false, 0.06),
    level("different", false, 0.06),
];
const ORGANISATION: &[LevelSpec] = &[
    level("exact", true, 0.45),
    level("nearly all words", false, 0.15),
    level("most words", false, 0.15),
    level("more than half of the words", false, 0.08),
    level("initials", false, 0.03),
    level("half of the words", false, 0.05),
    level("some words", false, 0.04),
    level("another part or trade of the group", false, 0.02),
    level("different", false, 0.03),
];
const CODES: &[LevelSpec] = &[
    level("same codes", true, 0.40),
    level("a long code in common", false, 0.25),
    level("a number in common", false, 0.15),
    level("different", false, 0.20),
];
const NUMBER: &[LevelSpec] = &[
    level("exact", true, 0.60),
    level("within 2 % or a year", false, 0.10),
    level("within 10 % or 2 years", false, 0.10),
    level("within 30 % or 4 years", false, 0.10),
    level("different", false, 0.10),
];

const DISTANCE: &[LevelSpec] = &[
    level("exact", true, 0.40),
    level("within 50 m", false, 0.25),
    level("within 500 m", false, 0.15),
    level("within 5 km", false, 0.10),
    level("within 50 km", false, 0.05),
    level("farther than 50 km", false, 0.05),
];

/// The outcomes of a comparison.
pub(crate) fn levels(kind: &Kind) -> &'static [LevelSpec] {
    match kind {
        Kind::Last { .. } => LAST,
        Kind::First { .. } => FIRST,
        Kind::Date(_) => DATE,
        Kind::Email(_) => EMAIL,
        Kind::Phone(_) => PHONE,
        Kind::Address { .. } => ADDRESS,
        Kind::Word(_) => WORD,
        Kind::Identifier(_) => IDENTIFIER,
        Kind::Website(_) => WEBSITE,
        Kind::Organisation(_) => ORGANISATION,
        Kind::Text(_) => TEXT,
        Kind::Codes(_) => CODES,
        Kind::Number(_) => NUMBER,
        Kind::Distance { .. } => DISTANCE,
    }
}

/// The outcomes of all comparisons of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Outcome {
    /// Four bits for each comparison, the first lowest: 0 when a value is missing, else the number of the level, from 1.
    pub pattern: u64,
    /// What the frequencies of the agreeing values add to the weight, in bits.
    pub adjust: f32,
    /// The part of `adjust` that also speaks for related entities.
    pub shared: f32,
    /// Whether the two are one record written twice: equal in all that is compared, with something among it that is one entity's own.
    pub twice: bool,
}

impl Outcome {
    #[inline]
    fn add(&mut self, comparison: usize, kind: &Kind, Graded(level, adjust): Graded) {
        self.pattern |= u64::from(level) << (4 * comparison);
        self.adjust += adjust;
        if kind.is_shared() {
            self.shared += adjust;
        }
    }
}

/// The outcome of one comparison: the level, from 1 (0 when missing), and what the value's frequency adds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Graded(u8, f32);

const MISSING: Graded = Graded(0, 0.0);

/// Compares records with each other.
pub(crate) struct Comparer<'a> {
    pub records: &'a Records,
    /// For each slot what the frequency of each value adds.
    pub frequencies: &'a [SlotFrequency],
}

impl Comparer<'_> {
    /// The outcomes of a pair.
    #[inline]
    pub fn outcome(&self, a: &[u32], b: &[u32]) -> Outcome {
        let mut outcome = Outcome::default();
        for (at, compared) in self.records.plan.comparisons.iter().enumerate() {
            outcome.add(at, &compared.kind, self.grade(&compared.kind, a, b));
        }
        outcome.twice = self.are_twice(a, b);
        outcome
    }

    /// Whether two rows are equal in all that is compared, a contact point, a number, or name and date among it.
    #[inline]
    fn are_twice(&self, a: &[u32], b: &[u32]) -> bool {
        let slots = self.records.slots();
        a[..slots] == b[..slots] && self.records.holds_own(a)
    }

    /// The outcomes of a pair, and the outcomes of those comparisons alone whose bit is set in `mask`.
    pub fn outcomes(&self, a: &[u32], b: &[u32], mask: u32) -> (Outcome, Outcome) {
        let (mut all, mut some) = (Outcome::default(), Outcome::default());
        for (at, compared) in self.records.plan.comparisons.iter().enumerate() {
            let graded = self.grade(&compared.kind, a, b);
            all.add(at, &compared.kind, graded);
            if mask >> at & 1 == 1 {
                some.add(at, &compared.kind, graded);
            }
        }
        all.twice = self.are_twice(a, b);
        (all, some)
    }

    /// The outcome of one comparison with its own adjustment in bits.
    pub fn single(&self, comparison: usize, a: &[u32], b: &[u32]) -> (usize, f32) {
        let Graded(level, adjust) = self.grade(&self.records.plan.comparisons[comparison].kind, a, b);
        (usize::from(level), adjust)
    }

    #[inline]
    fn grade(&self, kind: &Kind, a: &[u32], b: &[u32]) -> Graded {
        match kind {
            Kind::Last { last, first } => self.last_name(*last, *first, a, b),
            Kind::First { first, last } => self.first_name(*first, *last, a, b),
            Kind::Date(slot) => self.date(*slot, a, b),
            Kind::Email(slots) => self.email(slots, a, b),
            Kind::Phone(slots) => self.phone(slots, a, b),
            Kind::Address { number, street, postcode, city } => {
                self.address([*number, *street, *postcode, *city], a, b)
            }
            Kind::Word(slot) => self.word(*slot, a, b),
            Kind::Identifier(slot) => self.identifier(*slot, a, b),
            Kind::Website(slot) => self.website(*slot, a, b),
            Kind::Organisation(slot) => self.organisation(*slot, a, b),
            Kind::Text(slot) => self.text(*slot, a, b),
            Kind::Codes(slot) => self.codes(*slot, a, b),
            Kind::Number(slot) => self.number(*slot, a, b),
            Kind::Distance { point, address } => self.distance(*point, *address, a, b),
        }
    }

    /// Two values that differ; the outcome itself when one is missing or both are the same.
    #[inline]
    fn pair(&self, slot: usize, a: &[u32], b: &[u32]) -> Result<(u32, u32), Graded> {
        match (a[slot], b[slot]) {
            (0, _) | (_, 0) => Err(MISSING),
            (x, y) if x == y => Err(Graded(1, self.rarity(slot, x))),
            pair => Ok(pair),
        }
    }

    /// What agreement on a value adds.
    #[inline]
    fn rarity(&self, slot: usize, id: u32) -> f32 {
        self.frequencies[slot].adjust(id)
    }

    /// What near agreement on two values adds: half of what agreement on the more frequent one would, because the
    /// neighbourhood of a value is less uneven than the values (term frequencies on inexact levels: Splink's documentation).
    #[inline]
    fn near_rarity(&self, slot: usize, a: u32, b: u32) -> f32 {
        0.5 * self.rarity(slot, a).min(self.rarity(slot, b))
    }
}
