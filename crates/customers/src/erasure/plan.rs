//! What an erasure takes away, and what it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{FieldType, Filter, Ident, Op as Is, Operand, Problem, Query, Record, Value};
use records::{Access, Action, RecordError, Space};
use store::{Traces, Version};

use super::run::JOB;
use crate::consent::{ContactPoint, PointKind, known};
use crate::identity::{Kind, Sources, understand};
use crate::person::{activities, own_records};
use crate::profile::{Lookup, find, view};
use crate::right::PROFILE;

/// Most identifiers given before a user was known that are followed.
const MOST_ANONYMOUS: u32 = 1_000;
/// Most records of an object that hold one address.
const MOST_HOLDERS: u32 = 200;

/// What an erasure would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Records that sources gave.
    pub records: usize,
    /// Their versions.
    pub versions: usize,
    /// Identifiers whose events go.
    pub identifiers: usize,
    /// Records of objects, by object: contacts, notes about them …
    pub objects: BTreeMap<Ident, usize>,
    /// Lines of the ledger of consents.
    pub consents: usize,
    /// Attached files.
    pub files: usize,
    /// Contact points that others have too: they stay theirs, and are not kept out later.
    pub shared: usize,
    /// What stays, and where it is written.
    pub kept: Vec<Kept>,
}

/// Something that an erasure leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The request with its dates and its answer, without name and address: it proves that it was answered (RGPD, article 5.2).
    Request,
    /// The objection under a hash of each address, so that nobody writes there again (RGPD, articles 17.3 b and 21.3; CNIL, liste
    /// d’opposition).
    Objection,
    /// Hashes that keep the person from being brought back by a file or a backup.
    Tombstones,
}

/// What is found of a person before it is erased.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) plan: Plan,
    pub(super) traces: Traces,
    /// Contact points that belong to nobody else.
    pub(super) own: Vec<ContactPoint>,
    /// Requests about the profile.
    pub(super) requests: Vec<Id>,
    /// Words of names, for the search.
    pub(super) words: Vec<String>,
}

/// What erasing the person of a profile would take away. For those who answer rights requests.
///
/// Errors when the actor may not, when there is no such profile, and when it is an organisation.
pub async fn preview(space: &Arc<Space>, ctx: &Ctx, access: &Access, profile: Id) -> Result<Plan, RecordError> {
    access.check(&*space.object("rights_request")?, Action::Update)?;
    Ok(gather(space, ctx, profile).await?.plan)
}

