//! Whether records fit their definition: types and bounds, required values, references, unique values, hierarchies, conditions.

use std::collections::{HashMap, HashSet};

use kernel::Id;
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Problem, Problems, Value, check, system};

use super::{Cx, Draft, Mode};
use crate::RecordError;
use crate::access::Action;
use crate::formula::Formulas;

/// Levels of a hierarchy that are walked before it is taken for a circle.
const MAX_LEVELS: usize = 50;

/// Notes every problem in the drafts. A fixed number of statements for each reference and unique field, however many drafts.
pub(super) async fn validate(
    cx: &mut Cx<'_>,
    object: &ObjectDef,
    drafts: &mut [&mut Draft],
    mode: Mode,
) -> Result<(), RecordError> {
    for draft in drafts.iter_mut().filter(|d| d.record.deleted_at().is_none()) {
        fields(cx, object, draft, mode);
    }
    references(cx, object, drafts).await?;
    unique(cx, object, drafts).await?;
    circles(cx, object, drafts).await?;
    Ok(())
}

fn fields(cx: &Cx<'_>, object: &ObjectDef, draft: &mut Draft, mode: Mode) {
    let formulas = cx.loaded.formulas.get(&object.name).filter(|_| !mode.raw);
    let mut problems = Vec::new();
    for field in object.fields.iter().filter(|f| !f.system) {
        let name = field.name.as_str();
        let value = draft.value(name);
        if (draft.is_new() || draft.differs(name))
            && let Err(problem) = check(field, value)
        {
            problems.push(problem);
        }
        // A missing value refuses a new record, and the change that takes the value away; not the correction of another field.
        let missing = field.required && value.is_empty() && !matches!(field.kind, FieldType::AutoNumber { .. });
        if !mode.raw && missing && (draft.is_new() || draft.differs(name)) {
            problems.push(Problem::new(&field.name, "required"));
        }
    }
    if let Some(formulas) = formulas
        && let Err(wrong) = conditions(cx, formulas, draft, &mut problems)
    {
        problems.extend(wrong.0);
    }
    draft.problems.extend(problems);
}

/// The conditions that administrators and apps wrote; an error when one cannot be evaluated.
fn conditions(cx: &Cx<'_>, formulas: &Formulas, draft: &Draft, problems: &mut Vec<Problem>) -> Result<(), Problems> {
    let written = |name: &Ident| draft.given.contains(name) && draft.differs(name.as_str());
    let required = formulas.required(&draft.record, &cx.ctx)?;
    problems
        .extend(required.iter().filter(|n| draft.value(n.as_str()).is_empty()).map(|n| Problem::new(n, "required")));
    if let Some(old) = &draft.old {
        let locked = formulas.locked(old, &cx.ctx)?;
        problems.extend(locked.iter().filter(|n| written(n)).map(|n| Problem::new(n, "read-only")));
    }
    let hidden = formulas.hidden(&draft.record, &cx.ctx)?;
    problems.extend(hidden.iter().filter(|n| written(n)).map(|n| Problem::new(n, "not-visible")));
    problems.extend(formulas.violations(&draft.record, &cx.ctx));
    Ok(())
}

/// New references point to records that exist, are not in the bin, and that the actor may see.
async fn references(cx: &mut Cx<'_>, object: &ObjectDef, drafts: &mut [&mut Draft]) -> Result<(), RecordError> {
    let schema = cx.schema();
    let mut wanted: HashMap<Ident, HashSet<Id>> = HashMap::new();
    let pointing = |field: &FieldDef, draft: &Draft| -> Vec<(Ident, Id)> {
        if !draft.differs(field.name.as_str()) {
            return Vec::new();
        }
        let old: Vec<Id> = match draft.old.as_ref().map(|o| o.value(field.name.as_str())) {
            Some(Value::Ids(ids)) => ids.clone(),
            _ => Vec::new(),
        };
        match (&field.kind, draft.value(field.name.as_str())) {
            (FieldType::Reference { to, .. }, Value::Id(id)) if to != "self" => vec![(to.clone(), *id)],
            (FieldType::User, Value::Id(id)) => vec![(Ident::of("user"), *id)],
            (FieldType::References { to }, Value::Ids(ids)) => {
                ids.iter().filter(|id| !old.contains(id)).map(|id| (to.clone(), *id)).collect()
            }
            (FieldType::Polymorphic { to }, Value::Ref(r)) if to.is_empty() || to.contains(&r.object) => {
                vec![(r.object.clone(), r.id)]
            }
            _ => Vec::new(),
        }
    };
    let fields: Vec<&FieldDef> =
        object.fields.iter().filter(|f| f.targets().is_some() && f.name != system::ID && !is_stamp(&f.name)).collect();
    for draft in drafts.iter() {
        for field in &fields {
            for (to, id) in pointing(field, draft) {
                wanted.entry(to).or_default().insert(id);
            }
        }
    }
    let mut missing: HashSet<Id> = HashSet::new();
    for (to, ids) in wanted {
        let Some(target) = schema.object(to.as_str()) else { continue };
        let filter = cx.access.filter(&schema, target, Action::Read);
        let remembered = |id: &Id| filter.is_all() && cx.memo.get(id).is_some_and(Option::is_some);
        let ids: Vec<Id> = ids.into_iter().filter(|id| !cx.readable.contains(id) && !remembered(id)).collect();
        let found = cx.writer.get_many(&schema, &to, &ids, &filter, &[Ident::of(system::DELETED_AT)]).await?;
        let found: HashSet<Id> = found.iter().filter(|r| r.deleted_at().is_none()).map(|r| r.id()).collect();
        // One's own user record can be pointed to whatever one may read.
        missing.extend(ids.into_iter().filter(|id| !found.contains(id) && cx.access.user != Some(*id)));
    }
    if missing.is_empty() {
        return Ok(());
    }
    // Records that come earlier in the same batch are written before this one.
    let mut earlier: HashSet<Id> = HashSet::new();
    for draft in drafts.iter_mut() {
        for field in &fields {
            if pointing(field, draft).iter().any(|(_, id)| missing.contains(id) && !earlier.contains(id)) {
                draft.problems.push(Problem::new(&field.name, "no-such-target"));
            }
        }
        if draft.is_new() && draft.problems.is_empty() {
            earlier.insert(draft.record.id());
        }
    }
    Ok(())
}

