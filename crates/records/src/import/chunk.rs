//! Some rows in one transaction: references found or made, keys matched, records written through the pipeline.

use std::collections::{HashMap, HashSet};

use kernel::Id;
use model::{Fields, Filter, Ident, Problem, Problems, Record, Value, system};
use store::ChangeOp;
use tabular::RowError;

use super::find::{self, Memory, Resolved};
use super::mapping::{Blank, Method};
use super::plan::Plan;
use super::prepare::{Prepared, append, set_address, set_name};
use crate::RecordError;
use crate::pipeline::{Cx, Mode, Op, run};

/// A row as the reader hands it over.
pub(super) type Item = Result<Prepared, RowError>;

/// What became of some rows.
#[derive(Default)]
pub(super) struct Written {
    pub(super) created: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    /// Records made because references did not find them.
    pub(super) made: u64,
    /// Rows by their place in the chunk, with the reason.
    pub(super) rejected: Vec<(usize, RecordError)>,
    /// Places of rows that refer to records which may come later.
    pub(super) waiting: Vec<usize>,
    /// What would change, for the first rows of a preview.
    pub(super) shown: Vec<Shown>,
}

/// One row of a preview.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The row's number in the file.
    pub row: u64,
    /// What would be done; none when the record is so already.
    pub op: Option<ChangeOp>,
    /// The record, where it exists.
    pub id: Option<Id>,
    /// The fields that would change: before and after.
    pub changes: Vec<(Ident, Value, Value)>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Nothing is kept.
    pub(super) dry: bool,
    /// No row comes after these: what is not found now never will be.
    pub(super) last: bool,
    /// How many rows are shown.
    pub(super) show: usize,
}

/// Writes rows. Rows that refer to each other are written in as many rounds as it takes.
pub(super) async fn write(
    cx: &mut Cx<'_>,
    plan: &Plan,
    memory: &mut Memory,
    rows: &[Item],
    manner: Manner,
) -> Result<Written, RecordError> {
    let mut out = Written::default();
    let mut open: Vec<usize> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match row {
            Ok(row) if !row.problems.is_empty() => {
                out.rejected.push((at, RecordError::Invalid(Problems(row.problems.clone()))));
            }
            Ok(_) => open.push(at),
            Err(_) => {}
        }
    }
    memory.begin();
    memory.forget_own(plan);
    while !open.is_empty() {
        let before = open.len();
        open = round(cx, plan, memory, rows, open, manner, &mut out).await?;
        if open.len() == before {
            break;
        }
        memory.forget_own(plan);
    }
    if manner.last {
        for at in open {
            let Ok(row) = &rows[at] else { continue };
            let problems = find::resolve(plan, memory, &row.wanted, &mut row.fields.clone()).problems;
            out.rejected.push((at, RecordError::Invalid(Problems(problems))));
        }
    } else {
        out.waiting = open;
    }
    Ok(out)
}

