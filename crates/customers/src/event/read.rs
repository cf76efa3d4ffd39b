//! One event: read, checked, its time put right.

use jiff::civil::DateTime;
use kernel::{Id, Timestamp, Zone};
use model::Problem;
use serde_json::{Map, Value as Json};
use store::{Digest, Event, Incoming};

use super::envelope::{Shared, kind};
use super::{Call, MAX_EVENT};

/// Most bytes of an identifier: what both databases can index.
const MAX_ID: usize = 512;
/// Most characters of an event's name.
pub(super) const MAX_NAME: usize = 200;

/// An event that can be kept, with what follows from it.
pub(super) struct Good {
    pub(super) event: Event,
    /// What it says about a person or a group, as a record of the source.
    pub(super) record: Option<Incoming>,
    /// The event itself.
    pub(super) json: Map<String, Json>,
}

/// An event that cannot be kept.
pub(super) struct Bad {
    pub(super) message: Option<String>,
    pub(super) problem: Problem,
    /// The event as it came, completed with what its batch said, so that it can be read again without it.
    pub(super) payload: String,
}

/// What is known of an event before it is read.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) call: Call,
    pub(super) source: Id,
    pub(super) received_at: Timestamp,
    pub(super) shared: &'a Shared,
}

impl Arrival<'_> {
    /// Reads an event from its text.
    pub(super) fn read(&self, text: &str) -> Result<Good, Box<Bad>> {
        let bad =
            |problem: Problem, message: Option<String>, payload: String| Box::new(Bad { message, problem, payload });
        if text.len() > MAX_EVENT {
            let problem = Problem::new("", "event-too-large").number("max", (MAX_EVENT / 1024) as i64);
            return Err(bad(problem, None, text[..text.floor_char_boundary(MAX_EVENT)].to_owned()));
        }
        let mut json = match serde_json::from_str::<Json>(text) {
            Ok(Json::Object(json)) => json,
            Ok(_) => return Err(bad(Problem::new("", "event-not-an-object"), None, text.to_owned())),
            Err(error) => {
                let problem = Problem::new("", "event-unreadable").text("detail", error.to_string());
                return Err(bad(problem, None, text.to_owned()));
            }
        };
        let completed = self.shared.context.as_ref().filter(|_| !json.contains_key("context"));
        if let Some(context) = completed {
            json.insert("context".to_owned(), context.clone());
        }
        let payload = if completed.is_some() { Json::Object(json.clone()).to_string() } else { text.to_owned() };
        match self.check(&json, payload) {
            Ok((event, record)) => Ok(Good { event, record, json }),
            Err(problem) => {
                let message = text_of(&json, "messageId").map(|id| id.chars().take(MAX_NAME).collect());
                Err(bad(problem, message, self.alone(json)))
            }
        }
    }

    /// The event's text with the members that its call and its batch gave it.
    pub(super) fn alone(&self, mut json: Map<String, Json>) -> String {
        if let Some(sent) = self.shared.sent_at.as_ref().filter(|_| !json.contains_key("sentAt")) {
            json.insert("sentAt".to_owned(), Json::String(sent.clone()));
        }
        if let Call::One(kind) = self.call {
            json.insert("type".to_owned(), Json::String(kind.to_owned()));
            json.remove("writeKey");
        }
        Json::Object(json).to_string()
    }

    fn check(&self, json: &Map<String, Json>, payload: String) -> Result<(Event, Option<Incoming>), Problem> {
        let kind = match self.call {
            Call::One(kind) => kind,
            Call::Batch => {
                let named = text_of(json, "type").ok_or_else(|| Problem::new("type", "event-type-missing"))?;
                kind(named).ok_or_else(|| Problem::new("type", "event-type-unknown").text("value", named))?
            }
        };
        let user_id = identifier(json, "userId")?;
        let anonymous_id = identifier(json, "anonymousId")?;
        let group_id = identifier(json, "groupId")?;
        let previous_id = identifier(json, "previousId")?;
        let name = match kind {
            "track" => text_of(json, "event"),
            "page" | "screen" => text_of(json, "name").filter(|name| !name.is_empty()),
            _ => None,
        };
        if name.is_some_and(|name| name.chars().count() > MAX_NAME) {
            return Err(Problem::new("event", "event-name-too-long").number("max", MAX_NAME as i64));
        }
        match kind {
            "track" if name.is_none_or(|name| name.trim().is_empty()) => {
                return Err(Problem::new("event", "event-name-missing"));
            }
            "group" if group_id.is_none() => return Err(Problem::new("groupId", "event-group-missing")),
            "alias" if previous_id.is_none() || user_id.is_none() => {
                return Err(Problem::new("previousId", "event-previous-missing"));
            }
            _ if user_id.is_none() && anonymous_id.is_none() => {
                return Err(Problem::new("userId", "event-user-missing"));
            }
            _ => {}
        }
        for member in ["properties", "traits", "context"] {
            if json.get(member).is_some_and(|value| !value.is_object() && !value.is_null()) {
                return Err(Problem::new(member, "event-member-not-an-object"));
            }
        }
        let message = match json.get("messageId") {
            None | Some(Json::Null) => Id::new(self.received_at).to_string(),
            Some(Json::String(id)) if !id.is_empty() => id.clone(),
            Some(_) => return Err(Problem::new("messageId", "event-message-unreadable")),
        };
        let traits = || json.get("traits").and_then(Json::as_object).cloned().unwrap_or_default();
        let said = |key: String| Incoming { source: self.source, key, payload: traits(), partial: true };
        let record = match kind {
            "identify" => match (&user_id, &anonymous_id) {
                (Some(id), _) => Some(said(format!("user/{id}"))),
                (None, Some(id)) => Some(said(format!("anonymous/{id}"))),
                (None, None) => None,
            },
            "group" => group_id.as_ref().map(|id| said(format!("group/{id}"))),
            _ => None,
        };
        let event = Event {
            seq: 0,
            tx: 0,
            message: Digest::of(&message),
            source: self.source,
            kind: kind.to_owned(),
            name: name.map(str::to_owned),
            at: self.happened_at(json)?,
            received_at: self.received_at,
            user_id,
            anonymous_id,
            group_id,
            previous_id,
            payload,
        };
        Ok((event, record))
    }

    /// When it happened by our clock: what the sender's clock said, less what that clock was ahead of ours when it sent
    /// (Segment specification, common fields: timestamp = receivedAt − (sentAt − originalTimestamp)).
    fn happened_at(&self, json: &Map<String, Json>) -> Result<Timestamp, Problem> {
        let given = ["timestamp", "originalTimestamp"]
            .into_iter()
            .find_map(|member| json.get(member).filter(|value| !value.is_null()).map(|value| (member, value)));
        let Some((member, value)) = given else { return Ok(self.received_at) };
        let unreadable = || {
            Problem::new(member, "event-time-unreadable")
                .text("value", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        let original = value.as_str().and_then(moment).ok_or_else(unreadable)?;
        let sent = text_of(json, "sentAt").or(self.shared.sent_at.as_deref()).and_then(moment);
        let at = match sent {
            Some(sent) => original.checked_add(self.received_at.duration_since(sent)).map_err(|_| unreadable())?,
            None => original,
        };
        // Far from any event there was, and near the limits of databases.
        let year = at.to_zoned(Zone::UTC).year();
        if (1900..2200).contains(&year) { Ok(at) } else { Err(unreadable()) }
    }
}

fn text_of<'a>(json: &'a Map<String, Json>, member: &str) -> Option<&'a str> {
    json.get(member).and_then(Json::as_str)
}

