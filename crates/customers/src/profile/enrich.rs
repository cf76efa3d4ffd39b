//! What the repository knows of a record of our own that the record does not say: golden values as the fields of its object, and the other
//! records of the same profile.

use std::collections::HashSet;
use std::sync::Arc;

use kernel::{Id, Timestamp};
use model::{Entry as Line, FieldDef, FieldType, Ident, ObjectDef, Record, Value, from_json};
use records::{Access, Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::Reader;

use super::golden::{Candidate, Golden};
use super::point::PointState;
use super::view::{View, view};
use crate::source::{Mirrors, originals};

/// A value that a record lacks, or says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The field.
    pub field: Ident,
    /// What it would say.
    pub value: Value,
    /// The source that is believed.
    pub source: String,
    /// When it said so.
    pub at: Timestamp,
}

/// A record of our own in the light of its profile.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its profile, as far as the actor may see it.
    pub view: View,
    /// Records of the same object in the same profile that the actor may see, the record itself left out.
    pub twins: Vec<Record>,
    /// What could be added to the record, or corrected.
    pub suggestions: Vec<Suggestion>,
}

/// What is known of a record of an object that is a source; nothing when it is part of no profile, or of none that the actor may see. About
/// twenty statements.
pub async fn known(
    space: &Arc<Space>,
    access: &Access,
    object: &ObjectDef,
    record: &Record,
    reader: &mut Reader,
) -> Result<Option<Known>, RecordError> {
    let profiles = space.object("profile")?;
    let Some(source) = Mirrors::of(space).await?.source(object) else { return Ok(None) };
    if access.check(&profiles, Action::Read).is_err() {
        return Ok(None);
    }
    let version = reader.source_record(source, &record.id().to_string()).await?;
    let Some(own) = version.map(|version| version.record) else { return Ok(None) };
    let Some(home) = reader.entries(&[own]).await?.first().map(|entry| entry.profile) else { return Ok(None) };
    let view = match view(space, access, home, reader).await {
        Ok(view) => view,
        Err(RecordError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let keys: Vec<(Id, String)> = view.records.iter().map(|record| (record.source, record.key.clone())).collect();
    let ids: HashSet<Id> = (originals(space, &keys).await?.into_values())
        .filter(|(of, id)| of.name == object.name && *id != record.id())
        .map(|(_, id)| id)
        .collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let mut twins = space.get_many_as(access, &object.name, &ids, reader).await?;
    twins.retain(|twin| twin.deleted_at().is_none());
    twins.sort_by_key(Record::id);
    let suggestions = suggestions(space, access, object, record, own, &view.golden);
    Ok(Some(Known { view, twins, suggestions }))
}

fn suggestions(
    space: &Space,
    access: &Access,
    object: &ObjectDef,
    record: &Record,
    own: Id,
    golden: &Golden,
) -> Vec<Suggestion> {
    let schema = space.schema();
    let open = |field: &&FieldDef| {
        !field.is_computed()
            && !field.read_only
            && access.reads(object, &field.name)
            && access.writes(object, &field.name)
    };
    let one = |field: &FieldDef| {
        let held = record.value(field.name.as_str());
        let (json, by) = proposed(field, held, golden, own)?;
        let value = from_json(&schema, object, field, &json).ok()?;
        let new = !value.is_empty() && value != *held;
        new.then(|| Suggestion { field: field.name.clone(), value, source: by.source_name.clone(), at: by.at })
    };
    object.own_fields().filter(open).filter_map(one).collect()
}

/// What a field would say by the golden values, in JSON, and who says so; nothing when the record itself is who says so.
fn proposed<'g>(field: &FieldDef, held: &Value, golden: &'g Golden, own: Id) -> Option<(Json, &'g Candidate)> {
    let best = |name: &str| golden.all(name).first();
    let other = |name: &str| best(name).filter(|candidate| candidate.record != own);
    match &field.kind {
        FieldType::PersonName => {
            let by = other("last_name").or_else(|| other("first_name"))?;
            let mut name = match held {
                Value::Name(name) => json!(name),
                _ => json!({}),
            };
            for (part, attribute) in [("first", "first_name"), ("last", "last_name")] {
                if let Some(value) = golden.first(attribute) {
                    name[part] = value.into();
                }
            }
            Some((name, by))
        }
        FieldType::Address => {
            let parts = ["street_number", "street", "address", "address_line", "postcode", "city", "region", "country"];
            let by = parts.iter().find_map(|part| other(part))?;
            let part = |name: &str| golden.first(name).unwrap_or_default();
            let street = format!("{} {}", part("street_number"), part("street")).trim().to_owned();
            let street = if street.is_empty() { part("address").to_owned() } else { street };
            let country = part("country");
            let country = if country.len() == 2 { country.to_uppercase() } else { String::new() };
            Some((
                json!({
                    "street": street, "street2": part("address_line"), "postcode": part("postcode"),
                    "city": part("city"), "region": part("region"), "country": country,
                }),
                by,
            ))
        }
        FieldType::Emails => lines("email", held, golden),
        FieldType::Phones => lines("phone", held, golden),
        FieldType::Links => lines("website", held, golden),
        FieldType::Date | FieldType::Text { .. } if field.name != "lifecycle" => {
            let by = other(field.name.as_str())?;
            Some((by.value.clone().into(), by))
        }
        _ => None,
    }
}

/// The lines that a record has, and after them those that it lacks and that reach somebody.
fn lines<'g>(attribute: &str, held: &Value, golden: &'g Golden) -> Option<(Json, &'g Candidate)> {
    let kept: &[Line] = match held {
        Value::Entries(lines) => lines,
        _ => &[],
    };
    let reaches = |candidate: &&Candidate| !matches!(candidate.state, Some(PointState::Bounced | PointState::Invalid));
    let bare = |text: &str| -> String {
        let kept: String = kernel::fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
        let tail = if attribute == "phone" { kept.chars().count().saturating_sub(9) } else { 0 };
        kept.chars().skip(tail).collect()
    };
    let known: HashSet<String> = kept.iter().map(|line| bare(&line.value)).collect();
    let missing: Vec<&Candidate> = golden
        .all(attribute)
        .iter()
        .filter(reaches)
        .filter(|candidate| !known.contains(&bare(&candidate.value)))
        .collect();
    let by = missing.first().copied()?;
    let mut all: Vec<Json> = kept.iter().map(|line| json!(line)).collect();
    all.extend(missing.iter().map(|candidate| json!({ "value": candidate.value })));
    Some((all.into(), by))
}
