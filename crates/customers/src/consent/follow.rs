//! Follows the events, and takes from them what people said and when they last did something. What an event says counts for the address
//! that stands in that very event, and for no other: user identifiers and aliases lead nowhere from here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{Timestamp, words_of};
use records::{RecordError, Space};
use serde_json::Value as Json;
use store::{ConsentLine, Event, StoreError};

use super::gate::actions;
use super::line::BY_EVENT;
use super::{Channel, ContactPoint, PointKind, Proof, Purposes, State, Statement};

/// The name of the position up to which events were taken.
const POSITION: &str = "consents taken";
/// Events looked at in one write.
const CHUNK: u32 = 2_000;

/// Events that people do nothing for; what they do keeps them known (CNIL: a click, not an opening).
const PASSIVE: [&str; 12] = [
    "opened",
    "open",
    "delivered",
    "bounced",
    "sent",
    "received",
    "spam",
    "dropped",
    "deferred",
    "impression",
    "unsubscribed",
    "displayed",
];

/// Takes consents from the events that came since the last time. Each is taken once, whatever happens: the lines and how far it went are
/// written together.
pub async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let mut reader = space.store.read().await?;
    let position = reader.position(POSITION).await?;
    if reader.events_after(position, 1).await?.0.is_empty() {
        return Ok(false);
    }
    let purposes = Arc::new(Purposes::load(&space, &mut reader).await?);
    drop(reader);
    let taken: Result<usize, StoreError> = space
        .store
        .write(move |w| {
            Box::pin(async move {
                let position = w.lock_position(POSITION).await?;
                let (events, next) = w.events_after(position, CHUNK).await?;
                let mut found = Found::default();
                for event in &events {
                    found.take(event, &purposes);
                }
                let repeated: Vec<String> = found.repeated_at.iter().cloned().collect();
                let mut latest = Latest::of(w.consents_of(&repeated).await?);
                let mut lines = Vec::with_capacity(found.said.len());
                for (said, repeats, received_at) in &found.said {
                    let line = said.line(*received_at, BY_EVENT, None).stored(&said.point);
                    if latest.is_news(&line) || !repeats {
                        lines.push(line);
                    }
                }
                w.put_consents(&lines).await?;
                w.touch_points(&found.seen).await?;
                w.set_position(POSITION, next).await?;
                Ok(events.len())
            })
        })
        .await;
    Ok(taken? > 0)
}

/// What the events of a chunk say.
#[derive(Default)]
struct Found {
    /// Statements; whether the event only repeats what its sender holds; when it came in.
    said: Vec<(Statement, bool, Timestamp)>,
    /// The points about which something is repeated.
    repeated_at: HashSet<String>,
    /// When somebody did something at a point.
    seen: HashMap<String, Timestamp>,
}

/// The latest state by source, point, channel and purpose.
struct Latest(HashMap<(Option<kernel::Id>, String, String, String), String>);

impl Latest {
    fn of(lines: Vec<ConsentLine>) -> Latest {
        let mut latest = Latest(HashMap::new());
        for line in &lines {
            latest.is_news(line);
        }
        latest
    }

    /// Whether a line says another thing than the one before it; remembers it.
    fn is_news(&mut self, line: &ConsentLine) -> bool {
        let key = (line.source, line.point.clone(), line.channel.clone(), line.purpose.clone());
        self.0.insert(key, line.state.clone()).as_ref() != Some(&line.state)
    }
}

/// The addresses in an event.
struct Points {
    email: Option<ContactPoint>,
    phone: Option<ContactPoint>,
    device: Option<ContactPoint>,
}

