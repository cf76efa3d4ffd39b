use std::cmp::Ordering;

use kernel::{Id, fold};

use crate::{
    Condition, FieldDef, FieldType, Filter, Ident, ObjectDef, Op, Operand, Path, Record, Scalar, Schema, Value,
};

/// Where the evaluator finds the records that a filter reaches through references.
pub trait Related {
    /// The record with this identifier, unless it is in the bin.
    fn get(&self, object: &Ident, id: Id) -> Option<&Record>;
    /// The records of `object`, outside the bin, whose reference `via` points to `id`.
    fn pointing(&self, object: &Ident, via: &Ident, id: Id) -> Vec<&Record>;
}

/// Whether a record matches a bound filter: the same answer as the compiled SQL, `None` being SQL's unknown.
pub fn evaluate(schema: &Schema, filter: &Filter, record: &Record, related: &dyn Related) -> Option<bool> {
    let object = schema.object(record.object.as_str())?;
    match filter {
        Filter::All => Some(true),
        Filter::None => Some(false),
        Filter::And(list) => {
            let mut result = Some(true);
            for inner in list {
                match evaluate(schema, inner, record, related) {
                    Some(false) => return Some(false),
                    None => result = None,
                    Some(true) => {}
                }
            }
            result
        }
        Filter::Or(list) => {
            let mut result = Some(false);
            for inner in list {
                match evaluate(schema, inner, record, related) {
                    Some(true) => return Some(true),
                    None => result = None,
                    Some(false) => {}
                }
            }
            result
        }
        Filter::Not(inner) => evaluate(schema, inner, record, related).map(|b| !b),
        Filter::Is(condition) => compare(object, condition, record),
        Filter::Related { field, object: to, filter } => {
            let value = record.value(field.as_str());
            let to = to.as_ref()?;
            let ids: Vec<Id> = match value {
                Value::Ids(ids) => ids.clone(),
                Value::Ref(r) if r.object != *to => Vec::new(),
                other => other.as_id().into_iter().collect(),
            };
            let hit = |id| related.get(to, id).is_some_and(|r| evaluate(schema, filter, r, related) == Some(true));
            Some(ids.into_iter().any(hit))
        }
        Filter::Any { object: other, via, filter } => {
            let hit = |r: &&Record| evaluate(schema, filter, r, related) == Some(true);
            Some(related.pointing(other, via, record.id()).iter().any(hit))
        }
    }
}

/// Whether a path's texts are ordered and searched without case and accents.
pub(crate) fn collates(field: &FieldDef, part: Option<&Ident>) -> bool {
    matches!(
        (&field.kind, part),
        (FieldType::Text { .. } | FieldType::LongText | FieldType::PersonName | FieldType::Address, _)
            | (FieldType::Formula { result: Scalar::Text, .. }, None)
    )
}

fn compare(object: &ObjectDef, condition: &Condition, record: &Record) -> Option<bool> {
    let Path { field, part } = &condition.path;
    let def = object.field(field.as_str())?;
    let value = record.value(field.as_str());
    let list = matches!(condition.op, Op::Has | Op::HasAny | Op::Among);
    if condition.op == Op::IsNull {
        let scalar = if part.is_some() { value.scalar(part.as_ref().map(Ident::as_str)) } else { value.clone() };
        return Some(scalar.is_empty());
    }
    if list {
        return elements(value).map(|elements| lists(condition, &elements));
    }
    if condition.op == Op::Near {
        let (Value::Location(place), Operand::Values(values)) = (value, &condition.operand) else { return None };
        let [Value::Number(lat), Value::Number(lon), Value::Number(km)] = values.as_slice() else { return None };
        return Some(squared_km(place.lat, place.lon, *lat, *lon) <= km * km);
    }
    let have = value.scalar(part.as_ref().map(Ident::as_str));
    let collates = collates(def, part.as_ref());
    if condition.op == Op::Distinct {
        let Operand::Value(want) = &condition.operand else { return None };
        return Some(have != *want);
    }
    if have == Value::Null {
        return None;
    }
    match (&condition.operand, condition.op) {
        (Operand::Values(values), Op::In) => {
            if values.contains(&have) {
                Some(true)
            } else if values.contains(&Value::Null) {
                None
            } else {
                Some(false)
            }
        }
        (Operand::Values(values), Op::Within) => {
            let [from, to] = values.as_slice() else { return None };
            Some(order(&have, from, false)?.is_ge() && order(&have, to, false)?.is_lt())
        }
        (Operand::Value(Value::Null), _) => None,
        (Operand::Value(want), op) => match op {
            Op::Eq => Some(have == *want),
            Op::Ne => Some(have != *want),
            Op::Lt => Some(order(&have, want, collates)?.is_lt()),
            Op::Lte => Some(order(&have, want, collates)?.is_le()),
            Op::Gt => Some(order(&have, want, collates)?.is_gt()),
            Op::Gte => Some(order(&have, want, collates)?.is_ge()),
            _ => text(op, have.as_text()?, want.as_text()?),
        },
        _ => None,
    }
}

