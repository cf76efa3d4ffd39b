//! Filters in words, for the chips above a list.

use std::sync::Arc;

use model::{FieldType, Filter, Ident, ObjectDef, Schema, from_json};

use crate::list::builder::{self, Target};
use crate::list::operator::{Kind, Row};
use crate::list::params::Params;
use crate::names::{Names, Wanted};
use crate::show;
use crate::visit::Visit;

/// The conditions that must all hold.
fn conjuncts(filter: &Filter) -> Vec<Filter> {
    match filter {
        Filter::All => Vec::new(),
        Filter::And(list) => list.clone(),
        other => vec![other.clone()],
    }
}

/// Adds the records that a filter names.
pub(crate) fn want(visit: &Visit, schema: &Schema, wanted: &mut Wanted, filter: &Filter) {
    match filter {
        Filter::And(list) | Filter::Or(list) => list.iter().for_each(|f| want(visit, schema, wanted, f)),
        other => {
            if let Some(row) = builder::row_of(visit, other) {
                builder::want(schema, wanted, &row);
            }
        }
    }
}

/// A chip per condition, each with the list without it.
pub(crate) fn chips(visit: &Visit, object: &Arc<ObjectDef>, params: &Params, names: &Names) -> Vec<ui::Chip> {
    let all = conjuncts(&params.filter);
    let mut chips: Vec<ui::Chip> = all
        .iter()
        .enumerate()
        .map(|(i, filter)| {
            let (field, text) = words(visit, object, filter, names);
            let rest = all.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, f)| f.clone());
            let rest = rest.fold(Filter::All, Filter::and);
            ui::Chip { field, text, remove: params.with(|p| p.filter = rest).href(object) }
        })
        .collect();
    if !params.search.is_empty() {
        let remove = params.with(|p| p.search.clear()).href(object);
        chips.push(ui::Chip { field: visit.word("search-chip"), text: params.search.clone(), remove });
    }
    chips
}

/// A filter in sentences, one for each condition that must hold.
pub(crate) fn sentences(visit: &Visit, object: &Arc<ObjectDef>, filter: &Filter, names: &Names) -> Vec<String> {
    let sentence = |filter: &Filter| {
        let (field, text) = words(visit, object, filter, names);
        format!("{field} {text}").trim().to_owned()
    };
    conjuncts(filter).iter().map(sentence).collect()
}

fn words(visit: &Visit, object: &Arc<ObjectDef>, filter: &Filter, names: &Names) -> (String, String) {
    if let Some(row) = builder::row_of(visit, filter) {
        let schema = visit.space.schema();
        if let Some(target) = Target::read(&schema, object, &row.field) {
            return (target.label(visit, object), condition(visit, &schema, &target, &row, names));
        }
    }
    if let Filter::Or(list) | Filter::And(list) = filter {
        let join = if matches!(filter, Filter::Or(_)) { "filter-or" } else { "filter-and" };
        let parts: Vec<String> = list
            .iter()
            .map(|f| {
                let (field, text) = words(visit, object, f, names);
                format!("{field} {text}")
            })
            .collect();
        return (String::new(), parts.join(&format!(" {} ", visit.word(join))));
    }
    (visit.word("filter-custom"), String::new())
}

fn condition(visit: &Visit, schema: &Schema, target: &Target, row: &Row, names: &Names) -> String {
    let operator = visit.word(&format!("op-{}", row.operator));
    let kind = target.kind(schema);
    let one = |value: &String| match kind {
        Kind::Day | Kind::Moment if row.operator == "within" => visit.word(&format!("span-{value}")),
        Kind::Boolean => {
            let words = visit.view().words;
            if value == "true" { words.yes.clone() } else { words.no.clone() }
        }
        Kind::Choice | Kind::Choices => show::tag(visit, &target.object, &target.field, value).text,
        Kind::Record | Kind::User | Kind::Records => {
            let known = kernel::Id::parse_any(value).ok().and_then(|(_, id)| names.get(id));
            known.map_or_else(|| visit.word("hidden-record"), str::to_owned)
        }
        Kind::Day | Kind::Moment => value.parse().map_or_else(|_| value.clone(), |day| visit.format().date(day)),
        Kind::Number => {
            let plain = crate::input::plain_number(value, kernel::Locale::En);
            plain.parse().map_or_else(|_| value.clone(), |n: rust_decimal::Decimal| visit.format().decimal(n))
        }
        _ => value.clone(),
    };
    let values: Vec<String> = row.values.iter().map(one).collect();
    if values.is_empty() { operator } else { format!("{operator} {}", values.join(", ")) }
}

/// The single value that a conjunct fixes for a reference or a choice: what a new record in this list starts with.
pub(crate) fn fixed(filter: &Filter) -> Vec<(Ident, serde_json::Value)> {
    conjuncts(filter)
        .into_iter()
        .filter_map(|f| match f {
            Filter::Is(c) if c.op == model::Op::Eq && c.path.part.is_none() => match c.operand {
                model::Operand::Raw(json) if json.is_string() => Some((c.path.field, json)),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// Whether a fixed value may stand in a new record's form.
pub(crate) fn starts(
    schema: &Schema,
    object: &ObjectDef,
    field: &Ident,
    json: &serde_json::Value,
) -> Option<model::Value> {
    let def = object.field(field.as_str()).filter(|f| !f.is_computed() && !f.read_only)?;
    let kinds = matches!(
        def.kind,
        FieldType::Reference { .. } | FieldType::Choice { .. } | FieldType::User | FieldType::Polymorphic { .. }
    );
    if kinds { from_json(schema, object, def, json).ok() } else { None }
}
