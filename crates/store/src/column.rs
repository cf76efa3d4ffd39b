//! How each field type is laid out in columns, and how values go in and out of them.

use kernel::{Money, fold};
use model::{Address, FieldDef, FieldType, Ident, Location, ObjectDef, PersonName, Ref, Schema, Value, system};

use crate::StoreError;
use crate::sql::{Cell, Dialect};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Real,
    Text,
    Id,
    Date,
    DateTime,
    Json,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

impl Kind {
    pub(crate) fn sql(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Kind::Bool, Dialect::Sqlite) | (Kind::Int, Dialect::Sqlite) | (Kind::DateTime, Dialect::Sqlite) => {
                "INTEGER"
            }
            (Kind::Real, Dialect::Sqlite) => "REAL",
            (Kind::Text, Dialect::Sqlite) | (Kind::Date, Dialect::Sqlite) | (Kind::Json, Dialect::Sqlite) => "TEXT",
            (Kind::Id, Dialect::Sqlite) => "BLOB",
            (Kind::Bool, Dialect::Postgres) => "BOOLEAN",
            (Kind::Int, Dialect::Postgres) => "BIGINT",
            (Kind::Real, Dialect::Postgres) => "DOUBLE PRECISION",
            (Kind::Text, Dialect::Postgres) => "TEXT COLLATE \"C\"",
            (Kind::Id, Dialect::Postgres) => "UUID",
            (Kind::Date, Dialect::Postgres) => "DATE",
            (Kind::DateTime, Dialect::Postgres) => "TIMESTAMPTZ",
            (Kind::Json, Dialect::Postgres) => "JSONB",
        }
    }
}

impl Kind {
    /// The type's name without a collation, for casts on PostgreSQL.
    pub(crate) fn cast(self) -> &'static str {
        self.sql(Dialect::Postgres).split(" COLLATE").next().unwrap_or_default()
    }
}

/// What a type's own column holds; `None` for types without one.
pub(crate) fn main_kind(kind: &FieldType) -> Option<Kind> {
    Some(match kind {
        FieldType::Text { .. } | FieldType::LongText | FieldType::Choice { .. } | FieldType::AutoNumber { .. } => {
            Kind::Text
        }
        FieldType::PersonName | FieldType::Address | FieldType::Location => Kind::Text,
        FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. } | FieldType::Money => Kind::Int,
        FieldType::Number | FieldType::Percent => Kind::Real,
        FieldType::Boolean => Kind::Bool,
        FieldType::Date => Kind::Date,
        FieldType::DateTime => Kind::DateTime,
        FieldType::MultiChoice { .. } | FieldType::Tags | FieldType::Files | FieldType::Json => Kind::Json,
        FieldType::Emails | FieldType::Phones | FieldType::Links => Kind::Json,
        FieldType::Reference { .. } | FieldType::User | FieldType::Polymorphic { .. } => Kind::Id,
        FieldType::References { .. } => return None,
        FieldType::Formula { .. } | FieldType::Rollup(_) => unreachable!("asked of the effective type"),
    })
}

/// Whether the folded twin of the text is kept beside it, so that sorting and prefix searches use an index.
pub(crate) fn has_fold(kind: &FieldType, part: Option<&str>) -> bool {
    matches!(
        (kind, part),
        (FieldType::Text { .. } | FieldType::PersonName, None) | (FieldType::PersonName, Some("last"))
    )
}

/// The name of a part's column.
pub(crate) fn part_column(field: &str, part: Option<&str>) -> String {
    match part {
        None => field.to_owned(),
        Some(part) => format!("{field}__{part}"),
    }
}

