use std::collections::HashMap;

use kernel::Id;
use model::{Cursor, Filter, Ident, Op, Operand, Problem, Query, Record, Value, system};
use records::RecordError;
use store::{BoxFuture, Reader};

use super::condition::ids;
use super::embed::Embed;
use super::plan::{Plan, What};
use super::relation::Link;
use super::{MAX_EMBEDDED, MAX_ROWS};
use crate::call::Call;
use crate::postgrest::Window;

/// The records of a plan, with what is embedded in them.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) records: Vec<Record>,
    pub(crate) embeds: Vec<Related>,
    /// Groups, each a row of text.
    pub(crate) groups: Vec<Vec<u8>>,
    pub(crate) next: Option<Cursor>,
    /// Where each member's field stands in the records.
    pub(crate) slots: Vec<usize>,
}

/// The rows of an embedded resource and which of them belong to a record.
pub(crate) enum Related {
    /// By their identifier.
    Targets(Rows, HashMap<Id, usize>),
    /// By the record that they point to.
    Children(Rows, HashMap<Id, Vec<usize>>),
    /// Aggregates by the record that is pointed to.
    Groups(HashMap<Id, Vec<u8>>),
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.records.len() + self.groups.len()
    }
}

/// Reads a window of a plan's rows, or those after a cursor.
pub(crate) async fn fetch(
    call: &Call,
    reader: &mut Reader,
    plan: &Plan,
    window: Window,
    after: Option<Cursor>,
) -> Result<Rows, RecordError> {
    let limit = window.limit.map_or(MAX_ROWS, |n| u32::try_from(n).unwrap_or(MAX_ROWS).min(MAX_ROWS));
    if limit == 0 {
        return Ok(Rows::default());
    }
    let offset = u32::try_from(window.offset).unwrap_or(u32::MAX);
    if let Some(grouping) = &plan.grouping {
        let groups =
            reader.groups(&call.schema, &plan.query, grouping.by.as_ref(), &grouping.figures, MAX_ROWS).await?;
        let rows = groups.iter().skip(offset as usize).take(limit as usize);
        let groups = rows.map(|g| grouping.write(&call.schema, &plan.object, g)).collect();
        return Ok(Rows { groups, ..Rows::default() });
    }
    let query = Query { limit, offset, after, ..plan.query.clone() };
    let page = reader.list(&call.schema, &query).await?;
    let rows = with_embeds(call, reader, plan, page.records).await?;
    Ok(Rows { next: page.next, ..rows })
}

/// Completes records at hand with what is embedded in them: one query for each embedded resource.
pub(crate) fn with_embeds<'a>(
    call: &'a Call,
    reader: &'a mut Reader,
    plan: &'a Plan,
    records: Vec<Record>,
) -> BoxFuture<'a, Result<Rows, RecordError>> {
    Box::pin(async move {
        let slots = slots(plan, &records);
        let mut embeds = Vec::with_capacity(plan.embeds.len());
        for embed in &plan.embeds {
            embeds.push(related(call, reader, embed, &records).await?);
        }
        Ok(Rows { records, embeds, groups: Vec::new(), next: None, slots })
    })
}

/// All records of an answer are laid out alike.
fn slots(plan: &Plan, records: &[Record]) -> Vec<usize> {
    let Some(first) = records.first() else { return Vec::new() };
    let place = |at: usize| {
        first.fields.iter().position(|(name, _)| *name == plan.object.fields[at].name).unwrap_or(usize::MAX)
    };
    plan.items
        .iter()
        .map(|item| match &item.what {
            What::Field(shown) => place(shown.at),
            What::Embed(_) | What::Spread(_) => usize::MAX,
        })
        .collect()
}

async fn related(call: &Call, reader: &mut Reader, embed: &Embed, records: &[Record]) -> Result<Related, RecordError> {
    match &embed.link {
        Link::One(field) | Link::Listed(field) => {
            let mut wanted: Vec<Id> = records.iter().flat_map(|r| targets(r, field, embed)).collect();
            wanted.sort_unstable();
            wanted.dedup();
            if wanted.is_empty() || embed.plan.is_empty() {
                return Ok(Related::Targets(Rows::default(), HashMap::new()));
            }
            let found = match &embed.link {
                Link::One(_) => {
                    let Query { object, filter, fields, .. } = &embed.plan.query;
                    reader.get_many(&call.schema, object, &wanted, filter, fields).await?
                }
                _ => list(call, reader, embed, ids(Ident::of(system::ID), &wanted)).await?,
            };
            let at = found.iter().enumerate().map(|(i, r)| (r.id(), i)).collect();
            Ok(Related::Targets(with_embeds(call, reader, &embed.plan, found).await?, at))
        }
        Link::Back(via) => {
            let parents: Vec<Id> = records.iter().map(Record::id).collect();
            if parents.is_empty() || embed.plan.is_empty() {
                return Ok(Related::Children(Rows::default(), HashMap::new()));
            }
            let many = embed
                .plan
                .object
                .field(via.as_str())
                .is_some_and(|f| matches!(f.kind, model::FieldType::References { .. }));
            let filter = if many { has_any(via, &parents) } else { ids(via.clone(), &parents) };
            if let Some(grouping) = &embed.plan.grouping {
                let query = narrowed(embed, filter);
                let count = parents.len() as u32;
                let groups = reader.groups(&call.schema, &query, Some(via), &grouping.figures, count).await?;
                let text =
                    |g: &store::Group| Some((g.key.as_id()?, grouping.write(&call.schema, &embed.plan.object, g)));
                return Ok(Related::Groups(groups.iter().filter_map(text).collect()));
            }
            let found = list(call, reader, embed, filter).await?;
            let mut of: HashMap<Id, Vec<usize>> = HashMap::with_capacity(parents.len());
            for (i, record) in found.iter().enumerate() {
                match record.value(via.as_str()) {
                    Value::Ids(list) => list.iter().for_each(|id| of.entry(*id).or_default().push(i)),
                    value => value.as_id().into_iter().for_each(|id| of.entry(id).or_default().push(i)),
                }
            }
            Ok(Related::Children(with_embeds(call, reader, &embed.plan, found).await?, of))
        }
    }
}

/// The records that a row refers to by this field.
pub(crate) fn targets(record: &Record, field: &Ident, embed: &Embed) -> Vec<Id> {
    match record.value(field.as_str()) {
        Value::Ids(ids) => ids.clone(),
        Value::Ref(r) if r.object != embed.plan.object.name => Vec::new(),
        value => value.as_id().into_iter().collect(),
    }
}

fn has_any(via: &Ident, parents: &[Id]) -> Filter {
    Filter::is(via.clone(), Op::HasAny, Operand::Values(parents.iter().copied().map(Value::Id).collect()))
}

fn narrowed(embed: &Embed, filter: Filter) -> Query {
    let mut query = embed.plan.query.clone();
    query.filter = query.filter.and(filter);
    query
}

async fn list(call: &Call, reader: &mut Reader, embed: &Embed, filter: Filter) -> Result<Vec<Record>, RecordError> {
    let query = Query { limit: MAX_EMBEDDED, ..narrowed(embed, filter) };
    let page = reader.list(&call.schema, &query).await?;
    if page.next.is_some() {
        let problem = Problem::new(&embed.name, "too-many-embedded").number("max", i64::from(MAX_EMBEDDED));
        return Err(problem.into());
    }
    Ok(page.records)
}
