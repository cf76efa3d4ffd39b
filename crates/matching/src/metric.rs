//! Distances between short texts, on bytes: values are folded to ASCII wherever their script allows it.
//!
//! Texts longer than 64 bytes are compared by their first 64: longer ones are compared by their words.

/// The longest text that one machine word describes.
const LONGEST: usize = 64;

fn head(text: &[u8]) -> &[u8] {
    &text[..text.len().min(LONGEST)]
}

/// The places at which a text has a byte, one bit each.
#[inline]
fn places(text: &[u8], byte: u8) -> u64 {
    text.iter().enumerate().fold(0, |places, (at, held)| places | u64::from(*held == byte) << at)
}

/// Whether one edit at most (insertion, deletion, substitution, swap of neighbours) turns one text into the other.
#[inline]
pub(crate) fn within_one_edit(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    if a.is_empty() || b.is_empty() {
        return true;
    }
    if a.len() == b.len() {
        return a[1..] == b[1..] || (a.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]);
    }
    if a.len() > b.len() { a[1..] == *b } else { *a == b[1..] }
}

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn one text into the other, no
/// part being edited twice (optimal string alignment). Bit-parallel after Hyyrö, *A Bit-Vector Algorithm for Computing
/// Levenshtein and Damerau Edit Distances*, Nordic Journal of Computing 10, 2003.
pub(crate) fn edits(a: &[u8], b: &[u8]) -> u32 {
    let (a, b) = (head(a), head(b));
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) as u32;
    }
    if a.len() == 1 && b.len() == 1 {
        return 1;
    }
    let last = 1u64 << (a.len() - 1);
    let (mut up, mut down, mut diagonal, mut before) = (!0u64, 0u64, 0u64, 0u64);
    let mut distance = a.len() as u32;
    for byte in b {
        let here = places(a, *byte);
        let swapped = (!diagonal & here) << 1 & before;
        diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
        let plus = down | !(diagonal | up);
        let minus = diagonal & up;
        if plus & last != 0 {
            distance += 1;
        } else if minus & last != 0 {
            distance -= 1;
        }
        let plus = plus << 1 | 1;
        up = minus << 1 | !(diagonal | plus);
        down = diagonal & plus;
        before = here;
    }
    distance
}

/// Jaro's similarity raised for a common beginning of up to four letters, from 0 to 1 (Winkler, *String Comparator
/// Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage*, 1990).
pub(crate) fn jaro_winkler(a: &[u8], b: &[u8]) -> f32 {
    let (a, b) = (head(a), head(b));
    // Which letters are paired depends on the order of the texts: one order makes the similarity symmetric.
    let (a, b) = if (a.len(), a) > (b.len(), b) { (b, a) } else { (a, b) };
    if a.is_empty() {
        return if b.is_empty() { 1.0 } else { 0.0 };
    }
    let reach = (b.len() / 2).saturating_sub(1);
    let (mut taken_a, mut taken_b) = (0u64, 0u64);
    for (at, byte) in a.iter().enumerate() {
        let low = at.saturating_sub(reach);
        let high = (at + reach).min(b.len() - 1);
        if low > high {
            break;
        }
        let free = (places(&b[low..=high], *byte) << low) & !taken_b;
        if free != 0 {
            taken_b |= free & free.wrapping_neg();
            taken_a |= 1 << at;
        }
    }
    let common = taken_a.count_ones();
    if common == 0 {
        return 0.0;
    }
    let mut out_of_place = 0;
    let mut rest = taken_b;
    let mut left = taken_a;
    while left != 0 {
        out_of_place += u32::from(a[left.trailing_zeros() as usize] != b[rest.trailing_zeros() as usize]);
        left &= left - 1;
        rest &= rest - 1;
    }
    let m = common as f32;
    let jaro = (m / a.len() as f32 + m / b.len() as f32 + (m - (out_of_place / 2) as f32) / m) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f32;
    if jaro > 0.7 { jaro + prefix * 0.1 * (1.0 - jaro) } else { jaro }
}

/// Which letters and digits occur, one bit each (some share one). Texts that are `n` edits apart differ in at most `2 n` of these bits.
pub(crate) fn letters(text: &[u8]) -> u32 {
    text.iter().fold(0, |mask, byte| mask | 1 << (byte & 31))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn edits_agree_with_an_independent_implementation(a in "[a-d]{0,12}", b in "[a-d]{0,12}") {
            prop_assert_eq!(edits(a.as_bytes(), b.as_bytes()) as usize, strsim::osa_distance(&a, &b));
            prop_assert_eq!(within_one_edit(a.as_bytes(), b.as_bytes()), strsim::osa_distance(&a, &b) <= 1);
        }

        #[test]
        fn similarity_agrees_with_an_independent_implementation(a in "[a-e]{0,14}", b in "[a-e]{0,14}") {
            let (a, b) = if (a.len(), &a) > (b.len(), &b) { (b, a) } else { (a, b) };
            let theirs = strsim::jaro_winkler(&a, &b);
            // At the bound of Winkler's rise, rounding decides.
            prop_assume!((strsim::jaro(&a, &b) - 0.7).abs() > 1e-6);
            let ours = f64::from(jaro_winkler(a.as_bytes(), b.as_bytes()));
            prop_assert!((ours - theirs).abs() < 1e-5, "{ours} {theirs}");
        }

        #[test]
        fn distances_are_symmetric_and_bounded_by_letters(a in "[a-z0-9]{0,90}", b in "[a-z0-9]{0,90}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            prop_assert_eq!(edits(a, b), edits(b, a));
            prop_assert_eq!(jaro_winkler(a, b), jaro_winkler(b, a));
            prop_assert_eq!(edits(a, a), 0);
            if a.len() <= LONGEST && b.len() <= LONGEST {
                prop_assert!((letters(a) ^ letters(b)).count_ones() <= 2 * edits(a, b));
            }
        }
    }
}
