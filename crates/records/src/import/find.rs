//! Finding records by what a file says of them: some statements for a chunk of rows, however many rows, and a memory of what was found.

use std::collections::{HashMap, HashSet};

use kernel::{Id, fold, words_of};
use model::{FieldType, Fields, Filter, Ident, Operand, Path, Query, Record, Value, system};
use tabular::Cell;

use super::plan::{KeyPart, Lookup, Plan};
use super::prepare::{Prepared, RefKey, Wanted};
use crate::RecordError;
use crate::access::Action;
use crate::pipeline::{Cx, Mode, Op, run};

/// What is remembered at most, before it is forgotten and found again.
const REMEMBERED: usize = 200_000;
/// Objects of at most this many records are searched without regard to case where no search index helps.
const SMALL: u32 = 20_000;

/// What a reference's text led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    One(Id),
    None,
    Several,
    /// It would exist if this were no dry run.
    Pretended,
}

/// What an import remembers between chunks. Losing it costs time, not correctness; except for dry runs, which pretend with it.
#[derive(Default)]
pub(super) struct Memory {
    /// By lookup, what each text led to.
    found: Vec<HashMap<RefKey, Found>>,
    /// References made in this chunk.
    made: Vec<(usize, RefKey)>,
    /// Keys of rows that a dry run would have created.
    pub(super) pretended: HashSet<String>,
    small: HashMap<usize, bool>,
}

impl Memory {
    pub(super) fn get(&self, lookup: usize, key: &RefKey) -> Found {
        self.found.get(lookup).and_then(|known| known.get(key)).copied().unwrap_or(Found::None)
    }

    fn set(&mut self, lookup: usize, key: RefKey, found: Found) {
        self.of(lookup).insert(key, found);
    }

    fn of(&mut self, lookup: usize) -> &mut HashMap<RefKey, Found> {
        if self.found.len() <= lookup {
            self.found.resize_with(lookup + 1, HashMap::new);
        }
        &mut self.found[lookup]
    }

    /// After a dry chunk was rolled back: what it made exists in pretence only.
    pub(super) fn pretend(&mut self) {
        for (lookup, key) in std::mem::take(&mut self.made) {
            self.set(lookup, key, Found::Pretended);
        }
    }

    /// Notes a record that a dry run would have created, so that later rows find it.
    pub(super) fn pretend_record(&mut self, plan: &Plan, record: &Record) {
        for (at, lookup) in plan.lookups.iter().enumerate().filter(|(_, l)| l.own) {
            if let Value::Text(text) = scalar(record, &lookup.by) {
                self.set(at, RefKey::Text(text), Found::Pretended);
            }
        }
    }

    /// Forgets what was not found in the object itself: the next rows may have made it.
    pub(super) fn forget_own(&mut self, plan: &Plan) {
        for (known, lookup) in self.found.iter_mut().zip(&plan.lookups) {
            if lookup.own {
                known.retain(|_, found| *found != Found::None);
            }
            if known.len() > REMEMBERED {
                known.retain(|_, found| *found == Found::Pretended);
            }
        }
    }

    /// Begins a transaction.
    pub(super) fn begin(&mut self) {
        self.made.clear();
    }
}

/// Finds what the rows refer to.
pub(super) async fn references(
    cx: &mut Cx<'_>,
    plan: &Plan,
    memory: &mut Memory,
    rows: &[&Prepared],
) -> Result<(), RecordError> {
    for (at, lookup) in plan.lookups.iter().enumerate() {
        let mut unknown: Vec<RefKey> = Vec::new();
        let mut seen = HashSet::new();
        for key in rows.iter().flat_map(|r| &r.wanted).filter(|w| w.lookup == at).flat_map(|w| &w.keys) {
            if !memory.of(at).contains_key(key) && seen.insert(key) {
                unknown.push(key.clone());
            }
        }
        if !unknown.is_empty() {
            find(cx, at, lookup, memory, &unknown).await?;
        }
    }
    Ok(())
}

