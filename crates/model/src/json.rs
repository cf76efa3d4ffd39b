//! The JSON form of every type: what the API reads and writes.

use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Id, Money};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::{Value as Json, json};

use crate::{
    Address, Entry, FieldDef, FieldType, FileRef, Location, ObjectDef, PersonName, Problem, Ref, Scalar, Schema, Value,
    normalise_phone,
};

/// Reads a field's JSON form. Wrong types are errors, never guesses; empty texts and lists are nothing.
pub fn from_json(schema: &Schema, object: &ObjectDef, field: &FieldDef, json: &Json) -> Result<Value, Problem> {
    let refused = |key: &str, written: String| Problem::new(&field.name, key).text("value", written);
    let fail = |key: &str| refused(key, json.as_str().map_or_else(|| json.to_string(), str::to_owned));
    if json.is_null() || json.as_str().is_some_and(|s| s.trim().is_empty()) {
        return Ok(Value::Null);
    }
    let id = |to: &str, json: &Json| -> Result<Id, Problem> {
        let target = if to == "self" { object } else { schema.object(to).ok_or_else(|| fail("unknown-object"))? };
        let text = json.as_str().ok_or_else(|| fail("not-an-id"))?;
        Id::parse(text, target.prefix.as_str()).map_err(|_| fail("not-an-id"))
    };
    match schema.effective(object, field) {
        FieldType::Text { .. } | FieldType::LongText | FieldType::Choice { .. } | FieldType::AutoNumber { .. } => {
            match json {
                Json::String(text) => Ok(Value::Text(clean(text, matches!(field.kind, FieldType::LongText)))),
                Json::Number(n) => Ok(Value::Text(n.to_string())),
                _ => Err(fail("not-a-text")),
            }
        }
        FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. } => {
            integer(json).map(Value::Int).ok_or_else(|| fail("not-an-integer"))
        }
        FieldType::Number | FieldType::Percent => json
            .as_f64()
            .or_else(|| json.as_str()?.trim().parse().ok())
            .filter(|n: &f64| n.is_finite())
            .map(Value::Number)
            .ok_or_else(|| fail("not-a-number")),
        FieldType::Money => read_money(json).map_err(fail),
        FieldType::Boolean => match json {
            Json::Bool(b) => Ok(Value::Bool(*b)),
            Json::String(s) if s == "true" => Ok(Value::Bool(true)),
            Json::String(s) if s == "false" => Ok(Value::Bool(false)),
            _ => Err(fail("not-a-boolean")),
        },
        FieldType::Date => json
            .as_str()
            .and_then(|s| s.trim().parse::<Date>().ok())
            .filter(|d| d.year() >= 1)
            .map(Value::Date)
            .ok_or_else(|| fail("not-a-date")),
        FieldType::DateTime => {
            json.as_str().and_then(moment).map(Value::DateTime).ok_or_else(|| fail("not-a-date-time"))
        }
        FieldType::MultiChoice { .. } | FieldType::Tags => {
            let list = json.as_array().ok_or_else(|| fail("not-a-list"))?;
            let mut texts: Vec<String> = Vec::with_capacity(list.len());
            for item in list {
                let text = clean(item.as_str().ok_or_else(|| fail("not-a-text"))?, false);
                if !text.is_empty() && !texts.contains(&text) {
                    texts.push(text);
                }
            }
            Ok(if texts.is_empty() { Value::Null } else { Value::Texts(texts) })
        }
        FieldType::PersonName => {
            let name = match json {
                Json::String(text) => PersonName::split(text),
                Json::Object(map) if map.keys().all(|k| k == "full" || field.kind.parts().contains(&k.as_str())) => {
                    let part = |k: &str| map.get(k).and_then(Json::as_str).map(|t| clean(t, false)).unwrap_or_default();
                    PersonName {
                        title: part("title"),
                        first: part("first"),
                        middle: part("middle"),
                        last: part("last"),
                        suffix: part("suffix"),
                    }
                }
                _ => return Err(fail("not-a-person-name")),
            };
            Ok(if name.is_empty() { Value::Null } else { Value::Name(Box::new(name)) })
        }
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            read_entries(&field.kind, json).map_err(|(key, written)| refused(key, written))
        }
        FieldType::Address => match json {
            Json::Object(map) if map.keys().all(|k| k == "line" || field.kind.parts().contains(&k.as_str())) => {
                let part = |k: &str| map.get(k).and_then(Json::as_str).map(|t| clean(t, false)).unwrap_or_default();
                let address = Address {
                    street: part("street"),
                    street2: part("street2"),
                    postcode: part("postcode"),
                    city: part("city"),
                    region: part("region"),
                    country: part("country"),
                };
                Ok(if address.is_empty() { Value::Null } else { Value::Address(Box::new(address)) })
            }
            Json::String(text) => {
                Ok(Value::Address(Box::new(Address { street: clean(text, false), ..Address::default() })))
            }
            _ => Err(fail("not-an-address")),
        },
        FieldType::Reference { to, .. } => id(to.as_str(), json).map(Value::Id),
        FieldType::User => id("user", json).map(Value::Id),
        FieldType::References { to } => {
            let list = json.as_array().ok_or_else(|| fail("not-a-list"))?;
            let mut ids = Vec::with_capacity(list.len());
            for item in list {
                let id = id(to.as_str(), item)?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            Ok(if ids.is_empty() { Value::Null } else { Value::Ids(ids) })
        }
        FieldType::Polymorphic { to } => {
            let text = json.as_str().ok_or_else(|| fail("not-an-id"))?;
            let Ok((Some(prefix), id)) = Id::parse_any(text) else { return Err(fail("not-an-id")) };
            let target = schema.by_prefix(prefix).ok_or_else(|| fail("not-an-id"))?;
            if !to.is_empty() && !to.contains(&target.name) {
                return Err(fail("wrong-target"));
            }
            Ok(Value::Ref(Ref { object: target.name.clone(), id }))
        }
        FieldType::Files => {
            let files: Vec<FileRef> = serde_json::from_value(json.clone()).map_err(|_| fail("not-files"))?;
            Ok(if files.is_empty() { Value::Null } else { Value::Files(files) })
        }
        FieldType::Location => {
            let place: Location = serde_json::from_value(json.clone()).map_err(|_| fail("not-a-location"))?;
            Ok(Value::Location(place))
        }
        FieldType::Json => Ok(Value::Json(Box::new(json.clone()))),
        FieldType::Formula { .. } | FieldType::Rollup(_) => Err(fail("computed")),
    }
}

