use model::Problem;
use serde_json::{Number, Value as Json, json};

use crate::failure::Failure;

/// A type that a shown value is turned into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cast {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Moment,
    Json,
}

impl Cast {
    /// Reads PostgreSQL's name of a type.
    pub(crate) fn read(name: &str) -> Result<Cast, Failure> {
        Ok(match name.trim().to_ascii_lowercase().as_str() {
            "text" | "varchar" | "char" | "bpchar" | "character varying" => Cast::Text,
            "int" | "integer" | "int2" | "int4" | "int8" | "smallint" | "bigint" => Cast::Integer,
            "float" | "float4" | "float8" | "real" | "double precision" | "numeric" | "decimal" => Cast::Number,
            "bool" | "boolean" => Cast::Boolean,
            "date" => Cast::Date,
            "timestamp" | "timestamptz" => Cast::Moment,
            "json" | "jsonb" => Cast::Json,
            _ => {
                return Err(Failure::query(Problem::new("", "no-such-cast").text("name", name)).named("42704"));
            }
        })
    }

    /// The value in this type; null when it has no such form.
    pub(crate) fn apply(self, json: Json) -> Json {
        let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        let number = |json: &Json| match json {
            Json::Number(n) => n.as_f64(),
            Json::Bool(b) => Some(f64::from(u8::from(*b))),
            Json::Object(map) => map.get("amount").and_then(Json::as_f64),
            other => other.as_str()?.trim().parse().ok(),
        };
        match (self, json) {
            (_, Json::Null) => Json::Null,
            (Cast::Json, json) => json,
            (Cast::Text, json) => Json::String(text(&json)),
            (Cast::Integer, json) => match json.as_i64() {
                Some(n) => json!(n),
                // PostgreSQL rounds halves to even.
                None => {
                    number(&json).filter(|n| n.abs() < 9e18).map_or(Json::Null, |n| json!(n.round_ties_even() as i64))
                }
            },
            (Cast::Number, json) => number(&json).and_then(Number::from_f64).map_or(Json::Null, Json::Number),
            (Cast::Boolean, json) => match text(&json).to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "on" | "1" => Json::Bool(true),
                "false" | "f" | "no" | "off" | "0" => Json::Bool(false),
                _ => Json::Null,
            },
            (Cast::Date, json) => {
                let day = text(&json).get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
                day.map_or(Json::Null, |day| Json::String(day.to_string()))
            }
            (Cast::Moment, json) => {
                let text = text(&json);
                let day = || {
                    text.parse::<jiff::civil::Date>()
                        .ok()?
                        .to_zoned(jiff::tz::TimeZone::UTC)
                        .ok()
                        .map(|z| z.timestamp())
                };
                let at = text.parse::<jiff::Timestamp>().ok().or_else(day);
                at.map_or(Json::Null, |at| Json::String(at.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_other_types_or_none() {
        let cast = |name: &str, json: Json| Cast::read(name).unwrap().apply(json).to_string();
        assert_eq!(cast("text", json!(12.5)), "\"12.5\"");
        assert_eq!(cast("int", json!({"amount": 2.5, "currency": "EUR"})), "2");
        assert_eq!(cast("numeric", json!("1.25")), "1.25");
        assert_eq!(cast("date", json!("2026-03-01T10:00:00Z")), "\"2026-03-01\"");
        assert_eq!(cast("timestamptz", json!("2026-03-01")), "\"2026-03-01T00:00:00Z\"");
        assert_eq!(cast("bool", json!("maybe")), "null");
        assert!(Cast::read("point").is_err());
    }
}
