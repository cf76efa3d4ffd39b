//! Records of this space's own objects as a source: what a salesperson writes on a contact is known to the customer repository a moment
//! later, and what another source knows shows beside it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kernel::Id;
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Op, Operand, Query, Record, Schema, Value};
use records::{Cx, Draft, RecordError, Space};
use serde_json::{Map, Value as Json, json};
use store::{BoxFuture, Incoming, Volume};

use crate::erasure::let_in;
use crate::identity::Kind;

use super::{ACTIVE, ENTITY, KIND, OBJECT, day_of};

/// The name of the position up to which changes were followed.
const POSITION: &str = "objects mirrored";
/// Changes looked at, and records taken over, in one write.
const CHUNK: u32 = 500;
/// Object sources of a space; it has one for each object of people or organisations.
const MOST: u32 = 50;
/// The kind of job that takes the records over that were there before the source.
pub(crate) const JOB: &str = "mirror";

/// An object that is a source.
#[derive(Clone, Debug)]
struct Mirror {
    source: Id,
    object: Arc<ObjectDef>,
    organisations: bool,
}

/// After a source was written: an object's source takes over the records there are.
pub(crate) async fn start(draft: &mut Draft, cx: &mut Cx<'_>) -> Result<(), RecordError> {
    let wanted = draft.get(KIND).as_deref() == Some("object") && draft.get(ACTIVE) == Some(true);
    let changed = draft.is_new() || draft.changes(OBJECT) || draft.changes(ACTIVE) || draft.changes(KIND);
    let Some(name) = draft.get(OBJECT).filter(|_| wanted && changed) else { return Ok(()) };
    let schema = cx.schema();
    if schema.object(&name).is_none() {
        return Err(model::Problem::new("object", "source-object-unknown").text("value", &name).into());
    }
    let source = draft.record.id();
    let others = cx.list(&all()).await?.iter().any(|other| other.id() != source && other.get(OBJECT).is_some());
    if !others {
        let end = cx.writer.log_end().await?;
        cx.writer.set_position(POSITION, end).await?;
    }
    let payload = json!({ "source": source.to_string() });
    cx.writer.enqueue(JOB, None, &payload, cx.ctx.now, cx.ctx.now).await?;
    Ok(())
}

fn all() -> Query {
    let only = Filter::And(vec![KIND.eq("object".to_owned()), ACTIVE.eq(true)]);
    Query { limit: MOST, ..Query::of(Ident::of("source")).filter(only) }
}

fn mirrors(schema: &Schema, sources: &[Record]) -> Vec<Mirror> {
    let mirror = |source: &Record| {
        let object = source.get(OBJECT).and_then(|name| schema.object(&name).cloned())?;
        let organisations = source.get(ENTITY).as_deref() == Some("organisation");
        Some(Mirror { source: source.id(), object, organisations })
    };
    sources.iter().filter_map(mirror).collect()
}

/// Takes over the changes that came since the last time.
pub async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let ctx = space.system_ctx();
    let sources = space.list(&ctx, &all()).await?.records;
    if sources.is_empty() {
        return Ok(false);
    }
    let position = space.store.read().await?.position(POSITION).await?;
    if space.store.read().await?.tail(position, 1).await?.0.is_empty() {
        return Ok(false);
    }
    let taken = space.transact(&ctx, move |cx| {
        Box::pin(async move {
            let mirrors = mirrors(&cx.schema(), &sources);
            let position = cx.writer.lock_position(POSITION).await?;
            let (changes, next) = cx.writer.tail(position, CHUNK).await?;
            let mut changed: BTreeMap<Ident, Vec<Id>> = BTreeMap::new();
            for change in &changes {
                changed.entry(change.object.clone()).or_default().push(change.record);
            }
            for mirror in &mirrors {
                let Some(ids) = changed.get(&mirror.object.name) else { continue };
                let schema = cx.schema();
                let found = cx.writer.get_many(&schema, &mirror.object.name, ids, &Filter::All, &[]).await?;
                take(cx, mirror, &mirrors, &found).await?;
            }
            cx.writer.set_position(POSITION, next).await?;
            Ok(changes.len())
        })
    });
    Ok(taken.await? > 0)
}

/// Takes over all records of an object, newest first. It may run again: what is known already is not kept twice.
pub(crate) fn job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let source = payload.get("source").and_then(Json::as_str).and_then(|id| Id::parse_any(id).ok());
        let Some((_, source)) = source else { return Ok(()) };
        take_all(&space, source).await.map_err(|error| error.to_string())
    })
}

