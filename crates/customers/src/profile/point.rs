//! What is known of an e-mail address or a telephone number: whether somebody answered there, and whether what is sent comes back.

use std::collections::{BTreeMap, HashMap};

use kernel::Timestamp;
use model::{normalise_email, normalise_phone};
use records::digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use store::{Event, Tally};

use crate::identity::Understood;

/// The state of an address or a number, the one to use first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointState {
    /// Its owner proved that it reaches them.
    Confirmed,
    /// Nothing is known of it.
    #[default]
    Unconfirmed,
    /// What was sent to it came back.
    Bounced,
    /// It is no such address or number.
    Invalid,
}

impl PointState {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            PointState::Confirmed => "confirmed",
            PointState::Unconfirmed => "unconfirmed",
            PointState::Bounced => "bounced",
            PointState::Invalid => "invalid",
        }
    }

    /// The state that a source's word means: those of OpenID Connect, of mail services and of directories.
    pub(crate) fn read(word: &str) -> Option<PointState> {
        Some(match kernel::fold(word.trim()).as_str() {
            "confirmed" | "verified" | "valid" | "true" | "confirme" | "verifie" | "valide" => PointState::Confirmed,
            "bounced" | "hard bounce" | "hard_bounce" | "undeliverable" | "rebond" => PointState::Bounced,
            "invalid" | "wrong" | "unreachable" | "disconnected" | "invalide" | "errone" => PointState::Invalid,
            _ => return None,
        })
    }
}

/// The attributes whose values have a state, each with the member under which a record's word about its first value is kept.
pub(crate) const POINTS: [(&str, &str); 2] = [("email", "email_state"), ("phone", "phone_state")];
/// Points remembered of one identifier.
const MOST: usize = 50;

/// An address or number in the one form in which it is compared; nothing when it is none.
fn normal(attribute: &str, value: &str) -> Option<String> {
    if attribute == "email" { normalise_email(value) } else { normalise_phone(value) }
}

/// The hash under which a point is remembered, so that a tally holds nobody's address.
fn name(attribute: &str, normal: &str) -> String {
    digest(&format!("{attribute}:{normal}")).chars().take(32).collect()
}

/// What an event tells of an address or number. The names are those of the Segment specification for e-mail, and what mail services and
/// sign-up pages call the rest; the address stands in the properties.
pub(crate) fn told(event: &Event) -> BTreeMap<String, (String, Timestamp)> {
    let (attribute, state) = match event.name.as_deref().filter(|_| event.kind == "track") {
        Some("Email Confirmed" | "Email Verified") => ("email", PointState::Confirmed),
        Some("Email Bounced") => ("email", PointState::Bounced),
        Some("Phone Confirmed" | "Phone Verified") => ("phone", PointState::Confirmed),
        Some("SMS Bounced" | "Phone Unreachable") => ("phone", PointState::Bounced),
        _ => return BTreeMap::new(),
    };
    let json: Map<String, Json> = serde_json::from_str(&event.payload).unwrap_or_default();
    let value = json.get("properties").and_then(|properties| properties.get(attribute)).and_then(Json::as_str);
    let point = value.and_then(|value| normal(attribute, value)).map(|value| name(attribute, &value));
    point.map(|point| (point, (state.as_str().to_owned(), event.at))).into_iter().collect()
}

/// Keeps a tally small: the points that were learnt last.
pub(crate) fn keep_latest(tally: &mut Tally) {
    while tally.reached.len() > MOST {
        let oldest = tally.reached.iter().min_by_key(|(_, (_, at))| *at).map(|(point, _)| point.clone());
        oldest.and_then(|point| tally.reached.remove(&point));
    }
}

/// What is known of the points of a profile.
#[derive(Clone, Debug, Default)]
pub struct Points(HashMap<String, (PointState, Timestamp)>);

impl Points {
    /// What records say of their first address and number, and what events told. The latest word counts.
    pub fn of(records: &[Understood], tallies: &[Tally]) -> Points {
        let mut points = Points::default();
        for record in records {
            for (attribute, state) in POINTS {
                let said = record.attributes.first(state).and_then(PointState::read);
                let value = record.attributes.first(attribute).and_then(|value| normal(attribute, value));
                if let (Some(state), Some(value)) = (said, value) {
                    points.learn(name(attribute, &value), state, record.received_at);
                }
            }
        }
        for (point, (word, at)) in tallies.iter().flat_map(|tally| &tally.reached) {
            if let Some(state) = PointState::read(word) {
                points.learn(point.clone(), state, *at);
            }
        }
        points
    }

    fn learn(&mut self, point: String, state: PointState, at: Timestamp) {
        let held = self.0.entry(point).or_insert((state, at));
        if at > held.1 {
            *held = (state, at);
        }
    }

    /// The state of a value; nothing for attributes that have none.
    pub(crate) fn state(&self, attribute: &str, value: &str) -> Option<PointState> {
        if !POINTS.iter().any(|(known, _)| *known == attribute) {
            return None;
        }
        let Some(normal) = normal(attribute, value) else { return Some(PointState::Invalid) };
        Some(self.0.get(&name(attribute, &normal)).map_or(PointState::Unconfirmed, |(state, _)| *state))
    }
}

#[cfg(test)]
mod tests {
    use store::Digest;

    use super::*;

    #[test]
    fn words_of_sources_are_understood() {
        let read = |word: &str| PointState::read(word).map(PointState::as_str);
        assert_eq!(read("Vérifié"), Some("confirmed"));
        assert_eq!((read("true"), read("false"), read("")), (Some("confirmed"), None, None));
        assert_eq!((read("Hard bounce"), read("INVALID")), (Some("bounced"), Some("invalid")));
    }

    #[test]
    fn an_event_tells_of_the_address_that_it_names() {
        let event = |name: &str, payload: &str| Event {
            seq: 1,
            tx: 0,
            message: Digest::of("1"),
            source: kernel::Id::named("s"),
            kind: "track".to_owned(),
            name: Some(name.to_owned()),
            at: Timestamp::UNIX_EPOCH,
            received_at: Timestamp::UNIX_EPOCH,
            user_id: Some("7".to_owned()),
            anonymous_id: None,
            group_id: None,
            previous_id: None,
            payload: payload.to_owned(),
        };
        let known = told(&event("Email Bounced", r#"{"properties": {"email": " Ada@X.example"}}"#));
        let tally = |reached| Tally {
            source: kernel::Id::named("s"),
            key: "user/7".to_owned(),
            events: 1,
            first_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
            orders: 0,
            spent: BTreeMap::new(),
            last_order_at: None,
            praise: 0,
            reached,
        };
        let points = Points::of(&[], &[tally(known)]);
        assert_eq!(points.state("email", "ada@x.example"), Some(PointState::Bounced));
        assert_eq!(points.state("email", "other@x.example"), Some(PointState::Unconfirmed));
        assert_eq!(
            (points.state("email", "no address"), points.state("city", "Lyon")),
            (Some(PointState::Invalid), None)
        );
        assert!(told(&event("Email Bounced", "{}")).is_empty() && told(&event("Email Opened", "{}")).is_empty());
    }
}
