//! An import from start to end: the passes over its file, the states of its batch.

use std::sync::Arc;

use kernel::{Ctx, Id, Timestamp, Via};
use serde_json::json;
use store::{Batch, StoreError};
use tabular::Source;

use super::ImportError;
use super::chunk::Shown;
use super::feed::{Chunk, feed};
use super::find::Memory;
use super::plan::{Plan, Setting};
use super::request::{Request, fingerprint};
use super::task::{Progress, Task, progress_of};
use super::upload;
use super::{beside, bulk};
use crate::{RecordError, Space};

/// After this many seconds without a sign of life, an import's process is taken for dead.
const SILENCE: i64 = 30;

/// What a dry run found.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// How many rows would be what.
    pub progress: Progress,
    /// The first rows, with what would change.
    pub shown: Vec<Shown>,
    /// The first rejected rows: their number and the reason.
    pub rejected: Vec<(u64, String)>,
}

/// Begins an import: checks that the mapping fits the file, and keeps what is asked. Nothing is written yet.
pub async fn start(space: &Arc<Space>, ctx: &Ctx, request: Request) -> Result<Batch, ImportError> {
    let access = space.access(ctx).await?;
    let object = space.object(request.mapping.object.as_str())?;
    let action =
        if request.mapping.method == super::Method::Update { crate::Action::Update } else { crate::Action::Create };
    access.check(&object, action)?;
    open(space, ctx, &request)?;
    let mark = fingerprint(&request.path).map_err(|e| ImportError::file(&request.path, e))?;
    let mut batch = space.start_batch(ctx, "import", &request.name).await?;
    batch.detail = json!({
        "request": request, "file": mark, "progress": Progress { pass: 1, ..Progress::default() }, "alive": ctx.now,
        "locale": ctx.locale,
    });
    space.put_batch(&batch).await?;
    Ok(batch)
}

/// Runs an import, from its beginning or from where it stopped. `watch` is told the progress after every chunk, and answers
/// whether to go on; what it stops stays in the file, and can be gone on with. An import that is done is left as it is.
pub async fn run(
    space: &Arc<Space>,
    ctx: &Ctx,
    id: Id,
    mut watch: impl FnMut(&Progress) -> bool + Send,
) -> Result<Batch, ImportError> {
    let batch = space.batch(id).await?;
    if batch.kind == "import" && batch.state == "done" {
        return Ok(batch);
    }
    let (request, mut progress) = take_over(space, ctx, id).await?;
    let result = passes(space, ctx, id, &request, &mut progress, &mut watch).await;
    let restored = bulk::restore(space).await;
    let (state, error) = match &result {
        Ok(true) => ("done", None),
        Ok(false) => ("cancelled", None),
        Err(ImportError::TakenOver(_)) => return Err(ImportError::TakenOver(id)),
        Err(error) => ("failed", Some(error.to_string())),
    };
    let ended = end(space, id, state, error).await;
    // When the database is gone, its own error is the one to report; the import can be gone on with all the same.
    result?;
    restored?;
    let batch = ended?;
    if state == "done" {
        upload::imported(space, &request);
    }
    for pass in 1..=progress.pass {
        // A file of row numbers that cannot be removed is harmless.
        let _ = std::fs::remove_file(beside::waiting_path(&request.rejects, pass));
    }
    Ok(batch)
}

