//! Follows the records of all sources and resolves those that came since the last time.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kernel::Id;
use records::{Cx, RecordError, Space};
use store::{Entry, Version};

use super::{Linkers, Resolved, Sources, resolve, understand};
use crate::profile::refresh;

/// The name of the position up to which records were resolved. Who holds it is the only one who changes profiles.
pub(crate) const POSITION: &str = "records resolved";
/// Versions looked at in one write where nobody waits for its some 50 ms; more at once would be resolved a third faster.
const CHUNK: u32 = 200;

/// Resolves the records that came since the last time: profiles, their values and how far it went are written together.
pub async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let position = space.store.read().await?.position(POSITION).await?;
    if space.store.read().await?.versions_after(position, 1).await?.0.is_empty() {
        return Ok(false);
    }
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let resolved = space.take_up(CHUNK, move |cx, most| {
        Box::pin(async move {
            let position = cx.writer.lock_position(POSITION).await?;
            let (versions, next) = cx.writer.versions_after(position, most).await?;
            let records: BTreeSet<Id> = versions.iter().map(|version| version.record).collect();
            let latest = cx.writer.latest_versions(&records.into_iter().collect::<Vec<_>>()).await?;
            take(cx, &linkers, &sources, latest).await?;
            cx.writer.set_position(POSITION, next).await?;
            Ok(versions.len())
        })
    });
    Ok(resolved.await? > 0)
}

/// Keeps everybody else from changing profiles until the end of the write.
pub(crate) async fn lock(cx: &mut Cx<'_>) -> Result<(), RecordError> {
    cx.writer.lock_position(POSITION).await?;
    Ok(())
}

/// Resolves the latest versions of records and writes the profiles that follow. The caller holds the lock.
pub(crate) async fn take(
    cx: &mut Cx<'_>,
    linkers: &Linkers,
    sources: &Sources,
    latest: Vec<Version>,
) -> Result<Resolved, RecordError> {
    let ids: Vec<Id> = latest.iter().map(|version| version.record).collect();
    let mut held: HashMap<Id, Entry> =
        cx.writer.entries(&ids).await?.into_iter().map(|entry| (entry.record, entry)).collect();
    let done = |version: &Version| held.get(&version.record).is_some_and(|entry| entry.version == version.version);
    let fresh: Vec<Version> = latest.into_iter().filter(|version| !done(version)).collect();
    held.retain(|record, _| fresh.iter().any(|version| version.record == *record));
    if fresh.is_empty() {
        return Ok(Resolved::default());
    }
    let schema = cx.schema();
    let understood = understand(sources, &schema, cx.writer, &fresh).await?;
    let resolved = resolve(cx, linkers, &understood, held).await?;
    refresh(cx, sources, linkers, &resolved.touched).await?;
    Ok(resolved)
}
