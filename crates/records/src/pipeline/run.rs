use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kernel::{Actor, Id, Via};
use model::{
    FieldDef, FieldType, Fields, Filter, Ident, Initial, ObjectDef, OnDelete, Problem, Problems, Record, Value, system,
    to_json,
};
use serde_json::Value as Json;
use store::{Change, ChangeOp, StoreError};

use super::cx::Notice;
use super::{Cx, Draft, Mode, Op, Outcome, parents, validate};
use crate::RecordError;
use crate::access::Action;
use crate::app::When;
use crate::error::FieldConflict;

type Results = Vec<Option<Result<Outcome, RecordError>>>;

/// A change that got as far as the write.
struct Ready {
    at: usize,
    draft: Draft,
    op: ChangeOp,
}

/// Runs changes of one object. In atomic mode the first error of any change is an error of them all.
pub(crate) async fn run(
    cx: &mut Cx<'_>,
    object: &Ident,
    ops: Vec<Op>,
    mode: Mode,
) -> Result<Vec<Result<Outcome, RecordError>>, RecordError> {
    let schema = cx.schema();
    let object = schema.object(object.as_str()).ok_or_else(|| RecordError::unknown("object", object))?;
    let mut all = Vec::with_capacity(ops.len());
    let mut rest = ops.into_iter().peekable();
    // Two changes of one record see each other: a batch ends where a record comes up again.
    while rest.peek().is_some() {
        let mut seen = HashSet::new();
        let mut batch = Vec::new();
        // Users and roles go one by one: of several administrators deleted together, the last one must be seen to be the last.
        let full = |batch: &Vec<Op>| object.setup && !batch.is_empty();
        while let Some(op) = rest.next_if(|op| !full(&batch) && op.id().is_none_or(|id| !seen.contains(&id))) {
            seen.extend(op.id());
            batch.push(op);
        }
        all.extend(run_batch(cx, object, batch, mode).await?);
    }
    if mode.atomic && all.iter().any(Result::is_err) {
        let mut errors: Vec<(usize, RecordError)> =
            all.into_iter().enumerate().filter_map(|(i, r)| r.err().map(|e| (i, e))).collect();
        return Err(if errors.len() == 1 && errors[0].0 == 0 {
            errors.remove(0).1
        } else {
            RecordError::Batch(errors)
        });
    }
    Ok(all)
}

async fn run_batch(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    ops: Vec<Op>,
    mode: Mode,
) -> Result<Vec<Result<Outcome, RecordError>>, RecordError> {
    let mut results: Results = std::iter::repeat_with(|| None).take(ops.len()).collect();
    let mut ready = prepare(cx, object, ops, mode, &mut results).await?;
    if !mode.raw {
        complete(cx, object, &mut ready).await?;
    }
    if mode.screened {
        screen(cx, object, &mut ready).await?;
    }
    validate::validate(cx, object, &mut ready.iter_mut().map(|r| &mut r.draft).collect::<Vec<_>>(), mode).await?;
    ready.retain_mut(|item| {
        let problems = std::mem::take(&mut item.draft.problems);
        if !problems.is_empty() {
            results[item.at] = Some(Err(Problems(problems).into()));
        }
        results[item.at].is_none()
    });
    if mode.atomic && results.iter().flatten().any(Result::is_err) {
        ready.clear();
    }
    number(cx, object, &mut ready).await?;
    let written = write(cx, object, ready, mode, &mut results).await?;
    log(cx, object, &written).await?;
    parents::roll_up(cx, object, &written.iter().map(|w| (&w.draft, w.op)).collect::<Vec<_>>()).await?;
    for mut item in written {
        if !mode.raw && item.op != ChangeOp::Delete {
            for rule in cx.platform.rules(&object.name, When::Saved) {
                rule(&mut item.draft, cx).await?;
            }
        }
        let changed = item.draft.changed();
        results[item.at] = Some(Ok(Outcome { record: item.draft.record, done: Some(item.op), changed }));
    }
    cx.write_deferred().await?;
    let untouched = || RecordError::from(Problem::new("", "batch-refused"));
    Ok(results.into_iter().map(|r| r.unwrap_or_else(|| Err(untouched()))).collect())
}