async fn find(
    cx: &mut Cx<'_>,
    at: usize,
    lookup: &Lookup,
    memory: &mut Memory,
    keys: &[RefKey],
) -> Result<(), RecordError> {
    let schema = cx.schema();
    let access = cx.access.filter(&schema, &lookup.object, Action::Read);
    let ids: Vec<Id> = keys.iter().filter_map(|k| if let RefKey::Id(id) = k { Some(*id) } else { None }).collect();
    if !ids.is_empty() {
        let only = [Ident::of(system::DELETED_AT)];
        let found = cx.writer.get_many(&schema, &lookup.object.name, &ids, &access, &only).await?;
        for id in ids {
            let there = found.iter().any(|r| r.id() == id && r.deleted_at().is_none());
            memory.set(at, RefKey::Id(id), if there { Found::One(id) } else { Found::None });
        }
    }
    let mut by_value: HashMap<String, Vec<&RefKey>> = HashMap::new();
    let mut values = Vec::new();
    for key in keys {
        let RefKey::Text(text) = key else { continue };
        memory.set(at, key.clone(), Found::None);
        let value = lookup.converter.read(&schema, &lookup.object, &Cell::Text(text.clone())).unwrap_or_default();
        let value = value.scalar(lookup.by.part.as_ref().map(Ident::as_str));
        if value != Value::Null {
            let list = by_value.entry(format!("{value:?}")).or_default();
            if list.is_empty() {
                values.push(value);
            }
            list.push(key);
        }
    }
    let mut note = |value: String, id: Id| {
        for key in by_value.get(&value).into_iter().flatten() {
            let found = memory.of(at).entry((*key).clone()).or_insert(Found::None);
            *found = match *found {
                Found::None => Found::One(id),
                Found::One(other) if other == id => Found::One(id),
                _ => Found::Several,
            };
        }
    };
    if access.is_all() {
        let part = lookup.by.part.as_ref().map(Ident::as_str);
        for (value, id) in cx.writer.holders(&schema, &lookup.object.name, &lookup.by.field, part, &values).await? {
            note(format!("{value:?}"), id);
        }
    } else {
        for record in listed(cx, &lookup.object.name, &lookup.by, values, access.clone(), &[]).await? {
            note(format!("{:?}", scalar(&record, &lookup.by)), record.id());
        }
    }
    let texts: Vec<String> = keys
        .iter()
        .filter_map(|k| if let RefKey::Text(text) = k { Some(text.clone()) } else { None })
        .filter(|text| memory.get(at, &RefKey::Text(text.clone())) == Found::None)
        .collect();
    for text in texts {
        let found = without_case(cx, at, lookup, memory, &text, &access).await?;
        memory.set(at, RefKey::Text(text), found);
    }
    cx.readable.extend(keys.iter().filter_map(|key| match memory.get(at, key) {
        Found::One(id) => Some(id),
        Found::None | Found::Several | Found::Pretended => None,
    }));
    Ok(())
}

/// The one record whose text is the same without case and accents.
async fn without_case(
    cx: &mut Cx<'_>,
    at: usize,
    lookup: &Lookup,
    memory: &mut Memory,
    text: &str,
    access: &Filter,
) -> Result<Found, RecordError> {
    let textual =
        lookup.by.part.is_none() && matches!(lookup.converter.kind, FieldType::Text { .. } | FieldType::PersonName);
    let words = words_of(text);
    if !textual || words.is_empty() {
        return Ok(Found::None);
    }
    let schema = cx.schema();
    let mut query =
        Query::of(lookup.object.name.clone()).filter(access.clone()).fields([lookup.by.field.clone()]).limit(200);
    if lookup.converter.field.searchable {
        query.search = words;
    } else {
        let small = match memory.small.get(&at) {
            Some(small) => *small,
            None => !cx.writer.count(&schema, &Query::of(lookup.object.name.clone()), Some(SMALL)).await?.more,
        };
        memory.small.insert(at, small);
        if !small {
            return Ok(Found::None);
        }
        let mut pattern = String::new();
        for c in text.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        let path = Path { field: lookup.by.field.clone(), part: None };
        let operand = Operand::Value(Value::Text(pattern));
        query = query.filter(Filter::Is(model::Condition { path, op: model::Op::Ilike, operand }));
    }
    let wanted = fold(text);
    let mut ids = Vec::new();
    for record in cx.writer.list(&schema, &query).await?.records {
        if let Value::Text(text) = scalar(&record, &lookup.by)
            && fold(&text) == wanted
        {
            ids.push(record.id());
        }
    }
    Ok(match ids[..] {
        [] => Found::None,
        [id] => Found::One(id),
        _ => Found::Several,
    })
}

