//! Contact points: what a consent is about. Never a person, never a profile.

use std::fmt;

use model::{Value, normalise_email, normalise_phone};

use super::Channel;

/// Most bytes of a point's text.
const MOST: usize = 500;

/// The kinds of contact point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum PointKind {
    Email,
    Phone,
    Postal,
    Device,
}

/// One address of one kind, in the one form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContactPoint {
    kind: PointKind,
    /// With the kind in front, as it is kept: `email:ada@example.org`.
    key: String,
}

impl PointKind {
    /// Every kind.
    pub const ALL: [PointKind; 4] = [PointKind::Email, PointKind::Phone, PointKind::Postal, PointKind::Device];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            PointKind::Email => "email",
            PointKind::Phone => "phone",
            PointKind::Postal => "postal",
            PointKind::Device => "device",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<PointKind> {
        PointKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The channels that reach a point of this kind.
    pub const fn channels(self) -> &'static [Channel] {
        match self {
            PointKind::Email => &[Channel::Email, Channel::Ads],
            PointKind::Phone => &[Channel::Sms, Channel::Phone, Channel::Ads],
            PointKind::Postal => &[Channel::Post],
            PointKind::Device => &[Channel::Push, Channel::Ads],
        }
    }
}

impl ContactPoint {
    /// A point of this kind; `None` when the text is no such address.
    ///
    /// E-mail addresses are compared in lower case and telephone numbers as E.164, as records keep them; two spellings that only some
    /// providers take for one mailbox (dots, `+tag`) stay two points. Postal addresses are compared without case, accents and
    /// punctuation, device identifiers as they are.
    pub fn new(kind: PointKind, text: &str) -> Option<ContactPoint> {
        let text = text.trim();
        let value = match kind {
            PointKind::Email => normalise_email(text)?,
            PointKind::Phone => normalise_phone(text)?,
            PointKind::Postal => kernel::words_of(text).join(" "),
            PointKind::Device => text.replace('\0', ""),
        };
        let fits = !value.is_empty() && value.len() <= MOST;
        fits.then(|| ContactPoint { kind, key: format!("{}:{value}", kind.as_str()) })
    }

    /// A point from a text that says no kind: an e-mail address where it has an `@`, else a telephone number.
    pub fn guess(text: &str) -> Option<ContactPoint> {
        match ContactPoint::parse(text.trim()) {
            Some(point) => Some(point),
            None if text.contains('@') => ContactPoint::new(PointKind::Email, text),
            None => ContactPoint::new(PointKind::Phone, text),
        }
    }

    /// Reads the form in which it is kept: `phone:+33612345678`.
    pub fn parse(key: &str) -> Option<ContactPoint> {
        let (kind, value) = key.split_once(':')?;
        ContactPoint::new(PointKind::parse(kind)?, value)
    }

    /// The points in a field's value: the addresses of a list of e-mails or telephones, a postal address; none of other values.
    /// `phones` says whether entries are telephone numbers.
    pub fn of_value(value: &Value, phones: bool) -> Vec<ContactPoint> {
        let kind = if phones { PointKind::Phone } else { PointKind::Email };
        match value {
            Value::Entries(entries) => entries.iter().filter_map(|e| ContactPoint::new(kind, &e.value)).collect(),
            Value::Address(a) => {
                let parts = [&a.street, &a.street2, &a.postcode, &a.city, &a.country].map(String::as_str);
                ContactPoint::new(PointKind::Postal, &parts.join(" ")).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Its kind.
    pub fn kind(&self) -> PointKind {
        self.kind
    }

    /// The address alone.
    pub fn value(&self) -> &str {
        &self.key[self.kind.as_str().len() + 1..]
    }

    /// With the kind in front, as it is kept.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for ContactPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        let point = |kind, text: &str| ContactPoint::new(kind, text).map(|p| p.key().to_owned());
        assert_eq!(point(PointKind::Email, " Ada@Example.ORG ").as_deref(), Some("email:ada@example.org"));
        assert_eq!(point(PointKind::Phone, "06 39 98 12 34").as_deref(), Some("phone:+33639981234"));
        assert_eq!(
            point(PointKind::Postal, "3, rue de l’Été\n75001 PARIS").as_deref(),
            Some("postal:3 rue de l ete 75001 paris")
        );
        assert_eq!(point(PointKind::Device, "A:b").as_deref(), Some("device:A:b"));
        assert_eq!(point(PointKind::Email, "nothing"), None);
        assert_ne!(point(PointKind::Email, "a.da@example.org"), point(PointKind::Email, "ada@example.org"));
    }

    #[test]
    fn what_is_kept_is_read_back() {
        for key in ["email:ada@example.org", "phone:+33639981234", "device:A:b"] {
            let point = ContactPoint::parse(key).unwrap();
            assert_eq!((point.key(), format!("{}:{}", point.kind().as_str(), point.value())), (key, key.to_owned()));
        }
        assert_eq!(ContactPoint::guess("0639981234").unwrap().key(), "phone:+33639981234");
        assert_eq!(ContactPoint::guess("a@b.example").unwrap().key(), "email:a@b.example");
        assert_eq!(ContactPoint::parse("letter:x"), None);
    }
}
