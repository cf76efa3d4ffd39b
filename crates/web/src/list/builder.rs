//! The form that builds a filter: its rows as filters, filters as its rows.

use std::sync::Arc;

use axum::extract::{Path as UrlPath, RawQuery};
use axum::response::IntoResponse;
use maud::{Markup, html};
use model::{FieldDef, FieldType, Filter, Ident, ObjectDef, Path, Schema};
use records::{Action, RecordError};

use crate::failure::Answer;
use crate::form::Pairs;
use crate::list::operator::{self, Kind, Row};
use crate::list::params::Params;
use crate::names::{Names, Wanted};
use crate::visit::{Signed, Visit};
use crate::{control, frame, label, show};

/// A field that a condition can look at.
pub(crate) struct Target {
    /// The reference through which it is reached.
    pub(crate) via: Option<Ident>,
    pub(crate) object: Arc<ObjectDef>,
    pub(crate) field: FieldDef,
    pub(crate) part: Option<String>,
}

impl Target {
    /// Reads a row's key: `name`, `name.part`, `reference>name`.
    pub(crate) fn read(schema: &Schema, object: &Arc<ObjectDef>, key: &str) -> Option<Target> {
        if let Some((via, rest)) = key.split_once('>') {
            let reference = object.field(via)?;
            let [to] = reference.targets()?.try_into().ok()?;
            let inner = Target::read(schema, schema.object(to.as_str())?, rest).filter(|t| t.via.is_none())?;
            return Some(Target { via: Some(reference.name.clone()), ..inner });
        }
        let (name, part) = key.split_once('.').map_or((key, None), |(name, part)| (name, Some(part)));
        let field = object.field(name)?.clone();
        if part.is_some_and(|p| !field.kind.parts().contains(&p)) {
            return None;
        }
        Some(Target { via: None, object: Arc::clone(object), field, part: part.map(str::to_owned) })
    }

    pub(crate) fn kind(&self, schema: &Schema) -> Kind {
        operator::kind(schema, &self.object, &self.field, self.part.as_deref())
    }

    fn path(&self) -> Path {
        Path { field: self.field.name.clone(), part: self.part.as_deref().and_then(|p| Ident::new(p).ok()) }
    }

    /// What it is called, the way there included.
    pub(crate) fn label(&self, visit: &Visit, object: &ObjectDef) -> String {
        let name = match &self.part {
            Some(part) => label::path(visit, &self.object, &format!("{}.{part}", self.field.name)),
            None => label::field(visit, &self.object, &self.field),
        };
        match self.via.as_ref().and_then(|via| object.field(via.as_str())) {
            Some(via) => format!("{} › {name}", label::field(visit, object, via)),
            None => name,
        }
    }
}

/// The fields offered: the object's own, parts of addresses, and those of the records it refers to.
fn fields(visit: &Visit, schema: &Schema, object: &Arc<ObjectDef>) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    let own = object.fields.iter().filter(|f| show::is_shown(visit, object, f));
    for field in own.clone() {
        keys.push(field.name.to_string());
        if matches!(field.kind, FieldType::Address) {
            keys.extend(["postcode", "city", "region", "country"].map(|part| format!("{}.{part}", field.name)));
        }
    }
    for field in own.filter(|f| !f.system && matches!(f.kind, FieldType::Reference { .. })) {
        let Some(to) = field.targets().and_then(|t| t.first().and_then(|t| schema.object(t.as_str())).cloned()) else {
            continue;
        };
        if visit.access.check(&to, Action::Read).is_err() {
            continue;
        }
        let simple = |f: &&FieldDef| {
            show::is_shown(visit, &to, f) && !f.system && operator::kind(schema, &to, f, None) != Kind::Presence
        };
        keys.extend(to.own_fields().filter(simple).map(|f| format!("{}>{}", field.name, f.name)));
    }
    keys.into_iter()
        .filter_map(|key| {
            let label = Target::read(schema, object, &key)?.label(visit, object);
            Some((key, label))
        })
        .collect()
}

