//! The operators a person chooses from, and what each means as a filter.

use jiff::civil::Date;
use model::{Condition, FieldDef, FieldType, Filter, ObjectDef, Op, Operand, Path, Scalar, Schema, Span, Unit};
use serde_json::{Value as Json, json};

use crate::input::plain_number;
use crate::visit::Visit;

/// The spans of time offered: key, unit, first, last.
pub(crate) const SPANS: [(&str, Unit, i32, i32); 18] = [
    ("today", Unit::Day, 0, 0),
    ("yesterday", Unit::Day, -1, -1),
    ("tomorrow", Unit::Day, 1, 1),
    ("last-7-days", Unit::Day, -6, 0),
    ("next-7-days", Unit::Day, 0, 6),
    ("last-30-days", Unit::Day, -29, 0),
    ("next-30-days", Unit::Day, 0, 29),
    ("this-week", Unit::Week, 0, 0),
    ("last-week", Unit::Week, -1, -1),
    ("next-week", Unit::Week, 1, 1),
    ("this-month", Unit::Month, 0, 0),
    ("last-month", Unit::Month, -1, -1),
    ("next-month", Unit::Month, 1, 1),
    ("this-quarter", Unit::Quarter, 0, 0),
    ("last-quarter", Unit::Quarter, -1, -1),
    ("next-quarter", Unit::Quarter, 1, 1),
    ("this-year", Unit::Year, 0, 0),
    ("last-year", Unit::Year, -1, -1),
];

/// What kind of value a condition compares, which decides operators and control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Day,
    Moment,
    Boolean,
    Choice,
    Choices,
    Tags,
    Record,
    User,
    Records,
    Presence,
}

/// The kind of a field or of one of its parts.
pub(crate) fn kind(schema: &Schema, object: &ObjectDef, field: &FieldDef, part: Option<&str>) -> Kind {
    if part.is_some() {
        return Kind::Text;
    }
    match schema.effective(object, field) {
        FieldType::Text { .. }
        | FieldType::LongText
        | FieldType::AutoNumber { .. }
        | FieldType::PersonName
        | FieldType::Address
        | FieldType::Emails
        | FieldType::Phones
        | FieldType::Links => Kind::Text,
        FieldType::Integer { .. }
        | FieldType::Number
        | FieldType::Percent
        | FieldType::Money
        | FieldType::Duration
        | FieldType::Rating { .. } => Kind::Number,
        FieldType::Date => Kind::Day,
        FieldType::DateTime => Kind::Moment,
        FieldType::Boolean => Kind::Boolean,
        FieldType::Choice { .. } => Kind::Choice,
        FieldType::MultiChoice { .. } => Kind::Choices,
        FieldType::Tags => Kind::Tags,
        FieldType::Reference { to, .. } if *to != "self" => Kind::Record,
        FieldType::User => Kind::User,
        FieldType::References { .. } => Kind::Records,
        FieldType::Formula { result: Scalar::Text, .. } => Kind::Text,
        _ => Kind::Presence,
    }
}

/// The operators of a kind, the usual one first.
pub(crate) fn operators(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text => &["contains", "eq", "starts_with", "ne", "empty", "filled"],
        Kind::Number => &["eq", "ne", "gt", "gte", "lt", "lte", "empty", "filled"],
        Kind::Day => &["within", "eq", "before", "since", "empty", "filled"],
        Kind::Moment => &["within", "before", "since", "empty", "filled"],
        Kind::Boolean => &["eq"],
        Kind::Choice => &["in", "not_in", "empty", "filled"],
        Kind::Choices | Kind::Tags | Kind::Records => &["has_any", "has_none", "empty", "filled"],
        Kind::Record => &["eq", "ne", "empty", "filled"],
        Kind::User => &["me", "eq", "not_me", "ne", "empty", "filled"],
        Kind::Presence => &["filled", "empty"],
    }
}

/// Whether an operator takes a value.
pub(crate) fn takes_value(operator: &str) -> bool {
    !matches!(operator, "empty" | "filled" | "me" | "not_me")
}

/// A condition as its row holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    /// `name`, `name.part`, or `reference>name` for a field of the record pointed to.
    pub(crate) field: String,
    pub(crate) operator: String,
    pub(crate) values: Vec<String>,
}

