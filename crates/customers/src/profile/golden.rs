//! Golden values: of what all sources say about somebody, what is believed, and why.

use std::collections::{BTreeMap, HashMap};

use kernel::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::point::{POINTS, PointState, Points};
use crate::identity::{Attributes, Kind, Understood, vocabulary};

/// By what the value of an attribute is chosen where sources differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The source that is believed most; among its values the latest.
    #[default]
    Trusted,
    /// The latest.
    Recent,
    /// The one that most records have.
    Frequent,
    /// The one that says most: the longest.
    Complete,
    /// Of addresses and numbers the confirmed one, and last those that do not reach anybody; among equals as [`Rule::Trusted`].
    Verified,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 5] = [Rule::Verified, Rule::Trusted, Rule::Recent, Rule::Frequent, Rule::Complete];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Rule::Trusted => "trusted",
            Rule::Recent => "recent",
            Rule::Frequent => "frequent",
            Rule::Complete => "complete",
            Rule::Verified => "verified",
        }
    }

    /// Reads a stored name.
    pub fn parse(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    /// Whether it can choose among the values of an attribute.
    pub fn suits(self, attribute: &str) -> bool {
        self != Rule::Verified || POINTS.iter().any(|(known, _)| *known == attribute)
    }
}

/// The rule of each attribute; those that are not named go by their usual one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules(BTreeMap<String, Rule>);

impl Rules {
    /// The name of the setting that holds them.
    pub const SETTING: &str = "survivorship";

    /// Reads the setting; nothing is set where it cannot be read.
    pub fn read(setting: Option<Json>) -> Rules {
        setting.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
    }

    /// The rule of an attribute.
    pub fn of(&self, attribute: &str) -> Rule {
        self.0.get(attribute).copied().unwrap_or(match attribute {
            "first_name" | "last_name" | "full_name" | "name" | "birth_date" => Rule::Frequent,
            "job_title" | "organisation" => Rule::Recent,
            "email" | "phone" => Rule::Verified,
            _ => Rule::Trusted,
        })
    }

    /// The rules that differ from the usual ones.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Rule)> {
        self.0.iter().map(|(attribute, rule)| (attribute.as_str(), *rule))
    }

    /// Sets the rule of an attribute. Its usual one is not kept, so that it follows when that changes.
    pub fn set(&mut self, attribute: &str, rule: Rule) {
        self.0.remove(attribute);
        if self.of(attribute) != rule {
            self.0.insert(attribute.to_owned(), rule);
        }
    }
}

/// A value that some record has for an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The value, as the record that speaks for it writes it.
    pub value: String,
    /// The record that speaks for it.
    pub record: Id,
    /// Its source.
    pub source: Id,
    /// The source's name.
    pub source_name: String,
    /// When it came in.
    pub at: Timestamp,
    /// How many records have it, however they write it.
    pub records: usize,
    /// Whether a person fixed it.
    pub pinned: bool,
    /// Of an address or a number whether it reaches somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PointState>,
    #[serde(skip)]
    trust: i64,
}

/// What is believed of an attribute, and what else was said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chosen {
    /// The attribute.
    pub attribute: &'static str,
    /// The rule by which the first candidate was chosen.
    pub rule: Rule,
    /// All values, the one believed first. Of attributes with several values all are kept, the best first.
    pub candidates: Vec<Candidate>,
}

/// The golden values of a profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Golden(pub Vec<Chosen>);

/// The name of the source whose records hold what people fixed by hand.
pub const STEWARD: &str = "steward";

/// Attributes that belong together: they are taken from one record, so that no street of one address meets the town of another.
const UNITS: &[&[&str]] = &[
    &["first_name", "last_name"],
    &["street_number", "street", "address", "address_line", "postcode", "city", "region", "country"],
];

impl Golden {
    /// The golden values of records of one kind, of whose addresses and numbers `points` are known.
    pub fn of(kind: Kind, records: &[Understood], rules: &Rules, points: &Points) -> Golden {
        let mut chosen: Vec<Chosen> = Vec::new();
        for attribute in vocabulary(kind) {
            let rule = rules.of(attribute.name);
            let mut candidates = candidates(attribute.name, records);
            candidates.iter_mut().for_each(|held| held.state = points.state(attribute.name, &held.value));
            candidates.sort_by(|x, y| rank(rule, x, y));
            if !candidates.is_empty() {
                chosen.push(Chosen { attribute: attribute.name, rule, candidates });
            }
        }
        let mut golden = Golden(chosen);
        for unit in UNITS {
            golden.agree(unit, records, rules);
        }
        golden
    }

    /// The believed value of an attribute.
    pub fn first(&self, attribute: &str) -> Option<&str> {
        self.all(attribute).first().map(|candidate| candidate.value.as_str())
    }

    /// All values of an attribute, the best first.
    pub fn all(&self, attribute: &str) -> &[Candidate] {
        self.0.iter().find(|chosen| chosen.attribute == attribute).map_or(&[], |chosen| &chosen.candidates)
    }