/// The columns of a field, in the order of [`write`] and [`read`].
pub(crate) fn columns(schema: &Schema, object: &ObjectDef, field: &FieldDef) -> Vec<Column> {
    let kind = schema.effective(object, field);
    let name = field.name.as_str();
    let mut columns = Vec::new();
    if let Some(main) = main_kind(kind) {
        columns.push(Column { name: name.to_owned(), kind: main });
    }
    for part in kind.parts() {
        let kind = if matches!(kind, FieldType::Location) { Kind::Real } else { Kind::Text };
        columns.push(Column { name: part_column(name, Some(part)), kind });
    }
    for part in std::iter::once(None).chain(kind.parts().iter().map(|p| Some(*p))) {
        if has_fold(kind, part) {
            columns.push(Column { name: format!("{}__fold", part_column(name, part)), kind: Kind::Text });
        }
    }
    columns
}

/// How many of a field's columns are read back (the folded twins are not).
pub(crate) fn read_width(kind: &FieldType) -> usize {
    usize::from(main_kind(kind).is_some()) + kind.parts().len()
}

/// A value's cells, one for each of its field's columns.
pub(crate) fn write(kind: &FieldType, value: &Value, out: &mut Vec<Cell>) {
    let text = |t: &str| if t.is_empty() { Cell::Null } else { Cell::Text(t.to_owned()) };
    let nulls = |out: &mut Vec<Cell>| {
        let folds =
            std::iter::once(None).chain(kind.parts().iter().map(|p| Some(*p))).filter(|p| has_fold(kind, *p)).count();
        out.extend(std::iter::repeat_n(Cell::Null, read_width(kind) + folds));
    };
    match value {
        Value::Null => nulls(out),
        Value::Bool(b) => out.push(Cell::Bool(*b)),
        Value::Int(n) => out.push(Cell::Int(*n)),
        Value::Number(n) => out.push(Cell::Real(*n)),
        Value::Text(t) => {
            out.push(Cell::Text(t.clone()));
            if has_fold(kind, None) {
                out.push(Cell::Text(fold(t)));
            }
        }
        Value::Date(d) => out.push(Cell::Date(*d)),
        Value::DateTime(at) => out.push(Cell::DateTime(*at)),
        Value::Money(m) => out.extend([Cell::Int(m.units()), text(m.currency().as_str())]),
        Value::Id(id) => out.push(Cell::Id(*id)),
        Value::Ref(r) => out.extend([Cell::Id(r.id), text(r.object.as_str())]),
        Value::Ids(_) => {}
        Value::Texts(list) => out.push(json(list)),
        Value::Files(list) => out.push(json(list)),
        Value::Json(value) => out.push(json(value)),
        Value::Entries(list) => out.extend([json(list), list.first().map_or(Cell::Null, |e| text(&e.value))]),
        Value::Name(n) => {
            let full = n.full();
            out.extend([text(&full), text(&n.title), text(&n.first), text(&n.middle), text(&n.last), text(&n.suffix)]);
            out.extend([text(&fold(&full)), text(&fold(&n.last))]);
        }
        Value::Address(a) => {
            out.push(text(&a.line()));
            out.extend([&a.street, &a.street2, &a.postcode, &a.city, &a.region, &a.country].map(|part| text(part)));
        }
        Value::Location(l) => {
            out.extend([Cell::Text(format!("{},{}", l.lat, l.lon)), Cell::Real(l.lat), Cell::Real(l.lon)])
        }
    }
}

fn json(value: &impl serde::Serialize) -> Cell {
    Cell::Json(serde_json::to_string(value).expect("plain data serialises"))
}

