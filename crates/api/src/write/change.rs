use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, Method};
use axum::response::Response;
use model::{Filter, ObjectDef, Record};
use records::{Cx, Op, Outcome, RecordError};
use store::{BoxFuture, ChangeOp};

use super::answer::Answer;
use super::batch::batch;
use super::idempotency::Key;
use crate::ask::Ask;
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{Format, Preferences, Return, Transaction};
use crate::read::{self, Plan};

/// A request that changes records.
pub(super) struct Change {
    call: Call,
    object: Arc<ObjectDef>,
    method: Method,
    key: Option<Key>,
    prefer: Preferences,
    format: Format,
    /// How changed records are shown, where they are.
    shown: Option<Plan>,
    /// Whether the address names one record.
    one: bool,
}

/// What the work of a change did.
pub(super) struct Done {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) batch: Option<kernel::Id>,
}

impl Change {
    /// Of many records; shows them when that is preferred.
    pub(super) fn of_many(
        call: &Call,
        object: &Arc<ObjectDef>,
        ask: &Ask,
        method: Method,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Change, Failure> {
        Change::new(call, object, ask, method, headers, body, Return::Minimal)
    }

    /// Of the record in the address; shows it unless otherwise preferred.
    pub(super) fn of_one(
        call: &Call,
        object: &Arc<ObjectDef>,
        ask: &Ask,
        method: Method,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Change, Failure> {
        let answer = if method == Method::DELETE { Return::Minimal } else { Return::Representation };
        Ok(Change { one: true, ..Change::new(call, object, ask, method, headers, body, answer)? })
    }

    fn new(
        call: &Call,
        object: &Arc<ObjectDef>,
        ask: &Ask,
        method: Method,
        headers: &HeaderMap,
        body: &[u8],
        answer: Return,
    ) -> Result<Change, Failure> {
        let shown = match ask.prefer.answer.unwrap_or(answer) {
            Return::Representation => {
                let level = crate::postgrest::Level { select: ask.query.root.select.clone(), ..Default::default() };
                Some(read::plan(call, object, &level, Filter::All)?)
            }
            Return::Minimal | Return::HeadersOnly => None,
        };
        Ok(Change {
            call: call.clone(),
            object: Arc::clone(object),
            key: Key::read(call, headers, &method, &ask.uri, body)?,
            method,
            prefer: ask.prefer.clone(),
            format: ask.format,
            shown,
            one: false,
        })
    }

    /// Does the work and answers, in one transaction: what goes wrong up to the answer's last letter changes nothing.
    pub(super) async fn run<F>(self, work: F) -> Result<Response, Failure>
    where
        F: for<'a, 'w> FnOnce(&'a mut Cx<'w>) -> BoxFuture<'a, Result<Done, Failure>> + Send + 'static,
    {
        let (call, dry) = (self.call.clone(), self.prefer.transaction == Some(Transaction::Rollback));
        let answer = transact(&call, dry, move |cx| {
            Box::pin(async move {
                if let Some(key) = &self.key
                    && let Some(answer) = key.replay(cx.writer).await?
                {
                    return Ok(answer);
                }
                let done = work(cx).await?;
                let answer = self.answer(cx, done).await?;
                if let Some(key) = self.key.filter(|_| !dry) {
                    key.keep(cx.writer, &answer, cx.ctx.now).await?;
                }
                Ok(answer)
            })
        })
        .await?;
        Ok(answer.respond())
    }

    async fn answer(&self, cx: &mut Cx<'_>, done: Done) -> Result<Answer, Failure> {
        let Done { outcomes, batch } = done;
        let count = outcomes.len();
        let created = outcomes.iter().any(|o| o.done == Some(ChangeOp::Create));
        let single = outcomes.first().filter(|_| count == 1).map(|o| o.record.clone());
        let records: Vec<Record> = outcomes.into_iter().map(|o| o.record).collect();
        let mut answer = Answer::new(match (&self.method, self.shown.is_some()) {
            (&Method::POST, _) if !self.one && (created || count == 0) => 201,
            (&Method::PUT, true) if created => 201,
            (_, true) => 200,
            (_, false) => 204,
        });
        if let Some(record) = &single {
            if created {
                let id = record.id().typed(self.object.prefix.as_str());
                answer.header("location", format!("{}/{}/{id}", crate::BASE, self.object.name));
            }
            if self.method != Method::DELETE {
                answer.header("etag", format!("\"{}\"", record.version()));
            }
        }
        if let Some(batch) = batch {
            answer.header("batch-id", batch.to_string());
        }
        if !self.one {
            let total = if self.prefer.count.is_some() { count.to_string() } else { "*".to_owned() };
            let range = if count == 0 { format!("*/{total}") } else { format!("0-{}/{total}", count - 1) };
            answer.header("content-range", range);
        }
        let applied =
            Preferences { missing: None, max_affected: None, timezone: None, handling: None, ..self.prefer.clone() }
                .to_string();
        if !applied.is_empty() {
            answer.header("preference-applied", applied);
        }
        if let Some(plan) = &self.shown {
            let rows = read::with_embeds(&self.call, cx.writer, plan, records).await?;
            let rendered = read::body(&self.call.schema, plan, &rows, self.format, self.one)?;
            answer.header("content-type", rendered.media);
            answer.body = String::from_utf8(rendered.text).map_err(|e| store::StoreError::Fault(e.to_string()))?;
        }
        Ok(answer)
    }
}

/// Writes changes with the caller's rights, as a batch when they are several. `many` says that they came as a list, so that the apps' screens
/// look at them as at an import's rows.
pub(super) async fn write(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    ops: Vec<Op>,
    verb: &'static str,
    many: bool,
) -> Result<Done, Failure> {
    let mut batch_id = None;
    if ops.len() > 1 {
        let batch = batch(&cx.ctx, verb, object, ops.len());
        cx.ctx.batch = Some(batch.id);
        batch_id = Some(batch.id);
        cx.writer.put_batch(&batch).await?;
    }
    let schema = cx.schema();
    let name = object.name.as_str();
    let written = if many { cx.write_screened(name, ops).await } else { cx.write_as_actor(name, ops).await };
    let outcomes = written.map_err(|e| Failure::writing(e, &schema, object))?;
    Ok(Done { outcomes, batch: batch_id })
}

/// Runs a transaction that may be refused for reasons of this interface; nothing is kept then.
pub(crate) async fn transact<T, F>(call: &Call, dry: bool, f: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: for<'a, 'w> FnOnce(&'a mut Cx<'w>) -> BoxFuture<'a, Result<T, Failure>> + Send + 'static,
{
    let refusal = Arc::new(Mutex::new(None));
    let inner = Arc::clone(&refusal);
    let result = call
        .space
        .transact_as(&call.ctx, Arc::clone(&call.access), dry, move |cx| {
            Box::pin(async move {
                // The platform only learns that there was an error; which one waits outside the transaction.
                f(cx).await.map_err(|failure| {
                    *inner.lock().expect("not poisoned") = Some(failure);
                    RecordError::Unauthenticated
                })
            })
        })
        .await;
    result.map_err(|error| refusal.lock().expect("not poisoned").take().unwrap_or_else(|| error.into()))
}
