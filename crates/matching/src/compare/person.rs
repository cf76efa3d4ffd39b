//! Names and dates of birth.

use super::{Comparer, Graded, MISSING};
use crate::dictionary::Dictionary;
use crate::metric::{jaro_winkler, within_one_edit};

/// The bit of a space in a sketch; no letter and no digit shares it.
const SPACE: u32 = 1;

/// One letter apart, or of one sound.
#[inline]
fn close(names: &Dictionary, a: u32, b: u32) -> bool {
    let (x, y) = (names.entry(a), names.entry(b));
    (x.sound == y.sound && x.sound != 0)
        || ((x.sketch ^ y.sketch).count_ones() <= 2 && one_edit(names.bytes(a), names.bytes(b)))
}

/// Whether one of two names is the first letter of the other.
#[inline]
fn is_initial(names: &Dictionary, a: u32, b: u32) -> bool {
    let (x, y) = (names.bytes(a), names.bytes(b));
    x.len().min(y.len()) == 1 && x[0] == y[0]
}

#[inline]
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    a.len().max(b.len()) >= 4 && within_one_edit(a, b)
}

#[inline]
fn similar(names: &Dictionary, a: u32, b: u32, least: f32) -> bool {
    if (names.entry(a).sketch ^ names.entry(b).sketch).count_ones() > 4 {
        return false;
    }
    let (a, b) = (names.bytes(a), names.bytes(b));
    a.len().abs_diff(b.len()) <= 3 && jaro_winkler(a, b) >= least
}

/// Whether one of the words of two names, at least one of which is compound, is the same.
fn shares_word(a: &str, b: &str) -> bool {
    a.split(' ').any(|x| {
        x.len() > 2 && b.split(' ').any(|y| x == y || (x.len() > 4 && within_one_edit(x.as_bytes(), y.as_bytes())))
    })
}

/// `jp` or `j pierre` for `jean pierre`.
fn abbreviates(short: &str, long: &str) -> bool {
    let mut words = long.split(' ');
    if !short.contains(' ') {
        return short.len() == long.split(' ').count()
            && short.bytes().all(|c| words.next().is_some_and(|w| w.as_bytes()[0] == c));
    }
    let mut all = short.split(' ').zip(words);
    short.split(' ').count() == long.split(' ').count()
        && all.all(|(s, l)| s == l || (s.len() == 1 && l.starts_with(s)))
}

/// The same number of days in another order, one digit or two neighbours apart.
fn one_digit(a: u32, b: u32) -> bool {
    let digits = |mut n: u32| {
        let mut digits = [0u8; 8];
        for digit in digits.iter_mut().rev() {
            *digit = (n % 10) as u8;
            n /= 10;
        }
        digits
    };
    let (a, b) = (digits(a), digits(b));
    let mut differing = (0..8).filter(|at| a[*at] != b[*at]);
    match (differing.next(), differing.next(), differing.next()) {
        (Some(_), None, _) => true,
        (Some(i), Some(j), None) => j == i + 1 && a[i] == b[j] && a[j] == b[i],
        _ => false,
    }
}

