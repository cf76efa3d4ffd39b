//! Values straight into JSON text, without a tree in between: the same forms as the model's.

use std::io::Write;

use kernel::{Id, Money};
use model::{FieldDef, FieldType, ObjectDef, Scalar, Schema, Value};
use serde::Serialize;

/// The letters in front of the identifiers that a field holds.
pub(crate) fn prefix(schema: &Schema, object: &ObjectDef, field: &FieldDef) -> String {
    let of = |name: &str| schema.object(name).map_or_else(String::new, |o| o.prefix.to_string());
    match &field.kind {
        FieldType::Reference { to, .. } | FieldType::References { to } if to.as_str() == "self" => {
            object.prefix.to_string()
        }
        FieldType::Reference { to, .. } | FieldType::References { to } => of(to.as_str()),
        FieldType::User => of("user"),
        _ => String::new(),
    }
}

/// Writes a value's JSON form; `prefix` is the field's, from [`prefix`].
pub(crate) fn write_value(out: &mut Vec<u8>, schema: &Schema, field: &FieldDef, prefix: &str, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(if is_list(&field.kind) { b"[]" } else { b"null" }),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Int(n) => put(out, format_args!("{n}")),
        Value::Number(n) if matches!(field.kind, FieldType::Formula { result: Scalar::Integer, .. }) => {
            put(out, format_args!("{}", *n as i64))
        }
        Value::Number(n) => json(out, n),
        Value::Text(text) => json(out, text),
        Value::Date(date) => put(out, format_args!("\"{date}\"")),
        Value::DateTime(at) => put(out, format_args!("\"{at}\"")),
        Value::Money(money) => {
            out.extend_from_slice(b"{\"amount\":");
            amount(out, *money);
            put(out, format_args!(",\"currency\":\"{}\"}}", money.currency().as_str()));
        }
        Value::Id(id) => write_id(out, *id, prefix),
        Value::Ref(r) => write_id(out, r.id, schema.object(r.object.as_str()).map_or("", |o| o.prefix.as_str())),
        Value::Ids(ids) => {
            out.push(b'[');
            for (i, id) in ids.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_id(out, *id, prefix);
            }
            out.push(b']');
        }
        Value::Texts(texts) => json(out, texts),
        Value::Name(name) => {
            json(out, name);
            if out.last() == Some(&b'}') {
                out.pop();
                out.extend_from_slice(if out.last() == Some(&b'{') { b"\"full\":" } else { b",\"full\":" });
                json(out, &name.full());
                out.push(b'}');
            }
        }
        Value::Entries(entries) => json(out, entries),
        Value::Address(address) => json(out, address),
        Value::Location(place) => json(out, place),
        Value::Files(files) => json(out, files),
        Value::Json(inner) => json(out, inner),
    }
}

fn is_list(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::References { .. }
            | FieldType::Tags
            | FieldType::MultiChoice { .. }
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Links
            | FieldType::Files
    )
}

/// An exact decimal without superfluous zeros.
pub(crate) fn amount(out: &mut Vec<u8>, money: Money) {
    let units = money.units();
    let scale = 10_u64.pow(Money::SCALE);
    let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    if units < 0 {
        out.push(b'-');
    }
    put(out, format_args!("{whole}"));
    if rest > 0 {
        let digits = format!("{rest:0width$}", width = Money::SCALE as usize);
        put(out, format_args!(".{}", digits.trim_end_matches('0')));
    }
}

fn write_id(out: &mut Vec<u8>, id: Id, prefix: &str) {
    out.push(b'"');
    id.write_typed(prefix, out);
    out.push(b'"');
}

/// Any value that serialises.
pub(crate) fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("a vector takes everything and these values serialise");
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a vector takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;

    #[test]
    fn amounts_are_exact() {
        let text = |units| {
            let mut out = Vec::new();
            amount(&mut out, Money::from_units(units, Currency::EUR));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(15_000), "1.5");
        assert_eq!(text(-1), "-0.0001");
        assert_eq!(text(100_000_000), "10000");
        assert_eq!(text(i64::MAX), "922337203685477.5807");
        assert_eq!(text(i64::MIN), "-922337203685477.5808");
    }
}
