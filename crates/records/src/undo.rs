//! Undo of a batch: every change of it taken back, newest first, as changes of their own. What somebody changed since stays.

use std::sync::Arc;

use kernel::{Ctx, Id, Via};
use model::{Fields, Ident, Record, from_json};
use store::{Batch, Change, ChangeOp};

use crate::pipeline::{Mode, Op, Outcome};
use crate::{RecordError, Space};

/// Changes taken back in one transaction.
const CHUNK: u32 = 500;

/// What an undo did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Records put in the bin because the batch had created them.
    pub removed: u64,
    /// Records whose earlier values are back.
    pub restored: u64,
    /// Changes left alone because the same fields were changed since, or the record is gone.
    pub kept: u64,
}

impl Space {
    /// Starts a batch: the changes made with its identifier in the context can be undone together.
    pub async fn start_batch(&self, ctx: &Ctx, kind: &str, label: &str) -> Result<Batch, RecordError> {
        let batch = Batch {
            id: Id::new(ctx.now),
            kind: kind.to_owned(),
            label: label.chars().take(200).collect(),
            at: ctx.now,
            actor: ctx.user(),
            state: "running".to_owned(),
            detail: serde_json::json!({}),
            undone_by: None,
        };
        self.put_batch(&batch).await?;
        Ok(batch)
    }

    /// Keeps what became of a batch.
    pub async fn put_batch(&self, batch: &Batch) -> Result<(), RecordError> {
        let batch = batch.clone();
        Ok(self.store.write(move |w| Box::pin(async move { w.put_batch(&batch).await })).await?)
    }

    /// A batch.
    pub async fn batch(&self, id: Id) -> Result<Batch, RecordError> {
        self.store.read().await?.batch_of(id).await?.ok_or_else(|| RecordError::unknown("batch", id.to_string()))
    }

    /// Undoes a batch that has ended, as the actor: who started it may, and administrators. Interrupted half-way, it goes on where it
    /// stopped when called again, since what is undone already no longer differs.
    pub async fn undo(self: &Arc<Space>, ctx: &Ctx, id: Id) -> Result<(Batch, Undone), RecordError> {
        let mut batch = self.batch(id).await?;
        let access = self.access(ctx).await?;
        if !access.full && (batch.actor.is_none() || batch.actor != ctx.user()) {
            return Err(RecordError::forbidden("undo", "batch"));
        }
        if batch.state == "running" && batch.kind != "undo" && !batch.detail["interrupted"].as_bool().unwrap_or(false) {
            return Err(model::Problem::new("", "batch-running").into());
        }
        if batch.state == "undone" {
            return Err(model::Problem::new("", "batch-undone").into());
        }
        let mut undo = match batch.undone_by {
            Some(by) => self.batch(by).await?,
            None => self.start_batch(ctx, "undo", &batch.label).await?,
        };
        batch.undone_by = Some(undo.id);
        self.put_batch(&batch).await?;
        let inner = Ctx { via: Via::Undo, batch: Some(undo.id), ..ctx.clone() };
        let mut undone = Undone::default();
        let mut before = None;
        loop {
            let changes = self.store.read().await?.batch_changes(id, before, CHUNK).await?;
            let Some(last) = changes.last() else { break };
            before = Some(last.seq);
            self.undo_changes(&inner, changes, &mut undone).await?;
        }
        batch.state = "undone".to_owned();
        undo.state = "done".to_owned();
        undo.detail =
            serde_json::json!({ "removed": undone.removed, "restored": undone.restored, "kept": undone.kept });
        self.put_batch(&undo).await?;
        self.put_batch(&batch).await?;
        Ok((undo, undone))
    }