/// Whether a query string comes from the builder.
pub(crate) fn is_posted(pairs: &Pairs) -> bool {
    pairs.get("group").is_some() || pairs.get("join.0").is_some()
}

/// The filter that the builder's form says. Rows without value are left out.
pub(crate) fn read(visit: &Visit, object: &Arc<ObjectDef>, pairs: &Pairs) -> Filter {
    let schema = visit.space.schema();
    let mut groups: Vec<(String, Vec<Filter>)> = Vec::new();
    let mut current: Option<(String, Row)> = None;
    let mut close = |row: Option<(String, Row)>| {
        let Some((group, row)) = row else { return };
        let Some(filter) = filter_of(visit, &schema, object, &row) else { return };
        match groups.iter_mut().find(|(g, _)| *g == group) {
            Some((_, list)) => list.push(filter),
            None => groups.push((group, vec![filter])),
        }
    };
    for (name, value) in &pairs.0 {
        match (name.as_str(), &mut current) {
            ("group", _) => close(current.replace((value.clone(), Row::default()))),
            ("field", Some((_, row))) => row.field.clone_from(value),
            ("operator", Some((_, row))) => row.operator.clone_from(value),
            ("value", Some((_, row))) => row.values.push(value.clone()),
            _ => {}
        }
    }
    close(current);
    let join = |name: &str, list: Vec<Filter>| {
        let either = pairs.text(name) == "or";
        let start = if either { Filter::None } else { Filter::All };
        list.into_iter().fold(start, |all, f| if either { all.or(f) } else { all.and(f) })
    };
    let groups: Vec<Filter> = groups.into_iter().map(|(g, list)| join(&format!("join.{g}"), list)).collect();
    if groups.is_empty() { Filter::All } else { join("join", groups) }
}

fn filter_of(visit: &Visit, schema: &Schema, object: &Arc<ObjectDef>, row: &Row) -> Option<Filter> {
    let target = Target::read(schema, object, &row.field)?;
    let filter = operator::filter(visit, target.path(), target.kind(schema), row)?;
    Some(match target.via {
        None => filter,
        Some(field) => Filter::Related { field, object: Some(target.object.name.clone()), filter: Box::new(filter) },
    })
}

/// The row of a filter, when one row can hold it.
pub(crate) fn row_of(visit: &Visit, filter: &Filter) -> Option<Row> {
    if let Filter::Related { field, filter, .. } = filter {
        let inner = row_of(visit, filter).filter(|row| !row.field.contains('>'))?;
        return Some(Row { field: format!("{field}>{}", inner.field), ..inner });
    }
    let (path, row) = operator::row(visit, filter)?;
    Some(Row { field: path.to_string(), ..row })
}

/// Conditions and how they combine.
type Group = (ui::Join, Vec<Row>);

/// The groups that the builder shows for a filter, with how they combine; none when it cannot show it.
fn groups_of(visit: &Visit, filter: &Filter) -> Option<(ui::Join, Vec<Group>)> {
    let rows = |list: &[Filter]| list.iter().map(|f| row_of(visit, f)).collect::<Option<Vec<_>>>();
    if filter.is_all() {
        return Some((ui::Join::And, Vec::new()));
    }
    if let Some(row) = row_of(visit, filter) {
        return Some((ui::Join::And, vec![(ui::Join::And, vec![row])]));
    }
    let (join, list) = match filter {
        Filter::And(list) => (ui::Join::And, list),
        Filter::Or(list) => (ui::Join::Or, list),
        _ => return None,
    };
    if let Some(rows) = rows(list) {
        return Some((ui::Join::And, vec![(join, rows)]));
    }
    let group = |f: &Filter| match (row_of(visit, f), f) {
        (Some(row), _) => Some((ui::Join::And, vec![row])),
        (None, Filter::And(list)) => Some((ui::Join::And, rows(list)?)),
        (None, Filter::Or(list)) => Some((ui::Join::Or, rows(list)?)),
        _ => None,
    };
    Some((join, list.iter().map(group).collect::<Option<Vec<_>>>()?))
}

