use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, tz::TimeZone};

use super::Invalid;

/// The order of the parts of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// 31/12/2026, 31.12.26, 31 décembre 2026
    DayMonthYear,
    /// 12/31/2026, December 31, 2026
    MonthDayYear,
    /// 2026-12-31, 2026/12/31
    YearMonthDay,
    /// 20261231
    Compact,
}

pub(crate) const ORDERS: [DateOrder; 4] =
    [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::Compact];

/// A date with a time of day, in no zone or at a known moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// No zone was written: the reader decides which one is meant.
    Civil(DateTime),
    /// An offset or `Z` was written.
    Exact(Timestamp),
}

/// Years of two digits: 00–68 are 2000–2068, 69–99 are 1969–1999, as POSIX does.
const PIVOT: i16 = 69;

/// A date in the given order; a month may be a French or English name, which makes the order of day and month free.
/// A time of midnight after the date is allowed.
///
/// ```
/// use tabular::value::{DateOrder, parse_date};
/// assert_eq!(parse_date("14/02/2026", DateOrder::DayMonthYear)?.to_string(), "2026-02-14");
/// assert_eq!(parse_date("3 mars 2026", DateOrder::DayMonthYear)?.to_string(), "2026-03-03");
/// assert_eq!(parse_date("March 3, 2026", DateOrder::MonthDayYear)?.to_string(), "2026-03-03");
/// # Ok::<(), tabular::value::Invalid>(())
/// ```
pub fn parse_date(text: &str, order: DateOrder) -> Result<Date, Invalid> {
    match parse_datetime(text, order)? {
        Moment::Civil(at) if at.time() == Time::midnight() => Ok(at.date()),
        Moment::Exact(at) if TimeZone::UTC.to_datetime(at).time() == Time::midnight() => {
            Ok(TimeZone::UTC.to_datetime(at).date())
        }
        _ => Err(Invalid::NotADate),
    }
}

/// A date in the given order, and a time of day if there is one: `14:30`, `14h30`, `2:30 PM`, `T14:30:00.5`, with an offset
/// (`+02:00`, `Z`) or without.
pub fn parse_datetime(text: &str, order: DateOrder) -> Result<Moment, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::Blank);
    }
    if text.len() > 64 {
        return Err(Invalid::NotADate);
    }
    let (date, rest) = split_date(text, order)?;
    let rest = rest.trim_start_matches([' ', ',', '\u{a0}', '\u{202f}']);
    let rest = rest.strip_prefix("à ").or(rest.strip_prefix("at ")).unwrap_or(rest);
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim();
    if rest.is_empty() {
        return Ok(Moment::Civil(date.to_datetime(Time::midnight())));
    }
    let (time, offset) = split_offset(rest)?;
    let at = date.to_datetime(parse_time(time)?);
    match offset {
        None => Ok(Moment::Civil(at)),
        Some(seconds) => {
            let offset = jiff::tz::Offset::from_seconds(seconds).map_err(|_| Invalid::NotATime)?;
            offset.to_timestamp(at).map(Moment::Exact).map_err(|_| Invalid::NoSuchDay)
        }
    }
}

fn split_date(text: &str, order: DateOrder) -> Result<(Date, &str), Invalid> {
    if order == DateOrder::Compact {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits != 8 {
            return Err(Invalid::NotADate);
        }
        let date = day(&text[..4], &text[4..6], &text[6..8])?;
        return Ok((date, &text[8..]));
    }
    let mut parts: Vec<(&str, bool)> = Vec::with_capacity(3);
    let mut separators: Vec<&str> = Vec::with_capacity(2);
    let mut rest = skip_weekday(text);
    while parts.len() < 3 {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let end = digits.max(letters);
        if end == 0 {
            return Err(Invalid::NotADate);
        }
        parts.push((&rest[..end], digits == 0));
        rest = &rest[end..];
        if parts.len() < 3 {
            rest = skip_ordinal(rest, digits > 0);
            let separator = rest.find(|c: char| c.is_alphanumeric()).unwrap_or(rest.len());
            let written = rest[..separator].trim();
            // A shortened month ends in a point: "15-déc.-2025".
            let written =
                if digits == 0 && written.len() > 1 { written.trim_start_matches('.').trim_start() } else { written };
            separators.push(written);
            rest = &rest[separator..];
            let glued = digits > 0 && rest.starts_with(char::is_alphabetic) || letters > 0;
            if separator == 0 && !glued {
                return Err(Invalid::NotADate);
            }
        }
    }
    if !separators.iter().all(|separator| matches!(*separator, "" | "/" | "-" | "." | "," | "de")) {
        return Err(Invalid::NotADate);
    }
    let [(a, a_name), (b, b_name), (c, c_name)] = [parts[0], parts[1], parts[2]];
    let all_digits = !a_name && !b_name && !c_name;
    if all_digits && (separators[0] != separators[1] || separators[0] == ",") {
        return Err(Invalid::NotADate);
    }
    let date = match (order, a_name, b_name, c_name) {
        (DateOrder::YearMonthDay, false, _, false) if a.len() == 4 => day(a, b, c)?,
        (DateOrder::DayMonthYear | DateOrder::MonthDayYear, false, true, false) if c.len() == 4 || c.len() == 2 => {
            day(c, b, a)?
        }
        (DateOrder::DayMonthYear | DateOrder::MonthDayYear, true, false, false) if c.len() == 4 => day(c, a, b)?,
        (DateOrder::DayMonthYear, false, false, false) => day(c, b, a)?,
        (DateOrder::MonthDayYear, false, false, false) => day(c, a, b)?,
        _ => return Err(Invalid::NotADate),
    };
    if rest.starts_with(char::is_alphanumeric) && !rest.starts_with(['T', 't']) {
        return Err(Invalid::NotADate);
    }
    Ok((date, rest))
}