/// Writes a field's JSON form.
pub fn to_json(schema: &Schema, object: &ObjectDef, field: &FieldDef, value: &Value) -> Json {
    let prefix = |to: &str| {
        if to == "self" {
            object.prefix.to_string()
        } else {
            schema.object(to).map_or_else(String::new, |o| o.prefix.to_string())
        }
    };
    match (&field.kind, value) {
        (FieldType::Reference { to, .. }, Value::Id(id)) => Json::String(id.typed(&prefix(to.as_str()))),
        (FieldType::User, Value::Id(id)) => Json::String(id.typed(&prefix("user"))),
        (FieldType::References { to }, Value::Ids(ids)) => {
            let prefix = prefix(to.as_str());
            ids.iter().map(|id| Json::String(id.typed(&prefix))).collect()
        }
        (FieldType::References { .. } | FieldType::Tags | FieldType::MultiChoice { .. }, Value::Null) => {
            Json::Array(Vec::new())
        }
        (FieldType::Emails | FieldType::Phones | FieldType::Links | FieldType::Files, Value::Null) => {
            Json::Array(Vec::new())
        }
        (_, Value::Ref(r)) => Json::String(r.id.typed(&prefix(r.object.as_str()))),
        (FieldType::Formula { result: Scalar::Integer, .. }, Value::Number(n)) => json!(*n as i64),
        _ => plain(value),
    }
}

/// The JSON form of a value without its definition: identifiers are bare UUIDs.
pub(crate) fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(n) => json!(n),
        Value::Number(n) => json!(n),
        Value::Text(text) => Json::String(text.clone()),
        Value::Date(date) => Json::String(date.to_string()),
        Value::DateTime(at) => Json::String(at.to_string()),
        Value::Money(money) => json!({ "amount": decimal(money.amount()), "currency": money.currency().as_str() }),
        Value::Id(id) => Json::String(id.to_string()),
        Value::Ref(r) => json!({ "object": r.object.as_str(), "id": r.id.to_string() }),
        Value::Ids(ids) => ids.iter().map(|id| Json::String(id.to_string())).collect(),
        Value::Texts(texts) => json!(texts),
        Value::Name(name) => {
            let mut map = json!(name);
            map["full"] = Json::String(name.full());
            map
        }
        Value::Entries(entries) => json!(entries),
        Value::Address(address) => json!(address),
        Value::Location(place) => json!(place),
        Value::Files(files) => json!(files),
        Value::Json(json) => (**json).clone(),
    }
}

fn decimal(amount: Decimal) -> Json {
    amount
        .to_i64()
        .filter(|n| Decimal::from(*n) == amount)
        .map(|n| json!(n))
        .or_else(|| amount.to_f64().map(|n| json!(n)))
        .unwrap_or_else(|| Json::String(amount.to_string()))
}

fn integer(json: &Json) -> Option<i64> {
    match json {
        Json::Number(n) => {
            n.as_i64().or_else(|| n.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64))
        }
        Json::String(s) => s.trim().parse().ok(),
        _ => None,
    }
}

/// RFC 3339, with `Z` or an offset; to the microsecond.
fn moment(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.trim().parse().ok()?;
    Timestamp::from_microsecond(at.as_microsecond())
        .ok()
        .filter(|t| *t >= "0001-01-01T00:00:00Z".parse().expect("a date"))
}