/// Tells what an import would do, without doing it. Reads at most `rows` rows when that is given.
pub async fn preview(
    space: &Arc<Space>,
    ctx: &Ctx,
    request: Request,
    show: usize,
    rows: Option<u64>,
) -> Result<Preview, ImportError> {
    let (plan, source) = open(space, ctx, &request)?;
    let task = Arc::new(Task::new(space, ctx, &request, plan, &source, None, show));
    let mut out = Preview::default();
    let mut memory = Memory::default();
    let mut source = Some(source);
    let mut only = None;
    let mut progress = Progress { pass: 1, ..Progress::default() };
    loop {
        let source = match source.take() {
            Some(source) => source,
            None => open(space, ctx, &request)?.1,
        };
        let mut chunks = feed(source, Arc::clone(&task.plan), only.take());
        let mut waiting: std::collections::HashSet<u64> = std::collections::HashSet::new();
        let mut wrote = false;
        while let Some(chunk) = chunks.recv().await {
            let Chunk { rows: items, fraction, broken } = chunk;
            let items = Arc::new(items);
            let done = task.write(ctx, Arc::clone(&items), 0..items.len(), progress.clone(), memory, None).await?;
            memory = done.memory;
            memory.pretend();
            waiting.extend(done.written.waiting.iter().filter_map(|at| items[*at].as_ref().ok()).map(|r| r.number));
            wrote |= done.progress.created + done.progress.updated > progress.created + progress.updated;
            progress = Progress { fraction, ..done.progress };
            out.shown.extend(done.written.shown.into_iter().take(show.saturating_sub(out.shown.len())));
            out.rejected.extend(done.reasons.into_iter().take(show.saturating_sub(out.rejected.len())));
            if let Some((row, reason)) = broken {
                return Err(ImportError::Broken { row, reason });
            }
            if rows.is_some_and(|rows| progress.read >= rows) {
                break;
            }
        }
        if waiting.is_empty() || progress.last {
            break;
        }
        progress.waiting = 0;
        progress.pass += 1;
        progress.last = !wrote;
        only = Some(waiting);
    }
    progress.waiting = 0;
    out.progress = progress;
    Ok(out)
}

/// Stops a running import, in whichever process it runs, after the chunk at hand. What is written stays.
pub async fn cancel(space: &Arc<Space>, id: Id) -> Result<(), ImportError> {
    let running = space.batch(id).await?;
    if running.state == "running" { end(space, id, "cancelled", None).await.map(drop) } else { Ok(()) }
}

/// Marks an import whose process died as failed, so that it can be undone or gone on with; `now` tells how long it has been silent.
/// An import that gives signs of life stays as it is.
pub async fn settle(space: &Arc<Space>, id: Id, now: Timestamp) -> Result<Batch, ImportError> {
    let batch = space.batch(id).await?;
    if batch.kind == "import" && batch.state == "running" && !is_alive(&batch, now) {
        end(space, id, "failed", None).await
    } else {
        Ok(batch)
    }
}

/// Whether a process is at an import, as far as its last sign of life tells.
pub(super) fn is_alive(batch: &Batch, now: Timestamp) -> bool {
    let alive: Option<Timestamp> = serde_json::from_value(batch.detail["alive"].clone()).unwrap_or_default();
    batch.state == "running" && alive.is_some_and(|at| now.duration_since(at).as_secs() < SILENCE)
}

/// What an import was asked to do.
pub fn request_of(batch: &Batch) -> Option<Request> {
    serde_json::from_value(batch.detail["request"].clone()).ok()
}

fn open(space: &Space, ctx: &Ctx, request: &Request) -> Result<(Plan, Source), ImportError> {
    let source = Source::open(&request.path, &request.reading.options()?)?;
    let schema = space.schema();
    let setting = Setting {
        schema: &schema,
        words: &space.platform.words,
        zone: ctx.zone.clone(),
        source: &request.source,
        file: &request.name,
    };
    let plan = Plan::new(&request.mapping, source.columns(), &setting)?;
    Ok((plan, source))
}

