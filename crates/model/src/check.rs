use crate::{FieldDef, FieldType, Problem, Value};

const MAX_LONG_TEXT: usize = 100_000;
const MAX_LIST: usize = 200;
const MAX_JSON: usize = 64 * 1024;

/// Whether a value fits its field's type and bounds. Whether it may be missing is not asked here.
pub fn check(field: &FieldDef, value: &Value) -> Result<(), Problem> {
    let problem = |key: &str| Problem::new(&field.name, key);
    let length = |text: &str, max: usize| {
        if text.len() <= max || text.chars().count() <= max {
            Ok(())
        } else {
            Err(problem("too-long").number("max", max as i64))
        }
    };
    match (&field.kind, value) {
        (_, Value::Null) => Ok(()),
        (FieldType::Text { max }, Value::Text(text)) => length(text, *max as usize),
        (FieldType::LongText, Value::Text(text)) => length(text, MAX_LONG_TEXT),
        (FieldType::AutoNumber { .. }, Value::Text(text)) => length(text, 100),
        (FieldType::Choice { options }, Value::Text(text)) => {
            if options.iter().any(|o| o.value == *text) {
                Ok(())
            } else {
                Err(problem("not-an-option").text("value", text))
            }
        }
        (FieldType::MultiChoice { options }, Value::Texts(texts)) => {
            match texts.iter().find(|text| !options.iter().any(|o| o.value == **text)) {
                None => Ok(()),
                Some(text) => Err(problem("not-an-option").text("value", text)),
            }
        }
        (FieldType::Integer { min, max }, Value::Int(n)) => match (min, max) {
            (Some(min), _) if n < min => Err(problem("too-small").number("min", *min)),
            (_, Some(max)) if n > max => Err(problem("too-great").number("max", *max)),
            _ => Ok(()),
        },
        (FieldType::Rating { max }, Value::Int(n)) => {
            if (1..=i64::from(*max)).contains(n) {
                Ok(())
            } else {
                Err(problem("not-a-rating").number("max", i64::from(*max)))
            }
        }
        (FieldType::Duration, Value::Int(n)) if *n < 0 => Err(problem("too-small").number("min", 0)),
        (FieldType::Tags, Value::Texts(texts)) => {
            if texts.len() > MAX_LIST {
                return Err(problem("too-many").number("max", MAX_LIST as i64));
            }
            texts.iter().try_for_each(|text| length(text, 100))
        }
        (FieldType::Emails | FieldType::Phones | FieldType::Links, Value::Entries(entries)) => {
            if entries.len() > 50 {
                return Err(problem("too-many").number("max", 50));
            }
            entries.iter().try_for_each(|entry| length(&entry.label, 50))
        }
        (FieldType::References { .. }, Value::Ids(ids)) if ids.len() > 1_000 => {
            Err(problem("too-many").number("max", 1_000))
        }
        (FieldType::Files, Value::Files(files)) if files.len() > MAX_LIST => {
            Err(problem("too-many").number("max", MAX_LIST as i64))
        }
        (FieldType::PersonName, Value::Name(name)) => {
            [&name.title, &name.first, &name.middle, &name.last, &name.suffix]
                .iter()
                .try_for_each(|part| length(part, 100))
        }
        (FieldType::Address, Value::Address(address)) => {
            let parts = [
                &address.street,
                &address.street2,
                &address.postcode,
                &address.city,
                &address.region,
                &address.country,
            ];
            parts.iter().try_for_each(|part| length(part, 200))
        }
        (FieldType::Location, Value::Location(place)) => {
            let ok = (-90.0..=90.0).contains(&place.lat) && (-180.0..=180.0).contains(&place.lon);
            if ok { Ok(()) } else { Err(problem("not-a-location")) }
        }
        (FieldType::Json, Value::Json(json)) => {
            if json.to_string().len() > MAX_JSON {
                Err(problem("too-long").number("max", MAX_JSON as i64))
            } else {
                Ok(())
            }
        }
        (kind, value) if fits(kind, value) => Ok(()),
        (kind, _) => Err(problem("wrong-type").text("type", kind.name())),
    }
}

fn fits(kind: &FieldType, value: &Value) -> bool {
    use FieldType as T;
    matches!(
        (kind, value),
        (T::Number | T::Percent, Value::Number(_))
            | (T::Money, Value::Money(_))
            | (T::Boolean, Value::Bool(_))
            | (T::Date, Value::Date(_))
            | (T::DateTime, Value::DateTime(_))
            | (T::Duration, Value::Int(_))
            | (T::Reference { .. } | T::User, Value::Id(_))
            | (T::References { .. }, Value::Ids(_))
            | (T::Polymorphic { .. }, Value::Ref(_))
            | (T::Files, Value::Files(_))
            | (T::Formula { .. } | T::Rollup(_), _)
    )
}
