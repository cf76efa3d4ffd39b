//! From a cell to a field's value.

use std::borrow::Cow;
use std::collections::HashMap;

use kernel::{Currency, Money, Zone, fold};
use model::{Entry, FieldDef, FieldType, ObjectDef, PersonName, Problem, Schema, Value, from_json};
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value as Json;
use tabular::Cell;
use tabular::value::{self, DateOrder, Moment, NumberFormat};

/// How values are written.
#[derive(Clone, Debug)]
pub(super) struct Formats {
    pub(super) order: DateOrder,
    pub(super) numbers: NumberFormat,
    pub(super) currency: Currency,
    /// In which days and times without a zone are meant.
    pub(super) zone: Zone,
}

/// Reads the cells of one field.
pub(super) struct Converter {
    pub(super) field: FieldDef,
    pub(super) kind: FieldType,
    pub(super) formats: Formats,
    /// What options are called, folded.
    pub(super) choices: HashMap<String, String>,
}

impl Converter {
    /// The value of a cell that is not blank. References are not read here.
    pub(super) fn read(&self, schema: &Schema, object: &ObjectDef, cell: &Cell) -> Result<Value, Problem> {
        if let Cell::Json(json) = cell {
            return from_json(schema, object, &self.field, json);
        }
        let text = cell.to_text();
        let text = text.trim();
        match &self.kind {
            FieldType::Text { .. } | FieldType::AutoNumber { .. } => Ok(Value::Text(line(text).into_owned())),
            FieldType::Choice { .. } => Ok(Value::Text(self.option(text))),
            FieldType::MultiChoice { .. } => Ok(texts(text.split([';', '|', ',']).map(|t| self.option(t.trim())))),
            FieldType::Tags => Ok(texts(text.split([';', '|', ',']).map(|t| line(t.trim()).into_owned()))),
            FieldType::Integer { .. } | FieldType::Rating { .. } => match cell {
                Cell::Int(n) => Ok(Value::Int(*n)),
                _ => self.whole(cell, text),
            },
            FieldType::Number | FieldType::Percent => self.number(cell, text),
            FieldType::Money => self.money(cell, text),
            FieldType::Boolean => match cell {
                Cell::Bool(b) => Ok(Value::Bool(*b)),
                _ => value::parse_bool(text).map(Value::Bool).map_err(|_| self.problem("not-a-boolean", text)),
            },
            FieldType::Date => self.date(cell, text),
            FieldType::DateTime => self.moment(cell, text),
            FieldType::Duration => self.duration(cell, text),
            FieldType::PersonName => Ok(Value::Name(Box::new(PersonName::split(&line(text))))),
            FieldType::Emails | FieldType::Phones | FieldType::Links => self.entries(schema, object, text, ""),
            FieldType::Location => {
                let bad = || self.problem("not-a-location", text);
                let (lat, lon) = text.split_once([',', ';', ' ']).ok_or_else(bad)?;
                let read = |t: &str| t.trim().parse::<f64>().map_err(|_| bad());
                Ok(Value::Location(model::Location { lat: read(lat)?, lon: read(lon)? }))
            }
            FieldType::Json | FieldType::Files => {
                let json: Json = serde_json::from_str(text).map_err(|_| self.problem("not-json", text))?;
                from_json(schema, object, &self.field, &json)
            }
            _ => from_json(schema, object, &self.field, &Json::String(text.to_owned())),
        }
    }

    /// E-mails, phones or links in one cell, with a label.
    pub(super) fn entries(
        &self,
        schema: &Schema,
        object: &ObjectDef,
        text: &str,
        label: &str,
    ) -> Result<Value, Problem> {
        let separators: &[char] =
            if self.kind == FieldType::Links { &[';', '|', '\n', ' '] } else { &[';', '|', ',', '\n'] };
        let list: Vec<Json> = text
            .split(separators)
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(|t| Json::String(t.to_owned()))
            .collect();
        let mut value = from_json(schema, object, &self.field, &Json::Array(list))?;
        if let (Value::Entries(entries), false) = (&mut value, label.is_empty()) {
            entries.iter_mut().for_each(|e: &mut Entry| label.clone_into(&mut e.label));
        }
        Ok(value)
    }

    pub(super) fn problem(&self, key: &str, text: &str) -> Problem {
        Problem::new(&self.field.name, key).text("value", text)
    }