    /// Puts the values of one record first in all attributes of a unit: of the records that say most of it, the one whose values
    /// come first by their rules.
    fn agree(&mut self, unit: &[&'static str], records: &[Understood], rules: &Rules) {
        let parts = |record: &Understood| unit.iter().filter(|name| !record.attributes.get(name).is_empty()).count();
        let pinned = |record: &Understood| record.trust == PINNED;
        let full = records.iter().filter(|record| !pinned(record)).map(parts).max().unwrap_or(0);
        let order = |record: &Understood| -> Vec<usize> {
            let place = |name: &&str| {
                let value = record.attributes.first(name).map(normal);
                self.all(name).iter().position(|candidate| Some(normal(&candidate.value)) == value)
            };
            unit.iter().filter_map(place).collect()
        };
        let best = records.iter().filter(|record| !pinned(record) && parts(record) == full).min_by_key(|record| {
            let rule = rules.of(unit[unit.len() - 1]);
            let tie = match rule {
                Rule::Recent => -record.received_at.as_microsecond(),
                _ => record.trust,
            };
            (order(record).iter().sum::<usize>(), tie, record.record)
        });
        let Some(best) = best.filter(|_| full > 0) else { return };
        let values: Attributes = best.attributes.clone();
        for chosen in self.0.iter_mut().filter(|chosen| unit.contains(&chosen.attribute)) {
            let value = values.first(chosen.attribute).map(normal);
            chosen.candidates.sort_by_key(|candidate| (!candidate.pinned, Some(normal(&candidate.value)) != value));
            // What the address does not say is not completed from another one.
            if value.is_none() && unit.len() > 2 && !chosen.candidates[0].pinned {
                chosen.candidates.clear();
            }
        }
        self.0.retain(|chosen| !chosen.candidates.is_empty());
    }
}

/// The trust of what people fixed by hand: it comes before every source.
pub(crate) const PINNED: i64 = 0;

fn candidates(attribute: &str, records: &[Understood]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for record in records {
        for value in record.attributes.get(attribute) {
            let candidate = Candidate {
                value: value.clone(),
                record: record.record,
                source: record.source,
                source_name: record.source_name.clone(),
                at: record.received_at,
                records: 1,
                pinned: record.trust == PINNED,
                state: None,
                trust: record.trust,
            };
            let normal = normal(value);
            match places.get(&normal) {
                None => {
                    places.insert(normal, found.len());
                    found.push(candidate);
                }
                Some(place) => {
                    let held = &mut found[*place];
                    let count = held.records + 1;
                    let better =
                        (candidate.trust, form(&candidate.value), std::cmp::Reverse(candidate.at), candidate.record)
                            < (held.trust, form(&held.value), std::cmp::Reverse(held.at), held.record);
                    if better {
                        *held = candidate;
                    }
                    held.records = count;
                }
            }
        }
    }
    found
}

/// Values that differ in this form are different.
fn normal(value: impl AsRef<str>) -> String {
    let folded = kernel::fold(value.as_ref());
    match value.as_ref().contains('@') {
        true => folded,
        false => folded.chars().filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// How well a value is written, the best first: all capitals or none are how machines write names, people write both, and accents.
fn form(value: &str) -> (bool, std::cmp::Reverse<usize>) {
    let letters = || value.chars().filter(|c| c.is_alphabetic());
    let plain = letters().all(char::is_uppercase) || letters().all(char::is_lowercase);
    (plain, std::cmp::Reverse(letters().filter(|c| !c.is_ascii()).count()))
}

fn rank(rule: Rule, x: &Candidate, y: &Candidate) -> std::cmp::Ordering {
    let trust = || x.trust.cmp(&y.trust);
    let recent = || y.at.cmp(&x.at);
    let frequent = || y.records.cmp(&x.records);
    let complete = || y.value.chars().count().cmp(&x.value.chars().count());
    let by_rule = match rule {
        Rule::Trusted => trust().then_with(recent).then_with(frequent),
        Rule::Recent => recent().then_with(trust).then_with(frequent),
        Rule::Frequent => frequent().then_with(trust).then_with(recent),
        Rule::Complete => complete().then_with(trust).then_with(recent),
        Rule::Verified => x.state.cmp(&y.state).then_with(trust).then_with(recent).then_with(frequent),
    };
    y.pinned.cmp(&x.pinned).then(by_rule).then_with(|| x.record.cmp(&y.record)).then_with(|| x.value.cmp(&y.value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::Reader;

    fn record(source: &str, trust: i64, day: i8, says: Json) -> Understood {
        Understood {
            record: Id::named(&format!("{source}{day}{says}")),
            version: 1,
            source: Id::named(source),
            key: "k".to_owned(),
            source_name: source.to_owned(),
            trust,
            received_at: format!("2026-03-{day:02}T00:00:00Z").parse().unwrap(),
            kind: Kind::Person,
            attributes: Reader::default().read(Kind::Person, &says),
            works_at: None,
            gone: false,
        }
    }

    fn values(golden: &Golden, attribute: &str) -> Vec<String> {
        golden.all(attribute).iter().map(|candidate| candidate.value.clone()).collect()
    }

    #[test]
    fn each_rule_chooses_its_value() {
        let records = [
            record("crm", 1, 1, json!({"job_title": "Achats", "email": "a@x.example"})),
            record("shop", 5, 3, json!({"job_title": "Directrice des achats", "email": "b@x.example"})),
            record("fair", 9, 2, json!({"job_title": "ACHETEUSE", "email": "B@X.example"})),
            record("desk", 9, 2, json!({"job_title": "acheteuse"})),
        ];
        let first = |rule| {
            let mut rules = Rules::default();
            rules.set("job_title", rule);
            Golden::of(Kind::Person, &records, &rules, &Points::default()).first("job_title").unwrap().to_owned()
        };
        assert_eq!(first(Rule::Trusted), "Achats");
        assert_eq!(first(Rule::Recent), "Directrice des achats");
        assert_eq!(first(Rule::Complete), "Directrice des achats");
        assert_eq!(normal(first(Rule::Frequent)), "acheteuse");
        let golden = Golden::of(Kind::Person, &records, &Rules::default(), &Points::default());
        assert_eq!(values(&golden, "email"), ["a@x.example", "b@x.example"]);
        assert_eq!(golden.all("email")[1].records, 2);
    }

    #[test]
    fn addresses_and_names_are_not_mixed() {
        let records = [
            record(
                "crm",
                1,
                1,
                json!({"street": "3 rue Sainte", "city": "Lyon", "first_name": "ANA", "last_name": "RUIZ"}),
            ),
            record(
                "shop",
                5,
                3,
                json!({"street": "8 quai Sud", "city": "Nantes", "postcode": "44000", "first_name": "Ana", "last_name": "Ruiz"}),
            ),
            record("desk", 2, 4, json!({"city": "Paris"})),
        ];
        let golden = Golden::of(Kind::Person, &records, &Rules::default(), &Points::default());
        let address =
            |golden: &Golden| ["street", "postcode", "city"].map(|part| golden.first(part).map(str::to_owned));
        assert_eq!(
            address(&golden),
            [Some("8 quai Sud"), Some("44000"), Some("Nantes")].map(|part| part.map(str::to_owned))
        );
        let golden = Golden::of(Kind::Person, &records[..1], &Rules::default(), &Points::default());
        assert_eq!(address(&golden), [Some("3 rue Sainte"), None, Some("Lyon")].map(|part| part.map(str::to_owned)));
    }

    #[test]
    fn what_a_person_fixed_comes_first() {
        let records = [
            record("crm", 1, 1, json!({"city": "Lyon", "email": "a@x.example"})),
            record("crm", 1, 2, json!({"city": "Lyon", "email": "b@x.example"})),
            record(STEWARD, PINNED, 1, json!({"city": "Villeurbanne", "email": "b@x.example"})),
        ];
        let golden = Golden::of(Kind::Person, &records, &Rules::default(), &Points::default());
        assert_eq!(golden.first("city"), Some("Villeurbanne"));
        assert!(golden.all("city")[0].pinned && !golden.all("city")[1].pinned);
        assert_eq!(values(&golden, "email"), ["b@x.example", "a@x.example"]);
    }

    #[test]
    fn what_reaches_somebody_comes_first() {
        let records = [
            record("crm", 1, 3, json!({"email": "old@x.example", "email_status": "bounced"})),
            record("shop", 5, 1, json!({"email": "new@x.example", "email_verified": true})),
            record("desk", 3, 2, json!({"email": ["third@x.example", "no address"], "email_verified": false})),
        ];
        let points = Points::of(&records, &[]);
        let golden = Golden::of(Kind::Person, &records, &Rules::default(), &points);
        assert_eq!(values(&golden, "email"), ["new@x.example", "third@x.example", "old@x.example", "no address"]);
        let states: Vec<_> = golden.all("email").iter().map(|held| held.state.unwrap().as_str()).collect();
        assert_eq!(states, ["confirmed", "unconfirmed", "bounced", "invalid"]);
        let mut rules = Rules::default();
        rules.set("email", Rule::Trusted);
        let golden = Golden::of(Kind::Person, &records, &rules, &points);
        assert_eq!(golden.first("email"), Some("old@x.example"));
        assert!(Rule::Verified.suits("phone") && !Rule::Verified.suits("city"));
    }

    #[test]
    fn people_write_names_better_than_machines() {
        let records = [
            record("a", 5, 1, json!({"last_name": "DURAND"})),
            record("a", 5, 1, json!({"last_name": "Durand"})),
            record("a", 5, 3, json!({"last_name": "durand"})),
        ];
        assert_eq!(
            Golden::of(Kind::Person, &records, &Rules::default(), &Points::default()).first("last_name"),
            Some("Durand")
        );
    }
}
