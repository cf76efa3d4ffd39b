//! Texts as words, and the codes and numbers among them.

use super::fold::{fold, is_placeholder};

/// Words that say nothing of what a text is about, English and French.
const STOP: &[&str] = &[
    "a", "an", "and", "as", "at", "au", "aux", "avec", "by", "d", "dans", "de", "des", "du", "en", "et", "for", "from",
    "in", "is", "it", "its", "l", "la", "le", "les", "of", "on", "or", "ou", "par", "pour", "s", "sur", "that", "the",
    "this", "to", "un", "une", "with", "your",
];

/// More words than this are not compared.
const MOST_WORDS: usize = 250;

/// The words of a text, in order, without stop words.
pub(crate) fn words(cell: &str) -> Option<String> {
    let folded = fold(cell);
    if is_placeholder(&folded) {
        return None;
    }
    let mut kept = String::with_capacity(folded.len());
    for word in folded.split(' ').filter(|word| !STOP.contains(word)).take(MOST_WORDS) {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(singular(word));
    }
    Some(if kept.is_empty() { folded } else { kept })
}

/// The word without the mark of an English or French plural.
fn singular(word: &str) -> &str {
    let plural = word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    if plural && word.is_ascii() { &word[..word.len() - 1] } else { word }
}

/// The codes of a text: what has a digit in it, with inner hyphens, slashes and dots removed (`PS-LX350H`, `1080p`).
pub(crate) fn codes(cell: &str) -> Option<String> {
    let mut found = String::new();
    for word in cell
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '/'))
        .take(4 * MOST_WORDS)
    {
        let code: String = word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        if digits > 0 && code.len() >= 2 && code.len() <= 24 {
            if !found.is_empty() {
                found.push(' ');
            }
            found.push_str(&code);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A number as people write it: currency signs and thousands separators are left out, a decimal comma is a point.
pub(crate) fn number(cell: &str) -> Option<String> {
    let mut text: String =
        cell.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).take(32).collect();
    match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) if comma > point => text = text.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => text = text.replace(',', ""),
        (Some(comma), None) if text.len() - comma == 4 && text.len() > 4 => text = text.replace(',', ""),
        (Some(_), None) => text = text.replace(',', "."),
        _ => {}
    }
    let number: f32 = text.parse().ok()?;
    (number.is_finite() && number != 0.0).then(|| number.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_codes() {
        assert_eq!(words("The Query-by-Example Systems").as_deref(), Some("query example system"));
        assert_eq!(codes("Sony Turntable - PS-LX350H (33 RPM)").as_deref(), Some("pslx350h 33"));
        assert_eq!(codes("no code"), None);
    }

    #[test]
    fn numbers() {
        for (cell, value) in
            [("$1,234.50", "1234.5"), ("1.234,50 €", "1234.5"), ("12,5", "12.5"), ("1,234", "1234"), ("399", "399")]
        {
            assert_eq!(number(cell).as_deref(), Some(value), "{cell}");
        }
        assert_eq!(number("0.0"), None);
        assert_eq!(number("free"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(cell in ".{0,60}") {
            let _ = (words(&cell), codes(&cell), number(&cell));
        }
    }
}
