use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{Ctx, Id, Via};
use model::{Fields, Filter, Ident, Query, Record, Schema};
use store::{ChangeOp, Writer};

use super::{Mode, Op, Outcome, run};
use crate::RecordError;
use crate::access::Access;
use crate::space::{Loaded, Platform};

/// What a rule or a verb works with inside the write transaction.
pub struct Cx<'w> {
    /// The transaction.
    pub writer: &'w mut Writer,
    /// The call.
    pub ctx: Ctx,
    pub(crate) access: Arc<Access>,
    pub(crate) platform: &'w Platform,
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) memo: HashMap<Id, Option<Record>>,
    /// Records that the actor was seen to be able to read in this transaction, none of them in the bin.
    pub(crate) readable: HashSet<Id>,
    pub(crate) depth: u8,
    later: Vec<(Ident, Vec<Op>)>,
    pub(crate) notices: Vec<Notice>,
}

/// A change that was committed, for those who look at the record now.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The object.
    pub object: Ident,
    /// The record.
    pub id: Id,
    /// What happened.
    pub op: ChangeOp,
}

impl<'w> Cx<'w> {
    pub(crate) fn new(
        writer: &'w mut Writer,
        platform: &'w Platform,
        loaded: Arc<Loaded>,
        ctx: Ctx,
        access: Arc<Access>,
    ) -> Cx<'w> {
        Cx {
            writer,
            ctx,
            access,
            platform,
            loaded,
            memo: HashMap::new(),
            readable: HashSet::new(),
            depth: 0,
            later: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The tenant's objects.
    pub fn schema(&self) -> Arc<Schema> {
        Arc::clone(&self.loaded.schema)
    }

    /// A record, whoever asks, the bin excepted; read once and remembered for the transaction.
    pub async fn get(&mut self, object: &str, id: Id) -> Result<Option<Record>, RecordError> {
        if let Some(found) = self.memo.get(&id) {
            return Ok(found.clone());
        }
        let schema = self.schema();
        let object = schema.object(object).ok_or_else(|| RecordError::unknown("object", object))?;
        let found = self.writer.get_many(&schema, &object.name, &[id], &Filter::All, &[]).await?;
        let found = found.into_iter().next().filter(|r| r.deleted_at().is_none());
        self.memo.insert(id, found.clone());
        Ok(found)
    }

    /// The records of a bound query, whoever asks.
    pub async fn list(&mut self, query: &Query) -> Result<Vec<Record>, RecordError> {
        let schema = self.schema();
        Ok(self.writer.list(&schema, query).await?.records)
    }

    /// Writes records through the same pipeline, in the product's own name: what an app does because of the actor's change.
    pub async fn write(&mut self, object: &str, ops: Vec<Op>) -> Result<Vec<Outcome>, RecordError> {
        if self.depth >= 8 {
            return Err(RecordError::from(model::Problem::new("", "rules-too-deep")));
        }
        let access = std::mem::replace(&mut self.access, Arc::new(Access::everything()));
        let via = std::mem::replace(&mut self.ctx.via, Via::Rule);
        self.depth += 1;
        let result = Box::pin(self.write_as_actor(object, ops)).await;
        self.depth -= 1;
        self.ctx.via = via;
        self.access = access;
        result
    }

    /// The same once all changes of the present batch are written, together with what its other records ask for: a rule that keeps a
    /// row for each of thousands of records costs a few statements then.
    pub fn write_later(&mut self, object: &Ident, op: Op) {
        match self.later.iter_mut().find(|(known, _)| known == object) {
            Some((_, ops)) => ops.push(op),
            None => self.later.push((object.clone(), vec![op])),
        }
    }

    pub(crate) async fn write_deferred(&mut self) -> Result<(), RecordError> {
        for (object, ops) in std::mem::take(&mut self.later) {
            self.write(object.as_str(), ops).await?;
        }
        Ok(())
    }

    /// Writes records through the pipeline with the actor's own rights: what a verb does for its caller.
    pub async fn write_as_actor(&mut self, object: &str, ops: Vec<Op>) -> Result<Vec<Outcome>, RecordError> {
        self.write_in(object, ops, Mode::ALL).await
    }

    /// The same for records that nobody typed one by one, screened by the apps.
    pub async fn write_screened(&mut self, object: &str, ops: Vec<Op>) -> Result<Vec<Outcome>, RecordError> {
        self.write_in(object, ops, Mode::ALL.screened()).await
    }

    async fn write_in(&mut self, object: &str, ops: Vec<Op>, mode: Mode) -> Result<Vec<Outcome>, RecordError> {
        let object = self.schema().object(object).ok_or_else(|| RecordError::unknown("object", object))?.name.clone();
        let results = Box::pin(run(self, &object, ops, mode)).await?;
        results.into_iter().collect()
    }

    /// Creates a record in the product's own name.
    pub async fn create(&mut self, object: &str, fields: Fields) -> Result<Record, RecordError> {
        let mut outcomes = self.write(object, vec![Op::Create(fields)]).await?;
        Ok(outcomes.remove(0).record)
    }

    /// Changes a record in the product's own name.
    pub async fn update(&mut self, object: &str, id: Id, fields: Fields) -> Result<Record, RecordError> {
        let mut outcomes = self.write(object, vec![Op::Update { id, fields, version: None }]).await?;
        Ok(outcomes.remove(0).record)
    }
}
