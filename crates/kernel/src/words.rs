use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::{Format, Locale};

/// Every word the product shows, in both languages, from Fluent sources.
///
/// A key is a message (`contact`) or a message and an attribute (`contact.emails`).
pub struct Words {
    bundles: [FluentBundle<FluentResource>; 2],
}

/// A Fluent source that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("words in {locale}: {detail}")]
pub struct WordsError {
    locale: &'static str,
    detail: String,
}

impl Words {
    /// Reads pairs of sources, French first.
    pub fn new<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Words, WordsError> {
        let mut words = Words { bundles: [bundle(Locale::Fr), bundle(Locale::En)] };
        for (fr, en) in sources {
            words.add(Locale::Fr, fr)?;
            words.add(Locale::En, en)?;
        }
        Ok(words)
    }

    fn add(&mut self, locale: Locale, source: &str) -> Result<(), WordsError> {
        let fail = |detail| WordsError { locale: locale.as_str(), detail };
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, e)| fail(format!("{e:?}")))?;
        self.bundles[locale as usize].add_resource(resource).map_err(|e| fail(format!("{e:?}")))
    }

    /// The text of a key, or the key itself when there is none (a test keeps that from happening).
    pub fn get(&self, locale: Locale, key: &str) -> Cow<'_, str> {
        self.find(locale, key, None).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The text of a key with arguments; numbers choose plural forms.
    pub fn with(&self, locale: Locale, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.find(locale, key, Some(&args)).map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    /// The text of a key if there is one.
    pub fn find(&self, locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<Cow<'_, str>> {
        let bundle = &self.bundles[locale as usize];
        let (message, attribute) = match key.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (key, None),
        };
        let message = bundle.get_message(message)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        Some(Cow::Owned(bundle.format_pattern(pattern, args, &mut errors).into_owned()))
    }
}

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = locale.as_str().parse().expect("fr and en are language tags");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::Fr => |value: &FluentValue<'_>, _: &_| number(Locale::Fr, value),
        Locale::En => |value: &FluentValue<'_>, _: &_| number(Locale::En, value),
    }));
    bundle
}

fn number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 => Some(Format(locale).integer(n.value as i64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_attributes_follow_the_language() {
        let words = Words::new([(
            "contact = Contact\n    .many = Contacts\nrows = { $n ->\n  [one] { $n } ligne\n *[other] { $n } lignes\n}",
            "contact = Contact\n    .many = Contacts\nrows = { $n ->\n  [one] { $n } row\n *[other] { $n } rows\n}",
        )])
        .unwrap();
        assert_eq!(words.get(Locale::Fr, "contact.many"), "Contacts");
        assert_eq!(words.with(Locale::Fr, "rows", &[("n", 0.into())]), "0 ligne");
        assert_eq!(words.with(Locale::En, "rows", &[("n", 0.into())]), "0 rows");
        assert_eq!(words.with(Locale::Fr, "rows", &[("n", 12345.into())]), "12\u{202f}345 lignes");
        assert_eq!(words.get(Locale::En, "missing.key"), "missing.key");
    }
}
