//! Who a record that is just being entered may be: the profiles that resemble it, found as resolving finds them, without keeping anything.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::{Actor, Ctx, Id};
use matching::{Features, Linker, probability};
use model::{Ident, ObjectDef, Problem, Record};
use records::{Access, Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Entry, Reader};

use super::view::field_of;
use crate::identity::{
    Attributes, Decision, Kind, Linkers, MOST_HOLDERS, Reader as Words, answered, decide, features_of, key_of,
};
use crate::source::{Mirrors, follow, originals};

/// Profiles that are shown.
const SHOWN: usize = 3;
/// Records that somebody can say are not the one being entered.
const MOST_APART: usize = 20;
/// The kind of job that keeps such an answer once the record is known to the repository.
pub(crate) const APART: &str = "apart";

/// A profile that a record being entered may belong to.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The profile, without hidden fields.
    pub profile: Record,
    /// The record of it that resembles most.
    pub record: Id,
    /// The probability that the two are the same, by the model in use.
    pub probability: f64,
    /// A record of the same object in it that the actor may see.
    pub own: Option<Id>,
}

/// The profiles that a record of an object resembles, the most alike first, as far as the actor may see them: of others nothing is told, not
/// even that there are some, and what is typed into a field that is hidden on profiles is not compared. `id` is the record when it is
/// there already. Some statements for each key, at most two dozen keys.
pub async fn alike(
    space: &Arc<Space>,
    access: &Access,
    object: &ObjectDef,
    id: Option<Id>,
    draft: &Record,
    reader: &mut Reader,
) -> Result<Vec<Alike>, RecordError> {
    let profiles = space.object("profile")?;
    if access.check(&profiles, Action::Read).is_err() {
        return Ok(Vec::new());
    }
    let mirrors = Mirrors::of(space).await?;
    let Some((kind, said)) = mirrors.said(object, draft) else { return Ok(Vec::new()) };
    let mut attributes = Words::default().read(kind, &Json::Object(said));
    attributes.retain(|name| field_of(name).is_none_or(|field| access.reads(&profiles, &Ident::of(field))));
    let linker = space.kept::<Linkers>().current(reader, kind).await?;
    let features = linker.read(|column| attributes.cell(column));
    let own = match (id, mirrors.source(object)) {
        (Some(id), Some(source)) => reader.source_record(source, &id.to_string()).await?.map(|version| version.record),
        _ => None,
    };
    let found = weigh(&linker, kind, &attributes, &features, own, reader).await?;
    let ids: Vec<Id> = found.iter().map(|(_, entry)| entry.profile).collect();
    let seen: HashMap<Id, Record> = (space.get_many_as(access, &profiles.name, &ids, reader).await?.into_iter())
        .filter(|profile| profile.deleted_at().is_none())
        .map(|profile| (profile.id(), profile))
        .collect();
    let mut shown = Vec::new();
    for (weight, entry) in found {
        let Some(profile) = seen.get(&entry.profile) else { continue };
        let own = own_record(space, access, object, entry.profile, reader).await?;
        let probability = probability(weight);
        shown.push(Alike { profile: profile.clone(), record: entry.record, probability, own });
        if shown.len() == SHOWN {
            break;
        }
    }
    Ok(shown)
}

/// The best record of each profile that resembles, the most alike first. Left out are the profile of the record itself, and what a person
/// said is somebody else.
async fn weigh(
    linker: &Linker,
    kind: Kind,
    attributes: &Attributes,
    features: &Features,
    own: Option<Id>,
    reader: &mut Reader,
) -> Result<Vec<(f64, Entry)>, RecordError> {
    if attributes.is_empty() || features.is_empty() {
        return Ok(Vec::new());
    }
    let candidates: Vec<Id> = candidates(linker, kind, features, reader).await?.into_iter().collect();
    let home = match own {
        Some(own) => reader.entries(&[own]).await?.first().map(|entry| entry.profile),
        None => None,
    };
    let mut entries = reader.entries(&candidates).await?;
    entries.retain(|entry| Some(entry.profile) != home && entry.entity == kind.as_str());
    if let Some(own) = own {
        let answers = reader.verdicts_on(&[own]).await?;
        let said = |entry: &&Entry| answers.iter().any(|verdict| answered(verdict, own, entry.record));
        let other: BTreeSet<Id> = entries.iter().filter(said).map(|entry| entry.profile).collect();
        entries.retain(|entry| !other.contains(&entry.profile));
    }
    let held: Vec<Features> = entries.iter().map(features_of).collect::<Result<_, _>>()?;
    let desk = linker.desk(std::iter::once(features).chain(&held));
    let mut best: BTreeMap<Id, (f32, usize)> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let row = at as u32 + 1;
        let weight = desk.weight(0, row);
        let held = best.get(&entry.profile).map_or(linker.floor(), |(weight, _)| *weight);
        if weight >= held && !desk.apart(0, row) {
            best.insert(entry.profile, (weight, at));
        }
    }
    let mut found: Vec<(f64, Entry)> =
        best.into_values().map(|(weight, at)| (f64::from(weight), entries[at].clone())).collect();
    found.sort_by(|x, y| y.0.total_cmp(&x.0));
    found.truncate(4 * SHOWN);
    Ok(found)
}