/// An identifier: a text, or a number taken as one. Nothing and the empty text are none.
fn identifier(json: &Map<String, Json>, member: &str) -> Result<Option<String>, Problem> {
    let id = match json.get(member) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => text.trim().to_owned(),
        Some(Json::Number(number)) => number.to_string(),
        Some(_) => return Err(Problem::new(member, "event-id-unreadable").text("member", member)),
    };
    if id.len() > MAX_ID {
        return Err(Problem::new(member, "event-id-too-long").text("member", member).number("max", MAX_ID as i64));
    }
    Ok(Some(id).filter(|id| !id.is_empty()))
}

/// A moment in ISO 8601; without an offset it is one of UTC, and a day is its first moment.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoneless = || text.parse::<DateTime>().ok()?.to_zoned(Zone::UTC).ok().map(|z| z.timestamp());
    text.parse::<Timestamp>().ok().or_else(zoneless)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: &str = "2026-03-01T12:00:00Z";

    fn read(call: Call, sent_at: Option<&str>, json: Json) -> Result<Good, String> {
        let shared = Shared { sent_at: sent_at.map(str::to_owned), context: None };
        let received_at = NOW.parse().unwrap();
        let arrival = Arrival { call, source: Id::named("source"), received_at, shared: &shared };
        arrival.read(&json.to_string()).map_err(|bad| bad.problem.to_string())
    }

    fn refused(json: Json) -> String {
        read(Call::Batch, None, json).err().unwrap_or_default()
    }

    #[test]
    fn what_an_event_must_have() {
        assert_eq!(refused(json!(3)), "event-not-an-object");
        assert_eq!(refused(json!({})), "type: event-type-missing");
        assert_eq!(refused(json!({"type": "sing"})), "type: event-type-unknown value=sing");
        assert_eq!(refused(json!({"type": "track", "userId": "u"})), "event: event-name-missing");
        assert_eq!(refused(json!({"type": "track", "event": "x"})), "userId: event-user-missing");
        assert_eq!(refused(json!({"type": "page", "userId": " "})), "userId: event-user-missing");
        assert_eq!(refused(json!({"type": "group", "userId": "u"})), "groupId: event-group-missing");
        assert_eq!(refused(json!({"type": "alias", "userId": "u"})), "previousId: event-previous-missing");
        let long = "x".repeat(MAX_ID + 1);
        assert_eq!(refused(json!({"type": "page", "userId": long})), "userId: event-id-too-long member=userId max=512");
        assert_eq!(refused(json!({"type": "page", "userId": []})), "userId: event-id-unreadable member=userId");
        assert_eq!(
            refused(json!({"type": "identify", "userId": "u", "traits": 3})),
            "traits: event-member-not-an-object"
        );
        let name = "x".repeat(MAX_NAME + 1);
        let named = json!({"type": "track", "userId": "u", "event": name});
        assert_eq!(refused(named), "event: event-name-too-long max=200");
        let large = json!({"type": "page", "userId": "u", "properties": {"x": "x".repeat(MAX_EVENT)}});
        assert_eq!(refused(large), "event-too-large max=32");
    }

    #[test]
    fn what_is_kept_of_an_event() {
        let json = json!({"type": "identify", "userId": 42, "anonymousId": "a", "traits": {"email": "a@b.example"}});
        let good = read(Call::Batch, None, json.clone()).ok().unwrap();
        assert_eq!((good.event.user_id.as_deref(), good.event.anonymous_id.as_deref()), (Some("42"), Some("a")));
        assert_eq!(good.event.payload, json.to_string());
        let record = good.record.unwrap();
        assert_eq!((record.key.as_str(), &record.payload["email"]), ("user/42", &json!("a@b.example")));
        let group = read(Call::One("group"), None, json!({"groupId": "g", "anonymousId": "a"})).ok().unwrap();
        assert_eq!((group.event.kind.as_str(), group.record.unwrap().key.as_str()), ("group", "group/g"));
        let track = json!({"userId": "u", "event": "Signed Up", "messageId": "m-1"});
        let track = read(Call::One("track"), None, track).ok().unwrap();
        assert_eq!((track.event.name.as_deref(), track.event.message), (Some("Signed Up"), Digest::of("m-1")));
        assert!(track.record.is_none());
    }

    #[test]
    fn the_senders_clock_is_put_right() {
        let at = |sent: Option<&str>, time: Json| {
            let json = json!({"type": "page", "userId": "u", "timestamp": time});
            read(Call::Batch, sent, json).map(|good| good.event.at.to_string())
        };
        // Sent an hour ahead of our clock, five minutes after it happened.
        assert_eq!(
            at(Some("2026-03-01T13:00:00.000Z"), json!("2026-03-01T12:55:00.000Z")),
            Ok("2026-03-01T11:55:00Z".to_owned())
        );
        assert_eq!(at(None, json!("2026-02-01T10:00:00+02:00")), Ok("2026-02-01T08:00:00Z".to_owned()));
        assert_eq!(at(None, json!("2026-02-01T10:00:00.5")), Ok("2026-02-01T10:00:00.5Z".to_owned()));
        assert_eq!(at(Some("nonsense"), json!("2026-02-01")), Ok("2026-02-01T00:00:00Z".to_owned()));
        assert_eq!(at(None, Json::Null), Ok(NOW.to_owned()));
        for wrong in [json!("yesterday"), json!(3), json!("0004-01-01T00:00:00Z")] {
            assert!(
                at(None, wrong.clone()).is_err_and(|e| e.starts_with("timestamp: event-time-unreadable")),
                "{wrong}"
            );
        }
    }
}
