use rust_decimal::Decimal;

use super::Invalid;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberFormat {
    /// Between units and decimals.
    pub decimal: char,
    /// Whether a point, comma or apostrophe may stand between groups of three digits. Blanks always may.
    pub group: Option<char>,
}

impl NumberFormat {
    /// 1,234.56
    pub const POINT: Self = Self { decimal: '.', group: Some(',') };
    /// 1 234,56 and 1.234,56
    pub const COMMA: Self = Self { decimal: ',', group: Some('.') };
}

/// An amount and its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// The amount, in units of the currency.
    pub amount: Decimal,
    /// The ISO 4217 code, if one was written.
    pub currency: Option<&'static str>,
}

const CURRENCIES: [(&str, &str); 34] = [
    ("€", "EUR"),
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("$", "USD"),
    ("usd", "USD"),
    ("us$", "USD"),
    ("£", "GBP"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("fr.", "CHF"),
    ("¥", "JPY"),
    ("jpy", "JPY"),
    ("cny", "CNY"),
    ("ca$", "CAD"),
    ("cad", "CAD"),
    ("$ca", "CAD"),
    ("aud", "AUD"),
    ("a$", "AUD"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("pln", "PLN"),
    ("zł", "PLN"),
    ("czk", "CZK"),
    ("ron", "RON"),
    ("huf", "HUF"),
    ("mad", "MAD"),
    ("dh", "MAD"),
    ("tnd", "TND"),
    ("xof", "XOF"),
    ("fcfa", "XOF"),
    ("inr", "INR"),
    ("₹", "INR"),
];

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// A number. Blanks may group digits, a leading or trailing minus or surrounding brackets make it negative, and an exponent
/// (`1.5e3`) is understood.
///
/// ```
/// use tabular::value::{NumberFormat, parse_number};
/// assert_eq!(parse_number("1 234,56", NumberFormat::COMMA)?.to_string(), "1234.56");
/// assert_eq!(parse_number("(1,234.56)", NumberFormat::POINT)?.to_string(), "-1234.56");
/// assert!(parse_number("1,23,4", NumberFormat::POINT).is_err());
/// # Ok::<(), tabular::value::Invalid>(())
/// ```
pub fn parse_number(text: &str, format: NumberFormat) -> Result<Decimal, Invalid> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Err(Invalid::Blank);
    }
    let minus = |c: char| matches!(c, '-' | '−' | '–');
    let (negative, text) = if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (true, inner)
    } else if let Some(rest) = text.strip_prefix(minus) {
        (true, rest)
    } else if let Some(rest) = text.strip_suffix(minus) {
        (true, rest)
    } else {
        (false, text.strip_prefix('+').unwrap_or(text))
    };
    let text = text.trim_matches(is_blank);
    let (body, exponent) = match text.split_once(['e', 'E']) {
        Some((body, exponent)) => (body, exponent.parse::<i32>().map_err(|_| Invalid::NotANumber)?),
        None => (text, 0),
    };
    let plain = plain_digits(body, format)?;
    let number = if exponent == 0 {
        plain.parse::<Decimal>().map_err(|_| Invalid::TooLarge)?
    } else {
        Decimal::from_scientific(&format!("{plain}e{exponent}")).map_err(|_| Invalid::TooLarge)?
    };
    Ok(if negative { -number } else { number })
}

