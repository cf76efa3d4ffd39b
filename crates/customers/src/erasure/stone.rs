//! Tombstones: of an erased person only hashes of its addresses, and of what sources called its records, are kept, so that a file that comes
//! again, an event that is replayed or a backup that is put back does not bring the person back. The hashes are made with a secret of the
//! tenant: without it nobody can try addresses out.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use model::Problem;
use records::{Access, Action, RecordError, Secret, Space, digest};
use serde_json::{Map, Value as Json, json};
use store::{Digest, Event, Incoming, Reader, StoreError};

use crate::consent::{ContactPoint, PointKind};

/// The setting that holds the secret.
const SETTING: &str = "erasure pepper";
/// Source records looked at together when tombstones are applied.
const CHUNK: u32 = 500;

/// Makes the hashes of tombstones.
#[derive(Clone, Debug)]
pub(crate) struct Stones(String);

impl Stones {
    /// Those of a database where somebody was erased; one statement.
    pub(crate) async fn there(reader: &mut Reader) -> Result<Option<Stones>, StoreError> {
        let held = reader.setting(SETTING).await?;
        Ok(held.and_then(|json| json.as_str().map(|text| Stones(text.to_owned()))))
    }

    /// Those of a database; the secret is made when it is first needed.
    pub(crate) async fn of(space: &Space) -> Result<Stones, RecordError> {
        let fresh = Secret::new("").text;
        let kept: Result<String, StoreError> = space
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.lock_layout().await?;
                    if let Some(Stones(kept)) = Stones::there(w).await? {
                        return Ok(kept);
                    }
                    w.set_setting(SETTING, &json!(fresh)).await?;
                    Ok(fresh)
                })
            })
            .await;
        Ok(Stones(kept?))
    }

    fn hash(&self, text: &str) -> Digest {
        Digest::of(&format!("{}{}", self.0, digest(&format!("{}{text}", self.0))))
    }

    /// Of a contact point.
    pub(crate) fn of_point(&self, point: &ContactPoint) -> Digest {
        self.hash(point.key())
    }

    /// Of what a source calls a record.
    pub(crate) fn of_key(&self, source: Id, key: &str) -> Digest {
        self.hash(&format!("record:{source}/{key}"))
    }

    /// The name under which the ledger keeps an objection of somebody who was erased: the kind of point and a hash.
    pub(crate) fn point_name(&self, point: &ContactPoint) -> String {
        let hex = digest(&format!("{}{}", self.0, digest(&format!("{}{}", self.0, point.key()))));
        format!("{}:#{hex}", point.kind().as_str())
    }

    /// The hashes that would keep a record out: of its key, and of every address in what it says.
    pub(crate) fn marks(&self, source: Id, key: &str, said: &Map<String, Json>) -> Vec<Digest> {
        let mut points = BTreeSet::new();
        said.values().for_each(|value| find(value, &mut points));
        points.iter().map(|point| self.of_point(point)).chain([self.of_key(source, key)]).collect()
    }
}

fn find(value: &Json, points: &mut BTreeSet<ContactPoint>) {
    match value {
        Json::String(text) if text.len() <= 500 => points.extend(address(text)),
        Json::Array(values) => values.iter().for_each(|value| find(value, points)),
        Json::Object(members) => members.values().for_each(|value| find(value, points)),
        _ => {}
    }
}

/// A text that is an e-mail address or a telephone number and nothing else.
fn address(text: &str) -> Option<ContactPoint> {
    if text.contains('@') {
        return ContactPoint::new(PointKind::Email, text);
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let dialled = (8..=16).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b" +-./()".contains(&b));
    if dialled { ContactPoint::new(PointKind::Phone, text) } else { None }
}

/// Which of some things to be kept a tombstone keeps out, each given with its source, what the source calls it and what it says. Two
/// statements for all of them, one where nobody was ever erased.
async fn hidden(
    reader: &mut Reader,
    things: impl Iterator<Item = (Id, &str, &Map<String, Json>)>,
) -> Result<Vec<bool>, StoreError> {
    let Some(stones) = Stones::there(reader).await? else { return Ok(things.map(|_| false).collect()) };
    let marks: Vec<Vec<Digest>> = things.map(|(source, key, said)| stones.marks(source, key, said)).collect();
    held(reader, &marks).await
}

/// Splits records that came in into those that are kept and the places of those that a tombstone keeps out.
pub(crate) async fn let_in(
    reader: &mut Reader,
    records: &[Incoming],
) -> Result<(Vec<Incoming>, Vec<usize>), StoreError> {
    let things = records.iter().map(|record| (record.source, record.key.as_str(), &record.payload));
    let hidden = hidden(reader, things).await?;
    let kept = records.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(record, _)| record.clone()).collect();
    Ok((kept, (0..records.len()).filter(|place| hidden[*place]).collect()))
}