/// Notes what the apps do not let in.
async fn screen(cx: &mut Cx<'_>, object: &ObjectDef, ready: &mut [Ready]) -> Result<(), RecordError> {
    let platform = cx.platform;
    for screen in platform.screens() {
        let drafts: Vec<&Draft> = ready.iter().map(|item| &item.draft).collect();
        let verdicts = screen(cx, object, &drafts).await?;
        ready.iter_mut().zip(verdicts).for_each(|(item, why)| item.draft.problems.extend(why));
    }
    Ok(())
}

/// Authorises, loads what is stored, and puts the given values in.
async fn prepare(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    ops: Vec<Op>,
    mode: Mode,
    results: &mut Results,
) -> Result<Vec<Ready>, RecordError> {
    let mut stored = HashMap::new();
    for (action, wanted) in [(Action::Update, true), (Action::Delete, false)] {
        let ids: Vec<Id> =
            ops.iter().filter(|op| matches!(op, Op::Update { .. }) == wanted).filter_map(Op::id).collect();
        if !ids.is_empty() {
            load(cx, object, action, &ids, &mut stored).await?;
        }
    }
    let mut ready = Vec::with_capacity(ops.len());
    for (at, op) in ops.into_iter().enumerate() {
        let result = match op {
            Op::Create(fields) => match cx.access.check(object, Action::Create) {
                Ok(()) => Ok(Some((create(cx, object, fields, mode), ChangeOp::Create))),
                Err(error) => Err(error),
            },
            Op::Update { id, fields, version } => match take(&mut stored, object, id) {
                Ok(old) if old.deleted_at().is_some() => Err(RecordError::NotFound { object: object.name.clone(), id }),
                Ok(old) => update(cx, object, old, fields, version, mode).await.map(|d| Some((d, ChangeOp::Update))),
                Err(error) => Err(error),
            },
            Op::Delete(id) => take(&mut stored, object, id).map(|old| match old.deleted_at() {
                None => Some((moved(cx, object, old, true), ChangeOp::Delete)),
                Some(_) => unchanged(results, at, old),
            }),
            Op::Restore(id) => take(&mut stored, object, id).map(|old| match old.deleted_at() {
                Some(_) => Some((moved(cx, object, old, false), ChangeOp::Restore)),
                None => unchanged(results, at, old),
            }),
        };
        match result {
            Ok(Some((draft, op))) => ready.push(Ready { at, draft, op }),
            Ok(None) => {}
            Err(error) => results[at] = Some(Err(error)),
        }
    }
    Ok(ready)
}

/// Deleting what is in the bin, or restoring what is not, changes nothing and is no error.
fn unchanged(results: &mut Results, at: usize, record: Record) -> Option<(Draft, ChangeOp)> {
    results[at] = Some(Ok(Outcome { record, done: None, changed: Vec::new() }));
    None
}

