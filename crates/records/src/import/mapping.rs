//! What an import does with a file: plain data, kept with the batch, saved by users, written in files.

use std::collections::BTreeMap;

use model::{Ident, Problem};
use serde::{Deserialize, Serialize};
use tabular::value::{DateOrder, NumberFormat};

/// The version of the stored form.
pub const VERSION: u32 = 1;

/// Which columns go to which fields of which object, and how they are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The version of this form.
    #[serde(default = "version")]
    pub version: u32,
    /// The object filled.
    pub object: Ident,
    /// What is done with a row.
    #[serde(default)]
    pub method: Method,
    /// The fields (or parts) by which a row finds its record: together they must name one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// What a blank cell does to a record that has a value.
    #[serde(default)]
    pub blank: Blank,
    /// How dates are written where a field does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<Dates>,
    /// How numbers are written where a field does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimals>,
    /// The currency (ISO 4217) of amounts that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What fills the fields.
    #[serde(default)]
    pub fields: Vec<FieldMap>,
    /// For each column, values that mean others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// What fills one field, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
    /// The field: `amount`, a part (`name.first`), a list entry's label (`phones#mobile`), for references the target's field
    /// by which it is found (`account.external_id`; its title when none is named).
    pub to: String,
    /// The column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Or a text made of columns: `{street_number} {address_1|lower}`; without columns it is the same for every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// How its dates are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<Dates>,
    /// How its numbers are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimals>,
    /// The currency of its amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Lists are replaced instead of completed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replace: bool,
    /// For references: records that are not found are created, with these fields besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<BTreeMap<String, String>>,
}

/// What is done with a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A new record.
    #[default]
    Create,
    /// The record that the key names is changed; rows without one are rejected.
    Update,
    /// The record that the key names is changed, or made.
    Upsert,
}

/// What a blank cell does to a record that has a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// Nothing.
    #[default]
    Leave,
    /// It takes the value away.
    Clear,
}

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dates {
    /// 31/12/2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026-12-31
    Ymd,
    /// 20261231
    Compact,
}

/// What stands before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimals {
    /// 1,234.56
    Point,
    /// 1 234,56
    Comma,
}

fn version() -> u32 {
    VERSION
}

impl Mapping {
    /// A mapping that fills nothing yet.
    pub fn new(object: Ident) -> Mapping {
        Mapping {
            version: VERSION,
            object,
            method: Method::default(),
            key: Vec::new(),
            blank: Blank::default(),
            dates: None,
            decimal: None,
            currency: None,
            fields: Vec::new(),
            values: BTreeMap::new(),
        }
    }

    /// Reads the stored form.
    pub fn from_json(json: &serde_json::Value) -> Result<Mapping, Problem> {
        let fail = |detail: String| Problem::new("", "import-mapping").text("detail", detail);
        let mapping: Mapping = serde_json::from_value(json.clone()).map_err(|e| fail(e.to_string()))?;
        if mapping.version > VERSION {
            return Err(fail(format!("version {}", mapping.version)));
        }
        Ok(mapping)
    }

    /// Fills a field from a column.
    pub fn column(mut self, column: &str, to: &str) -> Mapping {
        self.fields.push(FieldMap { to: to.to_owned(), column: Some(column.to_owned()), ..FieldMap::default() });
        self
    }

    /// Fills a field from a template.
    pub fn template(mut self, to: &str, template: &str) -> Mapping {
        self.fields.push(FieldMap { to: to.to_owned(), template: Some(template.to_owned()), ..FieldMap::default() });
        self
    }

    /// Finds records by a key, and makes those that are not there.
    pub fn upsert(mut self, key: &[&str]) -> Mapping {
        self.method = Method::Upsert;
        self.key = key.iter().map(|k| (*k).to_owned()).collect();
        self
    }

    /// Lets a value of a column mean another.
    pub fn value(mut self, column: &str, from: &str, to: &str) -> Mapping {
        self.values.entry(column.to_owned()).or_default().insert(from.to_owned(), to.to_owned());
        self
    }

    /// Creates the records that a reference does not find.
    pub fn create_missing(mut self, field: &str, with: &[(&str, &str)]) -> Mapping {
        let with: BTreeMap<String, String> = with.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        for map in self.fields.iter_mut().filter(|m| m.to.split('.').next() == Some(field)) {
            map.missing = Some(with.clone());
        }
        self
    }
}

impl Dates {
    pub(super) fn order(self) -> DateOrder {
        match self {
            Dates::Dmy => DateOrder::DayMonthYear,
            Dates::Mdy => DateOrder::MonthDayYear,
            Dates::Ymd => DateOrder::YearMonthDay,
            Dates::Compact => DateOrder::Compact,
        }
    }

    pub(super) fn of(order: DateOrder) -> Dates {
        match order {
            DateOrder::DayMonthYear => Dates::Dmy,
            DateOrder::MonthDayYear => Dates::Mdy,
            DateOrder::YearMonthDay => Dates::Ymd,
            DateOrder::Compact => Dates::Compact,
        }
    }
}

impl Decimals {
    pub(super) fn format(self) -> NumberFormat {
        match self {
            Decimals::Point => NumberFormat::POINT,
            Decimals::Comma => NumberFormat::COMMA,
        }
    }

    pub(super) fn of(format: NumberFormat) -> Decimals {
        if format.decimal == ',' { Decimals::Comma } else { Decimals::Point }
    }
}
