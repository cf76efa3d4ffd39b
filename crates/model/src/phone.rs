/// A phone number in E.164 where it can be told, else its digits; `None` when it has fewer than three digits or letters.
///
/// Numbers without an international prefix are read by the French numbering plan (ten digits that start with 0).
pub fn normalise_phone(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(text.len());
    let mut plus = false;
    // “+33 (0)6 12 …”: the trunk zero in parentheses is not dialled from abroad.
    let text = text.replace("(0)", "");
    for c in text.trim().chars() {
        match c {
            '+' if digits.is_empty() => plus = true,
            '0'..='9' => digits.push(c),
            ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' => {}
            _ => return None,
        }
    }
    if !plus && digits.starts_with("00") {
        digits.drain(..2);
        plus = true;
    } else if !plus && digits.len() == 10 && digits.starts_with('0') {
        digits.replace_range(..1, "33");
        plus = true;
    }
    match (plus, digits.len()) {
        (true, 7..=15) => Some(format!("+{digits}")),
        (false, 3..=20) => Some(digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::normalise_phone;

    #[test]
    fn french_and_international_numbers() {
        assert_eq!(normalise_phone("06.39.98 12 34").as_deref(), Some("+33639981234"));
        assert_eq!(normalise_phone("0033 (0)1 99 00 12 34").as_deref(), Some("+33199001234"));
        assert_eq!(normalise_phone("+1 202-555-0143").as_deref(), Some("+12025550143"));
        assert_eq!(normalise_phone("3949").as_deref(), Some("3949"));
        assert_eq!(normalise_phone("12"), None);
        assert_eq!(normalise_phone("call me"), None);
    }
}
