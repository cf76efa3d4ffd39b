use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

/// A record to load.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The object it is of, such as `account`.
    pub object: &'static str,
    /// What references call it, unique in its object.
    pub key: String,
    /// Its fields. A reference is `{"$ref": "object/key"}`; money is `{"amount": "12.50", "currency": "EUR"}`; dates are
    /// ISO 8601, moments in UTC.
    pub fields: Map<String, Value>,
}

impl Record {
    pub(crate) fn new(object: &'static str, key: impl Into<String>) -> Self {
        Self { object, key: key.into(), fields: Map::new() }
    }

    pub(crate) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Sets the field if there is a value.
    pub(crate) fn with_some(self, field: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }
}

pub(crate) fn reference(object: &str, key: impl std::fmt::Display) -> Value {
    json!({ "$ref": format!("{object}/{key}") })
}

pub(crate) fn euros(cents: u64) -> Value {
    json!({ "amount": format!("{}.{:02}", cents / 100, cents % 100), "currency": "EUR" })
}

/// The moment in UTC as text. The offset of Paris is ignored: a demo's office hours need no summer time.
pub(crate) fn moment(at: DateTime) -> String {
    format!("{at}Z")
}
