//! Events that were refused: tried again once what stood in their way was mended, or thrown away.

use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use records::{Action, RecordError, Space};
use store::StoreError;

use super::Call;
use super::envelope::Shared;
use super::intake::Lot;
use super::read::Arrival;
use super::shape::{Remembered, Shapes};
use crate::source::{find, sender_of};

/// Events tried again in one write.
const CHUNK: u32 = 500;

/// What became of the events tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Kept now.
    pub accepted: i64,
    /// Left out, because an event with the same message identifier was kept before.
    pub repeated: i64,
    /// Refused again, perhaps for another reason.
    pub rejected: i64,
}

/// Tries the refused events of a source that the actor may change again: one by its number, or all there are now. They keep the time at
/// which they came in.
pub async fn replay(space: &Space, ctx: &Ctx, source: Id, one: Option<i64>) -> Result<Replayed, RecordError> {
    let sender = sender_of(&find(space, ctx, source, Action::Update).await?);
    space.kept::<Remembered>().forget(source);
    let shapes = if sender.enforces { Some(Shapes::of(space, source, ctx.now).await?) } else { None };
    let mut total = Replayed::default();
    let mut which = range(space, source, one).await?;
    loop {
        let (shapes, range, now) = (shapes.clone(), which.clone(), ctx.now);
        let done: Result<(Replayed, Option<i64>), StoreError> =
            space.store.write(move |w| Box::pin(async move { again(w, source, shapes, range, now).await })).await;
        let (replayed, last) = done?;
        total.accepted += replayed.accepted;
        total.repeated += replayed.repeated;
        total.rejected += replayed.rejected;
        match last {
            Some(last) => which = last + 1..=*which.end(),
            None => return Ok(total),
        }
    }
}

async fn again(
    writer: &mut store::Writer,
    source: Id,
    shapes: Option<Arc<Shapes>>,
    which: std::ops::RangeInclusive<i64>,
    now: Timestamp,
) -> Result<(Replayed, Option<i64>), StoreError> {
    let taken = writer.take_rejects(source, which, CHUNK).await?;
    let Some(last) = taken.last().map(|reject| reject.seq) else { return Ok((Replayed::default(), None)) };
    let mut lot = Lot::default();
    let mut rejected = Vec::new();
    for reject in taken {
        let shared = Shared::default();
        let arrival = Arrival { call: Call::Batch, source, received_at: reject.received_at, shared: &shared };
        if let Err(bad) = lot.take(&arrival, shapes.as_deref(), &reject.payload) {
            rejected.push(bad.reject(source, reject.received_at));
        }
    }
    // They were counted as refused when they came, and are not counted again.
    let written = lot.write(writer, source, now).await?;
    let volume = &written.volume;
    writer.put_rejects(&rejected).await?;
    let replayed = Replayed {
        accepted: volume.accepted,
        repeated: volume.repeated,
        rejected: (rejected.len() + written.erased.len()) as i64,
    };
    Ok((replayed, Some(last)))
}

/// Throws refused events of a source that the actor may change away: one by its number, or all there are now. Answers how many.
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

/// The numbers of the refused events there are now, so that those refused again are not met twice.
async fn range(space: &Space, source: Id, one: Option<i64>) -> Result<std::ops::RangeInclusive<i64>, RecordError> {
    match one {
        Some(seq) => Ok(seq..=seq),
        None => {
            let newest = space.store.read().await?.rejects(source, None, 1).await?;
            Ok(0..=newest.first().map_or(-1, |reject| reject.seq))
        }
    }
}
