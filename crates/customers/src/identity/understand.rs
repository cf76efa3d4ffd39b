//! Source records in our own vocabulary.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::civil::Date;
use kernel::{Id, Timestamp};
use model::{Filter, Ident, Schema};
use records::RecordError;
use serde_json::{Map, Value as Json};
use store::{Reader as StoreReader, Version};

use super::{Attributes, Kind, Reader};
use crate::person::person_id;
use crate::profile::{PINNED, steward_id};
use crate::source::{ENTITY, MAPPING, NAME, TRUST};

/// A source record, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// The record.
    pub record: Id,
    /// Its version.
    pub version: i64,
    /// Its source.
    pub source: Id,
    /// What the source calls it.
    pub key: String,
    /// The source's name.
    pub source_name: String,
    /// How far the source is believed: 1 is believed most.
    pub trust: i64,
    /// When this version came in.
    pub received_at: Timestamp,
    /// What it is about.
    pub kind: Kind,
    /// What it says.
    pub attributes: Attributes,
    /// The organisation for which a person works: the member `works_at`.
    pub works_at: Option<Work>,
    /// Whether the source says nothing of it any more.
    pub gone: bool,
}

impl Understood {
    /// The cell of a column that is compared with those of other records. What people say about themselves is believed and never compared:
    /// else one could say another's name and address, be taken for that person, and read what is held about it.
    pub(crate) fn compared(&self, column: &str) -> Option<&str> {
        if self.source == person_id() { None } else { self.attributes.cell(column) }
    }
}

/// An employment as a record tells it: an object with the `source` and `key` of the organisation's record and, where they are known, `role`,
/// `since` and `until` (ISO 8601 days).
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The source of the organisation's record; the person's own where none is named.
    pub source: Id,
    /// What that source calls it.
    pub key: String,
    /// What the person does there.
    pub role: Option<String>,
    /// The first day.
    pub since: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// What is remembered of sources, each with the version of its record.
#[derive(Default)]
pub(crate) struct Sources(Mutex<HashMap<Id, (i64, Known)>>);

#[derive(Debug)]
struct Known {
    name: String,
    trust: i64,
    kind: Kind,
    reader: Reader,
}

/// Keys of records that are about groups, in the terms of the Segment specification.
pub(crate) const GROUP: &str = "group/";

/// Understands versions of source records, in their order. Costs one query for all their sources.
pub(crate) async fn understand(
    sources: &Sources,
    schema: &Schema,
    reader: &mut StoreReader,
    versions: &[Version],
) -> Result<Vec<Understood>, RecordError> {
    let mut ids: Vec<Id> = versions.iter().map(|version| version.source).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = reader.get_many(schema, &Ident::of("source"), &ids, &Filter::All, &[]).await?;
    let mut known = sources.0.lock().expect("not poisoned");
    for source in found {
        let held = known.get(&source.id()).is_some_and(|(version, _)| *version == source.version());
        if !held {
            let entity = source.get(ENTITY).as_deref().and_then(Kind::parse);
            let mapping = source.get(MAPPING).map_or(Json::Null, |json| *json);
            let fresh = Known {
                name: source.get(NAME).unwrap_or_default(),
                trust: source.get(TRUST).unwrap_or(i64::MAX),
                kind: entity.unwrap_or(Kind::Person),
                reader: Reader::new(&mapping),
            };
            known.insert(source.id(), (source.version(), fresh));
        }
    }
    let understood = versions.iter().map(|version| {
        let unknown = || RecordError::unknown("source", version.source.to_string());
        let (_, source) = known.get_mut(&version.source).ok_or_else(unknown)?;
        let kind = if version.key.starts_with(GROUP) { Kind::Organisation } else { source.kind };
        Ok(Understood {
            record: version.record,
            version: version.version,
            source: version.source,
            key: version.key.clone(),
            source_name: source.name.clone(),
            trust: if [steward_id(), person_id()].contains(&version.source) { PINNED } else { source.trust },
            received_at: version.received_at,
            kind,
            attributes: source.reader.read(kind, &version.payload),
            works_at: works_at(version),
            gone: version.payload.as_object().is_none_or(Map::is_empty),
        })
    });
    understood.collect()
}

/// The employment that a version tells of.
pub(crate) fn works_at(version: &Version) -> Option<Work> {
    let said = version.payload.get("works_at")?;
    let text = |name: &str| said.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
    let source = match text("source") {
        Some(text) => Id::parse_any(text).ok()?.1,
        None => version.source,
    };
    // A moment begins with its day.
    let day = |name: &str| text(name)?.get(..10)?.parse().ok();
    let role = text("role").map(|role| role.chars().take(255).collect());
    Some(Work { source, key: said.get("key")?.as_str()?.to_owned(), role, since: day("since"), until: day("until") })
}
