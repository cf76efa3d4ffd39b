use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde_json::Value;

/// One value of a table, as typed as its format allows: CSV knows only text, Parquet knows nearly everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing was written: an empty unquoted CSV cell, an absent JSON key, an empty spreadsheet cell.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary floating-point number; never used for money that comes from a typed decimal column.
    Float(f64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text, possibly empty (a quoted empty CSV cell).
    Text(String),
    /// A calendar date.
    Date(Date),
    /// A date and a time of day without a time zone.
    DateTime(DateTime),
    /// A moment on the time line.
    Instant(Timestamp),
    /// A list or an object, from JSON or nested Parquet columns.
    Json(Value),
}

impl Cell {
    /// Whether the cell holds nothing a person would see: null, or text of white space only.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell as text: dates in ISO 8601, instants in UTC, numbers with a point, lists and objects as compact JSON,
    /// null as the empty text.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(true) => Cow::Borrowed("true"),
            Self::Bool(false) => Cow::Borrowed("false"),
            other => Cow::Owned(other.to_string()),
        }
    }

    /// An estimate of the memory the cell holds, in bytes.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Json(value) => json_weight(value),
            _ => 16,
        }
    }
}

fn json_weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 16 + text.len(),
        Value::Array(items) => 16 + items.iter().map(json_weight).sum::<usize>(),
        Value::Object(map) => 16 + map.iter().map(|(key, value)| key.len() + json_weight(value)).sum::<usize>(),
        _ => 16,
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
            Self::Date(value) => value.fmt(f),
            Self::DateTime(value) => value.fmt(f),
            Self::Instant(value) => value.fmt(f),
            Self::Json(value) => value.fmt(f),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_plain_text() {
        let cells = [
            Cell::Null,
            Cell::Bool(true),
            Cell::Int(-3),
            Cell::Float(1.5),
            Cell::Decimal("12.50".parse().unwrap()),
            Cell::Date("2026-03-01".parse().unwrap()),
            Cell::DateTime("2026-03-01T08:30:00".parse().unwrap()),
            Cell::Instant("2026-03-01T08:30:00Z".parse().unwrap()),
            Cell::Json(serde_json::json!(["a", 1])),
        ];
        let texts: Vec<_> = cells.iter().map(Cell::to_text).collect();
        insta::assert_snapshot!(texts.join(" | "), @r#" | true | -3 | 1.5 | 12.50 | 2026-03-01 | 2026-03-01T08:30:00 | 2026-03-01T08:30:00Z | ["a",1]"#);
    }
}
