//! A fast hash that is the same on every machine and in every run, because blocking keys and ties depend on it.

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xd6e8_feb8_6659_fd93;

/// Multiplies to 128 bits and folds the halves together.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Joins a value to a hash.
#[inline]
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    fold(hash ^ SEED, value.wrapping_add(STEP))
}

/// The hash of some bytes.
#[inline]
pub(crate) fn bytes(text: &[u8]) -> u64 {
    let mut hash = SEED ^ text.len() as u64;
    let mut chunks = text.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = fold(hash ^ u64::from_le_bytes(word), STEP);
    }
    let mut word = [0; 8];
    let rest = chunks.remainder();
    word[..rest.len()].copy_from_slice(rest);
    fold(hash ^ u64::from_le_bytes(word), STEP) ^ hash.rotate_left(29)
}

/// A 32-bit key that is never 0, because 0 stands for “no key”.
#[inline]
pub(crate) fn key(hash: u64) -> u32 {
    ((hash ^ hash >> 32) as u32).max(1)
}

/// Pseudo-random numbers by counting and hashing: reproducible, and independent of the number of threads.
pub(crate) fn random(seed: u64, count: u64) -> u64 {
    fold(fold(seed ^ SEED, count.wrapping_mul(STEP) ^ SEED) ^ count, STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_little_get_hashes_that_differ_much() {
        let texts: Vec<String> = (0..20_000).map(|n| format!("martin{n}")).collect();
        let mut low: Vec<u32> = texts.iter().map(|text| key(bytes(text.as_bytes()))).collect();
        low.sort_unstable();
        low.dedup();
        assert_eq!(low.len(), texts.len());
        assert_ne!(bytes(b"a"), bytes(b"a\0"));
        assert_ne!(bytes(b""), bytes(b"\0"));
    }

    #[test]
    fn neighbouring_numbers_get_different_hashes() {
        let mut keys: Vec<u32> = (0..20_000).map(|n| key(mix(0, n))).collect();
        keys.sort_unstable();
        keys.dedup();
        assert!(keys.len() > 19_995, "{}", keys.len());
    }

    #[test]
    fn random_numbers_fill_their_range() {
        let mut bins = [0u32; 16];
        for n in 0..16_000 {
            bins[(random(7, n) >> 60) as usize] += 1;
        }
        assert!(bins.iter().all(|count| (850..1150).contains(count)), "{bins:?}");
    }
}