async fn take_all(space: &Arc<Space>, source: Id) -> Result<(), RecordError> {
    let ctx = space.system_ctx();
    let sources = space.list(&ctx, &all()).await?.records;
    let mirrors = mirrors(&space.schema(), &sources);
    let Some(mirror) = mirrors.iter().find(|mirror| mirror.source == source).cloned() else { return Ok(()) };
    let mut query = Query { limit: CHUNK, ..Query::of(mirror.object.name.clone()) };
    loop {
        let page = space.list(&ctx, &query).await?;
        if !page.records.is_empty() {
            let (mirror, mirrors) = (mirror.clone(), mirrors.clone());
            let kept = space
                .transact(&ctx, move |cx| Box::pin(async move { take(cx, &mirror, &mirrors, &page.records).await }));
            kept.await?;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn take(cx: &mut Cx<'_>, mirror: &Mirror, mirrors: &[Mirror], records: &[Record]) -> Result<(), RecordError> {
    let incoming: Vec<Incoming> = records
        .iter()
        .map(|record| Incoming {
            source: mirror.source,
            key: record.id().to_string(),
            payload: payload(mirror, mirrors, record),
            partial: false,
        })
        .collect();
    let now = cx.ctx.now;
    let (incoming, erased) = let_in(cx.writer, &incoming).await?;
    let kept = cx.writer.append_records(&incoming, now).await?;
    let accepted = kept.iter().filter(|kept| kept.new).count() as i64;
    let repeated = kept.len() as i64 - accepted;
    let volume =
        Volume { day: day_of(now).to_string(), accepted, repeated, rejected: erased.len() as i64, last_at: Some(now) };
    Ok(cx.writer.count_received(mirror.source, &volume, 0, now).await?)
}

/// What a record says about somebody, in the words of the customer repository where a field's type tells them. Nothing when it is in the
/// bin.
fn payload(mirror: &Mirror, mirrors: &[Mirror], record: &Record) -> Map<String, Json> {
    let mut said = Map::new();
    if record.deleted_at().is_some() {
        return said;
    }
    for field in mirror.object.own_fields() {
        let name = field.name.as_str();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                said.insert(name.to_owned(), value.into());
            }
        };
        match record.value(name) {
            Value::Name(person) => {
                put("first_name", &person.first);
                put("last_name", &person.last);
            }
            Value::Address(address) => {
                let parts = [
                    ("street", &address.street),
                    ("address_line", &address.street2),
                    ("postcode", &address.postcode),
                    ("city", &address.city),
                    ("region", &address.region),
                    ("country", &address.country),
                ];
                parts.into_iter().for_each(|(part, value)| put(part, value));
            }
            Value::Entries(entries) => {
                let kind = match field.kind {
                    FieldType::Emails => "email",
                    FieldType::Phones => "phone",
                    _ => "website",
                };
                let values: Vec<&str> = entries.iter().map(|entry| entry.value.as_str()).collect();
                said.entry(kind).or_insert_with(|| Json::from(values));
            }
            Value::Text(text) if name == "lifecycle" => put("stage", text),
            Value::Text(text) => put(name, text),
            Value::Date(date) => put(name, &date.to_string()),
            Value::Id(id) => {
                let targets = field.targets().unwrap_or_default();
                let home = mirrors.iter().find(|other| other.organisations && targets.contains(&other.object.name));
                if let Some(home) = home.filter(|_| !mirror.organisations) {
                    let works_at = json!({ "source": home.source.to_string(), "key": id.to_string() });
                    said.insert("works_at".to_owned(), works_at);
                }
            }
            _ => {}
        }
    }
    said
}

/// The objects that are sources.
pub(crate) struct Mirrors(Vec<Mirror>);

impl Mirrors {
    /// Those of a space.
    pub(crate) async fn of(space: &Space) -> Result<Mirrors, RecordError> {
        let sources = space.list(&space.system_ctx(), &all()).await?.records;
        Ok(Mirrors(mirrors(&space.schema(), &sources)))
    }

    /// The source that an object is.
    pub(crate) fn source(&self, object: &ObjectDef) -> Option<Id> {
        self.0.iter().find(|mirror| mirror.object.name == object.name).map(|mirror| mirror.source)
    }

    /// The source records of people whose own record points to one of some organisations: those of this space's objects among `keys`.
    pub(crate) async fn pointing(
        &self,
        space: &Space,
        keys: &[(Id, String)],
        limit: u32,
    ) -> Result<Vec<(Id, String)>, RecordError> {
        let mut found = Vec::new();
        for (source, key) in keys {
            let home = self.0.iter().find(|mirror| mirror.source == *source && mirror.organisations);
            let (Some(home), Ok((_, id))) = (home, Id::parse_any(key)) else { continue };
            for people in self.0.iter().filter(|mirror| !mirror.organisations) {
                let names = |field: &&FieldDef| {
                    matches!(field.kind, FieldType::Reference { .. })
                        && field.targets().unwrap_or_default().contains(&home.object.name)
                };
                for field in people.object.own_fields().filter(names) {
                    let filter = Filter::is(field.name.clone(), Op::Eq, Operand::Value(Value::Id(id)));
                    let query = Query::of(people.object.name.clone()).filter(filter).limit(limit);
                    let records = space.list(&space.system_ctx(), &query).await?.records;
                    found.extend(records.iter().map(|record| (people.source, record.id().to_string())));
                }
            }
        }
        Ok(found)
    }

    /// What a record says, and about what. An object that is no source is about people when it has a person's name; of others nothing is
    /// known.
    pub(crate) fn said(&self, object: &ObjectDef, record: &Record) -> Option<(Kind, Map<String, Json>)> {
        let known = self.0.iter().find(|mirror| mirror.object.name == object.name).cloned();
        let person = object.own_fields().any(|field| matches!(field.kind, FieldType::PersonName));
        let other =
            || Mirror { source: Id::named("no source"), object: Arc::new(object.clone()), organisations: false };
        let mirror = known.or_else(|| person.then(other))?;
        let kind = if mirror.organisations { Kind::Organisation } else { Kind::Person };
        Some((kind, payload(&mirror, &self.0, record)))
    }
}

/// The records of this space's objects among source records, each with its object: what a profile page links to.
pub async fn originals(
    space: &Space,
    sources: &[(Id, String)],
) -> Result<HashMap<(Id, String), (Arc<ObjectDef>, Id)>, RecordError> {
    let found = space.list(&space.system_ctx(), &all()).await?.records;
    let mirrors = mirrors(&space.schema(), &found);
    let original = |(source, key): &(Id, String)| {
        let mirror = mirrors.iter().find(|mirror| mirror.source == *source)?;
        Some(((*source, key.clone()), (Arc::clone(&mirror.object), Id::parse_any(key).ok()?.1)))
    };
    Ok(sources.iter().filter_map(original).collect())
}
