//! Merging records: one survives with the values chosen, what pointed to the others points to it, and the others go to the bin; all of it in
//! one batch that can be undone.

use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{
    FieldDef, FieldType, Fields, Filter, Ident, ObjectDef, Op as Is, Operand, Problem, Query, Record, Ref, Value,
};
use store::Batch;

use crate::access::Access;
use crate::pipeline::{Cx, Op};
use crate::{RecordError, Space};

/// Records that are moved at a time.
const CHUNK: u32 = 500;
/// Records that one merge moves at most, and records that it merges.
pub const MOST_MOVED: usize = 5_000;
/// Records that become one at most.
pub const MOST_MERGED: usize = 20;

/// Records that are to become one.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// The object.
    pub object: Ident,
    /// The record that survives.
    pub keep: Id,
    /// Those that go to the bin.
    pub gone: Vec<Id>,
    /// What the survivor says afterwards; fields that are not named keep what they say.
    pub fields: Fields,
}

impl Space {
    /// Merges records with the actor's rights. Answers the batch, by which it is undone, and how many other records were moved.
    ///
    /// Errors when the actor may not change the survivor, delete the others or change what points to them, when the values do not fit, and
    /// when there is more to move than [`MOST_MOVED`]; nothing is changed then.
    pub async fn merge(
        self: &Arc<Space>,
        ctx: &Ctx,
        access: Arc<Access>,
        merge: Merge,
        label: &str,
    ) -> Result<(Id, usize), RecordError> {
        if merge.gone.is_empty() || merge.gone.contains(&merge.keep) || merge.gone.len() >= MOST_MERGED {
            return Err(Problem::new("", "merge-of-what").number("max", MOST_MERGED as i64).into());
        }
        let id = Id::new(ctx.now);
        let batch = Batch {
            id,
            kind: "merge".to_owned(),
            label: label.chars().take(200).collect(),
            at: ctx.now,
            actor: ctx.user(),
            state: "done".to_owned(),
            detail: serde_json::json!({ "merged": merge.gone.len() + 1 }),
            undone_by: None,
        };
        let ctx = Ctx { batch: Some(id), ..ctx.clone() };
        let merged = self.transact_as(&ctx, access, false, move |cx| {
            Box::pin(async move {
                cx.writer.put_batch(&batch).await?;
                let moved = carry(cx, &merge).await?;
                let object = merge.object.as_str();
                cx.write_as_actor(object, merge.gone.iter().copied().map(Op::Delete).collect()).await?;
                let update = Op::Update { id: merge.keep, fields: merge.fields, version: None };
                cx.write_as_actor(object, vec![update]).await?;
                Ok(moved)
            })
        });
        merged.await.map(|moved| (id, moved))
    }
}

/// Lets everything that points to records that go point to the survivor. What is in the bin stays as it is.
async fn carry(cx: &mut Cx<'_>, merge: &Merge) -> Result<usize, RecordError> {
    let schema = cx.schema();
    let object = schema.object(merge.object.as_str()).ok_or_else(|| RecordError::unknown("object", &merge.object))?;
    let mut moved = 0;
    for (other, field) in schema.references_to(&object.name) {
        if field.is_computed() {
            continue;
        }
        for gone in &merge.gone {
            let filter = points(field, object, *gone).bind(&schema, other, &cx.ctx)?;
            let mut query = Query::of(other.name.clone()).filter(filter).limit(CHUNK);
            loop {
                let page = cx.writer.list(&schema, &query).await?;
                let ops: Vec<Op> =
                    page.records.iter().filter_map(|record| point(merge, other, field, *gone, record)).collect();
                moved += ops.len();
                if moved > MOST_MOVED {
                    return Err(Problem::new("", "merge-too-many").number("max", MOST_MOVED as i64).into());
                }
                // What nobody may write, the product keeps by itself.
                match field.read_only {
                    true => cx.write(other.name.as_str(), ops).await?,
                    false => cx.write_as_actor(other.name.as_str(), ops).await?,
                };
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
        }
    }
    Ok(moved)
}

/// The records whose field points to a record.
fn points(field: &FieldDef, object: &ObjectDef, id: Id) -> Filter {
    let (op, value) = match field.kind {
        FieldType::References { .. } => (Is::Has, Value::Id(id)),
        FieldType::Polymorphic { .. } => (Is::Eq, Value::Ref(Ref { object: object.name.clone(), id })),
        _ => (Is::Eq, Value::Id(id)),
    };
    Filter::is(field.name.clone(), op, Operand::Value(value))
}

/// The change that lets a record's field point to the survivor instead of a record that goes. None points to itself.
fn point(merge: &Merge, other: &ObjectDef, field: &FieldDef, gone: Id, record: &Record) -> Option<Op> {
    let id = record.id();
    let ours = other.name == merge.object;
    if ours && merge.gone.contains(&id) {
        return None;
    }
    let itself = ours && id == merge.keep;
    let value = match record.value(field.name.as_str()) {
        Value::Ids(ids) => {
            let mut next: Vec<Id> = Vec::new();
            for each in ids.iter().map(|each| if *each == gone { merge.keep } else { *each }) {
                let points_to_itself = itself && each == merge.keep;
                if !next.contains(&each) && !points_to_itself {
                    next.push(each);
                }
            }
            if next.is_empty() { Value::Null } else { Value::Ids(next) }
        }
        _ if itself => Value::Null,
        Value::Ref(held) => Value::Ref(Ref { object: held.object.clone(), id: merge.keep }),
        _ => Value::Id(merge.keep),
    };
    Some(Op::Update { id, fields: Fields::from_iter([(field.name.clone(), value)]), version: None })
}
