//! Follows the events and learns what they look like.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Ctx, Id};
use records::{Action, RecordError, Space};
use serde_json::{Map, Value as Json};
use store::{Property, Seen, StoreError};

use super::shape::{Remembered, properties};
use crate::source::find;

/// The name of the position up to which events were learnt.
const POSITION: &str = "events learnt";
/// Events looked at in one write.
const CHUNK: u32 = 2_000;

/// Learns from the events that came since the last time. Each is counted once, whatever happens: what is learnt and how far it went are
/// written together.
pub async fn learn(space: Arc<Space>) -> Result<bool, RecordError> {
    let position = space.store.read().await?.position(POSITION).await?;
    if space.store.read().await?.events_after(position, 1).await?.0.is_empty() {
        return Ok(false);
    }
    let learnt: Result<usize, StoreError> = space
        .store
        .write(|w| {
            Box::pin(async move {
                let position = w.lock_position(POSITION).await?;
                let (events, next) = w.events_after(position, CHUNK).await?;
                let mut seen: BTreeMap<Property, Seen> = BTreeMap::new();
                for event in &events {
                    let json: Map<String, Json> = serde_json::from_str(&event.payload).unwrap_or_default();
                    let at = event.received_at;
                    for property in properties(event.source, &event.kind, event.name.as_deref(), &json) {
                        let entry = seen.entry(property).or_insert(Seen { count: 0, first_at: at, last_at: at });
                        entry.count += 1;
                        entry.last_at = entry.last_at.max(at);
                    }
                }
                w.learn(&seen.into_iter().collect::<Vec<_>>()).await?;
                w.set_position(POSITION, next).await?;
                Ok(events.len())
            })
        })
        .await;
    Ok(learnt? > 0)
}

/// Forgets what was learnt of an event of a source that the actor may change, or of one of its properties.
///
/// Errors when nothing was learnt of it.
pub async fn forget(
    space: &Space,
    ctx: &Ctx,
    source: Id,
    event: (&str, &str),
    property: Option<&str>,
) -> Result<(), RecordError> {
    find(space, ctx, source, Action::Update).await?;
    let (kind, name, of) = (event.0.to_owned(), event.1.to_owned(), property.map(str::to_owned));
    let gone = space
        .store
        .write(move |w| Box::pin(async move { w.unlearn(source, &kind, &name, of.as_deref()).await }))
        .await?;
    space.kept::<Remembered>().forget(source);
    if gone { Ok(()) } else { Err(RecordError::unknown("event", event.1)) }
}
