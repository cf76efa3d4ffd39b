//! What controls post, read into values; and values, written as controls would post them.

use jiff::civil;
use kernel::{Locale, Zone};
use model::{FieldDef, FieldType, ObjectDef, Problem, Schema, Value, from_json, to_json};
use serde_json::{Value as Json, json};

use crate::form::Pairs;
use crate::names::Names;
use crate::visit::Visit;

/// Reads what a field's control posted.
pub(crate) fn read(visit: &Visit, object: &ObjectDef, field: &FieldDef, pairs: &Pairs) -> Result<Value, Problem> {
    let schema = visit.space.schema();
    let json = form(field, pairs, visit.ctx.locale, &visit.ctx.zone)?;
    from_json(&schema, object, field, &json)
}

/// The JSON form of what a control posted.
fn form(field: &FieldDef, pairs: &Pairs, locale: Locale, zone: &Zone) -> Result<Json, Problem> {
    let name = field.name.as_str();
    let part = |part: &str| pairs.text(&format!("{name}.{part}")).to_owned();
    let text = pairs.text(name);
    let fail = |key: &str, value: &str| Problem::new(&field.name, key).text("value", value);
    Ok(match &field.kind {
        FieldType::Integer { .. } | FieldType::Rating { .. } => match plain_number(text, locale) {
            n if n.is_empty() || (n == "0" && matches!(field.kind, FieldType::Rating { .. })) => Json::Null,
            n => n.parse::<i64>().map(|n| json!(n)).map_err(|_| fail("not-an-integer", text))?,
        },
        FieldType::Number | FieldType::Percent => match plain_number(text.trim_end_matches('%'), locale) {
            n if n.is_empty() => Json::Null,
            n => n.parse::<f64>().map(|n| json!(n)).map_err(|_| fail("not-a-number", text))?,
        },
        FieldType::Money => match plain_number(&part("amount"), locale) {
            amount if amount.is_empty() => Json::Null,
            amount => json!({ "amount": amount, "currency": part("currency") }),
        },
        FieldType::Boolean => json!(text == "true"),
        FieldType::DateTime if text.is_empty() => Json::Null,
        FieldType::DateTime => {
            let local: civil::DateTime = text.parse().map_err(|_| fail("not-a-date-time", text))?;
            let at = local.to_zoned(zone.clone()).map_err(|_| fail("not-a-date-time", text))?;
            json!(at.timestamp().to_string())
        }
        FieldType::Duration => match (part("hours"), part("minutes")) {
            (hours, minutes) if hours.is_empty() && minutes.is_empty() => Json::Null,
            (hours, minutes) => {
                let whole = |t: &str| {
                    if t.is_empty() { Ok(0) } else { t.parse::<i64>().map_err(|_| fail("not-an-integer", t)) }
                };
                json!(whole(&hours)?.saturating_mul(3600).saturating_add(whole(&minutes)?.saturating_mul(60)))
            }
        },
        FieldType::MultiChoice { .. } | FieldType::References { .. } => list(pairs, name).into(),
        FieldType::Tags => {
            let mut tags = list(pairs, name);
            // What was typed last and not confirmed by Enter counts too.
            tags.extend(part("text").split(',').map(str::trim).filter(|t| !t.is_empty()).map(Json::from));
            tags.into()
        }
        FieldType::PersonName | FieldType::Address => {
            let parts = field.kind.parts().iter().map(|p| {
                let posted = if *p == "street2" { part("street_2") } else { part(p) };
                ((*p).to_owned(), Json::String(posted))
            });
            Json::Object(parts.collect())
        }
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            let (values, labels) = (format!("{name}.value"), format!("{name}.label"));
            let labels: Vec<&str> = pairs.all(&labels).collect();
            let entries = pairs.all(&values).enumerate();
            entries.map(|(i, v)| json!({ "value": v, "label": labels.get(i).copied().unwrap_or_default() })).collect()
        }
        FieldType::Location => {
            match (plain_number(&part("latitude"), locale), plain_number(&part("longitude"), locale)) {
                (lat, lon) if lat.is_empty() && lon.is_empty() => Json::Null,
                (lat, lon) => {
                    let degrees = |t: &str| t.parse::<f64>().map_err(|_| fail("not-a-location", t));
                    json!({ "lat": degrees(&lat)?, "lon": degrees(&lon)? })
                }
            }
        }
        FieldType::Json if text.is_empty() => Json::Null,
        FieldType::Json => serde_json::from_str(text).map_err(|_| fail("not-json", text))?,
        FieldType::LongText => json!(pairs.get(name).unwrap_or_default()),
        _ => json!(text),
    })
}

fn list(pairs: &Pairs, name: &str) -> Vec<Json> {
    pairs.all(name).map(str::trim).filter(|v| !v.is_empty()).map(Json::from).collect()
}