/// Claims an import that is to be run: one that has not begun, or that stopped.
async fn take_over(space: &Arc<Space>, ctx: &Ctx, id: Id) -> Result<(Request, Progress), ImportError> {
    let batch = space.batch(id).await?;
    let request = request_of(&batch).filter(|_| batch.kind == "import").ok_or(ImportError::TakenOver(id))?;
    let mark = fingerprint(&request.path).map_err(|e| ImportError::file(&request.path, e))?;
    if batch.detail["file"] != mark.as_str() {
        return Err(ImportError::OtherFile);
    }
    let now = ctx.now;
    let claimed = space
        .store
        .write(move |w| {
            Box::pin(async move {
                let Some(mut batch) = w.lock_batch(id).await? else { return Ok(None) };
                if !matches!(batch.state.as_str(), "running" | "failed" | "cancelled") || batch.undone_by.is_some() {
                    return Ok(None);
                }
                batch.state = "running".to_owned();
                batch.detail["alive"] = json!(now);
                batch.detail["begun"] = json!(true);
                w.put_batch(&batch).await?;
                Ok::<_, StoreError>(Some(progress_of(&batch)))
            })
        })
        .await?;
    claimed.map(|progress| (request, progress)).ok_or(ImportError::TakenOver(id))
}

async fn end(space: &Arc<Space>, id: Id, state: &'static str, error: Option<String>) -> Result<Batch, ImportError> {
    let ended = space
        .store
        .write(move |w| {
            Box::pin(async move {
                let Some(mut batch) = w.lock_batch(id).await? else { return Ok(None) };
                if batch.state == "running" {
                    batch.state = state.to_owned();
                    batch.detail["error"] = json!(error);
                    w.put_batch(&batch).await?;
                }
                Ok::<_, StoreError>(Some(batch))
            })
        })
        .await?;
    ended.ok_or_else(|| RecordError::unknown("batch", id.to_string()).into())
}

/// The passes over the file. Answers whether the end was reached.
async fn passes(
    space: &Arc<Space>,
    ctx: &Ctx,
    id: Id,
    request: &Request,
    progress: &mut Progress,
    watch: &mut (impl FnMut(&Progress) -> bool + Send),
) -> Result<bool, ImportError> {
    let ctx = Ctx { via: Via::Import, batch: Some(id), ..ctx.clone() };
    let mut memory = Memory::default();
    loop {
        let (plan, mut source) = open(space, &ctx, request)?;
        let mut task = Task::new(space, &ctx, request, plan, &source, Some(id), 0);
        task.locale = ctx.locale;
        let task = Arc::new(task);
        if progress.read == 0 {
            bulk::lay_aside(space, request, &task.plan).await?;
        }
        source.skip_to_row(progress.row + 1);
        let only = match progress.pass {
            0 | 1 => None,
            pass => {
                let path = beside::waiting_path(&request.rejects, pass - 1);
                Some(beside::waiting(&path, progress.behind_bytes).map_err(|e| ImportError::file(&path, e))?)
            }
        };
        let mut chunks = feed(source, Arc::clone(&task.plan), only);
        while let Some(chunk) = chunks.recv().await {
            let Chunk { rows, fraction, broken } = chunk;
            let rows = Arc::new(rows);
            if progress.pass <= 1 {
                progress.fraction = fraction;
            }
            if !rows.is_empty() {
                let done = task.write_all(&ctx, rows, progress.clone(), memory).await?;
                memory = done.memory;
                *progress = done.progress;
                match done.ended.as_deref() {
                    None => {}
                    Some("cancelled") => return Ok(false),
                    Some(_) => return Err(ImportError::TakenOver(id)),
                }
            }
            if let Some((row, reason)) = broken {
                return Err(ImportError::Broken { row, reason });
            }
            if !watch(progress) {
                return Ok(false);
            }
        }
        if progress.waiting == 0 {
            return Ok(true);
        }
        let next = Progress {
            pass: progress.pass + 1,
            last: !progress.wrote,
            row: 0,
            wrote: false,
            waiting: 0,
            behind_bytes: progress.waiting_bytes,
            waiting_bytes: 0,
            ..progress.clone()
        };
        task.turn(progress.clone(), next.clone()).await?;
        *progress = next;
    }
}
