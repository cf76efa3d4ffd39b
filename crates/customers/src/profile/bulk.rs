//! Accepting all pairs of records that are at least so sure: decided one by one, a chunk at a time, and taken back together.

use std::sync::Arc;

use kernel::{Code, Coded, Ctx, Id};
use records::{Access, Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::Batch;

use crate::identity::{Decision, decide};

/// The kind of batch that holds verdicts.
pub const VERDICTS: &str = "verdicts";

/// What a chunk of a bulk did.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The batch with all its verdicts so far.
    pub batch: Batch,
    /// Verdicts of the batch so far.
    pub done: usize,
    /// Whether no pair is left.
    pub over: bool,
}

/// Says of the next pairs whose match weight is at least `weight` that they are the same, at most `chunk` of them. Goes on with `batch`, or
/// starts one called `label`.
///
/// Errors when the actor may not change profiles, and when the batch is not one of theirs.
#[expect(clippy::too_many_arguments, reason = "what a batch is made of")]
pub async fn accept(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Arc<Access>,
    batch: Option<Id>,
    label: &str,
    weight: f64,
    chunk: u32,
    note: &str,
) -> Result<Accepted, RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let mut batch = match batch {
        Some(id) => own(space, ctx, id).await?,
        None => space.start_batch(ctx, VERDICTS, label).await?,
    };
    let mut kept = verdicts(&batch);
    let pairs = space.store.read().await?.doubts_above(weight, chunk).await?;
    let mut moved = false;
    for doubt in &pairs {
        // An answer about one pair may have ended others.
        let open = space.store.read().await?.doubts_on(&[doubt.a]).await?;
        if !open.iter().any(|held| (held.a, held.b) == (doubt.a, doubt.b)) {
            moved = true;
            continue;
        }
        let decision = Decision::Pair { a: doubt.a, b: doubt.b, same: true };
        match decide(space, ctx, Arc::clone(access), decision, note, false).await {
            Ok(effect) => {
                kept.push(effect.verdict);
                moved = true;
            }
            // Its records went in the meantime.
            Err(error) if error.code() == Code::Invalid => {}
            Err(error) => return Err(error),
        }
    }
    batch.detail = json!({ "verdicts": kept.iter().map(|id| id.typed("vrd")).collect::<Vec<_>>() });
    "done".clone_into(&mut batch.state);
    space.put_batch(&batch).await?;
    Ok(Accepted { batch, done: kept.len(), over: !moved || pairs.len() < chunk as usize })
}

/// Takes the verdicts of a batch back, the last first, and answers how many. Nothing when the batch is of another kind.
///
/// Errors when the actor may not change profiles, and when the batch is not one of theirs.
pub async fn take_back(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Arc<Access>,
    batch: Id,
) -> Result<Option<usize>, RecordError> {
    if space.batch(batch).await?.kind != VERDICTS {
        return Ok(None);
    }
    let mut batch = own(space, ctx, batch).await?;
    let mut undone = 0;
    for verdict in verdicts(&batch).into_iter().rev() {
        match decide(space, ctx, Arc::clone(access), Decision::TakeBack { verdict }, "", false).await {
            Ok(_) => undone += 1,
            // It was taken back by itself before.
            Err(RecordError::Unknown { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    "undone".clone_into(&mut batch.state);
    space.put_batch(&batch).await?;
    Ok(Some(undone))
}

async fn own(space: &Space, ctx: &Ctx, id: Id) -> Result<Batch, RecordError> {
    let batch = space.batch(id).await?;
    let ours = batch.kind == VERDICTS && batch.actor.is_some() && batch.actor == ctx.user();
    if ours { Ok(batch) } else { Err(RecordError::forbidden("undo", "batch")) }
}

fn verdicts(batch: &Batch) -> Vec<Id> {
    let list = batch.detail.get("verdicts").and_then(Json::as_array);
    list.into_iter().flatten().filter_map(Json::as_str).filter_map(|id| Id::parse(id, "vrd").ok()).collect()
}
