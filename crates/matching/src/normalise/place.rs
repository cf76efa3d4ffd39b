//! Geographic coordinates, in degrees of the World Geodetic System.

/// Decimals that are kept: the fifth stands for about a metre.
const DECIMALS: usize = 5;

/// A latitude as `48.85661`: decimal, or degrees, minutes and seconds, with a sign or a hemisphere.
pub(crate) fn latitude(cell: &str) -> Option<String> {
    degrees(cell, 90.0).map(written)
}

/// A longitude as `2.35222`.
pub(crate) fn longitude(cell: &str) -> Option<String> {
    degrees(cell, 180.0).map(written)
}

/// Latitude and longitude of one cell: `48.85, 2.35`, `48,85; 2,35`, `48.85° N 2.35° E`, `geo:48.85,2.35` (RFC 5870), or
/// `POINT(2.35 48.85)`, which gives the longitude first (OGC 06-103r4).
pub(crate) fn coordinates(cell: &str) -> Option<(String, String)> {
    let lower = cell.trim().to_ascii_lowercase();
    if let Some(point) = lower.strip_prefix("point") {
        let inner = point.trim().strip_prefix('(')?.strip_suffix(')')?;
        let (east, north) = inner.trim().split_once(' ')?;
        return latitude(north).zip(longitude(east));
    }
    let bare = lower.strip_prefix("geo:").and_then(|uri| uri.split(';').next()).unwrap_or(&lower);
    let bare = bare.trim_matches(['(', ')', '[', ']']);
    // A comma between two whole numbers may be a decimal one.
    let decimal = bare.contains(['.', '°']);
    [";", "|", "/", ", ", ",", " "].into_iter().filter(|sign| *sign != "," || decimal).find_map(|sign| {
        let (north, east) = bare.split_once(sign)?;
        latitude(north).zip(longitude(east))
    })
}

/// Whether a cell is a number of degrees with decimals, or with minutes.
pub(crate) fn is_precise(cell: &str) -> bool {
    let decimals = cell.trim().rsplit(['.', ',']).next().unwrap_or_default();
    cell.contains('°') || (cell.contains(['.', ',']) && decimals.bytes().filter(u8::is_ascii_digit).count() >= 2)
}

/// Latitude and longitude of a text that [`latitude`] and [`longitude`] wrote, with a space between.
pub(crate) fn parts(point: &str) -> Option<(f64, f64)> {
    let (north, east) = point.split_once(' ')?;
    Some((north.parse().ok()?, east.parse().ok()?))
}

fn written(degrees: f64) -> String {
    let text = format!("{degrees:.DECIMALS$}");
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) { "0".to_owned() } else { text }
}

fn degrees(cell: &str, most: f64) -> Option<f64> {
    if cell.len() > 40 {
        return None;
    }
    let text = cell.trim();
    let hemisphere = |c: char| matches!(c.to_ascii_uppercase(), 'N' | 'S' | 'E' | 'W');
    let bare = text.trim_matches(|c: char| hemisphere(c) || c.is_whitespace());
    let south = text.chars().filter(|c| hemisphere(*c)).any(|c| matches!(c.to_ascii_uppercase(), 'S' | 'W'));
    let signs = ['°', '\'', '’', '′', '"', '″', ' '];
    let mut sum = 0.0;
    for (at, part) in bare.split(signs).filter(|part| !part.is_empty()).enumerate() {
        let digits = part.strip_prefix(['-', '+']).filter(|_| at == 0).unwrap_or(part);
        if at > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
            return None;
        }
        let number: f64 = digits.replace(',', ".").parse().ok()?;
        if at > 0 && number >= 60.0 {
            return None;
        }
        sum += number / 60f64.powi(at as i32);
    }
    let sum = if south != bare.starts_with('-') { -sum } else { sum };
    (bare.bytes().any(|byte| byte.is_ascii_digit()) && sum.abs() <= most).then_some(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn degrees_are_read_as_people_write_them() {
        for cell in ["48.8566", "48,85660", " +48.8566° N", "N48.8566", "48°51'23.76\"N", "48° 51′ 23,76″"] {
            assert_eq!(latitude(cell).as_deref(), Some("48.85660"), "{cell}");
        }
        assert_eq!(longitude("1.6778 W").as_deref(), Some("-1.67780"));
        assert_eq!(longitude("-0.000001").as_deref(), Some("0"));
        for cell in ["", "N", "90.1", "12.5.1", "1 61 0", "Lyon", "1-2"] {
            assert_eq!(latitude(cell), None, "{cell}");
        }
    }

    #[test]
    fn two_in_a_cell() {
        let paris = Some(("48.85000".to_owned(), "2.35000".to_owned()));
        for cell in
            ["48.85, 2.35", "48.85,2.35", "48,85; 2,35", "(48.85 2.35)", "48,85 2,35", "48,85, 2,35", "48.85 | 2.35"]
        {
            assert_eq!(coordinates(cell), paris, "{cell}");
        }
        for cell in ["geo:48.85,2.35;u=35", "POINT(2.35 48.85)", "POINT (2.35 48.85)", "48.85° N 2.35° E"] {
            assert_eq!(coordinates(cell), paris, "{cell}");
        }
        for cell in ["48,85", "Paris", "48.85", "148.85, 2.35", ""] {
            assert_eq!(coordinates(cell), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(cell in "[0-9NSEW°.,;' -]{0,30}|.{0,60}") {
            let _ = (latitude(&cell), longitude(&cell), is_precise(&cell));
            if let Some((north, east)) = coordinates(&cell) {
                let point = [north, east].join(" ");
                prop_assert!(parts(&point).is_some());
            }
        }
    }
}