/// Writes what can be written now and answers the rest.
async fn round(
    cx: &mut Cx<'_>,
    plan: &Plan,
    memory: &mut Memory,
    rows: &[Item],
    open: Vec<usize>,
    manner: Manner,
    out: &mut Written,
) -> Result<Vec<usize>, RecordError> {
    let all: Vec<&Prepared> = open.iter().filter_map(|at| rows[*at].as_ref().ok()).collect();
    find::references(cx, plan, memory, &all).await?;
    let (made, refused) = find::create_missing(cx, plan, memory, &all, manner.last).await?;
    out.made += made;
    let mut wait = Vec::new();
    let mut ready: Vec<(usize, Fields, Resolved)> = Vec::new();
    for at in open {
        let Ok(row) = &rows[at] else { continue };
        let mut fields = row.fields.clone();
        let resolved = find::resolve(plan, memory, &row.wanted, &mut fields);
        let reason = row
            .wanted
            .iter()
            .flat_map(|w| w.keys.iter().map(|k| (w.lookup, k.clone())))
            .find(|k| refused.contains_key(k));
        if let Some(error) = reason.and_then(|key| refused.get(&key)) {
            let detail = Problem::new("", "import-missing-refused").text("detail", error.to_string());
            out.rejected.push((at, detail.into()));
        } else if resolved.problems.is_empty() {
            ready.push((at, fields, resolved));
        } else if resolved.waits {
            wait.push(at);
        } else {
            out.rejected.push((at, RecordError::Invalid(Problems(resolved.problems))));
        }
    }
    let matched = matches(cx, plan, memory, ready, &mut wait, manner, out).await?;
    let results = run(cx, &plan.object.name, matched.ops, Mode::EACH.screened()).await?;
    for ((at, key, resolved), result) in matched.rows.into_iter().zip(results) {
        let old = matched.old.get(&at);
        match result {
            Ok(outcome) => {
                count(out, outcome.done);
                if manner.dry && outcome.done == Some(ChangeOp::Create) {
                    memory.pretend_record(plan, &outcome.record);
                    memory.pretended.extend(key);
                }
                if out.shown.len() < manner.show {
                    out.shown.push(shown(
                        plan,
                        number(&rows[at]),
                        outcome.done,
                        &outcome.record,
                        &outcome.changed,
                        old,
                    ));
                }
            }
            Err(RecordError::Invalid(mut problems)) => {
                problems
                    .0
                    .retain(|p| p.key != "required" || !resolved.pretended.iter().any(|f| *f == p.field.as_str()));
                if problems.0.is_empty() {
                    out.created += 1;
                } else {
                    out.rejected.push((at, RecordError::Invalid(problems)));
                }
            }
            Err(error) => out.rejected.push((at, error)),
        }
    }
    wait.sort_unstable();
    Ok(wait)
}

/// A row's place, values, references, key and record.
type Aimed = (usize, Fields, Resolved, Option<String>, Option<Id>);

/// Rows with the changes they ask for.
struct Matched {
    /// Place, key and references.
    rows: Vec<(usize, Option<String>, Resolved)>,
    ops: Vec<Op>,
    /// The records that are changed, where they had to be looked at, by the row's place.
    old: HashMap<usize, Record>,
}

/// Decides which rows create and which change a record. Rows whose key another row of this round creates wait for the next one.
async fn matches(
    cx: &mut Cx<'_>,
    plan: &Plan,
    memory: &Memory,
    ready: Vec<(usize, Fields, Resolved)>,
    wait: &mut Vec<usize>,
    manner: Manner,
    out: &mut Written,
) -> Result<Matched, RecordError> {
    let keyed = plan.method != Method::Create;
    let keys: Vec<Option<Vec<Value>>> =
        ready.iter().map(|(_, fields, _)| find::key_of(plan, fields).filter(|_| keyed)).collect();
    let known = find::by_key(cx, plan, &keys.iter().flatten().cloned().collect::<Vec<_>>()).await?;
    let mut created: HashSet<String> = HashSet::new();
    let mut targets: Vec<Aimed> = Vec::new();
    let names = || plan.key.iter().map(|k| k.field.to_string()).collect::<Vec<_>>().join(", ");
    for ((at, fields, resolved), key) in ready.into_iter().zip(keys) {
        if !keyed {
            targets.push((at, fields, resolved, None, None));
            continue;
        }
        let Some(key) = key else {
            out.rejected.push((at, Problem::new(names(), "import-blank-key").into()));
            continue;
        };
        let text = format!("{key:?}");
        match known.get(&text).map_or(&[][..], Vec::as_slice) {
            [id] => targets.push((at, fields, resolved, Some(text), Some(*id))),
            [] if manner.dry && memory.pretended.contains(&text) => out.updated += 1,
            [] if plan.method == Method::Update => {
                out.rejected.push((at, Problem::new(names(), "import-no-record").into()));
            }
            [] if created.insert(text.clone()) => targets.push((at, fields, resolved, Some(text), None)),
            [] => wait.push(at),
            many => {
                let problem = Problem::new(names(), "import-key-ambiguous").number("n", many.len() as i64);
                out.rejected.push((at, problem.into()));
            }
        }
    }
    let merges = plan.merges();
    let ids: Vec<Id> = targets.iter().filter_map(|(.., id)| *id).collect();
    let look = !ids.is_empty() && (!merges.is_empty() || out.shown.len() < manner.show);
    let records: HashMap<Id, Record> = if look {
        let schema = cx.schema();
        let found = cx.writer.get_many(&schema, &plan.object.name, &ids, &Filter::All, &[]).await?;
        found.into_iter().map(|r| (r.id(), r)).collect()
    } else {
        HashMap::new()
    };
    let mut matched = Matched { rows: Vec::new(), ops: Vec::new(), old: HashMap::new() };
    for (at, mut fields, resolved, key, id) in targets {
        match id {
            None => {
                let blank: Vec<Ident> =
                    fields.iter().filter(|(_, v)| **v == Value::Null).map(|(n, _)| n.clone()).collect();
                fields.retain(|name| !blank.contains(name));
                matched.ops.push(Op::Create(fields));
            }
            Some(id) => {
                fields.remove(system::ID);
                fields.remove(system::CREATED_AT);
                if let Some(old) = records.get(&id) {
                    plan.merge(&merges, old, &mut fields);
                    matched.old.insert(at, old.clone());
                }
                matched.ops.push(Op::Update { id, fields, version: None });
            }
        }
        matched.rows.push((at, key, resolved));
    }
    Ok(matched)
}