/// A number as programs write it, from how the reader writes it.
pub(crate) fn plain_number(text: &str, locale: Locale) -> String {
    let text: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}' && *c != '\u{a0}' && *c != '\'').collect();
    let text = text.replace('−', "-");
    match locale {
        // A single point is a decimal one even for a French reader: number pads have no comma.
        Locale::Fr if text.contains(',') => text.replace('.', "").replace(',', "."),
        Locale::Fr => text,
        Locale::En => text.replace(',', ""),
    }
}

/// A value as its control would post it, so that stored and entered values take one way to the screen.
pub(crate) fn write(visit: &Visit, object: &ObjectDef, field: &FieldDef, value: &Value, names: &Names) -> Pairs {
    let schema = visit.space.schema();
    let name = field.name.as_str();
    let at = |part: &str| format!("{name}.{part}");
    let mut pairs = Pairs::default();
    let format = visit.format();
    match value {
        Value::Null => {}
        Value::Bool(on) => pairs.push(name, on.to_string()),
        Value::Int(n) if matches!(field.kind, FieldType::Duration) => {
            pairs.push(at("hours"), (n / 3600).to_string());
            pairs.push(at("minutes"), (n % 3600 / 60).to_string());
        }
        Value::Int(n) if matches!(field.kind, FieldType::Rating { .. }) => pairs.push(name, n.to_string()),
        Value::Int(n) => pairs.push(name, format.integer(*n)),
        Value::Number(n) => pairs.push(name, format.number(*n)),
        Value::Text(text) => pairs.push(name, text),
        Value::Date(date) => pairs.push(name, date.to_string()),
        Value::DateTime(at) => {
            let local = at.to_zoned(visit.ctx.zone.clone());
            pairs.push(name, local.strftime("%Y-%m-%dT%H:%M").to_string());
        }
        Value::Money(money) => {
            pairs.push(at("amount"), format.decimal(money.amount()));
            pairs.push(at("currency"), money.currency().as_str());
        }
        Value::Id(id) => {
            pairs.push(name, typed(&schema, object, field, value));
            pairs.push(at("text"), names.get(*id).unwrap_or_default());
        }
        Value::Ref(r) => {
            pairs.push(name, typed(&schema, object, field, value));
            pairs.push(at("text"), names.get(r.id).unwrap_or_default());
            pairs.push(at("kind"), r.object.as_str());
        }
        Value::Ids(_) => {
            if let Json::Array(ids) = to_json(&schema, object, field, value) {
                ids.iter().filter_map(Json::as_str).for_each(|id| pairs.push(name, id));
            }
        }
        Value::Texts(texts) => texts.iter().for_each(|t| pairs.push(name, t)),
        Value::Name(person) => {
            field.kind.parts().iter().for_each(|p| pairs.push(at(p), person.part(p).unwrap_or_default()));
        }
        Value::Entries(entries) => {
            for entry in entries {
                pairs.push(at("value"), &entry.value);
                pairs.push(at("label"), &entry.label);
            }
        }
        Value::Address(address) => {
            for part in field.kind.parts() {
                let posted = if *part == "street2" { "street_2" } else { part };
                pairs.push(at(posted), address.part(part).unwrap_or_default());
            }
        }
        Value::Location(place) => {
            pairs.push(at("latitude"), format.number(place.lat));
            pairs.push(at("longitude"), format.number(place.lon));
        }
        Value::Files(files) => {
            for file in files {
                pairs.push(at("keep"), file.id.typed("fil"));
            }
        }
        Value::Json(json) => pairs.push(name, serde_json::to_string_pretty(json).unwrap_or_default()),
    }
    pairs
}

/// The written form of a reference's identifier.
pub(crate) fn typed(schema: &Schema, object: &ObjectDef, field: &FieldDef, value: &Value) -> String {
    to_json(schema, object, field, value).as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Ident;

    #[test]
    fn numbers_are_read_as_the_reader_writes_them() {
        for (text, locale, expected) in [
            ("1\u{202f}234,50", Locale::Fr, "1234.50"),
            ("1.234,50", Locale::Fr, "1234.50"),
            ("12.5", Locale::Fr, "12.5"),
            ("1,234.50", Locale::En, "1234.50"),
            ("−3", Locale::En, "-3"),
        ] {
            assert_eq!(plain_number(text, locale), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_was_entered() {
        let field = FieldDef::new(Ident::of("size"), FieldType::Integer { min: None, max: None });
        let pairs = Pairs(vec![("size".into(), "many".into())]);
        let problem = form(&field, &pairs, Locale::En, &Zone::UTC).unwrap_err();
        assert_eq!((problem.key.as_str(), problem.field.as_str()), ("not-an-integer", "size"));
        assert_eq!(problem.args, vec![("value".to_owned(), model::Arg::Text("many".into()))]);
    }

    #[test]
    fn moments_are_entered_in_the_reader_s_zone() {
        let field = FieldDef::new(Ident::of("due_at"), FieldType::DateTime);
        let pairs = Pairs(vec![("due_at".into(), "2026-07-01T09:00".into())]);
        let zone = Zone::get("Europe/Paris").unwrap();
        assert_eq!(form(&field, &pairs, Locale::Fr, &zone), Ok(json!("2026-07-01T07:00:00Z")));
    }
}