async fn load(
    cx: &mut Cx<'_>,
    object: &ObjectDef,
    action: Action,
    ids: &[Id],
    stored: &mut HashMap<Id, Result<Record, RecordError>>,
) -> Result<(), RecordError> {
    let schema = cx.schema();
    let filter = cx.access.filter(&schema, object, action);
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for record in cx.writer.lock_many(&schema, &object.name, &ids, &filter).await? {
        stored.insert(record.id(), Ok(record));
    }
    let missing: Vec<Id> = ids.into_iter().filter(|id| !stored.contains_key(id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    // What can be seen but not changed is forbidden; what cannot be seen does not exist.
    let readable = cx.access.filter(&schema, object, Action::Read);
    for record in cx.writer.get_many(&schema, &object.name, &missing, &readable, &[]).await? {
        stored.insert(record.id(), Err(RecordError::forbidden(action.as_str(), &object.name)));
    }
    Ok(())
}

fn take(
    stored: &mut HashMap<Id, Result<Record, RecordError>>,
    object: &ObjectDef,
    id: Id,
) -> Result<Record, RecordError> {
    stored.remove(&id).unwrap_or_else(|| Err(RecordError::NotFound { object: object.name.clone(), id }))
}

fn create(cx: &Cx<'_>, object: &Arc<ObjectDef>, fields: Fields, mode: Mode) -> Draft {
    let id = fields.get(system::ID).and_then(Value::as_id).unwrap_or_else(|| Id::new(cx.ctx.now));
    let mut record = Record { object: object.name.clone(), fields: Fields::with_capacity(object.fields.len()) };
    for field in &object.fields {
        let value = match field.name.as_str() {
            system::ID => Value::Id(id),
            system::CREATED_AT | system::UPDATED_AT => Value::DateTime(cx.ctx.now),
            system::CREATED_BY | system::UPDATED_BY => cx.ctx.user().map_or(Value::Null, Value::Id),
            system::VERSION => Value::Int(1),
            system::OWNER => cx.ctx.user().map_or(Value::Null, Value::Id),
            _ => initial(cx, object, field),
        };
        record.fields.push(field.name.clone(), value);
    }
    let mut draft = Draft { object: Arc::clone(object), old: None, record, given: Vec::new(), problems: Vec::new() };
    put(cx, &mut draft, fields, mode);
    draft
}

fn initial(cx: &Cx<'_>, object: &ObjectDef, field: &FieldDef) -> Value {
    if let FieldType::Rollup(rollup) = &field.kind {
        return if rollup.op == model::RollupOp::Count { Value::Int(0) } else { Value::Null };
    }
    match (&field.default, &field.kind) {
        (None, _) => Value::Null,
        (Some(Initial::Value(json)), _) => model::from_json(&cx.loaded.schema, object, field, json).unwrap_or_default(),
        (Some(Initial::Me), _) => cx.ctx.user().map_or(Value::Null, Value::Id),
        (Some(Initial::Now), FieldType::Date) => Value::Date(cx.ctx.today()),
        (Some(Initial::Now), _) => Value::DateTime(cx.ctx.now),
    }
}

async fn update(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    old: Record,
    fields: Fields,
    version: Option<i64>,
    mode: Mode,
) -> Result<Draft, RecordError> {
    if let Some(base) = version
        && base != old.version()
    {
        check_conflicts(cx, object, &old, &fields, base).await?;
    }
    let record = old.clone();
    let mut draft =
        Draft { object: Arc::clone(object), old: Some(old), record, given: Vec::new(), problems: Vec::new() };
    put(cx, &mut draft, fields, mode);
    Ok(draft)
}

/// Changes of other fields since the version that the caller saw are no conflict; changes of the same ones are.
async fn check_conflicts(
    cx: &mut Cx<'_>,
    object: &ObjectDef,
    old: &Record,
    fields: &Fields,
    base: i64,
) -> Result<(), RecordError> {
    let mut conflicts: Vec<FieldConflict> = Vec::new();
    let mut before = None;
    'history: loop {
        let changes = cx.writer.history(old.id(), before, 100).await?;
        for change in &changes {
            if change.version <= base {
                break 'history;
            }
            for name in change.diff.iter().filter_map(Json::as_object).flat_map(|map| map.keys()) {
                let Some(mine) = fields.get(name) else { continue };
                let theirs = old.value(name);
                if mine != theirs && !conflicts.iter().any(|c| c.field == name.as_str()) {
                    let field = object.field(name).map(|f| f.name.clone()).expect("a given field exists");
                    conflicts.push(FieldConflict { field, mine: mine.clone(), theirs: theirs.clone() });
                }
            }
        }
        match changes.last() {
            Some(last) if changes.len() == 100 => before = Some(last.seq),
            _ => break,
        }
    }
    if conflicts.is_empty() { Ok(()) } else { Err(RecordError::Conflict { conflicts, version: old.version() }) }
}

fn moved(cx: &Cx<'_>, object: &Arc<ObjectDef>, old: Record, to_bin: bool) -> Draft {
    let mut record = old.clone();
    let at = if to_bin { Value::DateTime(cx.ctx.now) } else { Value::Null };
    record.fields.set(Ident::of(system::DELETED_AT), at);
    Draft { object: Arc::clone(object), old: Some(old), record, given: Vec::new(), problems: Vec::new() }
}

/// Puts the given values in, where the actor may write.
fn put(cx: &Cx<'_>, draft: &mut Draft, fields: Fields, mode: Mode) {
    let object = Arc::clone(&draft.object);
    let trusted = mode.raw || cx.ctx.actor == Actor::System || matches!(cx.ctx.via, Via::Rule | Via::Undo);
    for (name, value) in fields {
        let Some(field) = object.field(name.as_str()) else {
            draft.problems.push(Problem::new(&name, "unknown-field").text("object", object.name.as_str()));
            continue;
        };
        if name == system::ID && draft.is_new() {
            continue;
        }
        if draft.old.as_ref().is_some_and(|old| *old.value(name.as_str()) == value) {
            draft.given.push(name);
            continue;
        }
        // The time of creation comes along when records are taken over from elsewhere.
        let taken_over = name == system::CREATED_AT && draft.is_new() && matches!(cx.ctx.via, Via::Import | Via::Cli);
        let allowed = if trusted {
            !field.is_computed() || mode.raw
        } else {
            taken_over || (!field.read_only && !field.is_computed() && cx.access.writes(&object, &name))
        };
        if !allowed {
            draft.problems.push(Problem::new(&name, if field.is_computed() { "computed" } else { "read-only" }));
            continue;
        }
        draft.record.fields.set(name.clone(), if value.is_empty() { Value::Null } else { value });
        draft.given.push(name);
    }
}

/// The owner's team, rules, formulas.
async fn complete(cx: &mut Cx<'_>, object: &Arc<ObjectDef>, ready: &mut [Ready]) -> Result<(), RecordError> {
    let when = |op| if op == ChangeOp::Delete { When::Deleting } else { When::Saving };
    let loaded = Arc::clone(&cx.loaded);
    let formulas = loaded.formulas.get(&object.name);
    let derives_team = object.field(system::TEAM).is_some_and(|f| f.system);
    for item in ready.iter_mut() {
        let draft = &mut item.draft;
        if item.op != ChangeOp::Delete && derives_team && draft.differs(system::OWNER) {
            let team = match draft.record.owner() {
                Some(owner) => cx.get("user", owner).await?.map_or(Value::Null, |user| user.value("team").clone()),
                None => Value::Null,
            };
            draft.record.fields.set(Ident::of(system::TEAM), team);
        }
        for rule in cx.platform.rules(&object.name, when(item.op)) {
            rule(draft, cx).await?;
        }
        if item.op != ChangeOp::Delete
            && let Some(formulas) = formulas
        {
            draft.problems.extend(formulas.apply(&mut draft.record, &cx.ctx).err().into_iter().flat_map(|p| p.0));
        }
    }
    Ok(())
}

/// Gives new records their numbers.
async fn number(cx: &mut Cx<'_>, object: &ObjectDef, ready: &mut [Ready]) -> Result<(), RecordError> {
    for field in &object.fields {
        let FieldType::AutoNumber { pattern } = &field.kind else { continue };
        let today = cx.ctx.today();
        let pattern =
            pattern.replace("{year}", &today.year().to_string()).replace("{month}", &format!("{:02}", today.month()));
        let start = pattern.find('0').unwrap_or(pattern.len());
        let start = pattern[..]
            .char_indices()
            .rev()
            .skip_while(|(_, c)| *c != '0')
            .take_while(|(_, c)| *c == '0')
            .last()
            .map_or(start, |(i, _)| i);
        let width = pattern[start..].chars().take_while(|c| *c == '0').count();
        let (head, tail) = (&pattern[..start], &pattern[start + width..]);
        let missing =
            |item: &&mut Ready| item.op == ChangeOp::Create && item.draft.value(field.name.as_str()).is_empty();
        let count = ready.iter_mut().filter(|i| missing(i)).count();
        if count == 0 {
            continue;
        }
        let counter = format!("{}.{}:{head}#{tail}", object.name, field.name);
        let first = cx.writer.next_numbers(&counter, count as u64).await?;
        for (n, item) in ready.iter_mut().filter(|i| missing(i)).enumerate() {
            let text = format!("{head}{:0width$}{tail}", first + n as i64);
            item.draft.record.fields.set(field.name.clone(), Value::Text(text));
        }
    }
    Ok(())
}

async fn write(
    cx: &mut Cx<'_>,
    object: &Arc<ObjectDef>,
    ready: Vec<Ready>,
    mode: Mode,
    results: &mut Results,
) -> Result<Vec<Ready>, RecordError> {
    let schema = cx.schema();
    let (mut creates, others): (Vec<Ready>, Vec<Ready>) = ready.into_iter().partition(|r| r.op == ChangeOp::Create);
    let mut written = Vec::with_capacity(creates.len() + others.len());
    if !creates.is_empty() {
        if !mode.atomic {
            cx.writer.savepoint("creations").await?;
        }
        let records: Vec<&Record> = creates.iter().map(|c| &c.draft.record).collect();
        match cx.writer.insert(&schema, &object.name, &records).await {
            Ok(()) => {
                if !mode.atomic {
                    cx.writer.release("creations").await?;
                }
                written.append(&mut creates);
            }
            Err(error @ (StoreError::Taken { .. } | StoreError::Dangling)) if !mode.atomic => {
                // Somebody else took a value between the check and the write: find out whose record it was, one by one.
                drop(error);
                cx.writer.rollback_to("creations").await?;
                for item in creates {
                    cx.writer.savepoint("creation").await?;
                    match cx.writer.insert(&schema, &object.name, &[&item.draft.record]).await {
                        Ok(()) => {
                            cx.writer.release("creation").await?;
                            written.push(item);
                        }
                        Err(error) => {
                            cx.writer.rollback_to("creation").await?;
                            results[item.at] = Some(Err(explain(object, error)?));
                        }
                    }
                }
            }
            Err(error) => return Err(explain(object, error)?),
        }
    }
    for mut item in others {
        let mut changed = item.draft.changed();
        if item.op == ChangeOp::Update && changed.is_empty() {
            results[item.at] = Some(Ok(Outcome { record: item.draft.record, done: None, changed: Vec::new() }));
            continue;
        }
        let version = item.draft.old.as_ref().map_or(0, Record::version);
        let fields = &mut item.draft.record.fields;
        fields.set(Ident::of(system::VERSION), Value::Int(version + 1));
        fields.set(Ident::of(system::UPDATED_AT), Value::DateTime(cx.ctx.now));
        fields.set(Ident::of(system::UPDATED_BY), cx.ctx.user().map_or(Value::Null, Value::Id));
        changed.extend([system::VERSION, system::UPDATED_AT, system::UPDATED_BY].map(Ident::of));
        // Only where it changes: SQLite would write all indexes anew that leave out what is in the bin.
        if item.op != ChangeOp::Update {
            changed.push(Ident::of(system::DELETED_AT));
        }
        if item.op == ChangeOp::Delete {
            follow_references(cx, object, item.draft.record.id()).await?;
        }
        match cx.writer.update(&schema, &item.draft.record, &changed, Some(version)).await {
            Ok(true) => written.push(item),
            // The row is locked, so nobody else can have moved its version.
            Ok(false) => return Err(StoreError::Fault("a locked record changed".to_owned()).into()),
            Err(error) => return Err(explain(object, error)?),
        }
    }
    for item in &written {
        cx.memo.remove(&item.draft.record.id());
        cx.readable.remove(&item.draft.record.id());
        cx.notices.push(Notice { object: object.name.clone(), id: item.draft.record.id(), op: item.op });
    }
    Ok(written)
}

/// Refuses the deletion, or deletes what depends on the record, as the references that point here say.
async fn follow_references(cx: &mut Cx<'_>, object: &ObjectDef, id: Id) -> Result<(), RecordError> {
    let schema = cx.schema();
    let pointing: Vec<(Ident, Ident, OnDelete)> = schema
        .references_to(&object.name)
        .filter_map(|(source, field)| match &field.kind {
            FieldType::Reference { on_delete, .. } => Some((source.name.clone(), field.name.clone(), *on_delete)),
            FieldType::Polymorphic { .. } if source.timeline.as_ref() == Some(&field.name) => {
                Some((source.name.clone(), field.name.clone(), OnDelete::Keep))
            }
            _ => None,
        })
        .filter(|(.., on_delete)| *on_delete != OnDelete::Keep)
        .collect();
    for (source, field, on_delete) in pointing {
        loop {
            let filter = Filter::is(field.clone(), model::Op::Eq, model::Operand::Value(Value::Id(id)));
            let query = model::Query::of(source.clone()).filter(filter).limit(500);
            let found = cx.writer.list(&schema, &query).await?.records;
            if found.is_empty() {
                break;
            }
            if on_delete == OnDelete::Restrict {
                let problem =
                    Problem::new("", "still-referenced").text("object", source.as_str()).text("field", field.as_str());
                return Err(problem.into());
            }
            cx.write(source.as_str(), found.iter().map(|r| Op::Delete(r.id())).collect()).await?;
        }
    }
    Ok(())
}

/// The database's refusal as problems with fields; other errors pass through.
fn explain(object: &ObjectDef, error: StoreError) -> Result<RecordError, RecordError> {
    match error {
        StoreError::Taken { columns, .. } => {
            let problems = columns
                .iter()
                .map(|column| column.split("__").next().unwrap_or(column))
                .filter(|name| object.field(name).is_some())
                .map(|name| Problem::new(name, "taken"))
                .collect::<Vec<_>>();
            Ok(RecordError::Invalid(Problems(if problems.is_empty() {
                vec![Problem::new("", "taken")]
            } else {
                problems
            })))
        }
        StoreError::Dangling => Ok(Problem::new("", "no-such-target").into()),
        error => Err(error.into()),
    }
}

async fn log(cx: &mut Cx<'_>, object: &ObjectDef, written: &[Ready]) -> Result<(), RecordError> {
    let schema = cx.schema();
    let changes: Vec<Change> = written
        .iter()
        .map(|item| {
            let diff = item.draft.old.as_ref().filter(|_| item.op == ChangeOp::Update).map(|old| {
                let mut map = serde_json::Map::new();
                for name in item.draft.changed() {
                    let field = object.field(name.as_str()).expect("a changed field exists");
                    let json = |record: &Record| to_json(&schema, object, field, record.value(name.as_str()));
                    map.insert(name.to_string(), Json::Array(vec![json(old), json(&item.draft.record)]));
                }
                Json::Object(map)
            });
            Change {
                seq: 0,
                tx: 0,
                at: cx.ctx.now,
                actor: cx.ctx.user(),
                via: cx.ctx.via.as_str().to_owned(),
                batch: cx.ctx.batch,
                object: object.name.clone(),
                record: item.draft.record.id(),
                op: item.op,
                version: item.draft.record.version(),
                diff,
            }
        })
        .collect();
    Ok(cx.writer.append(&changes).await?)
}
