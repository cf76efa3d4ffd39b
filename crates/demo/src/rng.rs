//! Chance that depends on nothing but a seed and a name: the same on every machine, for ever.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The chance of one record: independent of every other record, so that any can be made without those before it.
    pub(crate) fn of(seed: u64, stream: &str, index: u64) -> Self {
        let name = stream
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
        Self(mix(seed ^ name).wrapping_add(mix(index.wrapping_add(0x9E37_79B9_7F4A_7C15))))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// True this many times in a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// An index chosen in proportion to the weights.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum::<u64>().max(1));
        for (index, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        weights.len() - 1
    }

    /// A whole number around `median`, spread like incomes and order values are: most near it, a few many times larger.
    /// `spread` is the number of steps of 10 % in one standard deviation. Only exact operations, so that no library of
    /// mathematics makes a difference between machines.
    pub(crate) fn skewed(&mut self, median: u64, spread: i64) -> u64 {
        // The sum of twelve uniform numbers is close to normal, with a standard deviation of one.
        let sum: i64 = (0..12).map(|_| self.between(0, 1000)).sum();
        let steps = (sum - 6000) * spread / 1000;
        let mut value = median as f64;
        for _ in 0..steps.unsigned_abs() {
            if steps > 0 {
                value *= 1.1;
            } else {
                value /= 1.1;
            }
        }
        value as u64
    }
}

/// Visits every number below `size` once, in an order that looks like none.
pub(crate) fn permute(index: u64, size: u64) -> u64 {
    const STEP: u64 = 2_654_435_761;
    let mut step = STEP % size;
    while gcd(step, size) != 1 {
        step += 1;
    }
    ((u128::from(index % size) * u128::from(step) + 17) % u128::from(size)) as u64
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut rng = Rng::of(1, "contact", 0);
        assert_eq!([rng.below(1000), rng.below(1000), rng.below(1000)], [51, 125, 267]);
    }

    #[test]
    fn permutations_visit_everything() {
        for size in [1, 2, 10, 97, 1000] {
            assert_eq!((0..size).map(|index| permute(index, size)).collect::<HashSet<_>>().len() as u64, size);
        }
    }

    #[test]
    fn skewed_numbers_keep_their_median() {
        let mut rng = Rng::of(1, "x", 0);
        let mut values: Vec<u64> = (0..1001).map(|_| rng.skewed(1000, 8)).collect();
        values.sort_unstable();
        assert!((900..1100).contains(&values[500]), "{}", values[500]);
        assert!(values[990] > 4000, "{}", values[990]);
    }
}