/// Which of some events a tombstone keeps out: by their user, by the identifier given before the user was known, by an address in them.
pub(crate) async fn hidden_events(reader: &mut Reader, events: &[Event]) -> Result<Vec<bool>, StoreError> {
    let Some(stones) = Stones::there(reader).await? else { return Ok(vec![false; events.len()]) };
    let marks = |event: &Event| {
        let said: Map<String, Json> = serde_json::from_str(&event.payload).unwrap_or_default();
        let user = event.user_id.as_ref().map(|id| format!("user/{id}")).unwrap_or_default();
        let mut marks = stones.marks(event.source, &user, &said);
        marks.extend(event.anonymous_id.as_ref().map(|id| stones.of_key(event.source, &format!("anonymous/{id}"))));
        marks
    };
    let marks: Vec<Vec<Digest>> = events.iter().map(marks).collect();
    held(reader, &marks).await
}

async fn held(reader: &mut Reader, marks: &[Vec<Digest>]) -> Result<Vec<bool>, StoreError> {
    let all: BTreeSet<Digest> = marks.iter().flatten().copied().collect();
    let found = reader.tombstoned(&all.into_iter().collect::<Vec<_>>()).await?;
    Ok(marks.iter().map(|own| own.iter().any(|mark| found.contains(mark))).collect())
}

/// Lets an address in again: its owner came back and wants to be known. Answers whether it was kept out. For those who answer rights
/// requests.
pub async fn lift(space: &Space, access: &Access, point: &ContactPoint) -> Result<bool, RecordError> {
    access.check(&*space.object("rights_request")?, Action::Update)?;
    let stones = Stones::there(&mut space.store.read().await?).await?;
    let Some(stones) = stones else { return Ok(false) };
    let hash = stones.of_point(point);
    let lifted: Result<u64, StoreError> =
        space.store.write(move |w| Box::pin(async move { w.lift_tombstones(&[hash]).await })).await;
    Ok(lifted? > 0)
}

/// All tombstones with the secret that makes their hashes, as JSON: whoever has it can try addresses out, so it is kept like a backup.
pub async fn export(space: &Space) -> Result<Json, RecordError> {
    let mut reader = space.store.read().await?;
    let Some(stones) = Stones::there(&mut reader).await? else { return Ok(json!({ "version": 1, "stones": [] })) };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = reader.tombstones(after, 10_000).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        all.extend(page.into_iter().map(|(hash, at)| json!([hash.hex(), at.to_string()])));
    }
    Ok(json!({ "version": 1, "secret": stones.0, "stones": all }))
}

/// Applies tombstones to a database that was put back from a backup: keeps them, and erases the people that they stand for. Answers how
/// many people that were.
///
/// Errors when the text is no export of tombstones.
pub async fn apply(space: &Arc<Space>, ctx: &Ctx, exported: &Json) -> Result<usize, RecordError> {
    let wrong = || RecordError::from(Problem::new("tombstones", "erasure-tombstones"));
    let listed = exported.get("stones").and_then(Json::as_array).ok_or_else(wrong)?;
    let read = |entry: &Json| {
        let at: Timestamp = entry.get(1)?.as_str()?.parse().ok()?;
        Some((Digest::parse(entry.get(0)?.as_str()?)?, at))
    };
    let kept: Vec<(Digest, Timestamp)> = listed.iter().map(read).collect::<Option<_>>().ok_or_else(wrong)?;
    let Some(secret) = exported.get("secret").and_then(Json::as_str) else { return Ok(0) };
    let (stones, secret) = (Stones(secret.to_owned()), json!(secret));
    let wanted: HashSet<Digest> = kept.iter().map(|(hash, _)| *hash).collect();
    let written: Result<(), StoreError> = space
        .store
        .write(move |w| {
            Box::pin(async move {
                w.set_setting(SETTING, &secret).await?;
                w.put_tombstones(&kept).await
            })
        })
        .await;
    written?;
    let mut people = BTreeSet::new();
    let mut after = None;
    loop {
        let mut reader = space.store.read().await?;
        let entries = reader.entries_after(after, CHUNK).await?;
        let Some(last) = entries.last() else { break };
        after = Some(last.record);
        let ids: Vec<Id> = entries.iter().map(|entry| entry.record).collect();
        for version in reader.latest_versions(&ids).await? {
            let said = version.payload.as_object().cloned().unwrap_or_default();
            if stones.marks(version.source, &version.key, &said).iter().any(|mark| wanted.contains(mark)) {
                people.extend(entries.iter().find(|entry| entry.record == version.record).map(|entry| entry.profile));
            }
        }
    }
    for profile in &people {
        super::run(space, ctx, *profile, None).await?;
    }
    Ok(people.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let stones = Stones("secret".to_owned());
        let point = |text: &str| stones.of_point(&ContactPoint::guess(text).unwrap());
        let said = json!({"a": {"b": ["x", " Ada@Example.org "]}, "tel": "06 39 98 12 34", "n": 5, "order": "2026-11"});
        let marks = stones.marks(Id::named("s"), "k", said.as_object().unwrap());
        assert!(marks.contains(&point("ada@example.org")) && marks.contains(&point("+33639981234")));
        assert_eq!(marks.len(), 3);
        assert_ne!(Stones("other".to_owned()).of_key(Id::named("s"), "k"), stones.of_key(Id::named("s"), "k"));
    }
}
