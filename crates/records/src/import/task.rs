//! The transactions of an import: some rows with the progress after them, all or nothing.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use kernel::{Ctx, Id};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, StoreError};
use tabular::Source;

use super::ImportError;
use super::beside::{self, Rejected};
use super::chunk::{self, Item, Manner, Written, number};
use super::find::Memory;
use super::plan::Plan;
use super::reason::sentence;
use super::request::Request;
use crate::{RecordError, Space};

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
    pub(super) pass: u32,
    pub(super) last: bool,
    pub(super) row: u64,
    pub(super) wrote: bool,
    pub(super) rejects_bytes: u64,
    pub(super) waiting_bytes: u64,
    pub(super) behind_bytes: u64,
}

/// What the transactions of an import share.
pub(super) struct Task {
    pub(super) space: Arc<Space>,
    pub(super) plan: Arc<Plan>,
    pub(super) columns: Vec<String>,
    pub(super) request: Request,
    pub(super) locale: kernel::Locale,
    /// The batch; none in a dry run.
    pub(super) batch: Option<Id>,
    pub(super) show: usize,
    /// Why a file beside the import could not be written.
    pub(super) failed: Mutex<Option<ImportError>>,
}

/// What a transaction answers.
pub(super) struct Done {
    pub(super) written: Written,
    pub(super) memory: Memory,
    pub(super) progress: Progress,
    pub(super) reasons: Vec<(u64, String)>,
    /// Another process or a user ended this import.
    pub(super) ended: Option<String>,
}

/// The progress kept with a batch.
pub fn progress_of(batch: &Batch) -> Progress {
    serde_json::from_value(batch.detail["progress"].clone()).unwrap_or_default()
}

impl Task {
    pub(super) fn new(
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
    pub(super) async fn write_all(
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
    pub(super) async fn write(
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
    pub(super) async fn turn(&self, from: Progress, to: Progress) -> Result<(), ImportError> {
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