/// A value from its field's cells, taken from the front of `cells`.
pub(crate) fn read(kind: &FieldType, cells: &mut impl Iterator<Item = Cell>) -> Result<Value, StoreError> {
    let fault = || StoreError::Fault(format!("a stored {} cannot be read back", kind.name()));
    if matches!(kind, FieldType::References { .. }) {
        return Ok(Value::Null);
    }
    let main = cells.next().ok_or_else(fault)?;
    let parts = kind.parts().len();
    let mut text = |n: usize| -> Vec<String> {
        let take = |c: Cell| if let Cell::Text(t) = c { t } else { String::new() };
        (0..n).map(|_| cells.next().map(take).unwrap_or_default()).collect()
    };
    if main == Cell::Null {
        text(parts);
        return Ok(Value::Null);
    }
    let value = match kind {
        FieldType::Money => {
            let currency = text(1).remove(0);
            Value::Money(Money::from_units(main.int().ok_or_else(fault)?, currency.parse().map_err(|_| fault())?))
        }
        FieldType::PersonName => {
            let [title, first, middle, last, suffix] = text(5).try_into().map_err(|_| fault())?;
            Value::Name(Box::new(PersonName { title, first, middle, last, suffix }))
        }
        FieldType::Address => {
            let [street, street2, postcode, city, region, country] = text(6).try_into().map_err(|_| fault())?;
            Value::Address(Box::new(Address { street, street2, postcode, city, region, country }))
        }
        FieldType::Polymorphic { .. } => {
            let object = Ident::new(&text(1).remove(0)).map_err(|_| fault())?;
            Value::Ref(Ref { object, id: main.id().ok_or_else(fault)? })
        }
        FieldType::Location => {
            let (lat, lon) = (cells.next().and_then(|c| c.real()), cells.next().and_then(|c| c.real()));
            Value::Location(Location { lat: lat.ok_or_else(fault)?, lon: lon.ok_or_else(fault)? })
        }
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            text(1);
            Value::Entries(from_json(&main).ok_or_else(fault)?)
        }
        FieldType::MultiChoice { .. } | FieldType::Tags => Value::Texts(from_json(&main).ok_or_else(fault)?),
        FieldType::Files => Value::Files(from_json(&main).ok_or_else(fault)?),
        FieldType::Json => Value::Json(Box::new(from_json(&main).ok_or_else(fault)?)),
        kind => scalar(main_kind(kind).ok_or_else(fault)?, main).ok_or_else(fault)?,
    };
    Ok(value)
}

fn from_json<T: serde::de::DeserializeOwned>(cell: &Cell) -> Option<T> {
    serde_json::from_str(cell.str()?).ok()
}

/// A single cell as a value: sort keys, groups and aggregates.
pub(crate) fn scalar(kind: Kind, cell: Cell) -> Option<Value> {
    Some(match (kind, cell) {
        (_, Cell::Null) => Value::Null,
        (Kind::Bool, Cell::Bool(b)) => Value::Bool(b),
        (Kind::Bool, cell) => Value::Bool(cell.int()? != 0),
        (Kind::Int, cell) => Value::Int(cell.int()?),
        (Kind::Real, cell) => Value::Number(cell.real()?),
        (Kind::Text, Cell::Text(text)) => Value::Text(text),
        (Kind::Id, cell) => Value::Id(cell.id()?),
        (Kind::Date, Cell::Date(date)) => Value::Date(date),
        (Kind::Date, Cell::Text(text)) => Value::Date(text.parse().ok()?),
        (Kind::DateTime, cell) => Value::DateTime(cell.moment()?),
        _ => return None,
    })
}

/// A scalar value as a cell, to compare with a column.
pub(crate) fn cell(value: &Value) -> Result<Cell, StoreError> {
    Ok(match value {
        Value::Null => Cell::Null,
        Value::Bool(b) => Cell::Bool(*b),
        Value::Int(n) => Cell::Int(*n),
        Value::Number(n) => Cell::Real(*n),
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Date(date) => Cell::Date(*date),
        Value::DateTime(at) => Cell::DateTime(*at),
        Value::Id(id) => Cell::Id(*id),
        other => return Err(StoreError::Fault(format!("{other:?} is not compared with a column"))),
    })
}

/// The columns every object table starts with, before those of its own fields.
pub(crate) fn is_base(field: &FieldDef) -> bool {
    field.system && field.name != system::OWNER && field.name != system::TEAM
}

/// The table that holds a many-to-many reference.
pub(crate) fn link_table(object: &str, field: &str) -> String {
    format!("{object}__{field}")
}
