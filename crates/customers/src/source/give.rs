//! Records that a file or a program gives in a source's name.

use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use model::{Problem, Record};
use records::{Action, RecordError, Space};
use serde_json::{Map, Value as Json};
use store::{Appended, Incoming, Reject, Volume, Writer};

use super::{RESOLVE, day_of, find};
use crate::erasure::let_in;
use crate::identity::{Linkers, Sources, lock, take};

/// Most characters of a record's key.
const KEY: usize = 200;
/// Most bytes of a record.
const RECORD: usize = 64 * 1024;
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
    let when = When::of(&find(space, ctx, source, Action::Update).await?);
    if records.len() > MOST_GIVEN {
        return Err(Problem::new("records", "source-too-many-records").number("max", MOST_GIVEN as i64).into());
    }
    let now = ctx.now;
    let (mut incoming, mut rejects) = (Vec::with_capacity(records.len()), Vec::new());
    let mut places = Vec::with_capacity(records.len());
    let mut taken = Taken::default();
    for (place, (key, payload)) in records.into_iter().enumerate() {
        match check(&key, payload) {
            Ok(payload) => {
                places.push(place);
                incoming.push(Incoming { source, key: key.trim().to_owned(), payload, partial });
            }
            Err(refused) => {
                let (problem, payload) = *refused;
                let text = serde_json::to_string(&problem).unwrap_or_default();
                let message = Some(key.chars().take(KEY).collect());
                let payload = payload.to_string().chars().take(RECORD).collect();
                rejects.push(Reject { seq: 0, source, message, received_at: now, problem: text, payload });
                taken.rejected.push((place, problem));
            }
        }
    }
    let (kept, erased) = match when {
        When::Soon => {
            let write =
                space.store.write(move |w| Box::pin(async move { keep(w, source, &incoming, &rejects, now).await }));
            write.await?
        }
        When::AtOnce => {
            let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
            let system = space.system_ctx();
            let write = space.transact(&system, move |cx| {
                Box::pin(async move {
                    lock(cx).await?;
                    let (kept, erased) = keep(cx.writer, source, &incoming, &rejects, now).await?;
                    let ids: Vec<Id> = kept.iter().filter(|kept| kept.new).map(|kept| kept.record).collect();
                    let latest = cx.writer.latest_versions(&ids).await?;
                    take(cx, &linkers, &sources, latest).await?;
                    Ok((kept, erased))
                })
            });
            write.await?
        }
    };
    // What they say is not kept, not even as a refusal.
    taken.rejected.extend(erased.into_iter().map(|at| (places[at], Problem::new("", "erased"))));
    taken.accepted = kept.iter().filter(|kept| kept.new).count();
    taken.repeated = kept.len() - taken.accepted;
    Ok(taken)
}

fn check(key: &str, payload: Json) -> Result<Map<String, Json>, Box<(Problem, Json)>> {
    let length = key.trim().chars().count();
    if length == 0 || length > KEY {
        return Err(Box::new((Problem::new("key", "source-key-unreadable").number("max", KEY as i64), payload)));
    }
    match payload {
        Json::Object(payload) => {
            let size = serde_json::to_string(&payload).map_or(usize::MAX, |text| text.len());
            if size > RECORD {
                let problem = Problem::new("", "source-record-too-large").number("max", (RECORD / 1024) as i64);
                return Err(Box::new((problem, Json::Object(payload))));
            }
            Ok(payload)
        }
        other => Err(Box::new((Problem::new("", "source-record-not-an-object"), other))),
    }
}

async fn keep(
    writer: &mut Writer,
    source: Id,
    incoming: &[Incoming],
    rejects: &[Reject],
    now: Timestamp,
) -> Result<(Vec<Appended>, Vec<usize>), RecordError> {
    let (incoming, erased) = let_in(writer, incoming).await?;
    let kept = writer.append_records(&incoming, now).await?;
    writer.put_rejects(rejects).await?;
    let accepted = kept.iter().filter(|kept| kept.new).count() as i64;
    let volume = Volume {
        day: day_of(now).to_string(),
        accepted,
        repeated: kept.len() as i64 - accepted,
        rejected: (rejects.len() + erased.len()) as i64,
        last_at: Some(now),
    };
    let shard = Id::new(now).as_bytes()[15] % 16;
    writer.count_received(source, &volume, shard, now).await?;
    Ok((kept, erased))
}
