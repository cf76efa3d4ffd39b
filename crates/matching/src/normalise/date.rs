//! Dates as people write them.

use super::fold::fold;

/// Year, month and day; 0 for a part that is not known. Parts are kept as written even where no calendar has such a day,
/// because a mistyped date still resembles the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Date {
    /// `yyyymmdd`.
    pub fn packed(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    pub fn from_packed(packed: u32) -> Self {
        Self { year: (packed / 10_000) as u16, month: (packed / 100 % 100) as u8, day: (packed % 100) as u8 }
    }
}

const MONTHS: &[&str] = &[
    "jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec", "jan", "feb", "mar", "apr",
    "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

fn month_of(word: &str) -> Option<u8> {
    MONTHS.iter().position(|name| word.starts_with(name)).map(|at| (at % 12 + 1) as u8)
}

/// Reads a date in any usual order. `month_first` decides `03/04/1990`; a part above 12 decides by itself. A year alone is
/// a date without month and day. First and last days of the calendars of machines count as missing.
pub(crate) fn date(cell: &str, month_first: bool) -> Option<Date> {
    let cell = cell.trim();
    let date = read(cell, month_first)?;
    let placeholder = matches!(date.packed(), 19_000_101 | 18_991_230 | 18_991_231 | 99_991_231 | 11_111_111 | 10_101);
    (!placeholder && date.year > 0).then_some(date)
}

fn read(cell: &str, month_first: bool) -> Option<Date> {
    let number = |text: &str| text.parse::<u16>().ok();
    let mut parts: [&str; 3] = [""; 3];
    let mut found = 0;
    let body = match cell.find(['T', ':']) {
        Some(at) if at >= 8 => cell[..at].rsplit_once([' ', 'T']).map_or(&cell[..at], |(day, _)| day),
        _ => cell,
    };
    if !body.bytes().any(|byte| byte.is_ascii_alphabetic() || byte >= 128) {
        for part in body.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()) {
            if found == 3 {
                return None;
            }
            parts[found] = part;
            found += 1;
        }
        return match (found, parts[0].len()) {
            (1, 8) => {
                let packed: u32 = parts[0].parse().ok()?;
                let date = Date::from_packed(packed);
                let reversed =
                    Date::from_packed(packed % 10_000 * 10_000 + packed / 10_000 % 100 * 100 + packed / 1_000_000);
                let calendar = |date: Date| (1850..2100).contains(&date.year);
                Some(if calendar(date) || !calendar(reversed) { date } else { reversed })
            }
            (1, 4) => Some(Date { year: number(parts[0])?, ..Date::default() }),
            (2, 4) => Some(Date { year: number(parts[0])?, month: number(parts[1])?.min(99) as u8, day: 0 }),
            (2, _) if parts[1].len() == 4 => {
                Some(Date { year: number(parts[1])?, month: number(parts[0])?.min(99) as u8, day: 0 })
            }
            (3, 4) => ordered(number(parts[0])?, number(parts[1])?, number(parts[2])?),
            (3, _) => {
                let (a, b) = (number(parts[0])?, number(parts[1])?);
                let (month, day) = if (month_first || b > 12) && a <= 12 { (a, b) } else { (b, a) };
                ordered(year_of(parts[2])?, month, day)
            }
            _ => None,
        };
    }
    named(&fold(body))
}

fn ordered(year: u16, month: u16, day: u16) -> Option<Date> {
    (month < 100 && day < 100).then_some(Date { year, month: month as u8, day: day as u8 })
}

/// A year of two digits lies in the hundred years before 2030.
fn year_of(text: &str) -> Option<u16> {
    let year: u16 = text.parse().ok()?;
    Some(match text.len() {
        2 if year < 30 => 2000 + year,
        2 => 1900 + year,
        _ => year,
    })
}

/// `4 mars 1990`, `March 4th 1990`.
fn named(folded: &str) -> Option<Date> {
    let (mut month, mut day, mut year) = (None, None, None);
    for word in folded.split(' ') {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() {
            month = month.or_else(|| month_of(word));
        } else if digits.len() <= 2 && day.is_none() {
            day = digits.parse().ok();
        } else {
            year = year.or_else(|| year_of(&digits));
        }
    }
    Some(Date { year: year?, month: month?, day: day.unwrap_or(0) })
}

/// Whether a cell is a date with a time of day other than midnight.
pub(crate) fn has_time(cell: &str) -> bool {
    let time = cell.trim().split_once([' ', 'T']).map_or("", |(_, time)| time);
    let clock = time.split(['.', 'Z', '+', ' ']).next().unwrap_or_default();
    clock.contains(':')
        && clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        && clock.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        && date(cell, false).is_some()
}

/// Whether dates of a column put the month first: told by those that leave no doubt, else by the region.
pub(crate) fn is_month_first<'a>(cells: impl Iterator<Item = &'a str>, region: &str) -> bool {
    let (mut month_first, mut day_first) = (0, 0);
    for cell in cells {
        let mut parts = cell.split(['/', '-', '.', ' ']).filter_map(|part| part.parse::<u16>().ok());
        if let (Some(a), Some(b)) = (parts.next(), parts.next()) {
            month_first += u32::from(a <= 12 && (13..=31).contains(&b));
            day_first += u32::from((13..=31).contains(&a) && b <= 12);
        }
    }
    if month_first == day_first { region.eq_ignore_ascii_case("US") } else { month_first > day_first }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(cell: &str) -> u32 {
        date(cell, false).map_or(0, Date::packed)
    }

    #[test]
    fn orders_and_separators() {
        for cell in [
            "1990-03-14",
            "19900314",
            "14/03/1990",
            "14.3.90",
            "14 mars 1990",
            "March 14th, 1990",
            "1990-03-14T00:00:00Z",
            "1990-03-14 10:00:00",
            "14031990",
        ] {
            assert_eq!(check(cell), 19_900_314, "{cell}");
        }
        assert_eq!(date("03/04/1990", true).unwrap().packed(), 19_900_304);
        assert_eq!(check("03/04/1990"), 19_900_403);
        assert_eq!(check("03/14/1990"), 19_900_314);
        assert_eq!(check("1990"), 19_900_000);
        assert_eq!(check("03/1990"), 19_900_300);
        assert_eq!(check("1915-13-11"), 19_151_311);
    }

    #[test]
    fn placeholders_are_missing() {
        for cell in ["01/01/1900", "1900-01-01", "9999-12-31", "", "n/a", "soon"] {
            assert_eq!(check(cell), 0, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(cell in ".{0,40}", month_first: bool) {
            let _ = date(&cell, month_first);
            let _ = is_month_first([cell.as_str()].into_iter(), "FR");
        }
    }
}
