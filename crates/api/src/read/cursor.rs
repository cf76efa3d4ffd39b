//! Cursors as opaque texts: where a page ended in which order of which object.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Code, Id};
use model::{Cursor, Query, Value};
use serde_json::{Value as Json, json};

use crate::failure::Failure;

/// The text of a cursor.
pub(crate) fn encode(query: &Query, cursor: &Cursor) -> String {
    let keys: Vec<Json> = cursor.keys.iter().map(key).collect();
    let text = json!({ "v": 1, "of": order(query), "keys": keys, "seq": cursor.seq }).to_string();
    URL_SAFE_NO_PAD.encode(text)
}

/// The cursor of a text; an error when it is none of this order.
pub(crate) fn decode(query: &Query, text: &str) -> Result<Cursor, Failure> {
    let read = || {
        let json: Json = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        if json["v"] != 1 || json["of"] != order(query) {
            return None;
        }
        let keys = json["keys"].as_array()?.iter().map(value).collect::<Option<Vec<_>>>()?;
        let seq = json["seq"].as_i64()?;
        (keys.len() == query.sort.len()).then_some(Cursor { keys, seq })
    };
    read().ok_or_else(|| Failure::because(Code::BadRequest, "not-a-cursor"))
}

/// Stands for the object and the order; the filter may change between pages.
fn order(query: &Query) -> String {
    let sort = serde_json::to_string(&query.sort).expect("an order serialises");
    let id = Id::named(&format!("{} {sort}", query.object));
    URL_SAFE_NO_PAD.encode(&id.as_bytes()[..8])
}

fn key(value: &Value) -> Json {
    match value {
        Value::Bool(b) => json!({ "b": b }),
        Value::Int(n) => json!({ "i": n }),
        Value::Number(n) => json!({ "n": n.to_bits() }),
        Value::Text(text) => json!({ "t": text }),
        Value::Date(date) => json!({ "d": date.to_string() }),
        Value::DateTime(at) => json!({ "m": at.as_microsecond() }),
        Value::Id(id) => json!({ "u": id.to_string() }),
        _ => Json::Null,
    }
}

fn value(json: &Json) -> Option<Value> {
    let Some((kind, inner)) = json.as_object().and_then(|map| map.iter().next()) else {
        return json.is_null().then_some(Value::Null);
    };
    Some(match kind.as_str() {
        "b" => Value::Bool(inner.as_bool()?),
        "i" => Value::Int(inner.as_i64()?),
        "n" => Value::Number(Some(f64::from_bits(inner.as_u64()?)).filter(|n| n.is_finite())?),
        "t" => Value::Text(inner.as_str().filter(|text| !text.contains('\0'))?.to_owned()),
        "d" => Value::Date(inner.as_str()?.parse().ok()?),
        "m" => Value::DateTime(jiff::Timestamp::from_microsecond(inner.as_i64()?).ok()?),
        "u" => Value::Id(Id::parse(inner.as_str()?, "").ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Ident, Sort};

    fn query(field: &'static str) -> Query {
        Query::of(Ident::of("contact")).sort(Sort::by(Ident::of(field), false))
    }

    #[test]
    fn cursors_come_back_in_their_own_order_only() {
        let id = Id::named("x");
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(-3),
            Value::Number(0.1),
            Value::Text("é".into()),
            Value::Date("2026-03-01".parse().unwrap()),
            Value::DateTime("2026-03-01T10:00:00.000001Z".parse().unwrap()),
            Value::Id(id),
        ];
        for value in values {
            let cursor = Cursor { keys: vec![value], seq: 7 };
            let text = encode(&query("name"), &cursor);
            assert_eq!(decode(&query("name"), &text).unwrap(), cursor);
            assert!(decode(&query("city"), &text).is_err());
        }
        for text in ["", "x", "e30", "bnVsbA"] {
            assert!(decode(&query("name"), text).is_err(), "{text}");
        }
    }
}