/// Creates the records that references do not find, where the mapping asks for it. Answers how many.
pub(super) async fn create_missing(
    cx: &mut Cx<'_>,
    plan: &Plan,
    memory: &mut Memory,
    rows: &[&Prepared],
    last: bool,
) -> Result<(u64, HashMap<(usize, RefKey), RecordError>), RecordError> {
    let (mut made, mut refused) = (0, HashMap::new());
    for (at, lookup) in plan.lookups.iter().enumerate() {
        let Some(inner) = lookup.missing.as_ref().filter(|_| !lookup.own || last) else { continue };
        let mut texts: Vec<&str> = Vec::new();
        // A row that waits itself makes the record that others refer to.
        let own = rows.iter().filter(|_| lookup.own).map(|row| scalar_of(&row.fields, &lookup.by));
        let mut seen: HashSet<String> = own.filter_map(|v| v.as_text().map(fold)).collect();
        for key in rows.iter().flat_map(|r| &r.wanted).filter(|w| w.lookup == at).flat_map(|w| &w.keys) {
            if let RefKey::Text(text) = key
                && memory.get(at, key) == Found::None
                && seen.insert(fold(text))
            {
                texts.push(text);
            }
        }
        let mut ops = Vec::new();
        let mut keys = Vec::new();
        for text in texts {
            let row = tabular::Row { number: 0, cells: vec![Cell::Text(text.to_owned())] };
            let mut prepared = inner.prepare(row);
            let key = (at, RefKey::Text(text.to_owned()));
            let mut inner_memory = Memory::default();
            Box::pin(references(cx, inner, &mut inner_memory, &[&prepared])).await?;
            let problems = resolve(inner, &inner_memory, &prepared.wanted, &mut prepared.fields).problems;
            prepared.problems.extend(problems);
            if prepared.problems.is_empty() {
                ops.push(Op::Create(prepared.fields));
                keys.push(key);
            } else {
                refused.insert(key, RecordError::Invalid(model::Problems(prepared.problems)));
            }
        }
        if ops.is_empty() {
            continue;
        }
        for (key, result) in
            keys.into_iter().zip(Box::pin(run(cx, &lookup.object.name, ops, Mode::EACH.screened())).await?)
        {
            match result {
                Ok(outcome) => {
                    made += 1;
                    memory.made.push(key.clone());
                    memory.set(key.0, key.1, Found::One(outcome.record.id()));
                }
                Err(error) => {
                    refused.insert(key, error);
                }
            }
        }
        // Other spellings of the same text now find it too.
        let spelt: HashMap<String, Found> = memory
            .of(at)
            .iter()
            .filter(|(_, found)| **found != Found::None)
            .filter_map(|(key, found)| if let RefKey::Text(text) = key { Some((fold(text), *found)) } else { None })
            .collect();
        let spellings: Vec<(RefKey, Found)> = rows
            .iter()
            .flat_map(|r| &r.wanted)
            .filter(|w| w.lookup == at)
            .flat_map(|w| &w.keys)
            .filter(|key| memory.get(at, key) == Found::None)
            .filter_map(|key| match key {
                RefKey::Text(text) => spelt.get(&fold(text)).map(|found| (key.clone(), *found)),
                RefKey::Id(_) => None,
            })
            .collect();
        for (key, found) in spellings {
            memory.made.push((at, key.clone()));
            memory.set(at, key, found);
        }
    }
    Ok((made, refused))
}

/// What became of a row's references.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) problems: Vec<model::Problem>,
    /// One of them points to the object itself and is not there yet.
    pub(super) waits: bool,
    /// Fields that a dry run leaves out because their targets are pretended.
    pub(super) pretended: Vec<Ident>,
}