impl Found {
    fn take(&mut self, event: &Event, purposes: &Purposes) {
        let Ok(json) = serde_json::from_str::<Json>(&event.payload) else { return };
        let points = Points::of(&json);
        let name = event.name.as_deref().map(|name| words_of(name).join(" ")).unwrap_or_default();
        let mut said = Vec::new();
        let repeats = event.kind == "identify";
        match event.kind.as_str() {
            "identify" => said.extend(traits(&json["traits"]["consent"])),
            "track" if name == "segment consent preference updated" => {
                self.preferences(event, &json, purposes);
            }
            "track" => said.extend(tracked(&name, &json["properties"])),
            _ => {}
        }
        let proof = proof(&json);
        for wish in said {
            for (point, channel, purpose) in wish.about(&points, purposes) {
                self.add(event, repeats, &wish, point, channel, purpose, &proof);
            }
        }
        let active = match event.kind.as_str() {
            "track" => !name.split(' ').any(|word| PASSIVE.contains(&word)),
            "page" | "screen" => true,
            _ => false,
        };
        if active {
            for point in [&points.email, &points.phone, &points.device].into_iter().flatten() {
                self.saw(point.key(), event.at.min(event.received_at));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one statement")]
    fn add(
        &mut self,
        event: &Event,
        repeats: bool,
        wish: &Wish,
        point: ContactPoint,
        channel: Option<Channel>,
        purpose: Option<String>,
        proof: &Proof,
    ) {
        let statement = Statement {
            point,
            channel,
            purpose,
            state: wish.state,
            basis: None,
            proof: proof.clone(),
            source: Some(event.source),
            at: Some(event.at.min(event.received_at)),
            expires_at: wish.expires_at.filter(|_| !wish.state.restricts()),
        };
        if repeats {
            self.repeated_at.insert(statement.point.key().to_owned());
        } else {
            for (key, at) in actions(std::slice::from_ref(&statement), event.received_at) {
                self.saw(&key, at);
            }
        }
        self.said.push((statement, repeats, event.received_at));
    }

    fn saw(&mut self, key: &str, at: Timestamp) {
        let last = self.seen.entry(key.to_owned()).or_insert(at);
        *last = at.max(*last);
    }

    /// The choice in a cookie banner, by categories; those that name a purpose count, for the browser.
    fn preferences(&mut self, event: &Event, json: &Json, purposes: &Purposes) {
        let device = event.anonymous_id.as_deref().and_then(|id| ContactPoint::new(PointKind::Device, id));
        let chosen = json["context"]["consent"]["categoryPreferences"].as_object();
        let (Some(device), Some(chosen)) = (device, chosen) else { return };
        for (category, yes) in chosen {
            let purpose = words_of(category).join("_");
            let (Some(yes), true) = (yes.as_bool(), purposes.get(&purpose).is_some()) else { continue };
            let state = if yes { State::Granted } else { State::Denied };
            let wish = Wish { state, channel: Some(Channel::Ads), purpose: Some(purpose.clone()), expires_at: None };
            self.add(event, false, &wish, device.clone(), wish.channel, Some(purpose), &proof(json));
        }
    }
}

/// What an event wants kept.
#[derive(Debug, PartialEq)]
struct Wish {
    state: State,
    channel: Option<Channel>,
    purpose: Option<String>,
    expires_at: Option<Timestamp>,
}

impl Wish {
    /// About which of an event's points, channels and purposes it is. A yes must name a purpose that is known; a no to one that is not
    /// is a no to all of marketing.
    fn about(&self, points: &Points, purposes: &Purposes) -> Vec<(ContactPoint, Option<Channel>, Option<String>)> {
        let purpose = self.purpose.clone().filter(|key| purposes.get(key).is_some());
        if !self.state.restricts() {
            let channel = self.channel.or(points.email.as_ref().map(|_| Channel::Email));
            let found = channel.zip(purpose).and_then(|(c, p)| Some((points.reached_by(c)?.clone(), Some(c), Some(p))));
            return found.into_iter().collect();
        }
        match self.channel {
            Some(channel) => {
                points.reached_by(channel).map(|p| (p.clone(), Some(channel), purpose)).into_iter().collect()
            }
            None => [&points.email, &points.phone, &points.device]
                .into_iter()
                .flatten()
                .map(|point| (point.clone(), None, purpose.clone()))
                .collect(),
        }
    }
}

impl Points {
    fn of(json: &Json) -> Points {
        let places = [&json["properties"], &json["traits"], &json["context"]["traits"]];
        let find = |kind: PointKind, name: &str| {
            let text = places.iter().find_map(|place| place[name].as_str().filter(|text| !text.trim().is_empty()))?;
            ContactPoint::new(kind, text)
        };
        let token = json["context"]["device"]["token"].as_str();
        Points {
            email: find(PointKind::Email, "email"),
            phone: find(PointKind::Phone, "phone"),
            device: token.and_then(|token| ContactPoint::new(PointKind::Device, token)),
        }
    }

    fn reached_by(&self, channel: Channel) -> Option<&ContactPoint> {
        let all = [&self.email, &self.phone, &self.device].into_iter().flatten();
        let mut reached = all.filter(|point| point.kind().channels().contains(&channel));
        reached.next()
    }
}

/// The events that say something by their name.
fn tracked(name: &str, properties: &Json) -> Vec<Wish> {
    let (state, fixed) = match name {
        "consent given" | "consent granted" => (State::Granted, None),
        "consent denied" | "consent refused" => (State::Denied, None),
        "consent withdrawn" | "consent revoked" => (State::Withdrawn, None),
        "unsubscribed" | "email unsubscribed" => (State::Withdrawn, Some(Channel::Email)),
        "sms unsubscribed" => (State::Withdrawn, Some(Channel::Sms)),
        "email marked as spam" => (State::Objected, Some(Channel::Email)),
        "marketing objected" => (State::Objected, None),
        _ => return Vec::new(),
    };
    let channel = properties["channel"].as_str().and_then(Channel::parse).or(fixed);
    let expires_at = properties["expires_at"].as_str().and_then(|text| text.parse().ok());
    let wish = |purpose: Option<&str>| Wish { state, channel, purpose: purpose.map(str::to_owned), expires_at };
    match (&properties["purposes"], &properties["purpose"]) {
        (Json::Array(list), _) => list.iter().map(|purpose| wish(purpose.as_str())).collect(),
        (_, purpose) => vec![wish(purpose.as_str())],
    }
}

/// The trait `consent`: `{"newsletter": true, "offers": {"email": true, "sms": false}}`, or `false`.
fn traits(consent: &Json) -> Vec<Wish> {
    let state = |json: &Json| match json {
        Json::Bool(true) => Some(State::Granted),
        Json::Bool(false) => Some(State::Denied),
        Json::String(name) => State::parse(name),
        _ => None,
    };
    let wish = |state, channel, purpose: Option<&str>| Wish {
        state,
        channel,
        purpose: purpose.filter(|key| *key != "*").map(str::to_owned),
        expires_at: None,
    };
    match consent {
        Json::Object(purposes) => purposes
            .iter()
            .flat_map(|(purpose, said)| match said {
                Json::Object(channels) => channels
                    .iter()
                    .filter_map(|(channel, said)| {
                        Some(wish(state(said)?, Some(Channel::parse(channel)?), Some(purpose)))
                    })
                    .collect(),
                said => state(said).map(|state| wish(state, None, Some(purpose))).into_iter().collect::<Vec<_>>(),
            })
            .collect(),
        said => state(said).filter(|state| state.restricts()).map(|s| wish(s, None, None)).into_iter().collect(),
    }
}

fn proof(json: &Json) -> Proof {
    let properties = &json["properties"];
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let first = |a: &Json, b: &Json| if a.is_string() { text(a) } else { text(b) };
    Proof {
        wording: text(&properties["wording"]),
        version: text(&properties["version"]),
        place: first(&properties["where"], &json["context"]["page"]["url"]),
        address: text(&json["context"]["ip"]),
        by: first(&properties["by"], &Json::from("person")),
    }
    .cut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_events_say_what_was_meant() {
        let one = |name: &str, properties: Json| {
            let wishes = tracked(name, &properties);
            wishes.into_iter().map(|w| (w.state, w.channel, w.purpose)).collect::<Vec<_>>()
        };
        let newsletter = || Some("newsletter".to_owned());
        assert_eq!(
            one("consent given", json!({"channel": "sms", "purpose": "newsletter"})),
            [(State::Granted, Some(Channel::Sms), newsletter())]
        );
        assert_eq!(one("unsubscribed", json!({})), [(State::Withdrawn, Some(Channel::Email), None)]);
        assert_eq!(one("consent withdrawn", json!({"purposes": ["newsletter", "x"]})).len(), 2);
        assert_eq!(one("order completed", json!({})), []);
    }

    #[test]
    fn traits_say_it_by_purpose_and_channel() {
        let said = traits(&json!({"newsletter": true, "offers": {"email": false, "pigeon": true}, "*": "objected"}));
        let mut shown: Vec<_> =
            said.iter().map(|w| (w.purpose.as_deref().unwrap_or("*"), w.channel, w.state)).collect();
        shown.sort_unstable();
        let expected = [
            ("*", None, State::Objected),
            ("newsletter", None, State::Granted),
            ("offers", Some(Channel::Email), State::Denied),
        ];
        assert_eq!(shown, expected);
        assert_eq!(traits(&json!(true)), []);
        assert_eq!(traits(&json!(false)).len(), 1);
    }
}
