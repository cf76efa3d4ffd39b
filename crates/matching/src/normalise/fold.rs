//! One form for all spellings of the same letters.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Cells longer than this are cut: nobody's name needs more, and no file can then cost more.
const LONGEST: usize = 4096;

/// Lower case without accents; ligatures spelt out; anything but letters and digits becomes a single space, except
/// apostrophes, which vanish. No space at either end.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    if text.is_ascii() {
        for byte in text.bytes().take(LONGEST) {
            push(&mut folded, byte as char);
        }
    } else {
        for c in text.chars().take(LONGEST).nfd().filter(|c| !is_combining_mark(*c)) {
            match c {
                'œ' | 'Œ' => folded.push_str("oe"),
                'æ' | 'Æ' => folded.push_str("ae"),
                'ß' => folded.push_str("ss"),
                'ø' | 'Ø' => folded.push('o'),
                'ł' | 'Ł' => folded.push('l'),
                'đ' | 'Đ' => folded.push('d'),
                c => push(&mut folded, c),
            }
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// German umlauts spelt with two letters, as German keyboards and forms without them have it. Cells of other regions are
/// left as they are.
pub(crate) fn umlauts<'a>(cell: &'a str, region: &str) -> Cow<'a, str> {
    if cell.is_ascii() || !matches!(region, "DE" | "AT") {
        return Cow::Borrowed(cell);
    }
    let mut spelt = String::with_capacity(cell.len() + 2);
    for c in cell.nfc() {
        match c {
            'ä' => spelt.push_str("ae"),
            'ö' => spelt.push_str("oe"),
            'ü' => spelt.push_str("ue"),
            'Ä' => spelt.push_str("AE"),
            'Ö' => spelt.push_str("OE"),
            'Ü' => spelt.push_str("UE"),
            c => spelt.push(c),
        }
    }
    Cow::Owned(spelt)
}

#[inline]
fn push(folded: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => folded.push(c),
        'A'..='Z' => folded.push(c.to_ascii_lowercase()),
        '\'' | '’' | '`' | '´' => {}
        c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
        _ if folded.is_empty() || folded.ends_with(' ') => {}
        _ => folded.push(' '),
    }
}

/// Whether a folded text is what people type where they have nothing to say.
pub(crate) fn is_placeholder(folded: &str) -> bool {
    matches!(
        folded,
        "" | "n a"
            | "na"
            | "nc"
            | "n c"
            | "nd"
            | "null"
            | "none"
            | "nan"
            | "nil"
            | "unknown"
            | "inconnu"
            | "inconnue"
            | "non renseigne"
            | "non communique"
            | "sans"
            | "aucun"
            | "aucune"
            | "test"
            | "tests"
            | "todo"
            | "tbd"
            | "xx"
            | "xxx"
            | "xxxx"
            | "not available"
            | "not provided"
            | "undefined"
    )
}

/// The folded text, unless it is a placeholder.
pub(crate) fn text(cell: &str) -> Option<String> {
    let folded = fold(cell);
    (!is_placeholder(&folded)).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_are_two_letters_in_german() {
        assert_eq!(fold(&umlauts("Köhler-Weiß", "DE")), fold("KOEHLER WEISS"));
        assert_eq!(fold(&umlauts("Mu\u{308}ller", "AT")), "mueller");
        assert_eq!(umlauts("Saül", "FR"), "Saül");
    }

    #[test]
    fn accents_case_and_punctuation_vanish() {
        assert_eq!(fold("  Élodie-Anne  D’ŒUVRE, "), "elodie anne doeuvre");
        assert_eq!(fold("N'Guyen"), "nguyen");
        assert_eq!(fold("Straße 5"), "strasse 5");
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("Иван"), "иван");
        assert_eq!(text(" N/A "), None);
        assert_eq!(text("---"), None);
        assert_eq!(fold(&"é".repeat(100_000)).len(), LONGEST);
    }
}