fn skip_weekday(text: &str) -> &str {
    const DAYS: [&str; 14] =
        ["lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text[..end].to_lowercase();
    let rest = text[end..].trim_start_matches(['.', ',']).trim_start();
    let is_day = DAYS.iter().any(|day| word.starts_with(day)) && month(&word).is_none();
    // "mar." is a weekday before a number and a month before or after one: a weekday is followed by two more parts.
    if is_day
        || (word == "mar"
            && rest.matches(|c: char| c.is_ascii_digit()).count() > 4
            && rest.contains(char::is_alphabetic))
    {
        rest
    } else {
        text
    }
}

/// "1er", "2nd", "3rd", "4th" after the number of a day.
fn skip_ordinal(rest: &str, after_digits: bool) -> &str {
    if !after_digits {
        return rest;
    }
    for suffix in ["er", "st", "nd", "rd", "th"] {
        if let Some(after) = rest.strip_prefix(suffix)
            && !after.starts_with(char::is_alphabetic)
        {
            return after;
        }
    }
    rest
}

fn day(year: &str, month_text: &str, day: &str) -> Result<Date, Invalid> {
    let number = |text: &str, most: usize| {
        (text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i16>().ok()).flatten()
    };
    let year = match (year.len(), number(year, 4)) {
        (4, Some(year)) => year,
        (2, Some(year)) => year + if year < PIVOT { 2000 } else { 1900 },
        _ => return Err(Invalid::NotADate),
    };
    let month = match number(month_text, 2) {
        Some(month) => month as i8,
        None => month(&month_text.to_lowercase()).ok_or(Invalid::NotADate)?,
    };
    let day = number(day, 2).ok_or(Invalid::NotADate)? as i8;
    Date::new(year, month, day).map_err(|_| Invalid::NoSuchDay)
}

fn month(name: &str) -> Option<i8> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let found = match name {
        "juillet" | "juil" | "jul" | "july" => 7,
        "juin" | "jun" | "june" => 6,
        _ if name.chars().count() > 9 => return None,
        _ if starts(&["janv", "jan"]) => 1,
        _ if starts(&["fév", "fev", "feb"]) => 2,
        "mars" | "mar" | "march" => 3,
        _ if starts(&["avr", "apr"]) => 4,
        "mai" | "may" => 5,
        _ if starts(&["aoû", "aou", "aug"]) => 8,
        _ if starts(&["sep"]) => 9,
        _ if starts(&["oct"]) => 10,
        _ if starts(&["nov"]) => 11,
        _ if starts(&["déc", "dec"]) => 12,
        _ => return None,
    };
    Some(found)
}

/// The time of day and the offset from UTC in seconds.
fn split_offset(text: &str) -> Result<(&str, Option<i32>), Invalid> {
    if let Some(time) = text.strip_suffix(['Z', 'z']).or(text.strip_suffix("UTC")).or(text.strip_suffix("GMT")) {
        return Ok((time.trim_end(), Some(0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, None)) };
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    let digits: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits.len(), 2 | 4) {
        return Err(Invalid::NotATime);
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<i32>().ok()).unwrap_or(0);
    Ok((text[..at].trim_end(), Some(sign * (part(0..2) * 3600 + part(2..4) * 60))))
}