impl Comparer<'_> {
    /// Whether first and last name of one record are those of the other the other way round, one of them letter by letter
    /// and the other at least closely or by its initial.
    #[inline]
    fn swapped(&self, last: usize, first: usize, a: &[u32], b: &[u32]) -> bool {
        let (la, lb, fa, fb) = (a[last], b[last], a[first], b[first]);
        if la == lb || fa == fb || la == 0 || lb == 0 || fa == 0 || fb == 0 {
            return false;
        }
        let names = self.records.dictionary(last);
        let near = |x, y| x == y || close(names, x, y) || is_initial(names, x, y);
        (la == fb && near(fa, lb)) || (fa == lb && near(la, fb))
    }

    #[inline]
    pub(super) fn last_name(&self, last: usize, first: Option<usize>, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[last], b[last]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return Graded(1, self.rarity(last, x));
        }
        if let Some(first) = first
            && self.swapped(last, first, a, b)
        {
            let rarity = |id| self.rarity(last, id).min(self.rarity(first, id));
            return Graded(2, rarity(x) + rarity(y));
        }
        let names = self.records.dictionary(last);
        if close(names, x, y) {
            return Graded(3, self.near_rarity(last, x, y));
        }
        let spaces = (names.entry(x).sketch | names.entry(y).sketch) & SPACE != 0;
        if spaces && shares_word(names.text(x), names.text(y)) {
            return Graded(4, self.near_rarity(last, x, y));
        }
        Graded(if similar(names, x, y, 0.88) { 5 } else { 6 }, 0.0)
    }

    #[inline]
    pub(super) fn first_name(&self, first: usize, last: Option<usize>, a: &[u32], b: &[u32]) -> Graded {
        let (x, y) = (a[first], b[first]);
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return Graded(1, self.rarity(first, x));
        }
        if let Some(last) = last
            && self.swapped(last, first, a, b)
        {
            return MISSING;
        }
        let names = self.records.dictionary(first);
        let (ex, ey) = (names.entry(x), names.entry(y));
        if ex.extra == ey.extra {
            return Graded(2, self.near_rarity(first, x, y));
        }
        let (short, long) = if names.bytes(x).len() <= names.bytes(y).len() { (x, y) } else { (y, x) };
        let (short, long) = (names.text(short), names.text(long));
        if short.len() == 1 {
            return Graded(if long.as_bytes()[0] == short.as_bytes()[0] { 5 } else { 7 }, 0.0);
        }
        if close(names, x, y) {
            return Graded(3, self.near_rarity(first, x, y));
        }
        if (ex.sketch | ey.sketch) & SPACE != 0 && (shares_word(short, long) || abbreviates(short, long)) {
            return Graded(4, self.near_rarity(first, x, y));
        }
        if short.len() >= 3 && long.starts_with(short) {
            return Graded(2, self.near_rarity(first, x, y));
        }
        Graded(if similar(names, x, y, 0.85) { 6 } else { 7 }, 0.0)
    }

    /// Whether no part of the names is known to be different.
    pub(super) fn names_agree(&self, last: usize, first: Option<usize>, a: &[u32], b: &[u32]) -> bool {
        self.last_name(last, first, a, b).0 < 6
            && first.is_none_or(|first| self.first_name(first, Some(last), a, b).0 < 7)
    }

    #[inline]
    pub(super) fn date(&self, slot: usize, a: &[u32], b: &[u32]) -> Graded {
        if let Err(graded) = self.pair(slot, a, b) {
            return graded;
        }
        let (p, q) = (a[a.len() / 2 + slot], b[b.len() / 2 + slot]);
        let (yp, yq) = (p / 10_000, q / 10_000);
        let (mp, mq, dp, dq) = (p / 100 % 100, q / 100 % 100, p % 100, q % 100);
        if mp == 0 || mq == 0 {
            return Graded(if yp == yq { 5 } else { 6 }, 0.0);
        }
        if yp == yq && mp == dq && dp == mq {
            return Graded(2, 0.0);
        }
        if one_digit(p, q) {
            return Graded(3, 0.0);
        }
        let parts = u32::from(yp == yq) + u32::from(mp == mq) + u32::from(dp == dq && dp != 0);
        Graded(
            if parts == 2 {
                4
            } else if yp == yq {
                5
            } else {
                6
            },
            0.0,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_of_compound_names() {
        assert!(abbreviates("jp", "jean pierre") && abbreviates("m christine", "marie christine"));
        assert!(!abbreviates("jc", "jean pierre") && !abbreviates("j", "jean pierre"));
        assert!(shares_word("martin durand", "durand") && !shares_word("martin durand", "roux"));
    }

    #[test]
    fn digits() {
        assert!(one_digit(19_900_314, 19_900_315) && one_digit(19_900_314, 19_900_341));
        assert!(!one_digit(19_900_314, 19_910_315));
    }
}
