//! What a source sent lately, for whoever says what its members mean.

use kernel::{Ctx, Id, Timestamp};
use records::{Action, RecordError, Space};
use serde_json::Value as Json;
use store::Refused;

use super::{LIST_PATH, at, find};

/// Something that a source sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// When it came.
    pub at: Timestamp,
    /// Whether it is a whole delivery, in which records must be found; else it is a record.
    pub delivery: bool,
    /// As it came.
    pub body: Json,
}

impl Sample {
    /// The record in it when records are at `list`: the first of a list; `None` when there is none.
    pub fn record(&self, list: &str) -> Option<&Json> {
        let there = if self.delivery { at(&self.body, list)? } else { &self.body };
        let one = there.as_array().map_or(Some(there), |items| items.first())?;
        one.is_object().then_some(one)
    }
}

/// What a source that the actor may read sent last: the delivery that was refused last where it is newer than the records, else a record.
pub async fn sample(space: &Space, ctx: &Ctx, source: Id) -> Result<Option<Sample>, RecordError> {
    let source = find(space, ctx, source, Action::Read).await?;
    let mut reader = space.store.read().await?;
    let kept = reader.sample_version(source.id()).await?;
    let rejects = reader.rejects(source.id(), None, 50).await?;
    drop(reader);
    let refused = rejects.into_iter().filter(|reject| reject.kind == Refused::Delivery).find_map(|reject| {
        let body: Json = serde_json::from_str(&reject.payload).ok()?;
        Some(Sample { at: reject.received_at, delivery: true, body })
    });
    let kept = kept.map(|version| Sample { at: version.received_at, delivery: false, body: version.payload });
    let newer = refused.as_ref().is_some_and(|refused| kept.as_ref().is_none_or(|kept| refused.at >= kept.at));
    let empty = source.get(LIST_PATH).is_none() && kept.is_none();
    Ok(if newer || empty { refused } else { kept })
}
