//! E-mail addresses, telephones, identifiers, single words and numbers.

use super::{Comparer, Graded, MISSING};
use crate::dictionary::ROLE;
use crate::metric::{edits, jaro_winkler, within_one_edit};

/// A value by its number, with its sketch.
#[derive(Clone, Copy)]
struct Value {
    id: u32,
    sketch: u32,
}

/// More records than this rarely share a web address because they are one company.
const OF_ONE: f32 = 12.0;

/// Of the pairs that agree on an e-mail address, about this share does so by chance.
const BY_CHANCE: f32 = 0.05;

/// The better of two outcomes.
fn better(a: Graded, b: Graded) -> Graded {
    match (a.0, b.0) {
        (0, _) => b,
        (_, 0) => a,
        (x, y) if x < y || (x == y && a.1 >= b.1) => a,
        _ => b,
    }
}

/// Whether two mailboxes have numbers that one slip of the hand does not explain.
fn numbers_differ(p: &[u8], q: &[u8]) -> bool {
    let digits = |local: &[u8]| local.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let (x, y) = (digits(p), digits(q));
    !x.is_empty() && !y.is_empty() && !within_one_edit(&x, &y)
}

impl Comparer<'_> {
    /// The best outcome over all pairs of values that two records have in some slots. `grade` gets the slot and, for either
    /// value, its number and sketch.
    #[inline]
    fn best(&self, slots: &[usize], a: &[u32], b: &[u32], grade: impl Fn(usize, Value, Value) -> Graded) -> Graded {
        let value = |row: &[u32], slot: usize| Value { id: row[slot], sketch: row[row.len() / 2 + slot] };
        if let [slot] = slots {
            let (x, y) = (value(a, *slot), value(b, *slot));
            return if x.id == 0 || y.id == 0 { MISSING } else { grade(*slot, x, y) };
        }
        let mut best = MISSING;
        for i in slots {
            for j in slots {
                let (x, y) = (value(a, *i), value(b, *j));
                if x.id != 0 && y.id != 0 {
                    best = better(best, grade(*i, x, y));
                }
            }
        }
        best
    }

    #[inline]
    pub(super) fn email(&self, slots: &[usize], a: &[u32], b: &[u32]) -> Graded {
        self.best(slots, a, b, |slot, x, y| {
            let people = self.records.plan.tells_people();
            if x.id == y.id {
                let rarity = match x.sketch == ROLE && people {
                    true => self.frequencies[slot].adjust_shared(x.id),
                    false => self.rarity(slot, x.id),
                };
                return Graded(1, rarity.min(self.shape_rarity(slot, a, b)));
            }
            // Every house has a `contact@`, and its people have addresses of their own beside.
            let roles = u8::from(x.sketch == ROLE) + u8::from(y.sketch == ROLE);
            if roles == 2 || (roles == 1 && people) {
                return MISSING;
            }
            if (x.sketch ^ y.sketch).count_ones() > 4 {
                return Graded(4, 0.0);
            }
            let emails = self.records.dictionary(slot);
            let (ex, ey) = (emails.entry(x.id), emails.entry(y.id));
            if ex.sound == ey.sound {
                return Graded(2, self.near_rarity(slot, x.id, y.id));
            }
            let (p, q) = (&emails.bytes(x.id)[..ex.extra as usize], &emails.bytes(y.id)[..ey.extra as usize]);
            let most = if p.len().min(q.len()) >= 8 { 2 } else { 1 };
            let alike = p.len().abs_diff(q.len()) <= most && edits(p, q) <= most as u32;
            match alike {
                // How alike they are was said by the names; the numbers behind tell namesakes apart.
                true if self.are_made_from_names(slot, a, b) => {
                    if numbers_differ(p, q) {
                        Graded(4, 0.0)
                    } else {
                        MISSING
                    }
                }
                true => Graded(3, 0.0),
                false => Graded(4, 0.0),
            }
        })
    }

    /// Whether the addresses of two records are both made from their names.
    fn are_made_from_names(&self, email: usize, a: &[u32], b: &[u32]) -> bool {
        let shape = self.records.plan.shape.filter(|slots| slots.email == email);
        shape.is_some_and(|slots| a[slots.shape] != 0 && b[slots.shape] != 0)
    }

    /// What agreement on an address adds at most, when it is made from a name that also agrees: there, chance is how often
    /// people have addresses of that shape.
    fn shape_rarity(&self, email: usize, a: &[u32], b: &[u32]) -> f32 {
        let Some(slots) = self.records.plan.shape.filter(|slots| slots.email == email) else { return f32::INFINITY };
        let (x, y) = (a[slots.shape], b[slots.shape]);
        if x == 0 && y == 0 {
            return f32::INFINITY;
        }
        if x != y && !self.names_agree(slots.last, slots.first, a, b) {
            return f32::INFINITY;
        }
        // Addresses of that shape other than this one.
        let shapes = &self.frequencies[slots.shape];
        let share = shapes.share(x).max(shapes.share(y)) - self.frequencies[email].share(a[email]);
        if share <= 0.0 {
            return f32::INFINITY;
        }
        (BY_CHANCE * self.frequencies[email].agreement as f32 / share).log2()
    }

    #[inline]
    pub(super) fn phone(&self, slots: &[usize], a: &[u32], b: &[u32]) -> Graded {
        self.best(slots, a, b, |slot, x, y| {
            if x.id == y.id {
                return Graded(1, self.rarity(slot, x.id));
            }
            let differing = x.sketch ^ y.sketch;
            if differing >> 16 != 0 && differing & 0xffff != 0 {
                return Graded(3, 0.0);
            }
            let phones = self.records.dictionary(slot);
            Graded(if within_one_edit(phones.bytes(x.id), phones.bytes(y.id)) { 2 } else { 3 }, 0.0)
        })
    }

    pub(super) fn word(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = match self.pair(slot, a, b) {
            Ok(pair) => pair,
            Err(graded) => return graded,
        };
        let words = self.records.dictionary(slot);
        let (p, q) = (words.bytes(x), words.bytes(y));
        let (short, long) = if p.len() < q.len() { (p, q) } else { (q, p) };
        let alike = short.len() >= 4 && (within_one_edit(p, q) || jaro_winkler(p, q) >= 0.9 || long.starts_with(short));
        Graded(if alike { 2 } else { 3 }, 0.0)
    }

    pub(super) fn identifier(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = match self.pair(slot, a, b) {
            Ok(pair) => pair,
            Err(graded) => return graded,
        };
        let codes = self.records.dictionary(slot);
        let (p, q) = (codes.bytes(x), codes.bytes(y));
        // A SIRET begins with the SIREN of its company.
        let company = |code: &[u8]| code.len() == 9 || code.len() == 14;
        if company(p) && company(q) && p[..9] == q[..9] {
            return Graded(2, 0.0);
        }
        let near = p.len().min(q.len()) >= 5 && within_one_edit(p, q);
        Graded(if near { 3 } else { 4 }, 0.0)
    }

    pub(super) fn website(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        match self.pair(slot, a, b) {
            // The name of a brand and its site are one piece of evidence.
            Err(Graded(1, _)) if self.frequencies[slot].count(a[slot]) > OF_ONE && self.are_namesakes(a, b) => MISSING,
            Err(graded) => graded,
            Ok(_) => Graded(2, 0.0),
        }
    }

    pub(super) fn number(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        if let Err(graded) = self.pair(slot, a, b) {
            return graded;
        }
        let value = |row: &[u32]| f32::from_bits(row[row.len() / 2 + slot]);
        let (p, q) = (value(a), value(b));
        let year = |n: f32| (1500.0..2200.0).contains(&n) && n.fract() == 0.0;
        if year(p) && year(q) {
            let apart = (p - q).abs();
            return Graded(
                if apart <= 1.0 {
                    2
                } else if apart <= 2.0 {
                    3
                } else if apart <= 4.0 {
                    4
                } else {
                    5
                },
                0.0,
            );
        }
        let gap = (p - q).abs() / p.abs().max(q.abs());
        Graded(
            if gap <= 0.02 {
                2
            } else if gap <= 0.1 {
                3
            } else if gap <= 0.3 {
                4
            } else {
                5
            },
            0.0,
        )
    }
}
