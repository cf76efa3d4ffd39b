//! Roll-ups of the records that a change touches through its references.

use std::collections::HashSet;

use kernel::Id;
use model::{FieldType, Filter, Ident, ObjectDef, Value};
use store::ChangeOp;

use super::{Cx, Draft};
use crate::RecordError;

/// Computes again the roll-ups over these records, old parents and new ones, and the formulas that use them. Three statements for each
/// roll-up, however many records; parents keep their version, since nobody changed them.
pub(super) async fn roll_up(
    cx: &mut Cx<'_>,
    object: &ObjectDef,
    written: &[(&Draft, ChangeOp)],
) -> Result<(), RecordError> {
    let schema = cx.schema();
    let loaded = std::sync::Arc::clone(&cx.loaded);
    let Some(rollups) = loaded.rollups.get(&object.name) else { return Ok(()) };
    for (parent, field) in rollups {
        let target = schema.object(parent.as_str()).expect("roll-ups are checked");
        let Some(FieldType::Rollup(rollup)) = target.field(field.as_str()).map(|f| &f.kind) else { continue };
        let mut ids: HashSet<Id> = HashSet::new();
        for (draft, op) in written {
            if *op == ChangeOp::Update && !touches(draft, rollup) {
                continue;
            }
            let records = [Some(&draft.record), draft.old.as_ref()];
            for value in records.into_iter().flatten().map(|r| r.value(rollup.via.as_str())) {
                match value {
                    Value::Ref(r) if r.object != *parent => {}
                    value => ids.extend(value.as_id()),
                }
            }
        }
        if ids.is_empty() {
            continue;
        }
        let mut ids: Vec<Id> = ids.into_iter().collect();
        ids.sort_unstable();
        let values = cx.writer.roll_up(&schema, parent, field, &ids).await?;
        let mut parents = cx.writer.lock_many(&schema, parent, &ids, &Filter::All).await?;
        for record in &mut parents {
            let Some((_, value)) = values.iter().find(|(id, _)| *id == record.id()) else { continue };
            if record.value(field.as_str()) == value {
                continue;
            }
            record.fields.set(field.clone(), value.clone());
            let mut changed: Vec<Ident> = vec![field.clone()];
            if let Some(formulas) = loaded.formulas.get(parent) {
                // A formula that fails on the new figure keeps its value; the next save of that record says why.
                let _ = formulas.apply(record, &cx.ctx);
                changed.extend(
                    target
                        .fields
                        .iter()
                        .filter(|f| matches!(f.kind, FieldType::Formula { .. }))
                        .map(|f| f.name.clone()),
                );
            }
            cx.writer.update(&schema, record, &changed, None).await?;
            cx.memo.insert(record.id(), Some(record.clone()).filter(|r| r.deleted_at().is_none()));
        }
    }
    Ok(())
}

fn touches(draft: &Draft, rollup: &model::Rollup) -> bool {
    let mut touched =
        draft.differs(rollup.via.as_str()) || rollup.field.as_ref().is_some_and(|f| draft.differs(f.as_str()));
    rollup.filter.paths(&draft.object.name, &mut |object, field| {
        touched |= *object != draft.object.name || draft.differs(field.as_str());
    });
    touched
}
