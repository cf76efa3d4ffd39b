//! E-mail addresses, telephones, identifiers, single words and numbers.

use super::{Comparer, Graded, MISSING};
use crate::metric::{edits, jaro_winkler};

/// The better of two outcomes.
fn better(a: Graded, b: Graded) -> Graded {
    match (a.0, b.0) {
        (0, _) => b,
        (_, 0) => a,
        (x, y) if x < y || (x == y && a.1 >= b.1) => a,
        _ => b,
    }
}

impl Comparer<'_> {
    /// The best outcome over all pairs of values that two records have in some slots.
    #[inline]
    fn best(&self, slots: &[usize], a: &[u32], b: &[u32], grade: impl Fn(usize, u32, u32) -> Graded) -> Graded {
        if let [slot] = slots {
            return if a[*slot] == 0 || b[*slot] == 0 { MISSING } else { grade(*slot, a[*slot], b[*slot]) };
        }
        let mut best = MISSING;
        for i in slots {
            for j in slots {
                if a[*i] != 0 && b[*j] != 0 {
                    best = better(best, grade(*i, a[*i], b[*j]));
                }
            }
        }
        best
    }

    #[inline]
    pub(super) fn email(&self, slots: &[usize], a: &[u32], b: &[u32]) -> Graded {
        self.best(slots, a, b, |slot, x, y| {
            if x == y {
                return Graded(1, self.rarity(slot, x));
            }
            let emails = self.records.dictionary(slot);
            let (ex, ey) = (emails.entry(x), emails.entry(y));
            if ex.sound == ey.sound {
                return Graded(2, self.near_rarity(slot, x, y));
            }
            if (ex.letters ^ ey.letters).count_ones() > 8 {
                return Graded(4, 0.0);
            }
            let (p, q) = (&emails.bytes(x)[..ex.extra as usize], &emails.bytes(y)[..ey.extra as usize]);
            let most = if p.len().min(q.len()) >= 8 { 2 } else { 1 };
            let alike = p.len().abs_diff(q.len()) <= most && edits(p, q) <= most as u32;
            Graded(if alike { 3 } else { 4 }, 0.0)
        })
    }

    #[inline]
    pub(super) fn phone(&self, slots: &[usize], a: &[u32], b: &[u32]) -> Graded {
        self.best(slots, a, b, |slot, x, y| {
            if x == y {
                return Graded(1, self.rarity(slot, x));
            }
            let phones = self.records.dictionary(slot);
            let near = (phones.entry(x).letters ^ phones.entry(y).letters).count_ones() <= 2
                && edits(phones.bytes(x), phones.bytes(y)) <= 1;
            Graded(if near { 2 } else { 3 }, 0.0)
        })
    }

    pub(super) fn word(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return Graded(1, self.rarity(slot, x));
        }
        let words = self.records.dictionary(slot);
        let (p, q) = (words.bytes(x), words.bytes(y));
        let (short, long) = if p.len() < q.len() { (p, q) } else { (q, p) };
        let alike = short.len() >= 4 && (edits(p, q) <= 1 || jaro_winkler(p, q) >= 0.9 || long.starts_with(short));
        Graded(if alike { 2 } else { 3 }, 0.0)
    }

    pub(super) fn identifier(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return Graded(1, self.rarity(slot, x));
        }
        let codes = self.records.dictionary(slot);
        let (p, q) = (codes.bytes(x), codes.bytes(y));
        // A SIRET begins with the SIREN of its company.
        let company = |code: &[u8]| code.len() == 9 || code.len() == 14;
        if company(p) && company(q) && p[..9] == q[..9] {
            return Graded(2, 0.0);
        }
        let near = p.len().min(q.len()) >= 5 && edits(p, q) <= 1;
        Graded(if near { 3 } else { 4 }, 0.0)
    }

    pub(super) fn website(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y { Graded(1, self.rarity(slot, x)) } else { Graded(2, 0.0) }
    }

    pub(super) fn number(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return Graded(1, self.rarity(slot, x));
        }
        let numbers = self.records.dictionary(slot);
        let value = |id| f32::from_bits(numbers.entry(id).extra);
        let (p, q) = (value(x), value(y));
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
