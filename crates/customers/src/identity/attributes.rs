//! What a record says about somebody, in one vocabulary whatever its source calls it.

use std::collections::BTreeMap;
use std::collections::HashMap;

use matching::{Config, Entity, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::source::at;

/// What records are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person.
    Person,
    /// A company, an association, an administration.
    Organisation,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Person, Kind::Organisation];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Organisation => "organisation",
        }
    }

    /// Reads a stored name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What the matching library calls it.
    pub const fn entity(self) -> Entity {
        match self {
            Kind::Person => Entity::Person,
            Kind::Organisation => Entity::Organisation,
        }
    }
}

/// One thing that can be said about a person or an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What it means to the matching library.
    pub role: Role,
    /// Most values of a record that are compared: 0 when it says nothing about who somebody is.
    pub compared: usize,
}

const fn attribute(name: &'static str, role: Role, compared: usize) -> Attribute {
    Attribute { name, role, compared }
}

const PERSON: &[Attribute] = &[
    attribute("first_name", Role::FirstName, 1),
    attribute("last_name", Role::LastName, 1),
    attribute("full_name", Role::FullName, 1),
    attribute("birth_date", Role::Date, 1),
    attribute("email", Role::Email, 2),
    attribute("phone", Role::Phone, 2),
    attribute("street_number", Role::StreetNumber, 1),
    attribute("street", Role::Street, 1),
    attribute("address", Role::FullAddress, 1),
    attribute("address_line", Role::AddressLine, 1),
    attribute("postcode", Role::Postcode, 1),
    attribute("city", Role::City, 1),
    attribute("identifier", Role::Identifier, 1),
    attribute("region", Role::Region, 0),
    attribute("country", Role::Country, 0),
    attribute("gender", Role::Gender, 0),
    attribute("organisation", Role::Category, 0),
    attribute("job_title", Role::Ignore, 0),
    attribute("language", Role::Ignore, 0),
    attribute("website", Role::Website, 0),
    attribute("stage", Role::Ignore, 0),
];

const ORGANISATION: &[Attribute] = &[
    attribute("name", Role::OrganisationName, 1),
    attribute("identifier", Role::Identifier, 3),
    attribute("website", Role::Website, 1),
    attribute("email", Role::Email, 1),
    attribute("phone", Role::Phone, 1),
    attribute("street_number", Role::StreetNumber, 1),
    attribute("street", Role::Street, 1),
    attribute("address", Role::FullAddress, 1),
    attribute("postcode", Role::Postcode, 1),
    attribute("city", Role::City, 1),
    attribute("country", Role::Country, 1),
    attribute("address_line", Role::AddressLine, 0),
    attribute("region", Role::Region, 0),
    attribute("industry", Role::Category, 0),
    attribute("stage", Role::Ignore, 0),
];

/// What can be said about a kind, in the order in which it is shown.
pub const fn vocabulary(kind: Kind) -> &'static [Attribute] {
    match kind {
        Kind::Person => PERSON,
        Kind::Organisation => ORGANISATION,
    }
}

/// The columns that the matching library compares, with the attribute and the place of the value in it: `email`, `email_2`.
pub fn columns(kind: Kind) -> impl Iterator<Item = (String, &'static Attribute, usize)> {
    vocabulary(kind).iter().flat_map(|attribute| {
        let name = |place: usize| match place {
            0 => attribute.name.to_owned(),
            place => format!("{}_{}", attribute.name, place + 1),
        };
        (0..attribute.compared).map(move |place| (name(place), attribute, place))
    })
}

/// What a record says, by attribute, in the order of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<&'static str, Vec<String>>);

impl Attributes {
    /// The values of an attribute.
    pub fn get(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first value of an attribute.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.get(name).first().map(String::as_str)
    }

    /// The cell of a column of [`columns`].
    pub fn cell(&self, column: &str) -> Option<&str> {
        let place = |text: &str| text.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        match column.rsplit_once('_').and_then(|(name, last)| Some((name, place(last)?))) {
            Some((name, place)) => self.get(name).get(place).map(String::as_str),
            None => self.first(column),
        }
    }

    /// All that is said.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.0.iter().map(|(name, values)| (*name, values.as_slice()))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out attributes.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| keep(name));
    }

    fn add(&mut self, name: &'static str, value: String) {
        let values = self.0.entry(name).or_default();
        if !values.contains(&value) && values.len() < MOST_VALUES {
            values.push(value);
        }
    }
}

