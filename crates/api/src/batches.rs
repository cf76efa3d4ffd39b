//! `/batches`: changes that belong together, and their undo.

use axum::Json;
use axum::extract::RawPathParams;
use kernel::{Code, Id};
use model::{Problem, Schema};
use serde_json::{Value, json};
use store::Batch;

use crate::call::Call;
use crate::failure::Failure;
use crate::history::user;

/// Batches looked at.
const LATEST: u32 = 200;

/// The latest batches: one's own, for administrators everybody's.
pub(crate) async fn list(call: Call) -> Result<Json<Vec<Value>>, Failure> {
    let batches = call.space.store.read().await?.batches(LATEST).await?;
    let mine = |b: &&Batch| call.access.full || (b.actor.is_some() && b.actor == call.ctx.user());
    Ok(Json(batches.iter().filter(mine).map(|b| show(&call.schema, b)).collect()))
}

/// Takes back every change of a batch that nobody changed since.
pub(crate) async fn undo(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    call.writes()?;
    let text = params.iter().find(|(name, _)| *name == "id").map_or("", |(_, value)| value);
    let missing = || Failure::of(Code::NotFound).detail(Problem::new("", "no-such-batch").text("name", text));
    let id = Id::parse(text, "").map_err(|_| missing())?;
    if let Some(undone) = customers::profile::take_back(&call.space, &call.ctx, &call.access, id).await? {
        let batch = call.space.batch(id).await?;
        let answer = json!({ "batch": show(&call.schema, &batch), "removed": 0, "restored": undone, "kept": 0 });
        return Ok(Json(answer));
    }
    let (batch, undone) = call.space.undo(&call.ctx, id).await?;
    Ok(Json(json!({
        "batch": show(&call.schema, &batch),
        "removed": undone.removed,
        "restored": undone.restored,
        "kept": undone.kept,
    })))
}

fn show(schema: &Schema, batch: &Batch) -> Value {
    json!({
        "id": batch.id.to_string(),
        "kind": batch.kind,
        "label": batch.label,
        "at": batch.at.to_string(),
        "actor": batch.actor.map(|id| user(schema, id)),
        "state": batch.state,
        "detail": batch.detail,
        "undone_by": batch.undone_by.map(|id| id.to_string()),
    })
}
