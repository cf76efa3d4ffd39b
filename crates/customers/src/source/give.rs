//! Records that a file or a program gives in a source's name.

use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use model::{Problem, Record};
use records::{Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{Appended, BoxFuture, Incoming, Refused, Reject, StoreError, Volume, Writer};

use super::{KEY_PATH, RESOLVE, at, day_of, find};
use crate::erasure::let_in;
use crate::identity::{Linkers, Sources, lock, take};

/// Most characters of a record's key.
const KEY: usize = 200;
/// Most bytes of a record.
const RECORD: usize = 64 * 1024;
/// Most characters that are kept of what was refused: a whole delivery of a webhook.
const MOST_REFUSED: usize = crate::event::MAX_BODY + 1024;
/// Most records in one call.
pub const MOST_GIVEN: usize = 1_000;

/// What became of records that were given. What it counts is on disk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// New, or saying something new.
    pub accepted: usize,
    /// Saying what they said before.
    pub repeated: usize,
    /// Refused, each with its place; they wait on the source's page.
    pub rejected: Vec<(usize, Problem)>,
}

/// When records are resolved to profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// In the background, a second later: what a sender of many wants.
    #[default]
    Soon,
    /// In the transaction that acknowledges them. Senders wait for each other then.
    AtOnce,
}

impl When {
    /// What a source asks for.
    pub(crate) fn of(source: &Record) -> When {
        if source.get(RESOLVE).as_deref() == Some("at_once") { When::AtOnce } else { When::Soon }
    }
}

/// Keeps records of a source that the actor may change, each with the key by which the source knows it. With `partial`, members that a
/// record does not name keep what they said before. Nothing said any more (an empty object) takes the record out of its profile.
///
/// Errors when the actor may not, when there is no such source, and when there are more than [`MOST_GIVEN`].
pub async fn give(
    space: &Arc<Space>,
    ctx: &Ctx,
    source: Id,
    records: Vec<(String, Json)>,
    partial: bool,
) -> Result<Taken, RecordError> {
    let source = find(space, ctx, source, Action::Update).await?;
    if records.len() > MOST_GIVEN {
        return Err(Problem::new("records", "source-too-many-records").number("max", MOST_GIVEN as i64).into());
    }
    let mut lot = Lot::of(&source, ctx.now);
    records.into_iter().for_each(|(key, payload)| lot.add(key, payload, partial));
    keep(space, &source, lot).await
}

/// Records of a source, those that can be kept and those that cannot.
pub(crate) struct Lot {
    pub(crate) source: Id,
    key_path: Option<String>,
    now: Timestamp,
    pub(crate) incoming: Vec<Incoming>,
    /// The place of each of `incoming` among what was added.
    places: Vec<usize>,
    pub(crate) rejects: Vec<Reject>,
    refused: Vec<(usize, Problem)>,
    added: usize,
}

impl Lot {
    /// An empty one of what came in now.
    pub(crate) fn of(source: &Record, now: Timestamp) -> Lot {
        Lot {
            source: source.id(),
            key_path: source.get(KEY_PATH),
            now,
            incoming: Vec::new(),
            places: Vec::new(),
            rejects: Vec::new(),
            refused: Vec::new(),
            added: 0,
        }
    }

    /// Adds a record. Without a key, the one at the source's place for keys counts.
    pub(crate) fn add(&mut self, key: String, payload: Json, partial: bool) {
        let place = self.added;
        self.added += 1;
        match check(self.key_path.as_deref(), &key, &payload) {
            Ok(found) => {
                let Json::Object(payload) = payload else { return };
                self.places.push(place);
                self.incoming.push(Incoming { source: self.source, key: found, payload, partial });
            }
            Err(problem) => {
                let kept = json!({ "key": key, "data": payload, "partial": partial }).to_string();
                let message = Some(key.chars().take(KEY).collect());
                self.refuse(Refused::Record, message, kept, problem.clone());
                self.refused.push((place, problem));
            }
        }
    }

    /// Keeps something as refused.
    pub(crate) fn refuse(&mut self, kind: Refused, message: Option<String>, payload: String, problem: Problem) {
        let payload: String = payload.chars().filter(|c| *c != '\0').take(MOST_REFUSED).collect();
        let problem = serde_json::to_string(&problem).unwrap_or_default();
        let received_at = self.now;
        self.rejects.push(Reject { seq: 0, source: self.source, kind, message, received_at, problem, payload });
    }