/// The records that share a key; where a key is full, those that share its finer ones.
async fn candidates(
    linker: &Linker,
    kind: Kind,
    features: &Features,
    reader: &mut Reader,
) -> Result<BTreeSet<Id>, RecordError> {
    let desk = linker.desk([features]);
    let mut waiting: Vec<Vec<i64>> = (desk.keys(0).into_iter())
        .map(|key| std::iter::once(key.key).chain(key.finer).map(|key| key_of(kind, key)).collect())
        .collect();
    let mut found = BTreeSet::new();
    let mut depth = 0;
    while !waiting.is_empty() {
        let keys: BTreeSet<i64> = waiting.iter().map(|keys| keys[depth]).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let mut holders: HashMap<i64, u32> = HashMap::new();
        for (key, record) in reader.key_holders(&keys, MOST_HOLDERS).await? {
            *holders.entry(key).or_default() += 1;
            found.insert(record);
        }
        waiting.retain(|keys| holders.get(&keys[depth]).is_some_and(|n| *n >= MOST_HOLDERS) && depth + 1 < keys.len());
        depth += 1;
    }
    Ok(found)
}

/// A record of an object among the source records of a profile, when the actor may see one.
async fn own_record(
    space: &Space,
    access: &Access,
    object: &ObjectDef,
    profile: Id,
    reader: &mut Reader,
) -> Result<Option<Id>, RecordError> {
    let records: Vec<Id> = reader.entries_of(&[profile]).await?.into_iter().map(|entry| entry.record).collect();
    let versions = reader.latest_versions(&records).await?;
    let keys: Vec<(Id, String)> = versions.into_iter().map(|version| (version.source, version.key)).collect();
    let own = originals(space, &keys).await?;
    let ids: Vec<Id> = own.into_values().filter(|(of, _)| of.name == object.name).map(|(_, id)| id).collect();
    let seen = space.get_many_as(access, &object.name, &ids, reader).await?;
    Ok(seen.iter().find(|record| record.deleted_at().is_none()).map(Record::id))
}

/// Keeps that a record just saved is somebody else than some source records, once the repository knows it. Records of profiles that the
/// actor may not see are left out.
pub async fn keep_apart(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    object: &ObjectDef,
    id: Id,
    others: Vec<Id>,
) -> Result<(), RecordError> {
    let profiles = space.object("profile")?;
    let Some(source) = Mirrors::of(space).await?.source(object) else { return Ok(()) };
    if others.is_empty() || access.check(&profiles, Action::Read).is_err() {
        return Ok(());
    }
    let mut reader = space.store.read().await?;
    let others: Vec<Id> = others.into_iter().take(MOST_APART).collect();
    let entries = reader.entries(&others).await?;
    let homes: Vec<Id> = entries.iter().map(|entry| entry.profile).collect();
    let seen = space.get_many_as(access, &profiles.name, &homes, &mut reader).await?;
    drop(reader);
    let visible = |entry: &&Entry| seen.iter().any(|profile| profile.id() == entry.profile);
    let others: Vec<Id> = entries.iter().filter(visible).map(|entry| entry.record).collect();
    let payload = json!({ "source": source, "key": id.to_string(), "others": others, "user": ctx.user() });
    let now = ctx.now;
    space.store.write(move |w| Box::pin(async move { w.enqueue(APART, None, &payload, now, now).await })).await?;
    space.work.notify_one();
    Ok(())
}

/// The job that keeps such an answer; it is tried again while the record is not resolved yet.
pub(crate) fn apart_job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move { apart(&space, &payload).await.map_err(|error| error.to_string()) })
}

async fn apart(space: &Arc<Space>, payload: &Json) -> Result<(), RecordError> {
    let read = |name: &str| payload.get(name).cloned().and_then(|json| serde_json::from_value::<Id>(json).ok());
    let (Some(source), Some(key)) = (read("source"), payload.get("key").and_then(Json::as_str)) else { return Ok(()) };
    let others: Vec<Id> =
        payload.get("others").cloned().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default();
    while follow(Arc::clone(space)).await? {}
    while crate::identity::follow(Arc::clone(space)).await? {}
    let mut reader = space.store.read().await?;
    let known = reader.source_record(source, key).await?.map(|version| version.record);
    let waits = || RecordError::from(Problem::new("record", "record-not-resolved"));
    let own = reader.entries(known.as_slice()).await?.first().map(|entry| entry.record).ok_or_else(waits)?;
    drop(reader);
    let mut ctx = space.system_ctx();
    if let Some(user) = read("user") {
        ctx = ctx.as_actor(Actor::User(user));
    }
    for other in others {
        let decision = Decision::Pair { a: own, b: other, same: false };
        match decide(space, &ctx, Arc::new(Access::everything()), decision, "", false).await {
            // One that went in the meantime.
            Ok(_) | Err(RecordError::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