/// A row's number in the file.
pub(super) fn number(row: &Item) -> u64 {
    row.as_ref().map_or_else(|e| e.number, |r| r.number)
}

fn count(out: &mut Written, done: Option<ChangeOp>) {
    match done {
        Some(ChangeOp::Create) => out.created += 1,
        Some(_) => out.updated += 1,
        None => out.unchanged += 1,
    }
}

fn shown(
    plan: &Plan,
    row: u64,
    op: Option<ChangeOp>,
    record: &Record,
    changed: &[Ident],
    old: Option<&Record>,
) -> Shown {
    let changes = changed
        .iter()
        .filter(|name| plan.object.field(name.as_str()).is_some_and(|f| !f.is_computed()))
        .map(|name| {
            let before = old.map_or(Value::Null, |old| old.value(name.as_str()).clone());
            (name.clone(), before, record.value(name.as_str()).clone())
        })
        .collect();
    Shown { row, op, id: Some(record.id()).filter(|_| op != Some(ChangeOp::Create)), changes }
}

impl Plan {
    /// The fields of which a row may hold only a part, or more elements.
    fn merges(&self) -> Vec<usize> {
        let partial = |t: &super::plan::Target| {
            let parts = t.inputs.iter().all(|i| i.part.is_some());
            match t.converter.kind {
                model::FieldType::PersonName | model::FieldType::Address => parts,
                model::FieldType::Emails
                | model::FieldType::Phones
                | model::FieldType::Links
                | model::FieldType::Tags
                | model::FieldType::References { .. } => !t.replace,
                _ => false,
            }
        };
        (0..self.targets.len()).filter(|at| partial(&self.targets[*at])).collect()
    }

    /// Completes a row's parts and lists with what the record has.
    fn merge(&self, merges: &[usize], old: &Record, fields: &mut Fields) {
        for target in merges.iter().map(|at| &self.targets[*at]) {
            let name = &target.converter.field.name;
            let stored = old.value(name.as_str());
            let Some(new) = fields.get(name.as_str()) else { continue };
            let merged = match (stored, new) {
                (Value::Name(old), Value::Name(new)) => {
                    let mut name = old.clone();
                    for part in self.parts(target) {
                        let text = new.part(part).unwrap_or_default();
                        if !text.is_empty() || self.blank == Blank::Clear {
                            set_name(&mut name, part, text.to_owned());
                        }
                    }
                    Value::Name(name)
                }
                (Value::Address(old), Value::Address(new)) => {
                    let mut address = old.clone();
                    for part in self.parts(target) {
                        let text = new.part(part).unwrap_or_default();
                        if !text.is_empty() || self.blank == Blank::Clear {
                            set_address(&mut address, part, text.to_owned());
                        }
                    }
                    Value::Address(address)
                }
                (stored, new) if !stored.is_empty() && !new.is_empty() => {
                    let mut list = stored.clone();
                    append(&mut list, new.clone());
                    list
                }
                _ => continue,
            };
            fields.set(name.clone(), merged);
        }
    }

    fn parts<'a>(&self, target: &'a super::plan::Target) -> impl Iterator<Item = &'a str> {
        target.inputs.iter().filter_map(|i| i.part.as_deref())
    }
}
