//! Putting a model to use: the models there are, what a person does with them, and matching all records anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp};
use matching::{Linker, Model};
use model::Problem;
use records::{Access, Action, RecordError, Space};
use serde_json::{Value as Json, json};
use store::{BoxFuture, KeptModel, Writer};

use super::resolve::{Known, connect};
use super::{Comparison, Kind, Linkers, Resolved, Sources, features_of, learning, lock, settle, starting, understand};
use crate::profile::refresh;
use crate::work::{self, Progress};

/// The kind of job that matches all records anew.
pub(crate) const REMATCH: &str = "rematch";
/// Records read at a time.
const PAGE: u32 = 1_000;
/// Records matched anew in one write.
const CHUNK: usize = 100;

/// A model that can be put to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The one of a kind that every space starts with.
    Starting(Kind),
    /// One that was learnt.
    Learnt(Id),
}

/// What goes on in the background around the models of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnderWay {
    /// Whether a model is being learnt, or about to be.
    pub learning: bool,
    /// How far matching all records anew is.
    pub matching: Option<Progress>,
    /// Why the last of these failed; it is tried again.
    pub error: Option<String>,
}

fn name(kind: Kind) -> String {
    format!("{REMATCH} {}", kind.as_str())
}

/// The models of a kind, newest first, each with what it would change or changed.
pub async fn models(space: &Space, access: &Access, kind: Kind) -> Result<Vec<(KeptModel, Comparison)>, RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let found = space.store.read().await?.models(kind.as_str()).await?;
    Ok(found.into_iter().map(|model| (model.clone(), Comparison::of(&model))).collect())
}

/// A model with its parameters, and what became of it; nothing became of the starting one.
///
/// Errors when there is no such model, and when this version cannot read it.
pub async fn model_of(
    space: &Space,
    access: &Access,
    choice: Choice,
) -> Result<(Kind, Model, Option<KeptModel>), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    match choice {
        Choice::Starting(kind) => Ok((kind, starting(kind)?, None)),
        Choice::Learnt(id) => {
            let unknown = || RecordError::unknown("model", id.to_string());
            let kept = space.store.read().await?.model(id).await?.ok_or_else(unknown)?;
            let model = Model::from_json(&kept.model).map_err(|error| unusable(&error))?;
            Ok((Kind::parse(&kept.entity).ok_or_else(unknown)?, model, Some(kept)))
        }
    }
}

fn unusable(error: &matching::Error) -> Problem {
    Problem::new("model", "model-unusable").text("why", error.to_string())
}

/// What goes on around the models of a kind, for actors who may change profiles.
pub async fn under_way(space: &Space, access: &Access, kind: Kind) -> Result<UnderWay, RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let mut reader = space.store.read().await?;
    let learning = learning(&mut reader, kind).await?;
    let matching = work::progress(&mut reader, &name(kind)).await?;
    let run = matching.as_ref().map(|progress| progress.run);
    let rematch = reader.open_jobs(REMATCH, 50).await?.into_iter().find(|job| work::run_of(&job.payload) == run);
    let error = learning.as_ref().or(rematch.as_ref().filter(|_| run.is_some())).and_then(|job| job.error.clone());
    Ok(UnderWay { learning: learning.is_some_and(|job| job.state != "dead"), matching, error })
}

/// Puts a model to use, for actors who may change profiles: from now on records are matched by it, and all there are are matched anew
/// in the background. The one before can be put to use again.
///
/// Errors when there is no such model, and when this version cannot use it.
pub async fn adopt(space: &Arc<Space>, ctx: &Ctx, access: Arc<Access>, choice: Choice) -> Result<(), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let adopted = space.transact_as(ctx, access, false, move |cx| {
        Box::pin(async move {
            let now = cx.ctx.now;
            lock(cx).await?;
            let in_use = || RecordError::from(Problem::new("model", "model-in-use"));
            let (kind, next) = match choice {
                Choice::Starting(kind) => {
                    let id = cx.writer.current_model(kind.as_str()).await?.ok_or_else(in_use)?;
                    let held = cx.writer.model(id).await?.ok_or_else(in_use)?;
                    (kind, KeptModel { state: "retired".to_owned(), ..held })
                }
                Choice::Learnt(id) => {
                    let unknown = || RecordError::unknown("model", id.to_string());
                    let model = cx.writer.model(id).await?.ok_or_else(unknown)?;
                    if model.state == "current" {
                        return Err(in_use());
                    }
                    Model::from_json(&model.model).and_then(Linker::new).map_err(|error| unusable(&error))?;
                    let kind = Kind::parse(&model.entity).ok_or_else(unknown)?;
                    (kind, KeptModel { state: "current".to_owned(), ..model })
                }
            };
            cx.writer.put_model(&next).await?;
            begin(cx.writer, kind, now).await
        })
    });
    adopted.await?;
    space.work.notify_one();
    Ok(())
}

async fn begin(writer: &mut Writer, kind: Kind, now: Timestamp) -> Result<(), RecordError> {
    let of = writer.count_entries(kind.as_str()).await? as u64;
    work::begin(writer, REMATCH, &name(kind), json!({ "entity": kind.as_str() }), of, now).await
}

