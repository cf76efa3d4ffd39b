use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text without case and accents, for comparing and searching: lower case, canonical decomposition, combining marks removed,
/// ligatures `œ`, `æ`, `ß` written out.
///
/// PostgreSQL's `fold` function, made by the store, gives the same for Latin text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            c => out.push(c),
        }
    }
    out
}

/// The folded words of a text: runs of letters and digits.
pub fn words_of(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_removes_case_and_accents() {
        assert_eq!(fold("Élodie ŒUVRE Straße"), "elodie oeuvre strasse");
        assert_eq!(words_of("L'Oréal, 92-Clichy"), ["l", "oreal", "92", "clichy"]);
    }
}