/// The conditions of a filter, for a form that posts other things too; none when the builder cannot show them.
pub(crate) async fn conditions(
    visit: &Visit,
    object: &Arc<ObjectDef>,
    filter: &Filter,
) -> Result<Option<Markup>, RecordError> {
    let Some(groups) = groups_of(visit, filter) else { return Ok(None) };
    Ok(Some(ui::filter_conditions(&visit.view(), &built(visit, object, groups).await?)))
}

/// The builder with these groups, or with one that is empty.
async fn built(
    visit: &Visit,
    object: &Arc<ObjectDef>,
    (join, groups): (ui::Join, Vec<Group>),
) -> Result<ui::FilterBuilder, RecordError> {
    let schema = visit.space.schema();
    let mut wanted = Wanted::default();
    let rows = || groups.iter().flat_map(|(_, rows)| rows);
    rows().for_each(|row| want(&schema, &mut wanted, row));
    let names = wanted.read(visit, &mut visit.space.store.read().await?).await?;
    let fields = fields(visit, &schema, object);
    let draw = |row: &Row| condition(visit, &schema, object, &fields, row, &names);
    let mut groups: Vec<ui::FilterGroup> = groups
        .iter()
        .map(|(join, rows)| ui::FilterGroup { join: *join, conditions: rows.iter().map(draw).collect() })
        .collect();
    if groups.is_empty() {
        let blank = draw(&first_row(&schema, object, &fields));
        groups.push(ui::FilterGroup { join: ui::Join::And, conditions: vec![blank] });
    }
    let row = format!("{}/filter/row", label::list_address(object));
    Ok(ui::FilterBuilder { row, join, groups, ..ui::FilterBuilder::default() })
}

/// `GET /o/{object}/filter`: the builder, over the list.
pub(crate) async fn open(visit: Signed, UrlPath(object): UrlPath<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let params = Params::read(&object, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    let groups = groups_of(&visit, &params.filter).unwrap_or_default();
    let keep = params.with(|p| p.filter = Filter::All).pairs();
    let builder = ui::FilterBuilder {
        action: label::list_address(&object),
        keep: keep.0,
        ..built(&visit, &object, groups).await?
    };
    let title = visit.view().words.filter.clone();
    Ok(frame::dialog(&visit, title, true, ui::filter_builder(&visit.view(), &builder)))
}

/// `GET /o/{object}/filter/row?group=&field=&operator=`: one row, after another field or operator was chosen.
pub(crate) async fn row(visit: Signed, UrlPath(object): UrlPath<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Read)?;
    let schema = visit.space.schema();
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let fields = fields(&visit, &schema, &object);
    let mut row = first_row(&schema, &object, &fields);
    if let Some(target) = Target::read(&schema, &object, pairs.text("field")) {
        let operators = operator::operators(target.kind(&schema));
        let asked = pairs.text("operator");
        row.field = pairs.text("field").to_owned();
        row.operator = if operators.contains(&asked) { asked } else { operators[0] }.to_owned();
    }
    let condition = condition(&visit, &schema, &object, &fields, &row, &Names::default());
    let url = format!("{}/filter/row", label::list_address(&object));
    Ok(ui::condition_row(&visit.view(), pairs.text("group"), &url, &condition).into_response())
}

fn first_row(schema: &Schema, object: &Arc<ObjectDef>, fields: &[(String, String)]) -> Row {
    let own = object.own_fields().next().map(|f| f.name.to_string()).unwrap_or_default();
    let field =
        fields.iter().find(|(key, _)| *key == own).or(fields.first()).map(|(key, _)| key.clone()).unwrap_or_default();
    let kind = Target::read(schema, object, &field).map_or(Kind::Presence, |t| t.kind(schema));
    Row { field, operator: operator::operators(kind)[0].to_owned(), values: Vec::new() }
}

