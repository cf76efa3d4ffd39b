use super::Invalid;

const YES: [&str; 14] = ["1", "true", "t", "yes", "y", "on", "x", "vrai", "v", "oui", "o", "✓", "✔", "active"];
const NO: [&str; 13] = ["0", "false", "f", "no", "n", "off", "faux", "non", "✗", "✘", "-", "none", "inactive"];

/// Yes or no in French, English and the ways of computers and check lists (`x`), whatever the case.
///
/// ```
/// use tabular::value::parse_bool;
/// assert_eq!(parse_bool("Oui"), Ok(true));
/// assert_eq!(parse_bool("FALSE"), Ok(false));
/// assert!(parse_bool("maybe").is_err());
/// ```
pub fn parse_bool(text: &str) -> Result<bool, Invalid> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        Err(Invalid::Blank)
    } else if YES.contains(&text.as_str()) {
        Ok(true)
    } else if NO.contains(&text.as_str()) {
        Ok(false)
    } else {
        Err(Invalid::NotABoolean)
    }
}
