//! The dialect's conditions as filters of the model.

use model::{Condition as Is, FieldType, Filter, Ident, ObjectDef, Op, Operand, Path, Problem};
use serde_json::{Value as Json, json};

use super::path::{field_of, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{self, Condition, Connective, Field, Operator, Quantifier, Search, Test, Truth, array_items};

/// All of these hold. `embedded` answers, for the name of an embedded resource, the filter “it has rows”.
pub(crate) fn conditions(
    call: &Call,
    object: &ObjectDef,
    filters: &[postgrest::Filter],
    embedded: &dyn Fn(&str) -> Option<Filter>,
) -> Result<Filter, Failure> {
    let mut all = Filter::All;
    for filter in filters {
        all = all.and(one(call, object, filter, embedded)?);
    }
    Ok(all)
}

fn one(
    call: &Call,
    object: &ObjectDef,
    filter: &postgrest::Filter,
    embedded: &dyn Fn(&str) -> Option<Filter>,
) -> Result<Filter, Failure> {
    match filter {
        postgrest::Filter::Condition(condition) => self::condition(call, object, condition, embedded),
        postgrest::Filter::Group { negated, connective, filters } => {
            let mut joined = if *connective == Connective::And { Filter::All } else { Filter::None };
            for inner in filters {
                let inner = one(call, object, inner, embedded)?;
                joined = if *connective == Connective::And { joined.and(inner) } else { joined.or(inner) };
            }
            Ok(if *negated { joined.negate() } else { joined })
        }
    }
}

fn condition(
    call: &Call,
    object: &ObjectDef,
    condition: &Condition,
    embedded: &dyn Fn(&str) -> Option<Filter>,
) -> Result<Filter, Failure> {
    let Condition { field, negated, test } = condition;
    let filter = match (test, object.field(&field.name)) {
        (Test::Is(truth @ (Truth::Null | Truth::NotNull)), None) => match embedded(&field.name) {
            Some(present) if *truth == Truth::Null => present.negate(),
            Some(present) => present,
            None => self::test(call, object, field, test)?,
        },
        _ => self::test(call, object, field, test)?,
    };
    Ok(if *negated { filter.negate() } else { filter })
}

fn test(call: &Call, object: &ObjectDef, field: &Field, test: &Test) -> Result<Filter, Failure> {
    let def = field_of(call, object, &field.name)?;
    let path = path(call, object, field)?;
    let is = |op: Op, operand: Operand| Filter::Is(Is { path: path.clone(), op, operand });
    let compare = |operator: Operator, value: &str| compare(&def.kind, &path, operator, value, call);
    match test {
        Test::Compare(operator, value) => compare(*operator, value),
        Test::Quantified(operator, quantifier, values) => {
            let any = *quantifier == Quantifier::Any;
            let mut joined = if any { Filter::None } else { Filter::All };
            for value in values {
                let filter = compare(*operator, value)?;
                joined = if any { joined.or(filter) } else { joined.and(filter) };
            }
            Ok(joined)
        }
        Test::In(values) if values.is_empty() => Ok(Filter::None),
        Test::In(values) => {
            if values.iter().any(|v| is_me(&def.kind, v)) {
                let mut joined = Filter::None;
                for value in values {
                    joined = joined.or(compare(Operator::Equal, value)?);
                }
                return Ok(joined);
            }
            Ok(is(Op::In, Operand::Raw(values.iter().map(|v| raw(&def.kind, &path, v, call)).collect())))
        }
        Test::Is(Truth::Null | Truth::Unknown) => Ok(is(Op::IsNull, Operand::None)),
        Test::Is(Truth::NotNull) => Ok(is(Op::IsNull, Operand::None).negate()),
        Test::Is(truth) => Ok(is(Op::Eq, Operand::Raw(Json::Bool(*truth == Truth::True)))),
        Test::Search { kind, words, .. } => search(&path, *kind, words),
    }
}

fn compare(kind: &FieldType, path: &Path, operator: Operator, value: &str, call: &Call) -> Result<Filter, Failure> {
    let is = |op: Op, operand: Operand| Ok(Filter::Is(Is { path: path.clone(), op, operand }));
    let list = || -> Result<Operand, Failure> {
        let items = match value.trim_start().chars().next() {
            Some('[') => serde_json::from_str::<Vec<String>>(value)
                .map_err(|_| Failure::query(Problem::new(&path.field, "not-a-list").text("value", value)))?,
            _ => array_items(value, path.field.as_str())?,
        };
        Ok(Operand::Raw(items.iter().map(|v| raw(kind, path, v, call)).collect()))
    };
    if is_me(kind, value) && matches!(operator, Operator::Equal | Operator::NotEqual | Operator::Distinct) {
        let op = match operator {
            Operator::Equal => Op::Eq,
            Operator::NotEqual => Op::Ne,
            _ => Op::Distinct,
        };
        return is(op, Operand::Me);
    }
    let pattern = || Operand::Raw(Json::String(value.replace('*', "%")));
    let plain = || Operand::Raw(raw(kind, path, value, call));
    match operator {
        Operator::Equal => is(Op::Eq, plain()),
        Operator::NotEqual => is(Op::Ne, plain()),
        Operator::Greater => is(Op::Gt, plain()),
        Operator::GreaterOrEqual => is(Op::Gte, plain()),
        Operator::Less => is(Op::Lt, plain()),
        Operator::LessOrEqual => is(Op::Lte, plain()),
        Operator::Like => is(Op::Like, pattern()),
        Operator::LikeIgnoringCase => is(Op::Ilike, pattern()),
        Operator::Match => is(Op::Match, Operand::Raw(json!(value))),
        Operator::MatchIgnoringCase => is(Op::Imatch, Operand::Raw(json!(value))),
        Operator::Distinct => is(Op::Distinct, plain()),
        Operator::Contains => is(Op::Has, list()?),
        Operator::Contained => is(Op::Among, list()?),
        Operator::Overlaps => is(Op::HasAny, list()?),
        Operator::Before | Operator::After | Operator::NotBeyond | Operator::NotAhead | Operator::Adjacent => {
            Err(Failure::query(
                Problem::new(&path.field, "operator-not-for-type")
                    .text("op", operator.name())
                    .text("type", kind.name()),
            ))
        }
    }
}

fn is_me(kind: &FieldType, value: &str) -> bool {
    value == "me" && matches!(kind, FieldType::User)
}

/// A value's JSON form. A day given for a moment is its first one, in the caller's zone.
fn raw(kind: &FieldType, path: &Path, value: &str, call: &Call) -> Json {
    if matches!(kind, FieldType::DateTime)
        && path.part.is_none()
        && let Ok(day) = value.trim().parse::<jiff::civil::Date>()
        && value.trim().len() == 10
        && let Ok(start) = day.to_zoned(call.ctx.zone.clone())
    {
        return Json::String(start.timestamp().to_string());
    }
    Json::String(value.to_owned())
}

/// Words anywhere in the text, without regard to case and accents.
fn search(path: &Path, kind: Search, words: &str) -> Result<Filter, Failure> {
    let has = |text: &str| {
        Filter::Is(Is { path: path.clone(), op: Op::Contains, operand: Operand::Raw(Json::String(text.to_owned())) })
    };
    let every = |text: &str| text.split_whitespace().map(has).fold(Filter::All, Filter::and);
    Ok(match kind {
        Search::Plain => every(words),
        Search::Phrase => has(&words.split_whitespace().collect::<Vec<_>>().join(" ")),
        Search::Query => {
            let term = |text: &str| match text.trim().strip_prefix('!') {
                Some(rest) => every(rest).negate(),
                None => every(text),
            };
            let words = words.replace(['\'', '(', ')', ':', '*'], " ");
            words
                .split('|')
                .map(|part| part.split('&').map(term).fold(Filter::All, Filter::and))
                .fold(Filter::None, Filter::or)
        }
        Search::Web => web(words, &has),
    })
}

/// As in a search engine: quotes keep words together, `or` joins, `-` leaves out.
fn web(words: &str, has: &dyn Fn(&str) -> Filter) -> Filter {
    let mut all = Filter::All;
    let mut joined = false;
    for (i, piece) in words.split('"').enumerate() {
        let quoted = i % 2 == 1;
        let terms: Vec<&str> = if quoted { vec![piece] } else { piece.split_whitespace().collect() };
        for term in terms.into_iter().filter(|t| !t.is_empty()) {
            if !quoted && term.eq_ignore_ascii_case("or") {
                joined = true;
                continue;
            }
            let filter = match term.strip_prefix('-').filter(|rest| !quoted && !rest.is_empty()) {
                Some(rest) => has(rest).negate(),
                None => has(term),
            };
            let either = std::mem::take(&mut joined) && !all.is_all();
            all = if either { all.or(filter) } else { all.and(filter) };
        }
    }
    all
}

/// A record of the object is this one.
pub(crate) fn ids(field: Ident, ids: &[kernel::Id]) -> Filter {
    Filter::is(field, Op::In, Operand::Values(ids.iter().copied().map(model::Value::Id).collect()))
}