    async fn undo_changes(
        self: &Arc<Space>,
        ctx: &Ctx,
        changes: Vec<Change>,
        undone: &mut Undone,
    ) -> Result<(), RecordError> {
        let mut run: Vec<Change> = Vec::new();
        for change in changes {
            // Consecutive changes of one object go together; a record that comes up twice starts the next run.
            if run.first().is_some_and(|f| f.object != change.object) || run.iter().any(|c| c.record == change.record) {
                self.undo_run(ctx, std::mem::take(&mut run), undone).await?;
            }
            run.push(change);
        }
        if run.is_empty() { Ok(()) } else { self.undo_run(ctx, run, undone).await }
    }

    async fn undo_run(self: &Arc<Space>, ctx: &Ctx, run: Vec<Change>, undone: &mut Undone) -> Result<(), RecordError> {
        let Some(object) = run.first().map(|c| c.object.clone()) else { return Ok(()) };
        let schema = self.schema();
        let Some(def) = schema.object(object.as_str()) else {
            undone.kept += run.len() as u64;
            return Ok(());
        };
        let ids: Vec<Id> = run.iter().map(|c| c.record).collect();
        let records = self.store.read().await?.get_many(&schema, &object, &ids, &model::Filter::All, &[]).await?;
        let mut ops = Vec::new();
        for change in &run {
            let Some(record) = records.iter().find(|r| r.id() == change.record) else {
                undone.kept += 1;
                continue;
            };
            let op = match change.op {
                ChangeOp::Create if record.version() == change.version => Some(Op::Delete(change.record)),
                // Later changes of the batch itself are undone by now, each a version of its own; those of others are not.
                ChangeOp::Create => self.only_undone_since(change).await?.then_some(Op::Delete(change.record)),
                ChangeOp::Delete if record.deleted_at().is_some() => Some(Op::Restore(change.record)),
                ChangeOp::Restore if record.deleted_at().is_none() => Some(Op::Delete(change.record)),
                ChangeOp::Update => earlier(&schema, def, change, record).map(|fields| Op::Update {
                    id: change.record,
                    fields,
                    version: None,
                }),
                _ => None,
            };
            match op {
                Some(op) => ops.push(op),
                None => undone.kept += 1,
            }
        }
        let results = self.write(ctx, &object, ops, Mode { raw: true, ..Mode::EACH }).await?;
        for result in results {
            match result {
                Ok(Outcome { done: Some(ChangeOp::Delete), .. }) => undone.removed += 1,
                Ok(Outcome { done: Some(_), .. }) => undone.restored += 1,
                Ok(_) => {}
                Err(_) => undone.kept += 1,
            }
        }
        Ok(())
    }

    /// Whether a created record was changed since only by its own batch and that batch's undo.
    async fn only_undone_since(&self, created: &Change) -> Result<bool, RecordError> {
        let mut reader = self.store.read().await?;
        let undo = match created.batch {
            Some(batch) => reader.batch_of(batch).await?.and_then(|b| b.undone_by),
            None => None,
        };
        let since = reader.history(created.record, None, 1_000).await?;
        Ok(since
            .iter()
            .filter(|c| c.seq > created.seq)
            .all(|c| c.batch.is_some() && (c.batch == created.batch || c.batch == undo)))
    }
}

/// The values before an update, for the fields that still have those after it; `None` when there is none left to take back.
fn earlier(schema: &model::Schema, object: &model::ObjectDef, change: &Change, record: &Record) -> Option<Fields> {
    let mut fields = Fields::default();
    for (name, pair) in change.diff.as_ref()?.as_object()? {
        let field = object.field(name)?;
        if matches!(field.kind, model::FieldType::Rollup(_)) {
            continue;
        }
        // A formula's result goes back with what it was computed from.
        let stored = model::FieldDef { kind: schema.effective(object, field).clone(), ..field.clone() };
        let read = |json: &serde_json::Value| from_json(schema, object, &stored, json).ok();
        let (before, after) = (read(&pair[0])?, read(&pair[1])?);
        let now = record.value(name);
        if *now == before {
            continue;
        }
        if *now != after && !(now.is_empty() && after.is_empty()) {
            return None;
        }
        fields.set(Ident::new(name).ok()?, before);
    }
    Some(fields)
}