/// Puts found references into the row's fields.
pub(super) fn resolve(plan: &Plan, memory: &Memory, wanted: &[Wanted], fields: &mut Fields) -> Resolved {
    let mut out = Resolved::default();
    for wanted in wanted {
        let lookup = &plan.lookups[wanted.lookup];
        let mut ids = Vec::new();
        for key in &wanted.keys {
            let problem = |name| {
                let text = match key {
                    RefKey::Text(text) => text.clone(),
                    RefKey::Id(id) => id.typed(lookup.object.prefix.as_str()),
                };
                let problem = model::Problem::new(&wanted.field, name).text("value", text);
                problem.text("object", lookup.object.name.as_str())
            };
            match memory.get(wanted.lookup, key) {
                Found::One(id) => ids.push(id),
                Found::Several => out.problems.push(problem("import-ambiguous")),
                Found::Pretended => out.pretended.push(wanted.field.clone()),
                Found::None => {
                    out.waits |= lookup.own;
                    out.problems.push(problem("import-not-found"));
                }
            }
        }
        let field = plan.object.field(wanted.field.as_str()).map(|f| &f.kind);
        let value = match (field, &ids[..]) {
            (_, []) => continue,
            (Some(FieldType::References { .. }), _) => Value::Ids(ids),
            (Some(FieldType::Polymorphic { .. }), [id, ..]) => {
                Value::Ref(model::Ref { object: lookup.object.name.clone(), id: *id })
            }
            (_, [id, ..]) => Value::Id(*id),
        };
        fields.set(wanted.field.clone(), value);
    }
    out.waits &= out.problems.iter().all(|p| p.key == "import-not-found");
    out
}

/// The compared form of a row's key; `None` when its first part is blank.
pub(super) fn key_of(plan: &Plan, fields: &Fields) -> Option<Vec<Value>> {
    let values: Vec<Value> = plan.key.iter().map(|part| scalar_of(fields, part)).collect();
    (values.first()? != &Value::Null).then_some(values)
}

/// The records that have these keys, by the written form of the key.
pub(super) async fn by_key(
    cx: &mut Cx<'_>,
    plan: &Plan,
    keys: &[Vec<Value>],
) -> Result<HashMap<String, Vec<Id>>, RecordError> {
    let mut out: HashMap<String, Vec<Id>> = HashMap::new();
    let Some(first) = plan.key.first().filter(|_| !keys.is_empty()) else { return Ok(out) };
    let schema = cx.schema();
    let mut values: Vec<Value> = Vec::new();
    let mut seen = HashSet::new();
    for key in keys {
        if seen.insert(format!("{:?}", key[0])) {
            values.push(key[0].clone());
        }
    }
    let access = cx.access.filter(&schema, &plan.object, Action::Read);
    if plan.key.len() == 1 && access.is_all() {
        let part = first.part.as_ref().map(Ident::as_str);
        for (value, id) in cx.writer.holders(&schema, &plan.object.name, &first.field, part, &values).await? {
            out.entry(format!("{:?}", [value])).or_default().push(id);
        }
    } else {
        for record in listed(cx, &plan.object.name, first, values, access, &plan.key).await? {
            let key: Vec<Value> = plan.key.iter().map(|part| scalar(&record, part)).collect();
            out.entry(format!("{key:?}")).or_default().push(record.id());
        }
    }
    Ok(out)
}

/// The records that hold one of these values, with the fields compared.
async fn listed(
    cx: &mut Cx<'_>,
    object: &Ident,
    by: &KeyPart,
    values: Vec<Value>,
    access: Filter,
    fields: &[KeyPart],
) -> Result<Vec<Record>, RecordError> {
    let schema = cx.schema();
    let mut out = Vec::new();
    for chunk in values.chunks(500) {
        let path = Path { field: by.field.clone(), part: by.part.clone() };
        let holds = Filter::Is(model::Condition { path, op: model::Op::In, operand: Operand::Values(chunk.to_vec()) });
        let names: std::collections::BTreeSet<Ident> = fields.iter().chain([by]).map(|k| k.field.clone()).collect();
        let mut query = Query::of(object.clone()).filter(access.clone()).filter(holds).fields(names).limit(1_000);
        loop {
            let page = cx.writer.list(&schema, &query).await?;
            out.extend(page.records);
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
    }
    Ok(out)
}

fn scalar(record: &Record, by: &KeyPart) -> Value {
    scalar_of(&record.fields, by)
}

fn scalar_of(fields: &Fields, by: &KeyPart) -> Value {
    fields.get(by.field.as_str()).unwrap_or(&Value::Null).scalar(by.part.as_ref().map(Ident::as_str))
}