fn is_stamp(name: &Ident) -> bool {
    *name == system::CREATED_BY || *name == system::UPDATED_BY || *name == system::TEAM
}

/// Unique values are neither stored elsewhere nor twice in the batch.
async fn unique(cx: &mut Cx<'_>, object: &ObjectDef, drafts: &mut [&mut Draft]) -> Result<(), RecordError> {
    let schema = cx.schema();
    for field in object.fields.iter().filter(|f| f.unique) {
        let name = field.name.as_str();
        let relevant = |d: &Draft| {
            let restored = d.old.as_ref().is_some_and(|o| o.deleted_at().is_some());
            d.record.deleted_at().is_none()
                && (d.differs(name) || restored)
                && d.value(name).scalar(None) != Value::Null
        };
        let values: Vec<Value> = drafts.iter().filter(|d| relevant(d)).map(|d| d.value(name).scalar(None)).collect();
        if values.is_empty() {
            continue;
        }
        let key = |v: &Value| format!("{v:?}");
        let held: HashMap<String, Id> = cx
            .writer
            .holders(&schema, &object.name, &field.name, None, &values)
            .await?
            .into_iter()
            .map(|(v, id)| (key(&v), id))
            .collect();
        let mut seen: HashSet<String> = HashSet::new();
        for draft in drafts.iter_mut().filter(|d| relevant(d)) {
            let value = draft.value(name).scalar(None);
            let other = held.get(&key(&value)).filter(|id| **id != draft.record.id());
            if other.is_some() || !seen.insert(key(&value)) {
                let mut problem = Problem::new(&field.name, "taken");
                if let Value::Text(text) = &value {
                    problem = problem.text("value", text);
                }
                if let Some(id) = other {
                    problem = problem.text("record", id.typed(object.prefix.as_str()));
                }
                draft.problems.push(problem);
            }
        }
    }
    Ok(())
}

/// No record is above itself.
async fn circles(cx: &mut Cx<'_>, object: &ObjectDef, drafts: &mut [&mut Draft]) -> Result<(), RecordError> {
    let own = |f: &&FieldDef| matches!(&f.kind, FieldType::Reference { to, .. } if *to == object.name);
    let schema = cx.schema();
    for field in object.fields.iter().filter(own) {
        let name = field.name.as_str();
        let pending: HashMap<Id, Option<Id>> = drafts.iter().map(|d| (d.record.id(), d.value(name).as_id())).collect();
        for draft in drafts.iter_mut().filter(|d| d.differs(name)) {
            let start = draft.record.id();
            let mut next = draft.value(name).as_id();
            let mut level = 0;
            while let Some(id) = next {
                level += 1;
                if id == start || level > MAX_LEVELS {
                    draft.problems.push(Problem::new(&field.name, "circular"));
                    break;
                }
                next = match pending.get(&id) {
                    Some(parent) => *parent,
                    None => {
                        let found = cx
                            .writer
                            .get_many(&schema, &object.name, &[id], &Filter::All, std::slice::from_ref(&field.name))
                            .await?;
                        found.first().and_then(|r| r.value(name).as_id())
                    }
                };
            }
        }
    }
    Ok(())
}