/// The digits with a point, groups checked and removed.
fn plain_digits(text: &str, format: NumberFormat) -> Result<String, Invalid> {
    let (whole, decimals) = match text.split_once(format.decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    if decimals.is_some_and(|digits| !digits.bytes().all(|b| b.is_ascii_digit())) {
        return Err(Invalid::NotANumber);
    }
    let mut plain = String::with_capacity(text.len());
    let mut separator = None;
    let mut in_group = 0;
    let mut grouped = false;
    for c in whole.chars() {
        match c {
            '0'..='9' => {
                plain.push(c);
                in_group += 1;
            }
            _ if is_blank(c) || Some(c) == format.group || matches!(c, '\'' | '’') => {
                let kind = if is_blank(c) { ' ' } else { c };
                let first = !grouped && (1..=3).contains(&in_group);
                if !(first || grouped && in_group == 3) || *separator.get_or_insert(kind) != kind {
                    return Err(Invalid::NotANumber);
                }
                grouped = true;
                in_group = 0;
            }
            _ => return Err(Invalid::NotANumber),
        }
    }
    if grouped && in_group != 3 || plain.is_empty() && decimals.is_none_or(str::is_empty) {
        return Err(Invalid::NotANumber);
    }
    if plain.len() > 28 {
        return Err(Invalid::TooLarge);
    }
    if plain.is_empty() {
        plain.push('0');
    }
    if let Some(decimals) = decimals.filter(|digits| !digits.is_empty()) {
        plain.push('.');
        plain.push_str(decimals);
    }
    Ok(plain)
}

/// A percentage as the number before the sign: `12,5 %` is 12.5. The sign is required.
pub fn parse_percent(text: &str, format: NumberFormat) -> Result<Decimal, Invalid> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Err(Invalid::Blank);
    }
    parse_number(text.strip_suffix('%').ok_or(Invalid::NotANumber)?, format)
}

/// An amount with or without a currency before or after it, in thousands (`12 k€`) or millions (`1,5 M€`) if so written.
///
/// ```
/// use tabular::value::{NumberFormat, parse_money};
/// let money = parse_money("$1,234.50", NumberFormat::POINT)?;
/// assert_eq!((money.amount.to_string().as_str(), money.currency), ("1234.50", Some("USD")));
/// # Ok::<(), tabular::value::Invalid>(())
/// ```
pub fn parse_money(text: &str, format: NumberFormat) -> Result<Money, Invalid> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Err(Invalid::Blank);
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let Money { amount, currency } = parse_money(inner, format)?;
        return Ok(Money { amount: -amount, currency });
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '(' | '-' | '+' | '−' | '–');
    let start = text.find(is_part).ok_or(Invalid::NotANumber)?;
    let end =
        text.rfind(|c: char| c.is_ascii_digit() || matches!(c, ')' | '-' | '−' | '–')).ok_or(Invalid::NotANumber)?;
    let end = end + text[end..].chars().next().map_or(0, char::len_utf8);
    let end = if text[end..].starts_with(format.decimal) { end + format.decimal.len_utf8() } else { end };
    if end <= start {
        return Err(Invalid::NotANumber);
    }
    let (mut before, mut number, after) = (&text[..start], &text[start..end], &text[end..]);
    let mut negative = false;
    // "-€12" is minus twelve, as "-12 €" is.
    if let Some(rest) =
        number.strip_prefix('-').filter(|rest| before.is_empty() && rest.trim_start().starts_with(is_currency_sign))
    {
        let rest = rest.trim_start();
        let sign = rest.chars().next().map_or(0, char::len_utf8);
        (before, number, negative) = (&rest[..sign], &rest[sign..], true);
    }
    let (scale, after) = multiple(after.trim_matches(is_blank));
    let amount = parse_number(number, format)?.checked_mul(scale).ok_or(Invalid::TooLarge)?;
    let amount = if negative { -amount } else { amount };
    let currency = match (before.trim_matches(is_blank), after) {
        ("", "") => None,
        ("", name) | (name, "") => Some(currency(name).ok_or(Invalid::UnknownCurrency)?),
        _ => return Err(Invalid::NotANumber),
    };
    Ok(Money { amount, currency })
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '€' | '$' | '£' | '¥' | '₹')
}

fn multiple(unit: &str) -> (Decimal, &str) {
    let rest_is_currency = |rest: &str| rest.is_empty() || currency(rest).is_some();
    for (prefix, scale) in [("k", 1_000), ("K", 1_000), ("M", 1_000_000)] {
        if let Some(rest) = unit.strip_prefix(prefix)
            && currency(unit).is_none()
            && rest_is_currency(rest.trim_start())
        {
            return (Decimal::from(scale), rest.trim_start());
        }
    }
    (Decimal::ONE, unit)
}

