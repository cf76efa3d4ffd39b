use jiff::{Timestamp, civil};
use kernel::{Id, Money};
use serde::{Deserialize, Serialize};

use crate::Ident;

/// What a field of a record holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// Integers, ratings, durations in seconds.
    Int(i64),
    /// Numbers and percents (12.5 means 12.5 %).
    Number(f64),
    /// Texts, choices, auto-numbers.
    Text(String),
    /// A day.
    Date(civil::Date),
    /// A moment, to the microsecond.
    DateTime(Timestamp),
    /// An amount with its currency.
    Money(Money),
    /// A reference to a record or a user.
    Id(Id),
    /// A polymorphic reference.
    Ref(Ref),
    /// References (many-to-many).
    Ids(Vec<Id>),
    /// Tags and multiple choices.
    Texts(Vec<String>),
    /// A person's name.
    Name(Box<PersonName>),
    /// E-mails, phones or links; the first is the primary one.
    Entries(Vec<Entry>),
    /// A postal address.
    Address(Box<Address>),
    /// A place on earth.
    Location(Location),
    /// Attached files.
    Files(Vec<FileRef>),
    /// Anything.
    Json(Box<serde_json::Value>),
}

/// A reference that says which object it points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ref {
    /// The object.
    pub object: Ident,
    /// The record.
    pub id: Id,
}

/// A person's name in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonName {
    /// Mme, Dr, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Given name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first: String,
    /// Other given names.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub middle: String,
    /// Family name, particle included.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    /// Jr, III, …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

/// An e-mail address, a phone number or a link, with what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The address, number or link.
    pub value: String,
    /// Work, home, mobile, … as the user names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Number and street.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// Building, floor, box.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street2: String,
    /// Postal code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    /// City.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// State, department or region.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Country, as the user writes it or by ISO 3166 code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

/// Latitude and longitude in degrees (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// −90 to 90.
    pub lat: f64,
    /// −180 to 180.
    pub lon: f64,
}

/// A stored file, by its content's identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The file's identifier.
    pub id: Id,
    /// The name it was uploaded with.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    #[serde(rename = "type")]
    pub media: String,
}

impl PersonName {
    /// The parts in reading order.
    pub fn full(&self) -> String {
        join(&[&self.title, &self.first, &self.middle, &self.last, &self.suffix], " ")
    }

    /// A name written in one text: the last word is taken for the family name, with the particles before it.
    pub fn split(text: &str) -> PersonName {
        const TITLES: [&str; 10] = ["m", "mr", "mme", "mrs", "ms", "mlle", "dr", "me", "pr", "prof"];
        const PARTICLES: [&str; 10] = ["de", "du", "des", "la", "le", "d'", "von", "van", "der", "den"];
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let mut name = PersonName::default();
        if words.len() > 1 && TITLES.contains(&kernel::fold(words[0]).trim_end_matches('.')) {
            name.title = words.remove(0).to_owned();
        }
        let mut at = words.len().saturating_sub(1);
        while at > 1 && PARTICLES.contains(&kernel::fold(words[at - 1]).as_str()) {
            at -= 1;
        }
        name.first = words[..at].join(" ");
        name.last = words[at..].join(" ");
        name
    }

    /// Whether every part is empty.
    pub fn is_empty(&self) -> bool {
        self.full().is_empty()
    }

    /// A part by its name.
    pub fn part(&self, part: &str) -> Option<&str> {
        Some(match part {
            "title" => &self.title,
            "first" => &self.first,
            "middle" => &self.middle,
            "last" => &self.last,
            "suffix" => &self.suffix,
            _ => return None,
        })
    }
}

impl Address {
    /// One line: street, postcode and city, region, country.
    pub fn line(&self) -> String {
        let city = join(&[&self.postcode, &self.city], " ");
        join(&[&self.street, &self.street2, &city, &self.region, &self.country], ", ")
    }

    /// Whether every part is empty.
    pub fn is_empty(&self) -> bool {
        self.line().is_empty()
    }

    /// A part by its name.
    pub fn part(&self, part: &str) -> Option<&str> {
        Some(match part {
            "street" => &self.street,
            "street2" => &self.street2,
            "postcode" => &self.postcode,
            "city" => &self.city,
            "region" => &self.region,
            "country" => &self.country,
            _ => return None,
        })
    }
}

fn join(parts: &[&str], separator: &str) -> String {
    let mut out = String::new();
    for part in parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
        if !out.is_empty() {
            out.push_str(separator);
        }
        out.push_str(part);
    }
    out
}

impl Value {
    /// Whether there is nothing: null, or an empty text or list.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::Ids(list) => list.is_empty(),
            Value::Texts(list) => list.is_empty(),
            Value::Entries(list) => list.is_empty(),
            Value::Files(list) => list.is_empty(),
            Value::Name(name) => name.is_empty(),
            Value::Address(address) => address.is_empty(),
            _ => false,
        }
    }

    /// What comparisons and sorting look at: the amount, the full name, the primary entry, the identifier; or a named part.
    ///
    /// Lists, files and JSON have no such value and answer null.
    pub fn scalar(&self, part: Option<&str>) -> Value {
        let text = |t: &str| if t.is_empty() { Value::Null } else { Value::Text(t.to_owned()) };
        match (self, part) {
            (Value::Money(m), None) => Value::Int(m.units()),
            (Value::Money(m), Some("currency")) => text(m.currency().as_str()),
            (Value::Name(n), None) => text(&n.full()),
            (Value::Name(n), Some(part)) => n.part(part).map_or(Value::Null, text),
            (Value::Address(a), None) => text(&a.line()),
            (Value::Address(a), Some(part)) => a.part(part).map_or(Value::Null, text),
            (Value::Entries(list), None | Some("primary")) => list.first().map_or(Value::Null, |e| text(&e.value)),
            (Value::Ref(r), None) => Value::Id(r.id),
            (Value::Ref(r), Some("object")) => text(r.object.as_str()),
            (Value::Location(l), Some("lat")) => Value::Number(l.lat),
            (Value::Location(l), Some("lon")) => Value::Number(l.lon),
            (Value::Ids(_) | Value::Texts(_) | Value::Files(_) | Value::Json(_) | Value::Location(_), _) => Value::Null,
            (value, None) => value.clone(),
            (_, Some(_)) => Value::Null,
        }
    }

    /// The text, for texts.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The identifier, for references of any kind.
    pub fn as_id(&self) -> Option<Id> {
        match self {
            Value::Id(id) => Some(*id),
            Value::Ref(r) => Some(r.id),
            _ => None,
        }
    }

    /// The integer.
    pub fn as_int(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_with_titles_and_particles() {
        let name = PersonName::split("Mme Anne-Sophie de La Tour");
        assert_eq!(
            (name.title.as_str(), name.first.as_str(), name.last.as_str()),
            ("Mme", "Anne-Sophie", "de La Tour")
        );
        assert_eq!(PersonName::split("Cher").last, "Cher");
        assert!(PersonName::split("  ").is_empty());
    }
}
