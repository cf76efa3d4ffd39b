//! How a source does: what it sent, when, and what of it was refused.

use std::collections::HashMap;

use jiff::ToSpan;
use kernel::{Ctx, Id, Timestamp, civil::Date};
use records::{Action, RecordError, Space};
use store::Volume;

use super::find;
use crate::event::POSITION as TALLIED;
use crate::identity::POSITION as RESOLVED;

/// Days that a source's health looks back.
pub const DAYS: u32 = 30;

/// How a source does.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// What it sent on each of the last [`DAYS`] days in UTC, oldest first, days without anything included.
    pub days: Vec<Volume>,
    /// When it last sent anything.
    pub last_at: Option<Timestamp>,
}

/// Up to how many records and events that wait are counted.
pub const MOST_WAITING: u32 = 10_000;

/// What is on disk and not yet in profiles, of all sources: records and events, each counted up to [`MOST_WAITING`]. For actors who
/// may read sources.
pub async fn waiting(space: &Space, ctx: &Ctx) -> Result<(i64, i64), RecordError> {
    let object = space.object("source")?;
    space.access(ctx).await?.check(&object, Action::Read)?;
    let mut reader = space.store.read().await?;
    let (records, events) = (reader.position(RESOLVED).await?, reader.position(TALLIED).await?);
    Ok(reader.waiting(records, events, MOST_WAITING).await?)
}

/// How a source that the actor may read does.
pub async fn health(space: &Space, ctx: &Ctx, source: Id) -> Result<Health, RecordError> {
    find(space, ctx, source, Action::Read).await?;
    let known = space.store.read().await?.volumes(source, DAYS).await?;
    let last_at = known.iter().filter_map(|v| v.last_at).max();
    let today = day_of(ctx.now);
    let days = (0..DAYS).rev().filter_map(|ago| today.checked_sub(i64::from(ago).days()).ok());
    let days = days.map(|day| {
        let day = day.to_string();
        let volume = known.iter().find(|v| v.day == day).cloned();
        volume.unwrap_or(Volume { day, ..Volume::default() })
    });
    Ok(Health { days: days.collect(), last_at })
}

/// What every source sent in the last [`DAYS`] days, and when it last sent anything; for actors who may read sources.
pub async fn activity(space: &Space, ctx: &Ctx) -> Result<HashMap<Id, Volume>, RecordError> {
    let object = space.object("source")?;
    space.access(ctx).await?.check(&object, Action::Read)?;
    let first = day_of(ctx.now).saturating_sub(i64::from(DAYS - 1).days());
    Ok(space.store.read().await?.volumes_since(&first.to_string()).await?)
}

/// The day of a moment in UTC, in which volumes are counted.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(kernel::Zone::UTC).date()
}
