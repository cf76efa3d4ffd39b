//! What colleagues change, as it happens: named events of which the page asks for what it shows anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use model::{Filter, Ident};
use records::{Action, Notice};
use tokio::sync::broadcast::error::RecvError;

use crate::failure::Answer;
use crate::visit::{Signed, Visit};

/// `GET /live`: an event `record-changed` for every change of a record that the reader may see.
pub(crate) async fn stream(visit: Signed) -> Answer {
    let notices = visit.space.watch();
    let visit = Arc::clone(&visit.0);
    let events = futures_util::stream::unfold((visit, notices), |(visit, mut notices)| async move {
        loop {
            match notices.recv().await {
                Ok(notice) if is_seen(&visit, &notice).await => {
                    let event = event(&visit, &notice);
                    return Some((Ok::<_, Infallible>(event), (visit, notices)));
                }
                // Somebody who was too slow misses changes; the next one shows them all.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let keep = KeepAlive::new().interval(Duration::from_secs(25));
    let mut response: Response = Sse::new(events).keep_alive(keep).into_response();
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Whether the reader may see the record, by the rights of this moment.
async fn is_seen(visit: &Visit, notice: &Notice) -> bool {
    let ctx = kernel::Ctx { now: visit.space.platform.clock.now(), ..visit.ctx.clone() };
    let Ok(access) = visit.space.access(&ctx).await else { return false };
    let schema = visit.space.schema();
    let Some(object) =
        schema.object(notice.object.as_str()).filter(|o| !o.setup && access.check(o, Action::Read).is_ok())
    else {
        return false;
    };
    let filter = access.filter(&schema, object, Action::Read);
    if filter == Filter::All {
        return true;
    }
    let Ok(mut reader) = visit.space.store.read().await else { return false };
    let found = reader.get_many(&schema, &notice.object, &[notice.id], &filter, &[Ident::of("id")]).await;
    found.is_ok_and(|records| !records.is_empty())
}

fn event(visit: &Visit, notice: &Notice) -> Event {
    let schema = visit.space.schema();
    let id = schema.object(notice.object.as_str()).map(|o| notice.id.typed(o.prefix.as_str())).unwrap_or_default();
    Event::default()
        .event("record-changed")
        .data(serde_json::json!({ "object": notice.object.as_str(), "id": id }).to_string())
}