/// Adds the records that a row's values name.
pub(crate) fn want(schema: &Schema, wanted: &mut Wanted, row: &Row) {
    for (prefix, id) in row.values.iter().filter_map(|v| kernel::Id::parse_any(v).ok()) {
        if let Some(object) = prefix.and_then(|p| schema.by_prefix(p)) {
            wanted.one(object.name.clone(), id);
        }
    }
}

fn condition(
    visit: &Visit,
    schema: &Schema,
    object: &Arc<ObjectDef>,
    fields: &[(String, String)],
    row: &Row,
    names: &Names,
) -> ui::Condition {
    let Some(target) = Target::read(schema, object, &row.field) else { return ui::Condition::default() };
    let kind = target.kind(schema);
    let operators = operator::operators(kind);
    ui::Condition {
        field: row.field.clone(),
        fields: fields.to_vec(),
        operator: row.operator.clone(),
        operators: operators.iter().map(|op| ((*op).to_owned(), visit.word(&format!("op-{op}")))).collect(),
        value: if operator::takes_value(&row.operator) {
            value(visit, &target, kind, row, names)
        } else {
            html! {}
        },
    }
}

fn value(visit: &Visit, target: &Target, kind: Kind, row: &Row, names: &Names) -> Markup {
    let label = visit.word("filter-value");
    let control = ui::Control { label: Some(label), ..ui::Control::new("value") };
    let first = row.values.first().cloned().unwrap_or_default();
    let pairs = |values: &[String]| Pairs(values.iter().map(|v| ("value".to_owned(), v.clone())).collect());
    // The field's own control, under the name that the builder reads.
    let stand_in = |kind: FieldType, pairs: &Pairs| {
        let field = FieldDef { kind, name: Ident::of("value"), ..target.field.clone() };
        control::draw(visit, &target.object, &field, pairs, names, &control)
    };
    match kind {
        Kind::Day | Kind::Moment if row.operator == "within" => {
            let spans: Vec<_> = operator::SPANS
                .iter()
                .map(|(key, ..)| ui::Choice {
                    value: (*key).to_owned(),
                    label: visit.word(&format!("span-{key}")),
                    ..ui::Choice::default()
                })
                .collect();
            ui::choice(&control, &spans, &first, None)
        }
        Kind::Day | Kind::Moment => ui::date(&control, &first),
        Kind::Number => ui::number(&control, &first, false, None),
        Kind::Boolean => {
            let words = visit.view().words;
            let both = [("true", &words.yes), ("false", &words.no)];
            let choices = both.map(|(v, l)| ui::Choice { value: v.into(), label: l.clone(), ..ui::Choice::default() });
            ui::choice(&control, &choices, &first, None)
        }
        Kind::Choice | Kind::Choices => {
            let options = target.field.kind.options().unwrap_or_default().iter().map(|o| ui::Choice {
                value: o.value.clone(),
                label: crate::label::option(visit, &target.object, &target.field, o),
                hue: crate::label::hue(o.hue),
            });
            ui::multi_choice(&control, &options.collect::<Vec<_>>(), &row.values)
        }
        Kind::Record | Kind::User => {
            let mut pairs = pairs(&row.values);
            if let Some(name) = kernel::Id::parse_any(&first).ok().and_then(|(_, id)| names.get(id)) {
                pairs.push("value.text", name);
            }
            stand_in(target.field.kind.clone(), &pairs)
        }
        Kind::Records => stand_in(target.field.kind.clone(), &pairs(&row.values)),
        Kind::Tags => ui::tags_input(
            &visit.view(),
            &control,
            &format!("/tags/{}/{}", target.object.name, target.field.name),
            &row.values,
        ),
        Kind::Text | Kind::Presence => ui::text(&control, &ui::Text { value: first, ..ui::Text::default() }),
    }
}

/// The list that a form of the builder leads to.
pub(crate) fn target(visit: &Visit, object: &Arc<ObjectDef>, pairs: &Pairs) -> Result<String, RecordError> {
    let mut params = Params::read(object, pairs)?;
    params.filter = read(visit, object, pairs);
    Ok(params.href(object))
}
