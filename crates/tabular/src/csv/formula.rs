//! Texts that a spreadsheet would run as formulas.
//!
//! A cell of an exported CSV file that starts with `=`, `+`, `-`, `@` or a control character is executed by spreadsheet
//! programs when the file is opened (CSV injection, CWE-1236). An apostrophe before the text stops it.
//! [`restore`] takes back exactly what [`neutralise`] adds.

use std::borrow::Cow;

fn is_lead(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// A sign followed by digits, blanks and points only: a phone number or an amount, which no spreadsheet executes.
fn is_signed_number(text: &str) -> bool {
    text.strip_prefix(['+', '-']).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '\u{a0}' | '\u{202f}'))
    })
}

/// The text with an apostrophe before it if a spreadsheet would run it. Phone numbers and negative amounts stay as they are.
///
/// ```
/// use tabular::formula::{neutralise, restore};
/// assert_eq!(neutralise("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
/// assert_eq!(neutralise("+33 1 99 00 12 34"), "+33 1 99 00 12 34");
/// assert_eq!(restore("'=1+1"), "=1+1");
/// assert_eq!(restore("'Ibis"), "'Ibis");
/// ```
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(is_lead) && !is_signed_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without the apostrophe that [`neutralise`] put before it.
pub fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(is_lead) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_neutralised_is_restored(text in "[-'=+@\t1a ]{0,6}") {
            let safe = neutralise(&text);
            prop_assert_eq!(restore(&safe), text.as_str());
            prop_assert!(!safe.starts_with(is_lead) || is_signed_number(&safe));
        }
    }
}