pub(super) async fn gather(space: &Arc<Space>, ctx: &Ctx, profile: Id) -> Result<Found, RecordError> {
    let mut reader = space.store.read().await?;
    let view = view(space, &Access::everything(), profile, &mut reader).await?;
    if view.kind == Kind::Organisation {
        return Err(Problem::new("", "erasure-organisation").into());
    }
    let mut found = Found::default();
    let kept = view.profile.id();
    found.traces.job = JOB;
    found.traces.profiles = vec![kept];
    found.traces.profiles.extend(reader.former(&[kept]).await?.into_iter().map(|(former, _)| former));
    let records: Vec<Id> = reader.entries_of(&[kept]).await?.into_iter().map(|entry| entry.record).collect();
    let versions = reader.versions_of(&records).await?;
    let understood = understand(&space.kept::<Sources>(), &space.schema(), &mut reader, &versions).await?;
    let mut points = BTreeSet::new();
    for record in &understood {
        for (attribute, kind) in [("email", PointKind::Email), ("phone", PointKind::Phone)] {
            points.extend(record.attributes.get(attribute).iter().filter_map(|text| ContactPoint::new(kind, text)));
        }
        for attribute in ["first_name", "last_name", "full_name"] {
            found.words.extend(record.attributes.get(attribute).iter().flat_map(|text| kernel::words_of(text)));
        }
    }
    let keys: BTreeSet<(Id, String)> = versions.iter().map(|v: &Version| (v.source, v.key.clone())).collect();
    for (source, key) in &keys {
        match key.split_once('/') {
            Some(("user", id)) => {
                found.traces.users.push((*source, id.to_owned()));
                let earlier = reader.anonymous_of(*source, id, MOST_ANONYMOUS).await?;
                found.traces.anonymous.extend(earlier.into_iter().map(|id| (*source, id)));
            }
            Some(("anonymous", id)) => found.traces.anonymous.push((*source, id.to_owned())),
            _ => {}
        }
    }
    found.traces.keys = keys.into_iter().collect();
    let tallied = found.traces.anonymous.iter().map(|(source, id)| (*source, format!("anonymous/{id}")));
    let tallied: Vec<(Id, String)> = tallied.collect();
    found.traces.keys.extend(tallied);
    found.traces.records = records;
    found.plan.records = found.traces.records.len();
    found.plan.versions = versions.len();
    found.plan.identifiers = found.traces.users.len() + found.traces.anonymous.len();
    for point in points {
        let lookup = match point.kind() {
            PointKind::Email => Lookup::Email(point.value().to_owned()),
            _ => Lookup::Phone(point.value().to_owned()),
        };
        let others = find(space, &mut reader, &lookup).await?;
        if others.iter().any(|other| *other != kept) { found.plan.shared += 1 } else { found.own.push(point) }
    }
    found.plan.consents = known(&mut reader, &found.own).await?.iter().map(|known| known.history.len()).sum();
    drop(reader);
    objects(space, ctx, &view, &mut found).await?;
    found.traces.points = found.own.iter().map(|point| point.key().to_owned()).collect();
    found.traces.needles = found.own.iter().map(|point| point.value().to_owned()).collect();
    found.plan.files = found.traces.files.len();
    found.plan.kept = vec![Kept::Request];
    if !found.own.is_empty() {
        found.plan.kept.push(Kept::Objection);
    }
    found.plan.kept.push(Kept::Tombstones);
    Ok(found)
}

/// The records of objects that are the person's: those behind the profile, those of people that hold an address of its own, and what
/// stands on their timelines. Accounts are nobody's.
async fn objects(
    space: &Arc<Space>,
    ctx: &Ctx,
    view: &crate::profile::View,
    found: &mut Found,
) -> Result<(), RecordError> {
    let mut people = own_records(space, view).await?;
    let schema = space.schema();
    let system = Ctx { now: ctx.now, ..space.system_ctx() };
    for object in schema.objects() {
        let has = |wanted: fn(&FieldType) -> bool| object.own_fields().find(|field| wanted(&field.kind));
        let named = has(|kind| matches!(kind, FieldType::PersonName)).is_some();
        let Some(emails) = has(|kind| matches!(kind, FieldType::Emails)).filter(|_| named) else { continue };
        for point in found.own.iter().filter(|point| point.kind() == PointKind::Email) {
            let holds = Operand::Value(Value::from(point.value()));
            let query = Query::of(object.name.clone()).filter(Filter::is(emails.name.clone(), Is::Has, holds));
            for record in space.list(&system, &query.limit(MOST_HOLDERS)).await?.records {
                if people.iter().all(|(_, known)| known.id() != record.id()) {
                    people.push((Arc::clone(object), record));
                }
            }
        }
    }
    let about = activities(space, ctx, &people).await?;
    let mut all: BTreeMap<Ident, Vec<Id>> = BTreeMap::new();
    for (object, record) in people.iter().chain(&about) {
        all.entry(object.name.clone()).or_default().push(record.id());
        found.traces.files.extend(files(record));
    }
    found.plan.objects = all.iter().map(|(object, ids)| (object.clone(), ids.len())).collect();
    all.insert(Ident::of("profile"), found.traces.profiles.clone());
    found.traces.objects = all.into_iter().collect();
    for profile in &found.traces.profiles {
        let about = PROFILE.eq(profile.typed("prf"));
        let query = Query::of(Ident::of("rights_request")).filter(about).limit(MOST_HOLDERS);
        found.requests.extend(space.list(&system, &query).await?.records.iter().map(Record::id));
    }
    Ok(())
}

fn files(record: &Record) -> Vec<Id> {
    let mut found = Vec::new();
    for (_, value) in record.fields.iter() {
        if let Value::Files(files) = value {
            found.extend(files.iter().map(|file| file.id));
        }
    }
    found
}