/// Lets all records of a kind be understood and matched anew in the background, for an actor who may change sources: what a mapping that
/// was mended asks for.
pub async fn reread(space: &Space, ctx: &Ctx, kind: Kind) -> Result<(), RecordError> {
    space.access(ctx).await?.check(&*space.object("source")?, Action::Update)?;
    let now = ctx.now;
    space.store.write(move |w| Box::pin(async move { begin(w, kind, now).await })).await
}

/// Puts a candidate aside, for actors who may change profiles.
pub async fn refuse(space: &Arc<Space>, ctx: &Ctx, access: Arc<Access>, id: Id) -> Result<(), RecordError> {
    access.check(&*space.object("profile")?, Action::Update)?;
    let unknown = move || RecordError::unknown("model", id.to_string());
    space
        .transact_as(ctx, access, false, move |cx| {
            Box::pin(async move {
                let model =
                    cx.writer.model(id).await?.filter(|model| model.state == "candidate").ok_or_else(unknown)?;
                Ok(cx.writer.put_model(&KeptModel { state: "refused".to_owned(), ..model }).await?)
            })
        })
        .await
}

/// The job that matches all records of a kind anew by the model in use. It may run again.
pub(crate) fn rematch_job(space: Arc<Space>, payload: Json) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let Some(kind) = payload.get("entity").and_then(Json::as_str).and_then(Kind::parse) else { return Ok(()) };
        let Some(run) = work::run_of(&payload) else {
            return rematch(&space, kind).await.map_err(|error| error.to_string());
        };
        let walked = async {
            let kept = work::progress(&mut space.store.read().await?, &name(kind)).await?;
            match kept.filter(|progress| progress.run == run) {
                Some(progress) => walk(&space, kind, Some(progress)).await,
                None => Ok(()),
            }
        };
        walked.await.map_err(|error: RecordError| error.to_string())
    })
}

/// Matches all records of a kind anew by the model in use, some at a time.
pub async fn rematch(space: &Arc<Space>, kind: Kind) -> Result<(), RecordError> {
    walk(space, kind, None).await
}

/// Goes through the records of a kind, from where the kept progress says, and keeps how far it is.
async fn walk(space: &Arc<Space>, kind: Kind, mut progress: Option<Progress>) -> Result<(), RecordError> {
    let mut after = progress.as_ref().and_then(|progress| progress.after);
    loop {
        let page = space.store.read().await?.entries_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.record);
        let ours: Vec<Id> =
            page.iter().filter(|entry| entry.entity == kind.as_str()).map(|entry| entry.record).collect();
        for ids in ours.chunks(CHUNK) {
            let Some(at) = ids.last().copied() else { continue };
            if !again(space, kind, ids.to_vec(), progress.clone()).await? {
                return Ok(());
            }
            if let Some(progress) = &mut progress {
                progress.done += ids.len() as u64;
                progress.after = Some(at);
            }
        }
    }
    let Some(progress) = progress else { return Ok(()) };
    space.store.write(move |w| Box::pin(async move { work::end(w, &name(kind), progress.run).await })).await
}

/// Matches some records anew in one write. Answers whether the work is to go on.
async fn again(space: &Arc<Space>, kind: Kind, ids: Vec<Id>, progress: Option<Progress>) -> Result<bool, RecordError> {
    let (linkers, sources) = (space.kept::<Linkers>(), space.kept::<Sources>());
    let ctx = space.system_ctx();
    let matched = space.transact(&ctx, move |cx| {
        Box::pin(async move {
            lock(cx).await?;
            if let (Some(progress), Some(last)) = (&progress, ids.last())
                && !work::advance(cx.writer, &name(kind), progress, ids.len() as u64, *last).await?
            {
                return Ok(false);
            }
            let linker = linkers.current(cx.writer, kind).await?;
            let schema = cx.schema();
            let versions = cx.writer.latest_versions(&ids).await?;
            let understood = understand(&sources, &schema, cx.writer, &versions).await?;
            let mut entries = cx.writer.entries(&ids).await?;
            for entry in &mut entries {
                if let Some(said) = understood.iter().find(|record| record.record == entry.record) {
                    let read = linker.read(|column| said.compared(column));
                    entry.features = serde_json::to_string(&read).unwrap_or_default();
                }
            }
            let neighbours = cx.writer.links(&ids, f64::MIN).await?.into_iter().map(|link| link.b);
            let affected = ids.iter().copied().chain(neighbours).collect();
            cx.writer.clear_entries(&ids, false).await?;
            cx.writer.put_entries(&entries).await?;
            let read: Vec<(Id, matching::Features)> = (entries.iter())
                .map(|entry| Ok((entry.record, features_of(entry)?)))
                .collect::<Result<_, RecordError>>()?;
            let known = Known { entries: connect(cx, &linker, kind, &read).await?.0, ..Known::default() };
            let mut resolved = Resolved::default();
            settle(cx, &linker, kind, affected, known, None, &mut resolved).await?;
            let changed: BTreeSet<Id> = resolved.changes.touched().collect();
            refresh(cx, &sources, &linkers, &changed).await?;
            Ok(true)
        })
    });
    matched.await
}