/// Most values of an attribute that are read of a record.
const MOST_VALUES: usize = 20;
/// Most characters of a value.
const MOST_CHARACTERS: usize = 500;

/// Understands the records of one source.
#[derive(Debug, Default)]
pub struct Reader {
    /// Members whose meaning an administrator gave; a meaning that is no attribute leaves the member out.
    given: HashMap<String, String>,
    /// For members met together, what they mean.
    known: HashMap<String, Vec<Option<&'static str>>>,
}

impl Reader {
    /// A reader with the mapping of a source: an object with the attribute of each member, such as `{"courriel": "email"}`.
    pub fn new(mapping: &Json) -> Reader {
        let given = mapping.as_object().into_iter().flatten();
        let given = given.filter_map(|(member, name)| Some((member.clone(), name.as_str()?.to_owned())));
        Reader { given: given.collect(), known: HashMap::new() }
    }

    /// What a payload says about a kind.
    pub fn read(&mut self, kind: Kind, payload: &Json) -> Attributes {
        let mut found = Attributes::default();
        for (_, value, meaning) in self.members(kind, payload) {
            match (meaning, value) {
                (Some(name @ ("email_state" | "phone_state")), Json::Bool(true)) => found.add(name, "true".to_owned()),
                (Some(name), _) => texts(value, &mut |text| found.add(name, text)),
                (None, _) => {}
            }
        }
        found
    }

    /// The members of a payload, those of an address and those whose place a mapping names among them, each with the attribute that it
    /// is taken for.
    pub fn members<'a>(&mut self, kind: Kind, payload: &'a Json) -> Vec<(String, &'a Json, Option<&'static str>)> {
        let Some(object) = payload.as_object() else { return Vec::new() };
        let mut members = flat(object);
        let deep = self.given.keys().filter(|path| path.contains('.') && !object.contains_key(*path));
        for path in deep {
            if let Some(value) = at(payload, path).filter(|_| members.iter().all(|(name, _)| name != path)) {
                members.push((path.clone(), value));
            }
        }
        // Databases do not keep the order of members, and it must not decide which of two values is the first.
        members.sort_by(|x, y| x.0.cmp(&y.0));
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        let together = format!("{}\n{}", kind.as_str(), names.join("\n"));
        if !self.known.contains_key(&together) {
            if self.known.len() >= 1_000 {
                self.known.clear();
            }
            let meanings = self.meanings(kind, &names);
            self.known.insert(together.clone(), meanings);
        }
        let meanings = &self.known[&together];
        members.into_iter().zip(meanings).map(|((name, value), meaning)| (name, value, *meaning)).collect()
    }

    /// What members mean: as given, as the vocabulary calls it, or as their name suggests.
    fn meanings(&self, kind: Kind, names: &[&str]) -> Vec<Option<&'static str>> {
        let own = |name: &str| vocabulary(kind).iter().find(|held| held.name == name).map(|held| held.name);
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let lasts: Vec<String> = names.iter().map(|name| last(name)).collect();
        let headers: Vec<&str> = lasts.iter().map(String::as_str).collect();
        let config = Config::of_headers(&headers, kind.entity());
        let of_role = |role: Role| {
            let held = vocabulary(kind).iter().find(|held| held.role == role && role != Role::Ignore);
            held.map(|held| held.name)
        };
        let meaning = |(name, column): (&&str, &matching::ColumnConfig)| match self.given.get(*name) {
            Some(given) => own(given),
            // A customer's name, or number: nobody can tell from the word alone.
            None if column.name.eq_ignore_ascii_case("client") => None,
            None => state(name).or_else(|| own(&column.name)).or_else(|| of_role(column.role)),
        };
        names.iter().zip(&config.columns).map(meaning).collect()
    }
}

/// Under which name a member's word about the first address or number is kept: claims of OpenID Connect (Core 1.0, 5.1), and what mail
/// services and directories call it.
fn state(member: &str) -> Option<&'static str> {
    let bare: String = member.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    match bare.as_str() {
        "emailverified" | "emailconfirmed" | "emailstatus" | "emailstate" => Some("email_state"),
        "phoneverified" | "phonenumberverified" | "phoneconfirmed" | "phonestatus" | "phonestate" => {
            Some("phone_state")
        }
        _ => None,
    }
}

