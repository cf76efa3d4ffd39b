//! An import from start to end: passes over the file, chunks of rows, each with its progress in one transaction.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use kernel::{Ctx, Id, Timestamp, Via};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, StoreError};
use tabular::Source;

use super::ImportError;
use super::beside::{self, Rejected};
use super::chunk::{self, Item, Manner, Shown, Written, number};
use super::feed::{Chunk, feed};
use super::find::Memory;
use super::plan::{Plan, Setting};
use super::reason::sentence;
use super::request::{Request, fingerprint};
use crate::{RecordError, Space};

/// After this many seconds without a sign of life, an import's process is taken for dead.
const SILENCE: i64 = 30;
/// How often a chunk is tried again that another write stood in the way of.
const TRIES: u32 = 5;

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Rows read, each once.
    pub read: u64,
    /// Records made.
    pub created: u64,
    /// Records changed.
    pub updated: u64,
    /// Rows whose record was so already.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Records made because a reference did not find them.
    pub made: u64,
    /// Rows that wait for others of the file.
    pub waiting: u64,
    /// How much of the file is read, from 0 to 1, where it can be told.
    pub fraction: Option<f64>,
    pass: u32,
    last: bool,
    row: u64,
    wrote: bool,
    rejects_bytes: u64,
    waiting_bytes: u64,
    behind_bytes: u64,
}

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

/// What the transactions of an import share.
struct Task {
    space: Arc<Space>,
    plan: Arc<Plan>,
    columns: Vec<String>,
    request: Request,
    locale: kernel::Locale,
    /// The batch; none in a dry run.
    batch: Option<Id>,
    show: usize,
    /// Why a file beside the import could not be written.
    failed: Mutex<Option<ImportError>>,
}