fn currency(name: &str) -> Option<&'static str> {
    let name = name.trim_matches(is_blank).to_lowercase();
    CURRENCIES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> String {
        let show = |format| match parse_money(text, format) {
            Ok(Money { amount, currency }) => format!("{amount} {}", currency.unwrap_or("-")),
            Err(error) => error.to_string(),
        };
        format!("{text} | {} | {}", show(NumberFormat::POINT), show(NumberFormat::COMMA))
    }

    #[test]
    fn amounts_are_read() {
        let texts = [
            "1234",
            "1,234",
            "1.234",
            "1,234.56",
            "1.234,56",
            "1 234,56 €",
            "1\u{202f}234,56\u{a0}€",
            "12 k€",
            "1.5 M€",
            "€12",
            "-€12",
            "-12 €",
            "(12 €)",
            "12-",
            "$ 1,000",
            "CHF 1'250.00",
            "12 EUR",
            "0,5",
            ".5",
            "5,",
            "1e3",
            "12 %",
            "12 apples",
            "€",
            "1,2,3",
            "1  2",
            "99999999999999999999999999999",
            "--1",
            "1 234 567",
        ];
        insta::assert_snapshot!(texts.map(check).join("\n"), @r#"
        1234 | 1234 - | 1234 -
        1,234 | 1234 - | 1.234 -
        1.234 | 1.234 - | 1234 -
        1,234.56 | 1234.56 - | this is not a number
        1.234,56 | this is not a number | 1234.56 -
        1 234,56 € | this is not a number | 1234.56 EUR
        1 234,56 € | this is not a number | 1234.56 EUR
        12 k€ | 12000 EUR | 12000 EUR
        1.5 M€ | 1500000.0 EUR | this is not a number
        €12 | 12 EUR | 12 EUR
        -€12 | -12 EUR | -12 EUR
        -12 € | -12 EUR | -12 EUR
        (12 €) | -12 EUR | -12 EUR
        12- | -12 - | -12 -
        $ 1,000 | 1000 USD | 1.000 USD
        CHF 1'250.00 | 1250.00 CHF | this is not a number
        12 EUR | 12 EUR | 12 EUR
        0,5 | this is not a number | 0.5 -
        .5 | 0.5 - | this is not a number
        5, | the currency is not known | 5 -
        1e3 | 1000 - | 1000 -
        12 % | the currency is not known | the currency is not known
        12 apples | the currency is not known | the currency is not known
        € | this is not a number | this is not a number
        1,2,3 | this is not a number | this is not a number
        1  2 | this is not a number | this is not a number
        99999999999999999999999999999 | the number is too large | the number is too large
        --1 | this is not a number | this is not a number
        1 234 567 | 1234567 - | 1234567 -
        "#);
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,20}", near in "[-0-9 .,'()€$kM%e+]{0,12}") {
            for text in [text, near] {
                for format in [NumberFormat::POINT, NumberFormat::COMMA] {
                    let _ = parse_money(&text, format);
                    let _ = parse_percent(&text, format);
                }
            }
        }

        #[test]
        fn french_numbers_are_read_back(units in -9_999_999_i64..9_999_999, cents in 0_u32..100) {
            let digits = units.unsigned_abs().to_string();
            let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|g| String::from_utf8_lossy(g).into_owned()).collect();
            let sign = if units < 0 { "-" } else { "" };
            let text = format!("{sign}{},{cents:02} €", groups.join("\u{202f}"));
            let expected: Decimal = format!("{units}.{cents:02}").parse().unwrap();
            prop_assert_eq!(parse_money(&text, NumberFormat::COMMA), Ok(Money { amount: expected, currency: Some("EUR") }));
        }
    }
}
