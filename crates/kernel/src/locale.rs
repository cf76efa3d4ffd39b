use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

/// A text that an administrator wrote, in one language or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// In French.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fr: String,
    /// In English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Locale {
    /// A label and what is said about it, with the colon as the language has it: after a no-break space in French.
    ///
    /// ```
    /// assert_eq!(kernel::Locale::Fr.labelled("Nom", "obligatoire"), "Nom\u{a0}: obligatoire");
    /// assert_eq!(kernel::Locale::En.labelled("Name", "required"), "Name: required");
    /// ```
    pub fn labelled(self, label: &str, text: &str) -> String {
        let space = if self == Locale::Fr { "\u{a0}" } else { "" };
        format!("{label}{space}: {text}")
    }

    /// Both languages.
    pub const ALL: [Locale; 2] = [Locale::Fr, Locale::En];

    /// `fr` or `en`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Locale::Fr => "fr",
            Locale::En => "en",
        }
    }

    /// Reads a language tag (`fr`, `fr-FR`, `en_US`); `None` for other languages.
    pub fn parse(tag: &str) -> Option<Locale> {
        match tag.trim().split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "fr" => Some(Locale::Fr),
            "en" => Some(Locale::En),
            _ => None,
        }
    }

    /// The first of our languages that an `Accept-Language` header asks for (RFC 9110, 12.5.4), by weight.
    pub fn negotiate(header: &str) -> Option<Locale> {
        let mut best: Option<(f32, Locale)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(locale) = pieces.next().and_then(Locale::parse) else { continue };
            let weight =
                pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok())).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(w, _)| weight > w) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

impl Label {
    /// The same text in both languages.
    pub fn same(text: &str) -> Label {
        Label { fr: text.to_owned(), en: text.to_owned() }
    }

    /// The text in `locale`, else in the other language.
    pub fn get(&self, locale: Locale) -> &str {
        let (wanted, other) = match locale {
            Locale::Fr => (&self.fr, &self.en),
            Locale::En => (&self.en, &self.fr),
        };
        if wanted.is_empty() { other } else { wanted }
    }

    /// Whether neither language has a text.
    pub fn is_empty(&self) -> bool {
        self.fr.is_empty() && self.en.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_follows_weights() {
        assert_eq!(Locale::negotiate("de, en;q=0.5, fr;q=0.8"), Some(Locale::Fr));
        assert_eq!(Locale::negotiate("en-US,en;q=0.9"), Some(Locale::En));
        assert_eq!(Locale::negotiate("de"), None);
        assert_eq!(Locale::negotiate("fr;q=0"), None);
    }
}