/// What a transaction answers.
struct Done {
    written: Written,
    memory: Memory,
    progress: Progress,
    reasons: Vec<(u64, String)>,
    /// Another process or a user ended this import.
    ended: Option<String>,
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
    let (state, error) = match &result {
        Ok(true) => ("done", None),
        Ok(false) => ("cancelled", None),
        Err(ImportError::TakenOver(_)) => return Err(ImportError::TakenOver(id)),
        Err(error) => ("failed", Some(error.to_string())),
    };
    let ended = end(space, id, state, error).await;
    // When the database is gone, its own error is the one to report; the import can be gone on with all the same.
    result?;
    let batch = ended?;
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

/// The progress kept with a batch.
pub fn progress_of(batch: &Batch) -> Progress {
    serde_json::from_value(batch.detail["progress"].clone()).unwrap_or_default()
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

impl Task {
    fn new(
        space: &Arc<Space>,
        ctx: &Ctx,
        request: &Request,
        plan: Plan,
        source: &Source,
        batch: Option<Id>,
        show: usize,
    ) -> Task {
        Task {
            space: Arc::clone(space),
            plan: Arc::new(plan),
            columns: source.columns().to_vec(),
            request: request.clone(),
            locale: ctx.locale,
            batch,
            show,
            failed: Mutex::new(None),
        }
    }

    /// Writes a chunk; when the database refuses it as a whole, its halves, down to the row at fault.
    async fn write_all(
        self: &Arc<Task>,
        ctx: &Ctx,
        rows: Arc<Vec<Item>>,
        mut progress: Progress,
        mut memory: Memory,
    ) -> Result<Done, ImportError> {
        let mut ranges = vec![(0..rows.len(), 0, None::<String>)];
        let mut last = None;
        while let Some((range, tries, refused)) = ranges.pop() {
            let ctx = Ctx { now: self.space.platform.clock.now(), ..ctx.clone() };
            let taken = std::mem::take(&mut memory);
            let result = self.write(&ctx, Arc::clone(&rows), range.clone(), progress.clone(), taken, refused).await;
            match result {
                Ok(done) if done.ended.is_some() => return Ok(done),
                Ok(mut done) => {
                    progress = done.progress.clone();
                    memory = std::mem::take(&mut done.memory);
                    last = Some(done);
                }
                Err(ImportError::Records(RecordError::Store(StoreError::Deadlock))) if tries < TRIES => {
                    ranges.push((range, tries + 1, None));
                }
                Err(ImportError::Records(error)) if !matches!(error, RecordError::Store(_)) => {
                    let middle = range.start + range.len() / 2;
                    if range.len() == 1 {
                        let reason = sentence(&self.space.platform.words, self.locale, &self.plan.object, &error);
                        ranges.push((range, 0, Some(reason)));
                    } else {
                        ranges.push((middle..range.end, 0, None));
                        ranges.push((range.start..middle, 0, None));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let mut done = last.ok_or_else(|| StoreError::Fault("a chunk without rows".to_owned()))?;
        done.memory = memory;
        Ok(done)
    }

    /// Writes some rows and the progress after them in one transaction.
    async fn write(
        self: &Arc<Task>,
        ctx: &Ctx,
        rows: Arc<Vec<Item>>,
        range: Range<usize>,
        progress: Progress,
        memory: Memory,
        refused: Option<String>,
    ) -> Result<Done, ImportError> {
        let task = Arc::clone(self);
        let access = self.space.access(ctx).await?;
        let result = self
            .space
            .transact_as(ctx, access, self.batch.is_none(), move |cx| {
                Box::pin(async move {
                    let mut memory = memory;
                    let mut batch = None;
                    if let Some(id) = task.batch {
                        let stored = cx.writer.lock_batch(id).await?;
                        let now = stored.as_ref().map(progress_of);
                        let mine = now.as_ref().is_some_and(|p| (p.pass, p.row) == (progress.pass, progress.row));
                        let state = stored.as_ref().map_or("", |b| b.state.as_str());
                        if state != "running" || !mine {
                            let ended = if mine { state.to_owned() } else { String::new() };
                            let written = Written::default();
                            return Ok(Done { written, memory, progress, reasons: Vec::new(), ended: Some(ended) });
                        }
                        batch = stored;
                    }
                    let manner = Manner { dry: task.batch.is_none(), last: progress.last, show: task.show };
                    let rows = &rows[range];
                    let mut written = match refused {
                        None => chunk::write(cx, &task.plan, &mut memory, rows, manner).await?,
                        Some(_) => Written::default(),
                    };
                    written.rejected.sort_by_key(|(at, _)| *at);
                    let mut reasons = task.reasons(rows, &written);
                    if let (Some(reason), Some(row)) = (refused, rows.first()) {
                        reasons.push((0, number(row), reason));
                    }
                    let mut next = progress.clone();
                    next.count(&written, rows, reasons.len() as u64);
                    if let Some(mut batch) = batch {
                        task.beside(rows, &written, &reasons, &mut next).map_err(|error| {
                            *task.failed.lock().expect("not poisoned") = Some(error);
                            RecordError::Store(StoreError::Full)
                        })?;
                        batch.detail["progress"] = json!(next);
                        batch.detail["alive"] = json!(cx.ctx.now);
                        cx.writer.put_batch(&batch).await?;
                    }
                    let reasons = reasons.into_iter().map(|(_, row, reason)| (row, reason)).collect();
                    Ok(Done { written, memory, progress: next, reasons, ended: None })
                })
            })
            .await;
        match self.failed.lock().expect("not poisoned").take() {
            Some(error) => Err(error),
            None => Ok(result?),
        }
    }

    /// The rejected rows: place, number and sentence.
    fn reasons(&self, rows: &[Item], written: &Written) -> Vec<(usize, u64, String)> {
        let words = &self.space.platform.words;
        let refused = written
            .rejected
            .iter()
            .map(|(at, error)| (*at, number(&rows[*at]), sentence(words, self.locale, &self.plan.object, error)));
        let unread = rows.iter().enumerate().filter_map(|(at, row)| {
            row.as_ref().err().map(|error| (at, error.number, unreadable(words, self.locale, &error.reason)))
        });
        let mut all: Vec<_> = refused.chain(unread).collect();
        all.sort_by_key(|(at, ..)| *at);
        all
    }

    /// Adds to the files beside the import.
    fn beside(
        &self,
        rows: &[Item],
        written: &Written,
        reasons: &[(usize, u64, String)],
        progress: &mut Progress,
    ) -> Result<(), ImportError> {
        let rejected: Vec<Rejected<'_>> = reasons
            .iter()
            .map(|(at, row, reason)| {
                let (cells, text) = match &rows[*at] {
                    Ok(row) => (&row.cells[..], ""),
                    Err(error) => (&[][..], error.raw.as_str()),
                };
                Rejected { cells, row: *row, reason: reason.clone(), text }
            })
            .collect();
        let path = &self.request.rejects;
        progress.rejects_bytes = beside::reject(path, progress.rejects_bytes, &self.columns, &rejected)
            .map_err(|e| ImportError::file(path, e))?;
        let path = beside::waiting_path(path, progress.pass);
        let waiting = written.waiting.iter().map(|at| number(&rows[*at]));
        progress.waiting_bytes =
            beside::wait(&path, progress.waiting_bytes, waiting).map_err(|e| ImportError::file(&path, e))?;
        Ok(())
    }

    /// Begins the next pass.
    async fn turn(&self, from: Progress, to: Progress) -> Result<(), ImportError> {
        let Some(id) = self.batch else { return Ok(()) };
        let turned = self
            .space
            .store
            .write(move |w| {
                Box::pin(async move {
                    let Some(mut batch) = w.lock_batch(id).await? else { return Ok(false) };
                    let now = progress_of(&batch);
                    if batch.state != "running" || (now.pass, now.row) != (from.pass, from.row) {
                        return Ok(false);
                    }
                    batch.detail["progress"] = json!(to);
                    w.put_batch(&batch).await?;
                    Ok::<_, StoreError>(true)
                })
            })
            .await?;
        if turned { Ok(()) } else { Err(ImportError::TakenOver(id)) }
    }
}

impl Progress {
    fn count(&mut self, written: &Written, rows: &[Item], rejected: u64) {
        if self.pass <= 1 {
            self.read += rows.len() as u64;
        }
        self.created += written.created;
        self.updated += written.updated;
        self.unchanged += written.unchanged;
        self.made += written.made;
        self.rejected += rejected;
        self.waiting += written.waiting.len() as u64;
        self.wrote |= written.created + written.updated + written.unchanged > 0;
        self.row = rows.last().map_or(self.row, number);
    }
}

/// Why a row could not be read, in the user's language.
fn unreadable(words: &kernel::Words, locale: kernel::Locale, reason: &tabular::Reason) -> String {
    use tabular::Reason as R;
    match reason {
        R::Ragged { expected, found } => {
            let args = [("expected", (*expected as f64).into()), ("found", (*found as f64).into())];
            words.with(locale, "problem-import-ragged", &args)
        }
        R::Encoding { line, byte } => {
            let args = [("line", (*line as f64).into()), ("byte", (*byte as f64).into())];
            words.with(locale, "problem-import-encoding", &args)
        }
        R::OpenQuote { line } => words.with(locale, "problem-import-open-quote", &[("line", (*line as f64).into())]),
        R::RowTooLong { limit } => {
            words.with(locale, "problem-import-row-too-long", &[("limit", (*limit as f64).into())])
        }
        R::CellTooLong { column, limit } => {
            let args = [("column", (*column as f64).into()), ("limit", (*limit as f64).into())];
            words.with(locale, "problem-import-cell-too-long", &args)
        }
        R::UnknownKey(key) => words.with(locale, "problem-import-unknown-key", &[("value", key.as_str().into())]),
        other => words.with(locale, "problem-import-unreadable", &[("detail", other.to_string().into())]),
    }
}
