use jiff::SignedDuration;

use super::Invalid;

/// A duration: `1:30` (hours and minutes), `1:30:15`, `90 min`, `1 h 30`, `1h30m`, `2 d`/`2 j` (24 hours each), or ISO 8601
/// (`PT1H30M`). A bare number has no unit and is refused.
///
/// ```
/// use tabular::value::parse_duration;
/// assert_eq!(parse_duration("1 h 30")?.as_secs(), 5400);
/// assert_eq!(parse_duration("0:45")?.as_secs(), 2700);
/// # Ok::<(), tabular::value::Invalid>(())
/// ```
pub fn parse_duration(text: &str) -> Result<SignedDuration, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::Blank);
    }
    if text.starts_with(['P', 'p']) {
        return text.parse().map_err(|_| Invalid::NotADuration);
    }
    let seconds = match text.contains(':') {
        true => clock(text),
        false => units(&text.to_lowercase()),
    };
    seconds.map(SignedDuration::from_secs).ok_or(Invalid::NotADuration)
}

fn clock(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (*hours, *minutes, "0"),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten();
    let below_60 = |part| digits(part).filter(|value| *value < 60);
    let total = digits(hours)?.checked_mul(3600)?.checked_add(below_60(minutes)? * 60 + below_60(seconds)?)?;
    Some(if negative { -total } else { total })
}

fn units(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    let mut smaller: Option<i64> = None;
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let amount: i64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "d" | "day" | "days" | "j" | "jour" | "jours" => 86_400,
            "h" | "hr" | "hrs" | "hour" | "hours" | "heure" | "heures" => 3600,
            "m" | "mn" | "min" | "mins" | "minute" | "minutes" => 60,
            "s" | "sec" | "secs" | "second" | "seconds" | "seconde" | "secondes" => 1,
            "" if smaller.is_some() => smaller?,
            _ => return None,
        };
        rest = &rest[letters..];
        smaller = match unit {
            3600 => Some(60),
            60 => Some(1),
            _ => None,
        };
        total = total.checked_add(amount.checked_mul(unit)?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Option<i64> {
        parse_duration(text).ok().map(|duration| duration.as_secs())
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(check("90 min"), Some(5400));
        assert_eq!(check("1h30"), Some(5400));
        assert_eq!(check("1h30m15s"), Some(5415));
        assert_eq!(check("2 jours"), Some(172_800));
        assert_eq!(check("PT1H30M"), Some(5400));
        assert_eq!(check("-0:30"), Some(-1800));
        assert_eq!(check("1:75"), None);
        assert_eq!(check("12"), None);
        assert_eq!(check("9999999999999999 d"), None);
    }
}