    fn option(&self, text: &str) -> String {
        let known = self.kind.options().is_some_and(|o| o.iter().any(|o| o.value == text));
        if known { text.to_owned() } else { self.choices.get(&fold(text)).cloned().unwrap_or_else(|| text.to_owned()) }
    }

    fn decimal(&self, cell: &Cell, text: &str) -> Option<rust_decimal::Decimal> {
        match cell {
            Cell::Int(n) => Some((*n).into()),
            Cell::Decimal(d) => Some(*d),
            Cell::Float(n) => rust_decimal::Decimal::from_f64_retain(*n).map(|d| d.round_dp(10).normalize()),
            Cell::Text(_) => value::parse_number(text, self.formats.numbers).ok(),
            _ => None,
        }
    }

    fn whole(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let whole = self.decimal(cell, text).filter(|d| d.fract().is_zero()).and_then(|d| d.to_i64());
        whole.map(Value::Int).ok_or_else(|| self.problem("not-an-integer", text))
    }

    fn number(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let number = match cell {
            Cell::Float(n) => Some(*n),
            Cell::Text(_) if self.kind == FieldType::Percent && text.contains('%') => {
                value::parse_percent(text, self.formats.numbers).ok().and_then(|d| d.to_f64())
            }
            _ => self.decimal(cell, text).and_then(|d| d.to_f64()),
        };
        number.filter(|n| n.is_finite()).map(Value::Number).ok_or_else(|| self.problem("not-a-number", text))
    }

    fn money(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let (amount, currency) = match cell {
            Cell::Text(_) => {
                let read =
                    value::parse_money(text, self.formats.numbers).map_err(|_| self.problem("not-an-amount", text))?;
                (read.amount, read.currency)
            }
            _ => (self.decimal(cell, text).ok_or_else(|| self.problem("not-an-amount", text))?, None),
        };
        let currency = match currency {
            Some(code) => code.parse().map_err(|_| self.problem("unknown-currency", code))?,
            None => self.formats.currency,
        };
        Money::new(amount, currency).map(Value::Money).map_err(|_| self.problem("amount-out-of-range", text))
    }

    fn date(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let date = match cell {
            Cell::Date(date) => Some(*date),
            Cell::DateTime(at) => Some(at.date()),
            Cell::Instant(at) => Some(at.to_zoned(self.formats.zone.clone()).date()),
            Cell::Int(_) if self.formats.order != DateOrder::Compact => None,
            // A day written as ISO 8601 has it is never anything else.
            _ => value::parse_date(text, self.formats.order)
                .or_else(|_| value::parse_date(text, DateOrder::YearMonthDay))
                .ok(),
        };
        date.filter(|d| d.year() >= 1).map(Value::Date).ok_or_else(|| self.problem("not-a-date", text))
    }

    fn moment(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let civil = |at: jiff::civil::DateTime| at.to_zoned(self.formats.zone.clone()).ok().map(|z| z.timestamp());
        let at = match cell {
            Cell::Instant(at) => Some(*at),
            Cell::DateTime(at) => civil(*at),
            Cell::Date(date) => civil(date.at(0, 0, 0, 0)),
            Cell::Text(_) => {
                let read = value::parse_datetime(text, self.formats.order);
                match read.or_else(|_| value::parse_datetime(text, DateOrder::YearMonthDay)) {
                    Ok(Moment::Exact(at)) => Some(at),
                    Ok(Moment::Civil(at)) => civil(at),
                    Err(_) => None,
                }
            }
            _ => None,
        };
        let at = at.and_then(|at| jiff::Timestamp::from_microsecond(at.as_microsecond()).ok());
        at.map(Value::DateTime).ok_or_else(|| self.problem("not-a-date-time", text))
    }

    /// A length with its units, or seconds.
    fn duration(&self, cell: &Cell, text: &str) -> Result<Value, Problem> {
        let seconds = self.decimal(cell, text).and_then(|d| d.round().to_i64());
        let seconds = seconds.or_else(|| value::parse_duration(text).ok().map(|d| d.as_secs()));
        seconds.map(Value::Int).ok_or_else(|| self.problem("not-a-duration", text))
    }
}

/// One line without control characters.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text.trim());
    }
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    Cow::Owned(text.trim().to_owned())
}

fn texts(list: impl Iterator<Item = String>) -> Value {
    let mut out: Vec<String> = Vec::new();
    for text in list.filter(|t| !t.is_empty()) {
        if !out.contains(&text) {
            out.push(text);
        }
    }
    if out.is_empty() { Value::Null } else { Value::Texts(out) }
}
