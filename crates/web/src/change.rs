//! Writes that can be undone: their changes belong to a batch, kept in the same transaction.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use kernel::{Ctx, Id};
use model::Ident;
use records::{Mode, Op, Outcome, RecordError};
use store::Batch;

use crate::failure::Answer;
use crate::form::Posted;
use crate::frame;
use crate::visit::Visit;

/// A new batch of the reader, finished as soon as it is written.
fn batch(visit: &Visit, label: &str) -> Batch {
    Batch {
        id: Id::new(visit.ctx.now),
        kind: "edit".to_owned(),
        label: label.chars().take(200).collect(),
        at: visit.ctx.now,
        actor: visit.me(),
        state: "done".to_owned(),
        detail: serde_json::json!({}),
        undone_by: None,
    }
}

/// Writes changes of one object, all or none, as a batch that the reader can undo.
pub(crate) async fn undoable(
    visit: &Visit,
    object: &Ident,
    label: &str,
    ops: Vec<Op>,
) -> Result<(Id, Vec<Outcome>), RecordError> {
    let batch = batch(visit, label);
    let id = batch.id;
    let ctx = Ctx { batch: Some(id), ..visit.ctx.clone() };
    let object = object.clone();
    let outcomes = visit
        .space
        .transact(&ctx, move |cx| {
            Box::pin(async move {
                cx.writer.put_batch(&batch).await?;
                cx.write_as_actor(object.as_str(), ops).await
            })
        })
        .await?;
    Ok((id, outcomes))
}

/// How many changes of a bulk were made, and how many were refused.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Made {
    pub(crate) done: u64,
    pub(crate) refused: u64,
}

/// Writes many changes of one object, each for itself, as a batch that the reader can undo.
pub(crate) async fn bulk(visit: &Visit, object: &Ident, label: &str, ops: Vec<Op>) -> Result<(Id, Made), RecordError> {
    let mut batch = visit.space.start_batch(&visit.ctx, "bulk", label).await?;
    let ctx = Ctx { batch: Some(batch.id), ..visit.ctx.clone() };
    let mut made = Made::default();
    let mut ops = ops.into_iter().peekable();
    while ops.peek().is_some() {
        let chunk: Vec<Op> = ops.by_ref().take(500).collect();
        for result in visit.space.write(&ctx, object, chunk, Mode::EACH.screened()).await? {
            match result {
                Ok(Outcome { done: Some(_), .. }) => made.done += 1,
                Ok(_) => {}
                Err(_) => made.refused += 1,
            }
        }
    }
    batch.state = "done".to_owned();
    batch.detail = serde_json::json!({ "done": made.done, "refused": made.refused });
    visit.space.put_batch(&batch).await?;
    Ok((batch.id, made))
}

/// `POST /batch/{id}/undo`
pub(crate) async fn undo(Path(id): Path<String>, form: Posted) -> Answer {
    let id = Id::parse(&id, "bat").map_err(|_| RecordError::unknown("batch", &id))?;
    let verdicts = customers::profile::take_back(&form.space, &form.ctx, &form.access, id).await?;
    let undone = match verdicts {
        Some(_) => records::Undone::default(),
        None => form.space.undo(&form.ctx, id).await?.1,
    };
    if !form.htmx {
        return Ok(frame::go_saying(&form, "/", "undone", None));
    }
    let n = undone.removed + undone.restored;
    if undone.kept == 0 {
        // The page is shown anew, with the message on it.
        let mut response = frame::saying(&form, StatusCode::OK.into_response(), "undone", None);
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
        return Ok(response);
    }
    let text = format!(
        "{} {}",
        form.say("undone-records", &[("n", n.into())]),
        form.say("undone-kept", &[("n", undone.kept.into())])
    );
    Ok(ui::toast(&form.view(), ui::Tone::Warning, &text, None).into_response())
}
