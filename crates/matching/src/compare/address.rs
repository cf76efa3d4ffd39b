//! Addresses: number, street, postcode and city in one comparison, because they depend on each other.

use super::{Comparer, Graded, MISSING};
use crate::metric::{edits, within_one_edit};

/// How two values agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreement {
    Missing,
    Same,
    Close,
    Different,
}
use Agreement::{Close, Different, Missing, Same};

impl Comparer<'_> {
    #[inline]
    fn agree(&self, slot: Option<usize>, a: &[u32], b: &[u32], close: impl Fn(&[u8], &[u8]) -> bool) -> Agreement {
        let Some(slot) = slot else { return Missing };
        let (x, y) = (a[slot], b[slot]);
        if x == 0 || y == 0 {
            return Missing;
        }
        if x == y {
            return Same;
        }
        let half = a.len() / 2;
        if (a[half + slot] ^ b[half + slot]).count_ones() > 4 {
            return Different;
        }
        let values = self.records.dictionary(slot);
        let sounds = (values.entry(x).sound, values.entry(y).sound);
        let alike = (sounds.0 != 0 && sounds.0 == sounds.1) || close(values.bytes(x), values.bytes(y));
        if alike { Close } else { Different }
    }

    pub(super) fn address(&self, slots: [Option<usize>; 4], a: &[u32], b: &[u32]) -> Graded {
        let [number, street, postcode, city] = slots;
        let place =
            |x: &[u8], y: &[u8]| within_one_edit(x, y) || (x.len() >= 8 && edits(x, y) <= 1 + (x.len() / 8) as u32);
        let code = within_one_edit;
        let street = self.agree(street, a, b, place);
        let number = self.agree(number, a, b, within_one_edit);
        let post = self.agree(postcode, a, b, code);
        let town = self.agree(city, a, b, place);
        if [street, post, town] == [Missing; 3] {
            return MISSING;
        }
        let rarity = |slot: Option<usize>| slot.map_or(0.0, |slot| self.rarity(slot, a[slot]));
        let here = matches!(post, Same | Missing) && matches!(town, Same | Missing | Close)
            || (town == Same && matches!(post, Close))
            || (post == Missing && town == Missing);
        let locality = if post == Same {
            rarity(postcode)
        } else if town == Same {
            rarity(city)
        } else {
            0.0
        };
        let near = here || post == Close || town == Close || post == Same || town == Same;
        let known = post != Missing || town != Missing;
        if matches!(street, Same | Close) {
            let whole = number == Same;
            if near && whole {
                return Graded(1, 0.0);
            }
            if street == Same && number == Different && here {
                return Graded(5, locality);
            }
            if here && known && number == Missing || (near && street == Same) {
                return Graded(2, locality);
            }
            if near {
                return Graded(if here { 4 } else { 6 }, locality);
            }
            return Graded(if whole && street == Same { 3 } else { 8 }, 0.0);
        }
        match (post, town) {
            (Same, Same | Close | Missing) => Graded(if street == Missing { 4 } else { 5 }, locality),
            (Same, _) | (_, Same) => Graded(6, locality),
            (Close, _) | (_, Close) => Graded(7, 0.0),
            _ => Graded(8, 0.0),
        }
    }
}
