//! The rules by which profiles are made, changed by a steward: what would change, and making all profiles anew in the background.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Ident, Problem, Query, Record, Sort};
use records::{Access, Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Reader, Tally};

use super::golden::{Golden, Rules};
use super::object::{RECORDS, STAGES};
use super::point::Points;
use super::refresh;
use super::stage::{Lifecycle, Worth};
use super::view::view;
use crate::identity::{Kind, Linkers, Sources, lock, understand};
use crate::work::{self, Progress};

/// The kind of job that makes all profiles anew, and the name of its progress.
pub(crate) const RENEW: &str = "renew";
/// Records read at a time, and looked at in one write.
const CHUNK: u32 = 200;
/// Profiles on which new stages are tried.
pub const SAMPLE: u32 = 2_000;

/// The rules in use, for actors who may change profiles: which value is believed, and where stages begin.
pub async fn rules(space: &Space, access: &Access) -> Result<(Rules, Lifecycle), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let mut reader = space.store.read().await?;
    let rules = Rules::read(reader.setting(Rules::SETTING).await?);
    Ok((rules, Lifecycle::read(reader.setting(Lifecycle::SETTING).await?)))
}

/// Keeps which value is believed, and makes all profiles anew in the background.
///
/// Errors when the actor may not change profiles, and when a rule does not suit its attribute.
pub async fn set_rules(space: &Arc<Space>, ctx: &Ctx, access: &Arc<Access>, rules: &Rules) -> Result<(), RecordError> {
    if let Some((attribute, _)) = rules.iter().find(|(attribute, rule)| !rule.suits(attribute)) {
        return Err(Problem::new(format!("rule-{attribute}"), "profile-rule-unsuitable").into());
    }
    keep(space, ctx, access, Rules::SETTING, json!(rules)).await
}

/// Keeps where stages begin, and makes all profiles anew in the background.
///
/// Errors when the actor may not change profiles, and when a limit is out of range.
pub async fn set_lifecycle(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Arc<Access>,
    lifecycle: Lifecycle,
) -> Result<(), RecordError> {
    lifecycle.check()?;
    keep(space, ctx, access, Lifecycle::SETTING, json!(lifecycle)).await
}

async fn keep(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Arc<Access>,
    setting: &'static str,
    value: Json,
) -> Result<(), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let kept = space.transact_as(ctx, Arc::clone(access), false, move |cx| {
        Box::pin(async move {
            lock(cx).await?;
            cx.writer.set_setting(setting, &value).await?;
            let mut of = 0;
            for kind in Kind::ALL {
                of += cx.writer.count_entries(kind.as_str()).await? as u64;
            }
            work::begin(cx.writer, RENEW, RENEW, json!({}), of, cx.ctx.now).await
        })
    });
    kept.await?;
    space.work.notify_one();
    Ok(())
}

/// How far making all profiles anew is; nothing when it is not under way.
pub async fn renewing(space: &Space, access: &Access) -> Result<Option<Progress>, RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    work::progress(&mut space.store.read().await?, RENEW).await
}

/// The job that makes all profiles anew. It may run again, and goes on where it stopped.
pub(crate) fn renew_job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move { renew(&space, work::run_of(&payload)).await.map_err(|error| error.to_string()) })
}

async fn renew(space: &Arc<Space>, run: Option<Id>) -> Result<(), RecordError> {
    let Some(run) = run else { return Ok(()) };
    loop {
        let mut reader = space.store.read().await?;
        let kept = work::progress(&mut reader, RENEW).await?;
        let Some(progress) = kept.filter(|progress| progress.run == run) else { return Ok(()) };
        let page = reader.entries_after(progress.after, CHUNK).await?;
        drop(reader);
        let Some(last) = page.last().map(|entry| entry.record) else {
            return space.store.write(move |w| Box::pin(async move { work::end(w, RENEW, run).await })).await;
        };
        let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
        let ctx = space.system_ctx();
        let step = space.transact(&ctx, move |cx| {
            Box::pin(async move {
                lock(cx).await?;
                let ids: Vec<Id> = page.iter().map(|entry| entry.record).collect();
                if !work::advance(cx.writer, RENEW, &progress, ids.len() as u64, last).await? {
                    return Ok(());
                }
                // A profile is made with the first of its records.
                let near: BTreeSet<Id> = page.iter().map(|entry| entry.profile).collect();
                let mut first: BTreeMap<Id, Id> = BTreeMap::new();
                for entry in cx.writer.entries_of(&near.into_iter().collect::<Vec<_>>()).await? {
                    let held = first.entry(entry.profile).or_insert(entry.record);
                    *held = (*held).min(entry.record);
                }
                let due: BTreeSet<Id> =
                    first.into_iter().filter(|(_, record)| ids.contains(record)).map(|(profile, _)| profile).collect();
                refresh(cx, &sources, &linkers, &due).await
            })
        });
        step.await?;
    }
}

