use kernel::Id;
use model::{Cursor, Value};
use serde_json::{Value as Json, json};

/// A place in a list as part of an address.
pub(crate) fn write(cursor: &Cursor) -> String {
    let keys: Vec<Json> = cursor.keys.iter().map(key).collect();
    json!([cursor.seq, keys]).to_string()
}

fn key(value: &Value) -> Json {
    match value {
        Value::Bool(b) => json!({ "b": b }),
        Value::Int(n) => json!({ "i": n }),
        Value::Number(n) => json!({ "f": n }),
        Value::Text(t) => json!({ "t": t }),
        Value::Date(d) => json!({ "d": d.to_string() }),
        Value::DateTime(at) => json!({ "m": at.to_string() }),
        Value::Id(id) => json!({ "u": id.to_string() }),
        _ => Json::Null,
    }
}

/// Reads what [`write`] gave; `None` for anything else.
pub(crate) fn read(text: &str) -> Option<Cursor> {
    let json: Json = serde_json::from_str(text).ok()?;
    let keys = json.get(1)?.as_array()?.iter().map(value).collect::<Option<Vec<_>>>()?;
    Some(Cursor { keys, seq: json.get(0)?.as_i64()? })
}

fn value(json: &Json) -> Option<Value> {
    let Some((kind, value)) = json.as_object().and_then(|map| map.iter().next()) else {
        return json.is_null().then_some(Value::Null);
    };
    Some(match kind.as_str() {
        "b" => Value::Bool(value.as_bool()?),
        "i" => Value::Int(value.as_i64()?),
        "f" => Value::Number(value.as_f64()?),
        "t" => Value::Text(value.as_str()?.to_owned()),
        "d" => Value::Date(value.as_str()?.parse().ok()?),
        "m" => Value::DateTime(value.as_str()?.parse().ok()?),
        "u" => Value::Id(Id::parse(value.as_str()?, "").ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_an_address() {
        let cursor = Cursor {
            keys: vec![
                Value::Null,
                Value::Int(-3),
                Value::Text("é\"&".into()),
                Value::Date(jiff::civil::date(2026, 3, 1)),
                Value::DateTime("2026-03-01T10:00:00.123456Z".parse().unwrap()),
                Value::Id(Id::named("x")),
                Value::Number(1.5),
            ],
            seq: 7,
        };
        assert_eq!(read(&write(&cursor)), Some(cursor));
        assert_eq!(read("[1]"), None);
        assert_eq!(read("{"), None);
    }
}
