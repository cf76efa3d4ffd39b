//! Imports that run in the background, started from the pages and the API.

use std::sync::Arc;

use kernel::{Actor, Code, Coded, Ctx, Id};
use serde_json::{Value as Json, json};
use store::{Batch, BoxFuture, StoreError};

use super::run::{is_alive, run, start};
use super::{ImportError, Request};
use crate::Space;

/// Begins an import and leaves it to the worker. Its file must stay where it is until the batch has ended.
pub async fn enqueue(space: &Arc<Space>, ctx: &Ctx, request: Request) -> Result<Batch, ImportError> {
    let batch = start(space, ctx, request).await?;
    again(space, batch.id).await?;
    Ok(batch)
}

/// Lets the worker go on with an import that stopped.
pub async fn again(space: &Arc<Space>, id: Id) -> Result<(), ImportError> {
    let now = space.platform.clock.now();
    let payload = json!({ "batch": id });
    space
        .store
        .write(move |w| Box::pin(async move { w.enqueue("import", None, &payload, now, now).await.map(drop) }))
        .await
        .map_err(|e: StoreError| ImportError::from(e))?;
    space.work.notify_one();
    Ok(())
}

/// Runs an import as its user. What cannot succeed is kept with the batch; the job fails, and is tried again, only when the database
/// does not answer or another process seems to be at it.
pub(crate) fn job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let id: Id = serde_json::from_value(payload["batch"].clone()).map_err(|e| e.to_string())?;
        let batch = space.batch(id).await.map_err(|e| e.to_string())?;
        let now = space.platform.clock.now();
        if batch.detail["begun"] == true && is_alive(&batch, now) {
            return Err("another process is at it".to_owned());
        }
        if super::request_of(&batch).is_some_and(|request| !request.path.exists()) && batch.state != "done" {
            return Err("the file is not here: it may lie with another process of this tenant".to_owned());
        }
        let ctx = Ctx {
            actor: batch.actor.map_or(Actor::System, Actor::User),
            locale: serde_json::from_value(batch.detail["locale"].clone()).unwrap_or_default(),
            ..space.system_ctx()
        };
        match run(&space, &ctx, id, |_| true).await {
            Err(error) if error.code() == Code::Unavailable => Err(error.to_string()),
            Err(error) => {
                tracing::info!(batch = %id, %error, "an import stopped");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    })
}