fn parse_time(text: &str) -> Result<Time, Invalid> {
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match lower.strip_suffix("am").or(lower.strip_suffix("a.m.")) {
        Some(clock) => (clock.trim_end(), Some(0)),
        None => match lower.strip_suffix("pm").or(lower.strip_suffix("p.m.")) {
            Some(clock) => (clock.trim_end(), Some(12)),
            None => (lower.as_str(), None),
        },
    };
    let mut parts = clock.splitn(3, [':', 'h']);
    let number = |text: Option<&str>| match text.map(str::trim) {
        None | Some("") => Some(0),
        Some(text) if text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<i8>().ok(),
        Some(_) => None,
    };
    let first = parts.next().filter(|part| !part.trim().is_empty());
    if first.is_none() || !(clock.contains([':', 'h']) || half.is_some()) {
        return Err(Invalid::NotATime);
    }
    let mut hour = number(first).ok_or(Invalid::NotATime)?;
    let minute = number(parts.next()).ok_or(Invalid::NotATime)?;
    let (second, fraction) = match parts.next() {
        None => (Some(0), ""),
        Some(text) => {
            let (second, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
            (number(Some(second)), fraction)
        }
    };
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Invalid::NotATime);
    }
    let nanosecond = format!("{fraction:0<9}").parse::<i32>().map_err(|_| Invalid::NotATime)?;
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return Err(Invalid::NotATime);
        }
        hour = hour % 12 + half;
    }
    Time::new(hour, minute, second.ok_or(Invalid::NotATime)?, nanosecond).map_err(|_| Invalid::NotATime)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, order: DateOrder) -> String {
        match parse_datetime(text, order) {
            Ok(Moment::Civil(at)) => at.to_string(),
            Ok(Moment::Exact(at)) => at.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn dates_are_read_in_every_order() {
        use DateOrder::{Compact, DayMonthYear as Dmy, MonthDayYear as Mdy, YearMonthDay as Ymd};
        let cases = [
            ("3/1/2017", Dmy),
            ("3/1/2017", Mdy),
            ("2017-01-03", Ymd),
            ("20170103", Compact),
            ("03.01.17", Dmy),
            ("1er août 2026", Dmy),
            ("mardi 3 mars 2026", Dmy),
            ("mar. 3 mars 2026", Dmy),
            ("Mar 3, 2026", Mdy),
            ("03-Mar-26", Dmy),
            ("15-déc.-2025", Dmy),
            ("2017-01-03T08:30:15.5Z", Ymd),
            ("2017-01-03 08:30+02:00", Ymd),
            ("3/1/2017 14h30", Dmy),
            ("1/3/2017 2:30 PM", Mdy),
            ("20170103 0830", Compact),
            ("31/02/2017", Dmy),
            ("13/13/2017", Dmy),
            ("1/2", Dmy),
            ("2017-01/03", Ymd),
            ("1234567890", Compact),
            ("12.5.3", Dmy),
            ("hello", Dmy),
            ("", Dmy),
            ("2017-01-03T25:00", Ymd),
        ];
        let lines: Vec<_> = cases.iter().map(|(text, order)| format!("{text} | {}", check(text, *order))).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        3/1/2017 | 2017-01-03T00:00:00
        3/1/2017 | 2017-03-01T00:00:00
        2017-01-03 | 2017-01-03T00:00:00
        20170103 | 2017-01-03T00:00:00
        03.01.17 | 2017-01-03T00:00:00
        1er août 2026 | 2026-08-01T00:00:00
        mardi 3 mars 2026 | 2026-03-03T00:00:00
        mar. 3 mars 2026 | 2026-03-03T00:00:00
        Mar 3, 2026 | 2026-03-03T00:00:00
        03-Mar-26 | 2026-03-03T00:00:00
        15-déc.-2025 | 2025-12-15T00:00:00
        2017-01-03T08:30:15.5Z | 2017-01-03T08:30:15.5Z
        2017-01-03 08:30+02:00 | 2017-01-03T06:30:00Z
        3/1/2017 14h30 | 2017-01-03T14:30:00
        1/3/2017 2:30 PM | 2017-01-03T14:30:00
        20170103 0830 | this is not a time of day
        31/02/2017 | there is no such day
        13/13/2017 | there is no such day
        1/2 | this is not a date written as expected
        2017-01/03 | this is not a date written as expected
        1234567890 | this is not a date written as expected
        12.5.3 | this is not a date written as expected
        hello | this is not a date written as expected
         | the cell is blank
        2017-01-03T25:00 | this is not a time of day
        "#);
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,24}") {
            for order in ORDERS {
                let _ = parse_datetime(&text, order);
            }
        }

        #[test]
        fn every_day_survives_every_order(days in 0_i64..60_000) {
            let day = Date::new(1969, 1, 1).unwrap().checked_add(jiff::Span::new().days(days)).unwrap();
            let (y, m, d) = (day.year(), day.month(), day.day());
            prop_assert_eq!(parse_date(&format!("{d}/{m}/{y}"), DateOrder::DayMonthYear), Ok(day));
            prop_assert_eq!(parse_date(&format!("{m}/{d}/{y}"), DateOrder::MonthDayYear), Ok(day));
            prop_assert_eq!(parse_date(&day.to_string(), DateOrder::YearMonthDay), Ok(day));
            prop_assert_eq!(parse_date(&format!("{y}{m:02}{d:02}"), DateOrder::Compact), Ok(day));
        }
    }
}