/// What other rules would make of a profile, the one of most records when none is named: its record, the golden values in use, and those
/// by the other rules. Nothing when there is no profile.
pub async fn try_rules(
    space: &Arc<Space>,
    ctx: &Ctx,
    access: &Access,
    profile: Option<Id>,
    rules: &Rules,
    reader: &mut Reader,
) -> Result<Option<(Record, Golden, Golden)>, RecordError> {
    let object = space.object("profile")?;
    access.check(&object, Action::Update)?;
    let known = match profile {
        Some(id) => Some(id),
        None => {
            let query =
                Query { limit: 1, ..Query::of(object.name.clone()) }.sort(Sort::by(Ident::of(RECORDS.name()), true));
            space.list_as(ctx, access, &query, reader).await?.records.first().map(Record::id)
        }
    };
    let Some(id) = known else { return Ok(None) };
    let seen = view(space, access, id, reader).await?;
    let keys: Vec<(Id, String)> = seen.records.iter().map(|record| (record.source, record.key.clone())).collect();
    let points = Points::of(&seen.records, &reader.tallies(&keys).await?);
    let other = Golden::of(seen.kind, &seen.records, rules, &points);
    Ok(Some((seen.profile, seen.golden, other)))
}

/// How many profiles of a sample stand in each stage by two sets of limits: the stage, by the first, by the second; and how many there are
/// in the sample, the latest records' profiles.
pub async fn try_lifecycle(
    space: &Space,
    ctx: &Ctx,
    access: &Access,
    limits: [Lifecycle; 2],
    reader: &mut Reader,
) -> Result<(Vec<(&'static str, [usize; 2])>, usize), RecordError> {
    let object = space.object("profile")?;
    access.check(&object, Action::Update)?;
    let query = Query { limit: SAMPLE, ..Query::of(object.name.clone()) };
    let ids: Vec<Id> = space.list_as(ctx, access, &query, reader).await?.records.iter().map(Record::id).collect();
    let entries = reader.entries_of(&ids).await?;
    let records: Vec<Id> = entries.iter().map(|entry| entry.record).collect();
    let versions = reader.latest_versions(&records).await?;
    let understood = understand(&space.kept::<Sources>(), &space.schema(), reader, &versions).await?;
    let keys: Vec<(Id, String)> = understood.iter().map(|record| (record.source, record.key.clone())).collect();
    let tallies: HashMap<(Id, String), Tally> =
        reader.tallies(&keys).await?.into_iter().map(|tally| ((tally.source, tally.key.clone()), tally)).collect();
    let home: HashMap<Id, Id> = entries.iter().map(|entry| (entry.record, entry.profile)).collect();
    let mut members: HashMap<Id, Vec<_>> = HashMap::new();
    for record in &understood {
        members.entry(home[&record.record]).or_default().push(record);
    }
    let mut counts: Vec<(&'static str, [usize; 2])> = STAGES.iter().map(|(stage, _)| (*stage, [0, 0])).collect();
    for records in members.values() {
        let own: Vec<Tally> =
            (records.iter()).filter_map(|record| tallies.get(&(record.source, record.key.clone())).cloned()).collect();
        let worth = Worth::of(&own);
        let said = super::refresh::said(records.iter().copied());
        for (at, lifecycle) in limits.iter().enumerate() {
            let stage = lifecycle.stage(worth.as_ref(), said, ctx.now);
            counts.iter_mut().filter(|(known, _)| *known == stage).for_each(|(_, counts)| counts[at] += 1);
        }
    }
    Ok((counts, members.len()))
}
