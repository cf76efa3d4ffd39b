use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use model::{Entry, FileRef, Scalar, Value};
use rust_decimal::prelude::ToPrimitive;

use super::FormulaError;

/// A value during evaluation. Composite values stay in the record and are read part by part.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(Cow<'a, str>),
    Date(Date),
    Moment(Timestamp),
    /// Money, a person's name, an address or a place.
    Composite(&'a Value),
    /// E-mails, phones or links.
    Entries(&'a [Entry]),
    Entry(&'a Entry),
    File(&'a FileRef),
    /// A polymorphic reference: the object and the written identifier.
    Reference(&'a str, String),
    List(Vec<Val<'a>>),
    Json(&'a serde_json::Value),
}

impl<'a> Val<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Val<'a> {
        Val::Text(text.into())
    }

    /// What messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Bool(_) => "a yes/no",
            Val::Int(_) => "a whole number",
            Val::Number(_) => "a number",
            Val::Text(_) => "a text",
            Val::Date(_) => "a day",
            Val::Moment(_) => "a moment",
            Val::Composite(Value::Money(_)) => "an amount of money",
            Val::Composite(Value::Name(_)) => "a person’s name",
            Val::Composite(Value::Address(_)) => "an address",
            Val::Composite(_) => "a place",
            Val::Entries(_) | Val::List(_) => "a list",
            Val::Entry(_) => "an e-mail, phone or link",
            Val::File(_) => "a file",
            Val::Reference(..) => "a reference",
            Val::Json(_) => "a JSON value",
        }
    }

    /// A part by its name; null for a part of null.
    pub(super) fn part(&self, part: &str) -> Result<Val<'a>, FormulaError> {
        let unknown = |parts| Err(FormulaError::UnknownPart { part: part.to_owned(), of: self.kind(), parts });
        Ok(match self {
            Val::Null => Val::Null,
            Val::Composite(value) => match (value, part) {
                (Value::Money(money), "amount") => Val::Number(money.amount().to_f64().unwrap_or_default()),
                (Value::Money(money), "currency") => Val::text(money.currency().as_str().to_owned()),
                (Value::Money(_), _) => return unknown("amount, currency"),
                (Value::Name(name), "full") => filled(name.full()),
                (Value::Name(name), _) => match name.part(part) {
                    Some(text) => filled(text),
                    None => return unknown("full, title, first, middle, last, suffix"),
                },
                (Value::Address(address), "line") => filled(address.line()),
                (Value::Address(address), _) => match address.part(part) {
                    Some(text) => filled(text),
                    None => return unknown("line, street, street2, postcode, city, region, country"),
                },
                (Value::Location(place), "lat") => Val::Number(place.lat),
                (Value::Location(place), "lon") => Val::Number(place.lon),
                _ => return unknown("lat, lon"),
            },
            Val::Entries(list) if part == "primary" => list.first().map_or(Val::Null, |e| filled(e.value.as_str())),
            Val::Entries(_) => return unknown("primary, or an element as in [0].value"),
            Val::Entry(entry) => match part {
                "value" => filled(entry.value.as_str()),
                "label" => filled(entry.label.as_str()),
                _ => return unknown("value, label"),
            },
            Val::File(file) => match part {
                "name" => filled(file.name.as_str()),
                "type" => filled(file.media.as_str()),
                "size" => Val::Int(i64::try_from(file.size).unwrap_or(i64::MAX)),
                _ => return unknown("name, type, size"),
            },
            Val::Reference(object, id) => match part {
                "object" => Val::text(*object),
                "id" => Val::text(id.clone()),
                _ => return unknown("object, id"),
            },
            Val::Json(json) => json.get(part).map_or(Val::Null, of_json),
            _ => return unknown("no parts"),
        })
    }

    /// The elements; `None` for what is no list.
    pub(super) fn elements(self) -> Option<Vec<Val<'a>>> {
        match self {
            Val::List(list) => Some(list),
            Val::Entries(list) => Some(list.iter().map(Val::Entry).collect()),
            Val::Json(serde_json::Value::Array(list)) => Some(list.iter().map(of_json).collect()),
            _ => None,
        }
    }

    /// Whether there is nothing: null, an empty text or list.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Val::Null => true,
            Val::Text(text) => text.trim().is_empty(),
            Val::Composite(value) => value.is_empty(),
            Val::Entries(list) => list.is_empty(),
            Val::List(list) => list.is_empty(),
            Val::Json(serde_json::Value::Array(list)) => list.is_empty(),
            Val::Json(serde_json::Value::Object(map)) => map.is_empty(),
            _ => false,
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Val::Int(n) => Some(*n as f64),
            Val::Number(n) => Some(*n),
            _ => None,
        }
    }

    /// The day: a moment counts as its day in `zone`.
    pub(super) fn day(&self, zone: &TimeZone) -> Option<Date> {
        match self {
            Val::Date(day) => Some(*day),
            Val::Moment(at) => Some(at.to_zoned(zone.clone()).date()),
            _ => None,
        }
    }

    /// CEL's equality: numbers by value, different types are different.
    pub(super) fn equals(&self, other: &Val, zone: &TimeZone) -> bool {
        match (self, other) {
            (Val::Null, Val::Null) => true,
            (Val::Reference(_, id), Val::Text(text)) | (Val::Text(text), Val::Reference(_, id)) => {
                id.as_str() == text.as_ref()
            }
            (Val::List(a), Val::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b, zone)),
            (Val::Null, _) | (_, Val::Null) => false,
            _ => match self.order(other, zone) {
                Some(order) => order == Ordering::Equal,
                None => self == other,
            },
        }
    }

    /// The order of two values of comparable types.
    pub(super) fn order(&self, other: &Val, zone: &TimeZone) -> Option<Ordering> {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => Some(a.cmp(b)),
            (Val::Text(a), Val::Text(b)) => Some(a.cmp(b)),
            (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
            (Val::Moment(a), Val::Moment(b)) => Some(a.cmp(b)),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.partial_cmp(&b),
                _ => Some(self.day(zone)?.cmp(&other.day(zone)?)),
            },
        }
    }

    /// The record's value of the type that a formula declares.
    pub(super) fn coerce(self, result: Scalar, zone: &TimeZone) -> Result<Value, FormulaError> {
        let found = self.kind();
        let wrong = |expected| FormulaError::Result { expected, found };
        Ok(match (result, self) {
            (_, Val::Null) => Value::Null,
            (Scalar::Text, Val::Text(text)) if text.is_empty() => Value::Null,
            (Scalar::Text, Val::Text(text)) => Value::Text(text.into_owned()),
            (Scalar::Text, Val::Reference(_, id)) => Value::Text(id),
            (Scalar::Integer, Val::Int(n)) => Value::Int(n),
            (Scalar::Integer, Val::Number(n)) => {
                Value::Int(whole(n).ok_or_else(|| wrong("a whole number (round it with round(x))"))?)
            }
            (Scalar::Number, Val::Int(n)) => Value::Number(n as f64),
            (Scalar::Number, Val::Number(n)) => Value::Number(n),
            (Scalar::Boolean, Val::Bool(b)) => Value::Bool(b),
            (Scalar::Date, Val::Date(day)) => Value::Date(day),
            (Scalar::Date, moment @ Val::Moment(_)) => moment.day(zone).map_or(Value::Null, Value::Date),
            (Scalar::DateTime, Val::Moment(at)) => Value::DateTime(at),
            (Scalar::DateTime, Val::Date(day)) => {
                let zoned = day.to_zoned(zone.clone()).map_err(|_| FormulaError::OutOfCalendar)?;
                Value::DateTime(zoned.timestamp())
            }
            (Scalar::Text, _) => return Err(wrong("a text (write it with string(x))")),
            (Scalar::Integer, _) => return Err(wrong("a whole number")),
            (Scalar::Number, _) => return Err(wrong("a number")),
            (Scalar::Boolean, _) => return Err(wrong("yes or no")),
            (Scalar::Date, _) => return Err(wrong("a day")),
            (Scalar::DateTime, _) => return Err(wrong("a moment")),
        })
    }
}

/// A text, or null when it is empty.
fn filled<'a>(text: impl Into<Cow<'a, str>>) -> Val<'a> {
    let text = text.into();
    if text.is_empty() { Val::Null } else { Val::Text(text) }
}

/// The whole number that `n` is, within the range of 64 bits.
pub(super) fn whole(n: f64) -> Option<i64> {
    let fits = n.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&n);
    fits.then_some(n as i64)
}

/// A number, or null when there is none (division by zero, overflow).
pub(super) fn finite<'a>(n: f64) -> Val<'a> {
    if n.is_finite() { Val::Number(n) } else { Val::Null }
}

pub(super) fn of_json(json: &serde_json::Value) -> Val<'_> {
    match json {
        serde_json::Value::Null => Val::Null,
        serde_json::Value::Bool(b) => Val::Bool(*b),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(|| n.as_f64().map_or(Val::Null, finite), Val::Int),
        serde_json::Value::String(text) => Val::text(text.as_str()),
        other => Val::Json(other),
    }
}