    /// Writes it: records, refusals, counts. Answers what became of the records, and the places of those of people who were erased.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(Vec<Appended>, Vec<usize>), RecordError> {
        let (kept, erased) = self.append(writer).await?;
        writer.put_rejects(&self.rejects).await?;
        count(writer, self.source, &kept, self.rejects.len() + erased.len(), self.now).await?;
        Ok((kept, erased))
    }

    /// Writes the records alone.
    pub(crate) async fn append(&self, writer: &mut Writer) -> Result<(Vec<Appended>, Vec<usize>), StoreError> {
        let (incoming, erased) = let_in(writer, &self.incoming).await?;
        Ok((writer.append_records(&incoming, self.now).await?, erased))
    }
}

/// Adds to what a source sent today.
pub(crate) async fn count(
    writer: &mut Writer,
    source: Id,
    kept: &[Appended],
    rejected: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let accepted = kept.iter().filter(|kept| kept.new).count() as i64;
    let volume = Volume {
        day: day_of(now).to_string(),
        accepted,
        repeated: kept.len() as i64 - accepted,
        rejected: rejected as i64,
        last_at: Some(now),
    };
    let shard = Id::new(now).as_bytes()[15] % 16;
    writer.count_received(source, &volume, shard, now).await
}

/// Does work that answers which records it made or changed, in a write of its own or, where the source asks for it, with the profiles
/// that follow.
pub(crate) async fn write_for<T, F>(space: &Arc<Space>, source: &Record, work: F) -> Result<T, RecordError>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a mut Writer) -> BoxFuture<'a, Result<(T, Vec<Id>), RecordError>> + Send + 'static,
{
    if When::of(source) == When::Soon {
        return space.store.write(move |w| Box::pin(async move { Ok(work(w).await?.0) })).await;
    }
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let system = space.system_ctx();
    let write = space.transact(&system, move |cx| {
        Box::pin(async move {
            lock(cx).await?;
            let (done, records) = work(cx.writer).await?;
            let latest = cx.writer.latest_versions(&records).await?;
            take(cx, &linkers, &sources, latest).await?;
            Ok(done)
        })
    });
    write.await
}

/// The records among these that say something new.
pub(crate) fn new_records(kept: &[Appended]) -> Vec<Id> {
    kept.iter().filter(|kept| kept.new).map(|kept| kept.record).collect()
}

/// Keeps a lot when the source asks for it: in the background's time, or with the profiles that follow.
pub(crate) async fn keep(space: &Arc<Space>, source: &Record, lot: Lot) -> Result<Taken, RecordError> {
    let mut taken = Taken { rejected: lot.refused.clone(), ..Taken::default() };
    let places = lot.places.clone();
    let write = write_for(space, source, move |w| {
        Box::pin(async move {
            let written = lot.write(w).await?;
            let new = new_records(&written.0);
            Ok((written, new))
        })
    });
    let (kept, erased) = write.await?;
    // What they say is not kept, not even as a refusal.
    taken.rejected.extend(erased.into_iter().map(|at| (places[at], Problem::new("", "erased"))));
    taken.accepted = kept.iter().filter(|kept| kept.new).count();
    taken.repeated = kept.len() - taken.accepted;
    Ok(taken)
}

/// The key of a record that can be kept.
fn check(key_path: Option<&str>, key: &str, payload: &Json) -> Result<String, Problem> {
    if !payload.is_object() {
        return Err(Problem::new("", "source-record-not-an-object"));
    }
    let there = || match at(payload, key_path?)? {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let key = Some(key.trim().to_owned()).filter(|key| !key.is_empty()).or_else(there).unwrap_or_default();
    let length = key.chars().count();
    if length == 0 || length > KEY || key.contains('\0') {
        return Err(Problem::new("key", "source-key-unreadable").number("max", KEY as i64));
    }
    if payload.to_string().len() > RECORD {
        return Err(Problem::new("", "source-record-too-large").number("max", (RECORD / 1024) as i64));
    }
    Ok(key)
}