fn read_money(json: &Json) -> Result<Value, &'static str> {
    let (amount, currency) = match json {
        Json::Object(map) if map.keys().all(|k| k == "amount" || k == "currency") => {
            (map.get("amount").unwrap_or(&Json::Null), map.get("currency").and_then(Json::as_str))
        }
        other => (other, None),
    };
    let amount: Decimal = match amount {
        Json::Null => return Ok(Value::Null),
        Json::Number(n) => {
            let text = n.to_string();
            text.parse().or_else(|_| Decimal::from_scientific(&text)).map_err(|_| "not-an-amount")?
        }
        Json::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Json::String(text) => text.trim().parse().map_err(|_| "not-an-amount")?,
        _ => return Err("not-an-amount"),
    };
    let currency = match currency {
        None | Some("") => Currency::EUR,
        Some(code) => code.parse().map_err(|_| "unknown-currency")?,
    };
    Money::new(amount, currency).map(Value::Money).map_err(|_| "amount-out-of-range")
}

/// Errors with what is wrong, and the entry of which it is so as it was written.
fn read_entries(kind: &FieldType, json: &Json) -> Result<Value, (&'static str, String)> {
    let one = |json: &Json| -> Result<Entry, (&'static str, String)> {
        match json {
            Json::String(value) => Ok(Entry { value: value.clone(), label: String::new() }),
            other => serde_json::from_value(other.clone()).map_err(|_| ("not-a-list", other.to_string())),
        }
    };
    let list = match json {
        Json::Array(list) => list.iter().map(one).collect::<Result<Vec<_>, _>>()?,
        other => vec![one(other)?],
    };
    let mut entries: Vec<Entry> = Vec::with_capacity(list.len());
    for mut entry in list {
        let value = entry.value.trim();
        if value.is_empty() {
            continue;
        }
        let wrong = |key| (key, value.to_owned());
        entry.value = match kind {
            FieldType::Emails => normalise_email(value).ok_or_else(|| wrong("not-an-email"))?,
            FieldType::Phones => normalise_phone(value).ok_or_else(|| wrong("not-a-phone"))?,
            _ => link(value).ok_or_else(|| wrong("not-a-link"))?,
        };
        if !entries.iter().any(|e| e.value == entry.value) {
            entries.push(entry);
        }
    }
    Ok(if entries.is_empty() { Value::Null } else { Value::Entries(entries) })
}

/// An e-mail address in the one form in which it is kept: trimmed, in lower case; `None` when it is none.
pub fn normalise_email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let bad = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')' | '\\' | '[' | ']')
    };
    let labels = domain.split('.').collect::<Vec<_>>();
    let ok = !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && !text.chars().any(bad)
        && !local.contains('@')
        && !local.starts_with('.')
        && !local.ends_with('.')
        && labels.len() > 1
        && labels.iter().all(|l| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-'));
    ok.then_some(text)
}

/// A web address; without a scheme it is taken for https. Schemes that run code are refused.
fn link(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let has_scheme = lower.starts_with("http://") || lower.starts_with("https://");
    if text.len() > 2_000 || text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"')) {
        return None;
    }
    if has_scheme {
        return (text.len() > lower.find("//")? + 2).then(|| text.to_owned());
    }
    let host = text.split(['/', '?', '#']).next()?;
    (host.contains('.') && !host.contains(':') && !host.contains('@')).then(|| format!("https://{text}"))
}

/// Without control characters (line ends kept in long texts) and outer spaces.
fn clean(text: &str, lines: bool) -> String {
    let keep = |c: &char| !c.is_control() || (lines && matches!(c, '\n' | '\t'));
    let text = if lines { text.replace("\r\n", "\n") } else { text.replace(['\n', '\r', '\t'], " ") };
    text.chars().filter(keep).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_run_code_are_refused() {
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("data:text/html,x"), None);
        assert_eq!(link("www.exemple.example/a"), Some("https://www.exemple.example/a".into()));
        assert_eq!(link("HTTP://x.example"), Some("HTTP://x.example".into()));
        assert_eq!(link("http://"), None);
    }

    #[test]
    fn addresses_that_cannot_receive_mail_are_refused() {
        assert_eq!(normalise_email("Jean.Dupont@Exemple.FR").as_deref(), Some("jean.dupont@exemple.fr"));
        for bad in ["a@b", "@b.c", "a b@c.d", "a@@b.c", "a@b..c", "a@-b.c", "<a@b.c>"] {
            assert_eq!(normalise_email(bad), None, "{bad}");
        }
    }

    #[test]
    fn money_is_exact_and_needs_a_known_currency() {
        assert_eq!(
            read_money(&json!({"amount": "10.10", "currency": "USD"})),
            Ok(Value::Money(Money::from_units(101_000, Currency::USD)))
        );
        assert_eq!(read_money(&json!(1.5)), Ok(Value::Money(Money::from_units(15_000, Currency::EUR))));
        assert_eq!(read_money(&json!({"amount": 1, "currency": "ZZZ"})), Err("unknown-currency"));
        assert_eq!(read_money(&json!({"amount": true})), Err("not-an-amount"));
        assert_eq!(read_money(&json!(1e300)), Err("not-an-amount"));
    }
}
