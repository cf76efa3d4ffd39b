//! Places: how far two points lie from each other.

use super::{Comparer, Graded, MISSING};
use crate::plan::Point;

/// The mean radius of the earth, in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;
/// The levels reach so far, in metres, the first being the same point.
const REACH: [f64; 4] = [50.0, 500.0, 5_000.0, 50_000.0];
/// A degree of latitude is longer than this, in metres.
const DEGREE: f64 = 111_000.0;

/// The distance of two points along a great circle, in metres; latitudes and longitudes in degrees (the haversine formula: Sinnott,
/// *Virtues of the Haversine*, Sky and Telescope 68, 1984).
fn great_circle(a: (f64, f64), b: (f64, f64)) -> f64 {
    let half = |x: f64, y: f64| ((y - x).to_radians() / 2.0).sin().powi(2);
    let h = half(a.0, b.0) + a.0.to_radians().cos() * b.0.to_radians().cos() * half(a.1, b.1);
    2.0 * RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
}

impl Comparer<'_> {
    pub(super) fn distance(&self, slots: Point, address: [Option<usize>; 4], a: &[u32], b: &[u32]) -> Graded {
        let graded = match self.pair(slots.point, a, b) {
            Err(MISSING) => return MISSING,
            Err(same) => same,
            Ok(_) => {
                let half = a.len() / 2;
                let degrees = |row: &[u32], slot: usize| f64::from(f32::from_bits(row[half + slot]));
                let of = |row: &[u32]| (degrees(row, slots.latitude), degrees(row, slots.longitude));
                let (p, q) = (of(a), of(b));
                if (p.0 - q.0).abs() * DEGREE > REACH[3] {
                    return Graded(6, 0.0);
                }
                let metres = great_circle(p, q);
                Graded(2 + REACH.iter().filter(|reach| metres > **reach).count() as u8, 0.0)
            }
        };
        // What the address has said already is not said again: points are worked out from addresses.
        let said = match self.address(address, a, b).0 {
            1 | 2 => graded.0 <= 3,
            4..=6 => (4..=5).contains(&graded.0),
            _ => false,
        };
        if said { MISSING } else { graded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_globe() {
        let check = |a, b, kilometres: f64| {
            let metres = great_circle(a, b);
            assert!((metres / 1000.0 - kilometres).abs() < 0.01 * kilometres + 0.001, "{metres}");
        };
        let (paris, london) = ((48.8566, 2.3522), (51.5074, -0.1278));
        check(paris, london, 343.6);
        check(paris, paris, 0.0);
        check((0.0, 179.999), (0.0, -179.999), 0.2224);
        check((90.0, 0.0), (-90.0, 77.0), 20_015.1);
    }
}
