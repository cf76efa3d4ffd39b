use jiff::{Timestamp, civil, tz::TimeZone};
use rust_decimal::Decimal;

use crate::{Currency, Locale, Money};

/// Numbers, dates and money as a language writes them (CLDR conventions for French of France and English).
#[derive(Clone, Copy, Debug)]
pub struct Format(
    /// The language.
    pub Locale,
);

const MONTHS_FR: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

impl Format {
    /// `12 345` or `12,345`.
    pub fn integer(self, n: i64) -> String {
        let text = group(&n.unsigned_abs().to_string(), self.separator());
        if n < 0 { format!("-{text}") } else { text }
    }

    /// `1 234,5` or `1,234.5`, with as many decimals as the number has.
    pub fn decimal(self, n: Decimal) -> String {
        let text = n.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = if n.is_sign_negative() && !n.is_zero() { "-".to_owned() } else { String::new() };
        out.push_str(&group(whole, self.separator()));
        if !fraction.is_empty() {
            out.push(if self.0 == Locale::Fr { ',' } else { '.' });
            out.push_str(fraction);
        }
        out
    }

    /// A floating number, to at most six decimals.
    pub fn number(self, n: f64) -> String {
        match Decimal::from_f64_retain(n) {
            Some(decimal) => self.decimal(decimal.round_dp(6).normalize()),
            None => n.to_string(),
        }
    }

    /// `12,5 %` or `12.5%`; `n` is in percent.
    pub fn percent(self, n: f64) -> String {
        match self.0 {
            Locale::Fr => format!("{}\u{202f}%", self.number(n)),
            Locale::En => format!("{}%", self.number(n)),
        }
    }

    /// `1 234,50 €` or `€1,234.50`: two decimals unless the amount is whole or needs more.
    pub fn money(self, money: Money) -> String {
        let mut amount = money.amount();
        if amount.scale() == 1 {
            amount.rescale(2);
        }
        let symbol = symbol(money.currency());
        match self.0 {
            Locale::Fr => {
                format!("{}\u{a0}{}", self.decimal(amount), symbol.unwrap_or(money.currency().as_str()))
            }
            Locale::En => {
                let sign = if amount.is_sign_negative() { "-" } else { "" };
                let digits = self.decimal(amount.abs());
                match symbol {
                    Some(symbol) => format!("{sign}{symbol}{digits}"),
                    None => format!("{sign}{}\u{a0}{digits}", money.currency()),
                }
            }
        }
    }

    /// `3 mars 2026` or `3 Mar 2026`.
    pub fn date(self, date: civil::Date) -> String {
        let month = (date.month() - 1) as usize;
        let day = if self.0 == Locale::Fr && date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
        let name = if self.0 == Locale::Fr { MONTHS_FR[month] } else { MONTHS_EN[month] };
        format!("{day}\u{a0}{name}\u{a0}{}", date.year())
    }

    /// Date and time of day in a zone: `3 mars 2026 14:05`.
    pub fn date_time(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_zoned(zone.clone());
        format!("{} {:02}:{:02}", self.date(local.date()), local.hour(), local.minute())
    }

    /// `1 h 05` or `1h 05m`; seconds are shown under a minute.
    pub fn duration(self, seconds: i64) -> String {
        let (sign, s) = if seconds < 0 { ("-", -seconds) } else { ("", seconds) };
        let (h, m) = (s / 3600, s % 3600 / 60);
        match (self.0, h, m) {
            (_, 0, 0) => format!("{sign}{s}\u{a0}s"),
            (Locale::Fr, 0, m) => format!("{sign}{m}\u{a0}min"),
            (Locale::En, 0, m) => format!("{sign}{m}m"),
            (Locale::Fr, h, m) => format!("{sign}{h}\u{a0}h\u{a0}{m:02}"),
            (Locale::En, h, m) => format!("{sign}{h}h {m:02}m"),
        }
    }

    fn separator(self) -> char {
        if self.0 == Locale::Fr { '\u{202f}' } else { ',' }
    }
}

fn group(digits: &str, separator: char) -> String {
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn symbol(currency: Currency) -> Option<&'static str> {
    match currency.as_str() {
        "EUR" => Some("€"),
        "USD" => Some("$"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_numbers_by_language() {
        let price = Money::new("-1234.5".parse().unwrap(), Currency::EUR).unwrap();
        assert_eq!(Format(Locale::Fr).money(price), "-1\u{202f}234,50\u{a0}€");
        assert_eq!(Format(Locale::En).money(price), "-€1,234.50");
        assert_eq!(Format(Locale::En).money(Money::from_units(10_000, "CHF".parse().unwrap())), "CHF\u{a0}1");
        assert_eq!(Format(Locale::Fr).percent(12.5), "12,5\u{202f}%");
        assert_eq!(Format(Locale::En).integer(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn dates_and_durations_by_language() {
        let day = civil::date(2026, 3, 1);
        assert_eq!(Format(Locale::Fr).date(day), "1er\u{a0}mars\u{a0}2026");
        assert_eq!(Format(Locale::En).date(day), "1\u{a0}Mar\u{a0}2026");
        assert_eq!(Format(Locale::Fr).duration(3900), "1\u{a0}h\u{a0}05");
        assert_eq!(Format(Locale::En).duration(42), "42\u{a0}s");
    }
}