fn text(op: Op, have: &str, want: &str) -> Option<bool> {
    Some(match op {
        Op::Contains => fold(have).contains(&fold(want)),
        Op::StartsWith => fold(have).starts_with(&fold(want)),
        Op::Like => like(have, want),
        Op::Ilike => like(&fold(have), &fold(want)),
        Op::Match => regex::Regex::new(want).ok()?.is_match(have),
        Op::Imatch => regex::RegexBuilder::new(want).case_insensitive(true).build().ok()?.is_match(have),
        _ => return None,
    })
}

/// SQL's LIKE: `%` any text, `_` any character; no escape.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p, mut star) = (0, 0, None);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '%' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '_' || pattern[p] == text[t]) {
            (t, p) = (t + 1, p + 1);
        } else if let Some((sp, st)) = star {
            (p, t) = (sp + 1, st + 1);
            star = Some((sp, st + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}

fn order(a: &Value, b: &Value, collates: bool) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if collates => Some(fold(a).cmp(&fold(b))),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Id(a), Value::Id(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// A missing list is an empty one.
fn elements(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Texts(texts) => Some(texts.iter().cloned().map(Value::Text).collect()),
        Value::Entries(entries) => Some(entries.iter().map(|e| Value::Text(e.value.clone())).collect()),
        Value::Ids(ids) => Some(ids.iter().copied().map(Value::Id).collect()),
        _ => None,
    }
}

fn lists(condition: &Condition, have: &[Value]) -> bool {
    match (&condition.operand, condition.op) {
        (Operand::Value(want), Op::Has) => have.contains(want),
        (Operand::Values(want), Op::Has) => want.iter().all(|w| have.contains(w)),
        (Operand::Values(want), Op::HasAny) => want.iter().any(|w| have.contains(w)),
        (Operand::Values(want), Op::Among) => have.iter().all(|h| want.contains(h)),
        _ => false,
    }
}

/// The square of the distance on an equirectangular projection around the wanted place: within 0.5 % up to some hundred
/// kilometres, and made of arithmetic that every database has.
pub(crate) fn squared_km(lat: f64, lon: f64, to_lat: f64, to_lon: f64) -> f64 {
    const KM_PER_DEGREE: f64 = 111.195;
    let x = (lon - to_lon) * KM_PER_DEGREE * to_lat.to_radians().cos();
    let y = (lat - to_lat) * KM_PER_DEGREE;
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_is_sql_s() {
        for (text, pattern, hit) in [
            ("dupont", "du%", true),
            ("dupont", "%on_", true),
            ("dupont", "d_p%t", true),
            ("dupont", "pont", false),
            ("", "%", true),
            ("a%b", "a%b", true),
            ("ab", "a_b", false),
        ] {
            assert_eq!(like(text, pattern), hit, "{text} {pattern}");
        }
    }
}
