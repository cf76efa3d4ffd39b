//! What was refused: tried again once what stood in its way was mended, or thrown away.

use std::sync::Arc;

use kernel::{Ctx, Id};
use model::Record;
use records::{Action, RecordError, Space};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Incoming, Refused, Reject, StoreError, Writer};

use super::give::{Lot, count, new_records, write_for};
use super::hook::take_apart;
use super::{find, sender_of};
use crate::event::{Again, Remembered, Shapes};

/// Refusals tried again in one write: each may be as large as a delivery.
const CHUNK: u32 = 100;

/// What became of what was tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Kept now.
    pub accepted: i64,
    /// Left out: an event with the same message identifier was kept before, or the record said so, or something newer, already.
    pub repeated: i64,
    /// Refused again, perhaps for another reason.
    pub rejected: i64,
}

/// A record as it is kept when it was refused.
#[derive(Deserialize)]
struct Kept {
    key: String,
    data: Json,
    partial: bool,
}

/// Tries what was refused of a source that the actor may change again: one thing by its number, or all there is now. All keep the
/// time at which they came in; of a record that has been told of since, what came later stands.
pub async fn replay(space: &Arc<Space>, ctx: &Ctx, source: Id, one: Option<i64>) -> Result<Replayed, RecordError> {
    let source = Arc::new(find(space, ctx, source, Action::Update).await?);
    space.kept::<Remembered>().forget(source.id());
    let shapes = if sender_of(&source).enforces { Some(Shapes::of(space, source.id(), ctx.now).await?) } else { None };
    let mut total = Replayed::default();
    let mut which = range(space, source.id(), one).await?;
    loop {
        let (source, shapes, range, ctx) = (Arc::clone(&source), shapes.clone(), which.clone(), ctx.clone());
        let asked = Arc::clone(&source);
        let write = write_for(space, &asked, move |w| {
            Box::pin(async move {
                let taken = w.take_rejects(source.id(), range, CHUNK).await?;
                let last = taken.last().map(|reject| reject.seq);
                let (replayed, records) = again(w, &source, shapes.as_deref(), taken, &ctx).await?;
                Ok(((replayed, last), records))
            })
        });
        let (replayed, last) = write.await?;
        total.accepted += replayed.accepted;
        total.repeated += replayed.repeated;
        total.rejected += replayed.rejected;
        match last {
            Some(last) => which = last + 1..=*which.end(),
            None => return Ok(total),
        }
    }
}

/// Tries some again, and answers which records say something new. They were counted as refused when they came, and are not so again.
async fn again(
    writer: &mut Writer,
    source: &Record,
    shapes: Option<&Shapes>,
    taken: Vec<Reject>,
    ctx: &Ctx,
) -> Result<(Replayed, Vec<Id>), RecordError> {
    let mut events = Again::default();
    let mut still: Vec<Reject> = Vec::new();
    let (mut kept, mut erased, mut older) = (Vec::new(), 0, 0);
    for reject in taken {
        let mut own = Lot::of(source, reject.received_at);
        match reject.kind {
            Refused::Event => events.take(source.id(), shapes, &reject),
            Refused::Record => match serde_json::from_str::<Kept>(&reject.payload) {
                Ok(kept) => own.add(kept.key, kept.data, kept.partial),
                Err(_) => still.push(reject.clone()),
            },
            Refused::Delivery => match take_apart(source, &reject.payload) {
                Ok(records) => records.into_iter().for_each(|record| own.add(String::new(), record, false)),
                Err(problem) => own.refuse(Refused::Delivery, None, reject.payload.clone(), problem),
            },
        }
        still.append(&mut own.rejects);
        let all = std::mem::take(&mut own.incoming);
        for incoming in all {
            if is_newer(writer, &incoming, &reject).await? { own.incoming.push(incoming) } else { older += 1 }
        }
        let (appended, hidden) = own.append(writer).await?;
        kept.extend(appended);
        erased += hidden.len() as i64;
    }
    let (mut done, mut records) = events.write(writer, source.id(), ctx.now).await?;
    records.extend(new_records(&kept));
    if !kept.is_empty() {
        count(writer, source.id(), &kept, 0, ctx.now).await?;
    }
    let new = kept.iter().filter(|kept| kept.new).count() as i64;
    done.accepted += new;
    done.repeated += kept.len() as i64 - new;
    done.rejected += erased;
    done.repeated += older;
    done.rejected += still.len() as i64;
    writer.put_rejects(&still).await?;
    Ok((done, records))
}

/// Whether nothing was told of the record after it was refused.
async fn is_newer(writer: &mut Writer, incoming: &Incoming, reject: &Reject) -> Result<bool, StoreError> {
    let latest = writer.source_record(incoming.source, &incoming.key).await?;
    Ok(latest.is_none_or(|latest| latest.received_at <= reject.received_at))
}

/// Throws what was refused of a source that the actor may change away: one thing by its number, or all there is now. Answers how many.
pub async fn discard(space: &Space, ctx: &Ctx, source: Id, one: Option<i64>) -> Result<usize, RecordError> {
    find(space, ctx, source, Action::Update).await?;
    let which = range(space, source, one).await?;
    let mut count = 0;
    loop {
        let which = which.clone();
        let taken: Result<usize, StoreError> = space
            .store
            .write(move |w| Box::pin(async move { Ok(w.take_rejects(source, which, CHUNK).await?.len()) }))
            .await;
        let taken = taken?;
        count += taken;
        if taken < CHUNK as usize {
            return Ok(count);
        }
    }
}

/// The numbers of what is refused now, so that what is refused again is not met twice.
async fn range(space: &Space, source: Id, one: Option<i64>) -> Result<std::ops::RangeInclusive<i64>, RecordError> {
    match one {
        Some(seq) => Ok(seq..=seq),
        None => {
            let newest = space.store.read().await?.rejects(source, None, 1).await?;
            Ok(0..=newest.first().map_or(-1, |reject| reject.seq))
        }
    }
}
