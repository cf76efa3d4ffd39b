//! Texts that have the shape of something, without a promise that it exists.

/// Whether the text has the shape of an e-mail address.
pub fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    !local.is_empty()
        && local.chars().all(|c| !c.is_whitespace() && !matches!(c, '@' | ',' | ';' | '<' | '>' | '"'))
        && domain.contains('.')
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|top| top.len() > 1 && !top.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the text has the shape of a web address: with a scheme, or starting with `www.`.
pub fn is_url(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or(lower.strip_prefix("http://"));
    let rest = match host {
        Some(rest) => rest,
        None if lower.starts_with("www.") => &lower,
        None => return false,
    };
    !rest.is_empty() && !rest.contains(char::is_whitespace) && rest.contains('.')
}

/// Whether the text has the shape of a phone number: 9 to 15 digits (8 after a `+`), a leading `+`
/// or `0`, and the usual separators.
pub fn is_phone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let usual = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}')
    };
    let least = if text.contains('+') { 8 } else { 9 };
    (least..=15).contains(&digits)
        && text.chars().all(usual)
        && (text.starts_with(['+', '0']) || text.starts_with("(0") || text.starts_with("(+"))
        && !text.get(1..).is_some_and(|rest| rest.contains('+') && !text.starts_with("(+"))
}

/// Whether the text has the shape of a French postcode (five digits of a department) or of a British one.
pub fn is_postcode(text: &str) -> bool {
    let text = text.trim();
    match text.as_bytes() {
        digits @ [_, _, _, _, _] if digits.iter().all(u8::is_ascii_digit) => {
            matches!(text[..2].parse::<u8>(), Ok(1..=98)) && &text[..2] != "96"
        }
        bytes => {
            let (outward, inward) = text.split_once(' ').unwrap_or(("", ""));
            (6..=8).contains(&bytes.len())
                && (2..=4).contains(&outward.len())
                && outward.starts_with(|c: char| c.is_ascii_uppercase())
                && outward.bytes().any(|b| b.is_ascii_digit())
                && inward.len() == 3
                && inward.starts_with(|c: char| c.is_ascii_digit())
                && inward[1..].bytes().all(|b| b.is_ascii_uppercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_recognised() {
        assert!(is_email("claire.morel@client.example") && !is_email("claire@") && !is_email("a b@c.example"));
        assert!(is_url("https://shop.example/a?b") && is_url("www.shop.example") && !is_url("shop"));
        assert!(
            is_phone("+33 1 99 00 12 34")
                && is_phone("01.99.00.12.34")
                && !is_phone("12345678")
                && !is_phone("01/02/2026")
        );
        assert!(is_postcode("59000") && is_postcode("SW1A 1AA"));
        assert!(!is_postcode("99000") && !is_postcode("5900"));
    }
}