/// The filter of a row; `None` while its value is missing.
pub(crate) fn filter(visit: &Visit, path: Path, kind: Kind, row: &Row) -> Option<Filter> {
    let is = |op, operand| Filter::Is(Condition { path: path.clone(), op, operand });
    let values: Vec<&str> = row.values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
    let first = values.first().copied();
    let list = || Operand::Raw(Json::from(values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>()));
    let empty = || is(Op::IsNull, Operand::None);
    Some(match row.operator.as_str() {
        "empty" => empty(),
        "filled" => Filter::Not(Box::new(empty())),
        "me" => is(Op::Eq, Operand::Raw(json!({ "me": true }))),
        "not_me" => is(Op::Distinct, Operand::Raw(json!({ "me": true }))),
        "within" => {
            let (_, unit, from, to) = SPANS.iter().find(|(key, ..)| Some(*key) == first)?;
            is(Op::Within, Operand::Raw(json!({ "span": Span { unit: *unit, from: *from, to: *to } })))
        }
        "in" if !values.is_empty() => is(Op::In, list()),
        "not_in" if !values.is_empty() => Filter::Or(vec![Filter::Not(Box::new(is(Op::In, list()))), empty()]),
        "has_any" if !values.is_empty() => is(Op::HasAny, list()),
        "has_none" if !values.is_empty() => Filter::Or(vec![Filter::Not(Box::new(is(Op::HasAny, list()))), empty()]),
        operator => {
            let op = match operator {
                "contains" => Op::Contains,
                "starts_with" => Op::StartsWith,
                "eq" => Op::Eq,
                "ne" => Op::Distinct,
                "gt" => Op::Gt,
                "gte" | "since" => Op::Gte,
                "lt" | "before" => Op::Lt,
                "lte" => Op::Lte,
                _ => return None,
            };
            is(op, Operand::Raw(operand(visit, kind, first?)?))
        }
    })
}

fn operand(visit: &Visit, kind: Kind, text: &str) -> Option<Json> {
    Some(match kind {
        Kind::Number => {
            let plain = plain_number(text.trim_end_matches('%'), visit.ctx.locale);
            serde_json::from_str::<serde_json::Number>(&plain).ok().map(Json::Number)?
        }
        Kind::Boolean => Json::Bool(text == "true"),
        Kind::Moment => {
            let day: Date = text.parse().ok()?;
            json!(day.to_zoned(visit.ctx.zone.clone()).ok()?.timestamp().to_string())
        }
        _ => json!(text),
    })
}

/// The path and the row of a filter that a row can hold.
pub(crate) fn row(visit: &Visit, filter: &Filter) -> Option<(Path, Row)> {
    let (condition, negated) = match filter {
        Filter::Is(condition) => (condition, false),
        Filter::Not(inner) => match &**inner {
            Filter::Is(condition) if condition.op == Op::IsNull => (condition, true),
            _ => return None,
        },
        Filter::Or(list) => match list.as_slice() {
            [Filter::Not(inner), Filter::Is(null)] if null.op == Op::IsNull => match &**inner {
                Filter::Is(condition) if condition.path == null.path && matches!(condition.op, Op::In | Op::HasAny) => {
                    (condition, true)
                }
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let json = match &condition.operand {
        Operand::None => Json::Null,
        Operand::Raw(json) => json.clone(),
        other => serde_json::to_value(other).ok()?,
    };
    let me = json.get("me").is_some();
    let operator = match (condition.op, negated) {
        (Op::IsNull, false) => "empty",
        (Op::IsNull, true) => "filled",
        (Op::In, false) => "in",
        (Op::In, true) => "not_in",
        (Op::HasAny, false) => "has_any",
        (Op::HasAny, true) => "has_none",
        (Op::Eq, _) if me => "me",
        (Op::Distinct, _) if me => "not_me",
        (Op::Eq, _) => "eq",
        (Op::Ne | Op::Distinct, _) => "ne",
        (Op::Contains, _) => "contains",
        (Op::StartsWith, _) => "starts_with",
        (Op::Gt, _) => "gt",
        (Op::Lte, _) => "lte",
        (Op::Within, _) => "within",
        (Op::Gte, _) if json.is_string() => "since",
        (Op::Lt, _) if json.is_string() => "before",
        (Op::Gte, _) => "gte",
        (Op::Lt, _) => "lt",
        _ => return None,
    };
    let values = match &json {
        Json::Null => Vec::new(),
        Json::Array(list) => list.iter().map(as_text).collect(),
        Json::Object(map) if map.contains_key("span") => {
            let span: Span = serde_json::from_value(map["span"].clone()).ok()?;
            let known =
                SPANS.iter().find(|(_, unit, from, to)| (*unit, *from, *to) == (span.unit, span.from, span.to))?;
            vec![known.0.to_owned()]
        }
        Json::Object(_) if me => Vec::new(),
        Json::String(text) if matches!(operator, "since" | "before") => vec![day_of(visit, text)],
        other => vec![as_text(other)],
    };
    Some((condition.path.clone(), Row { field: String::new(), operator: operator.to_owned(), values }))
}

/// The reader's day of a moment; a day stays as it is.
fn day_of(visit: &Visit, text: &str) -> String {
    match text.parse::<kernel::Timestamp>() {
        Ok(at) => at.to_zoned(visit.ctx.zone.clone()).date().to_string(),
        Err(_) => text.to_owned(),
    }
}

fn as_text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}