/// The members of an object, those of an address among them as `address.city`.
fn flat(object: &Map<String, Json>) -> Vec<(String, &Json)> {
    let mut members = Vec::new();
    for (name, value) in object {
        match value {
            Json::Object(inner) if name == "address" || name == "name" => {
                members.extend(inner.iter().map(|(part, value)| (format!("{name}.{part}"), value)));
            }
            _ => members.push((name.clone(), value)),
        }
    }
    members
}

/// The texts that a value holds: itself, those of a list, and of objects in it what they call their value.
fn texts(value: &Json, put: &mut dyn FnMut(String)) {
    match value {
        Json::String(text) => {
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            let text = text.trim();
            if !text.is_empty() && text.chars().count() <= MOST_CHARACTERS {
                put(text.to_owned());
            }
        }
        Json::Number(number) => put(number.to_string()),
        Json::Array(values) => values.iter().for_each(|value| texts(value, put)),
        Json::Object(object) => {
            if let Some(value @ Json::String(_)) = object.get("value") {
                texts(value, put);
            }
        }
        Json::Bool(_) | Json::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: Kind, mapping: Json, payload: Json) -> String {
        let found = Reader::new(&mapping).read(kind, &payload);
        found.iter().map(|(name, values)| format!("{name}={}", values.join("|"))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn members_are_recognised() {
        let traits = json!({"firstName": "Ana", "lastName": "Ruiz", "email": " ana@x.example ", "birthday": "1990-01-02",
            "phone": 612345678, "address": {"street": "3 rue Sainte", "city": "Lyon", "postalCode": "69001"}, "plan": true});
        assert_eq!(
            read(Kind::Person, Json::Null, traits),
            "birth_date=1990-01-02 city=Lyon email=ana@x.example first_name=Ana last_name=Ruiz phone=612345678 postcode=69001 street=3 rue Sainte"
        );
        let french = json!({"Client": "C-17", "Nom": "Ruiz", "Prénom": "Ana", "Courriel": "a@x.example", "Société": "Ruiz SARL"});
        assert_eq!(
            read(Kind::Person, Json::Null, french),
            "email=a@x.example first_name=Ana last_name=Ruiz organisation=Ruiz SARL"
        );
        assert_eq!(read(Kind::Person, Json::Null, json!({"name": "Ana Ruiz"})), "full_name=Ana Ruiz");
        let states =
            json!({"email": "a@x.example", "emailVerified": true, "phone_status": "invalid", "phone_verified": false});
        assert_eq!(read(Kind::Person, Json::Null, states), "email=a@x.example email_state=true phone_state=invalid");
        let group = json!({"name": "Ruiz SARL", "website": "ruiz.example", "siren": "732829320"});
        assert_eq!(
            read(Kind::Organisation, Json::Null, group),
            "identifier=732829320 name=Ruiz SARL website=ruiz.example"
        );
    }

    #[test]
    fn a_mapping_comes_first() {
        let mapping = json!({"mail2": "email", "city": "ignored"});
        let payload = json!({"mail2": ["a@x.example", {"value": "b@x.example"}], "city": "Lyon"});
        assert_eq!(read(Kind::Person, mapping, payload), "email=a@x.example|b@x.example");
        let mapping = json!({"contact.mails.0.to": "email", "contact.name": "last_name", "nowhere.at.all": "phone", "address.city": "-"});
        let contact = json!({"mails": [{"to": "a@x.example"}], "name": "Ruiz"});
        let payload = json!({"contact": contact, "address": {"city": "Lyon"}, "phone": "0639981234"});
        assert_eq!(read(Kind::Person, mapping, payload), "email=a@x.example last_name=Ruiz phone=0639981234");
    }

    #[test]
    fn columns_find_their_cells() {
        let found = Reader::default().read(Kind::Person, &json!({"email": ["a@x.example", "b@x.example"]}));
        assert_eq!((found.cell("email"), found.cell("email_2")), (Some("a@x.example"), Some("b@x.example")));
        assert_eq!((found.cell("phone_2"), found.cell("first_name")), (None, None));
        assert!(columns(Kind::Person).any(|(name, ..)| name == "phone_2"));
    }
}
