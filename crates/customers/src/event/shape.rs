//! What events look like: the types of their properties, learnt, and compared with what was learnt.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use kernel::{Id, Timestamp};
use model::Problem;
use records::{RecordError, Space};
use serde_json::{Map, Value as Json};
use store::Property;

use super::read::MAX_NAME;

/// For how long what was learnt of a source is remembered before it is read again.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(5);
/// Most properties of a source that are compared with.
const MOST: u32 = 50_000;

/// The types that values have.
fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "text",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

/// The name under which an event is learnt: calls are told apart by their event, the others by their kind alone.
fn learnt_as<'a>(kind: &str, name: Option<&'a str>) -> &'a str {
    if kind == "track" { name.unwrap_or_default() } else { "" }
}

/// The properties of an event, each with its type, and the event itself first.
pub(super) fn properties(source: Id, kind: &str, name: Option<&str>, json: &Map<String, Json>) -> Vec<Property> {
    let property = |property: &str, value: &str| Property {
        source,
        kind: kind.to_owned(),
        event: learnt_as(kind, name).to_owned(),
        property: property.to_owned(),
        value: value.to_owned(),
    };
    let member = if matches!(kind, "identify" | "group") { "traits" } else { "properties" };
    let members = json.get(member).and_then(Json::as_object);
    let named = members.into_iter().flatten().filter(|(name, _)| name.chars().count() <= MAX_NAME);
    std::iter::once(property("", "")).chain(named.map(|(name, value)| property(name, type_of(value)))).collect()
}

/// What was learnt of a source.
#[derive(Debug, Default)]
pub(crate) struct Shapes(HashMap<(String, String), HashMap<String, HashSet<String>>>);

/// What was learnt of sources, remembered for some seconds.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<HashMap<Id, (Timestamp, Arc<Shapes>)>>);

impl Remembered {
    /// Reads it again when it is next asked for.
    pub(crate) fn forget(&self, source: Id) {
        self.0.lock().expect("not poisoned").remove(&source);
    }
}

impl Shapes {
    /// What was learnt of a source.
    pub(crate) async fn of(space: &Space, source: Id, now: Timestamp) -> Result<Arc<Shapes>, RecordError> {
        let remembered: Arc<Remembered> = space.kept();
        if let Some((at, shapes)) = remembered.0.lock().expect("not poisoned").get(&source)
            && now.duration_since(*at) < REMEMBERED
        {
            return Ok(Arc::clone(shapes));
        }
        let known = space.store.read().await?.properties(source, None, MOST).await?;
        let shapes = Arc::new(Shapes::from_iter(known.into_iter().map(|(property, _)| property)));
        remembered.0.lock().expect("not poisoned").insert(source, (now, Arc::clone(&shapes)));
        Ok(shapes)
    }

    /// Compares an event with what was learnt: its name must be known, and a property must have one of the types it had. Properties not
    /// seen before are let through, and learnt.
    pub(super) fn check(&self, kind: &str, name: Option<&str>, json: &Map<String, Json>) -> Result<(), Problem> {
        let event = learnt_as(kind, name);
        let Some(known) = self.0.get(&(kind.to_owned(), event.to_owned())) else {
            let shown = if event.is_empty() { kind } else { event };
            return Err(Problem::new("event", "event-unknown").text("value", shown));
        };
        let member = if matches!(kind, "identify" | "group") { "traits" } else { "properties" };
        for (name, value) in json.get(member).and_then(Json::as_object).into_iter().flatten() {
            let Some(types) = known.get(name).filter(|types| types.iter().any(|t| t != "nothing")) else { continue };
            if !value.is_null() && !types.contains(type_of(value)) {
                let mut types: Vec<&str> = types.iter().map(String::as_str).filter(|t| *t != "nothing").collect();
                types.sort_unstable();
                let problem = Problem::new(format!("{member}.{name}"), "event-property-type");
                return Err(problem
                    .text("property", name)
                    .text("found", type_of(value))
                    .text("expected", types.join(", ")));
            }
        }
        Ok(())
    }
}

impl FromIterator<Property> for Shapes {
    fn from_iter<I: IntoIterator<Item = Property>>(properties: I) -> Shapes {
        let mut shapes = Shapes::default();
        for Property { kind, event, property, value, .. } in properties {
            let known = shapes.0.entry((kind, event)).or_default();
            if !property.is_empty() {
                known.entry(property).or_default().insert(value);
            }
        }
        shapes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_learnt_is_let_through_and_the_rest_is_not() {
        let object = |json: Json| json.as_object().unwrap().clone();
        let source = Id::named("source");
        let seen = [
            ("track", Some("Paid"), json!({"properties": {"amount": 3, "note": null, "code": "x"}})),
            ("track", Some("Paid"), json!({"properties": {"amount": null, "code": 7}})),
            ("identify", None, json!({"traits": {"email": "a@b.example"}})),
        ];
        let shapes: Shapes =
            seen.into_iter().flat_map(|(kind, name, json)| properties(source, kind, name, &object(json))).collect();
        let check = |kind: &str, name: Option<&str>, json: Json| {
            shapes.check(kind, name, &object(json)).map_err(|problem| problem.to_string())
        };
        assert_eq!(
            check("track", Some("Paid"), json!({"properties": {"amount": 1.5, "new": true, "note": 1}})),
            Ok(())
        );
        assert_eq!(check("track", Some("Paid"), json!({"properties": {"amount": null, "code": 1}})), Ok(()));
        assert_eq!(
            check("track", Some("Paid"), json!({"properties": {"amount": "3"}})),
            Err("properties.amount: event-property-type property=amount found=text expected=number".to_owned())
        );
        assert_eq!(check("track", Some("Payed"), json!({})), Err("event: event-unknown value=Payed".to_owned()));
        assert_eq!(check("page", Some("Home"), json!({})), Err("event: event-unknown value=page".to_owned()));
        assert!(check("identify", None, json!({"traits": {"email": []}})).is_err());
    }
}
