use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Id, Locale, Words};
use model::{FieldDef, FieldType, ObjectDef, Problem, Record, Schema, Value, system, to_json};
use tabular::{Cell, ColumnType, Format};

use crate::RecordError;
use crate::access::Access;
use crate::import::label;

/// One column of an export.
pub(super) struct Column {
    pub(super) path: String,
    object: Arc<ObjectDef>,
    pub(super) field: FieldDef,
    /// What a reference points to, and the field of it that is shown.
    pub(super) target: Option<(Arc<ObjectDef>, FieldDef)>,
    part: Option<String>,
    /// The type shown, of formulas and roll-ups that of their values.
    shown: FieldType,
    /// The targets' values for the page at hand.
    pub(super) related: HashMap<Id, Value>,
}

/// The columns of an object with which an import makes the same records again, for those fields that the actor may read.
pub fn default_fields(schema: &Schema, access: &Access, object: &ObjectDef) -> Vec<String> {
    let mut paths = vec![system::ID.to_owned()];
    let system_first = [system::OWNER, system::CREATED_AT, system::UPDATED_AT];
    let last = object.fields.iter().filter(|f| f.system && system_first.contains(&f.name.as_str()));
    for field in object.fields.iter().filter(|f| !f.system).chain(last) {
        if !access.reads(object, &field.name) {
            continue;
        }
        let part = |part: &&'static str| format!("{}.{part}", field.name);
        match schema.effective(object, field) {
            FieldType::PersonName | FieldType::Address | FieldType::Location => {
                paths.extend(field.kind.parts().iter().map(part))
            }
            FieldType::Money if field.is_computed() => paths.push(field.name.to_string()),
            FieldType::Money => paths.extend([field.name.to_string(), format!("{}.currency", field.name)]),
            FieldType::Reference { .. } | FieldType::User => {
                paths.push(field.name.to_string());
                let target = field.targets().and_then(|t| schema.object(t.first()?.as_str()));
                let target = target.filter(|t| access.reads(t, &t.title));
                paths.extend(target.map(|t| format!("{}.{}", field.name, t.title)));
            }
            _ => paths.push(field.name.to_string()),
        }
    }
    paths
}

impl Column {
    pub(super) fn new(
        schema: &Schema,
        access: &Access,
        object: &Arc<ObjectDef>,
        path: &str,
    ) -> Result<Column, RecordError> {
        let mut segments = path.split('.').map(str::trim);
        let name = segments.next().unwrap_or_default();
        let unknown = |object: &ObjectDef| Problem::new(path, "unknown-field").text("object", object.name.as_str());
        let field = object.field(name).ok_or_else(|| unknown(object))?;
        if !access.reads(object, &field.name) {
            return Err(RecordError::forbidden("read", format!("{}.{name}", object.name)));
        }
        let mut rest = segments.next();
        let single = matches!(field.kind, FieldType::Reference { .. } | FieldType::User) && field.name != system::ID;
        let mut target = None;
        if let Some(wanted) = rest.filter(|_| single) {
            let to = field.targets().and_then(|t| schema.object(t.first()?.as_str())).ok_or_else(|| unknown(object))?;
            let of = to.field(wanted).ok_or_else(|| unknown(to))?;
            if !access.reads(to, &of.name) {
                return Err(RecordError::forbidden("read", format!("{}.{wanted}", to.name)));
            }
            target = Some((Arc::clone(to), of.clone()));
            rest = segments.next();
        }
        let shown = match &target {
            Some((object, of)) => schema.effective(object, of).clone(),
            None => schema.effective(object, field).clone(),
        };
        if let Some(part) = rest
            && !shown.parts().contains(&part)
        {
            return Err(Problem::new(path, "unknown-part").text("parts", shown.parts().join(", ")).into());
        }
        Ok(Column {
            path: path.to_owned(),
            object: Arc::clone(object),
            field: field.clone(),
            target,
            part: rest.map(str::to_owned),
            shown,
            related: HashMap::new(),
        })
    }

    pub(super) fn label(&self, words: &Words, locale: Locale) -> String {
        let own = label(words, locale, &self.object, self.field.name.as_str());
        match (&self.target, &self.part) {
            (Some((object, field)), _) => format!("{own} › {}", label(words, locale, object, field.name.as_str())),
            (None, Some(part)) => label(words, locale, &self.object, &format!("{}.{part}", self.field.name)),
            (None, None) => own,
        }
    }

    pub(super) fn kind(&self, format: Format) -> ColumnType {
        use FieldType as T;
        if self.part.is_some() {
            return if matches!(self.shown, T::Location) { ColumnType::Float } else { ColumnType::Text };
        }
        match &self.shown {
            T::Integer { .. } | T::Duration | T::Rating { .. } => ColumnType::Int,
            T::Number | T::Percent => ColumnType::Float,
            T::Money => ColumnType::Decimal(4),
            T::Boolean => ColumnType::Bool,
            T::Date => ColumnType::Date,
            T::DateTime => ColumnType::Instant,
            T::Json | T::Files => ColumnType::Json,
            T::Emails | T::Phones | T::Links | T::Tags | T::MultiChoice { .. } | T::References { .. }
                if format == Format::Json =>
            {
                ColumnType::Json
            }
            _ => ColumnType::Text,
        }
    }

    pub(super) fn cell(&self, schema: &Schema, record: &Record, format: Format) -> Cell {
        let stored = record.value(self.field.name.as_str());
        let (object, field, value) = match &self.target {
            None => (&self.object, &self.field, stored),
            Some((object, field)) => match stored.as_id().and_then(|id| self.related.get(&id)) {
                Some(value) => (object, field, value),
                None => return Cell::Null,
            },
        };
        if let Some(part) = &self.part {
            return scalar(value.scalar(Some(part)));
        }
        let lists = format == Format::Json;
        let joined = |list: &[String]| Cell::Text(list.join("; "));
        let cell = match value {
            Value::Null => Cell::Null,
            Value::Money(money) => Cell::Decimal(money.amount()),
            Value::Name(name) => Cell::Text(name.full()),
            Value::Address(address) => Cell::Text(address.line()),
            Value::Location(place) => Cell::Text(format!("{},{}", place.lat, place.lon)),
            Value::Entries(_) | Value::Texts(_) | Value::Ids(_) | Value::Files(_) if lists => {
                Cell::Json(to_json(schema, object, field, value))
            }
            Value::Entries(entries) => joined(&entries.iter().map(|e| e.value.clone()).collect::<Vec<_>>()),
            Value::Texts(texts) => joined(texts),
            Value::Id(_) | Value::Ref(_) => match to_json(schema, object, field, value) {
                serde_json::Value::String(text) => Cell::Text(text),
                other => Cell::Json(other),
            },
            Value::Ids(_) => match to_json(schema, object, field, value) {
                serde_json::Value::Array(list) => {
                    joined(&list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect::<Vec<_>>())
                }
                other => Cell::Json(other),
            },
            Value::Files(_) => Cell::Json(to_json(schema, object, field, value)),
            Value::Json(json) => Cell::Json((**json).clone()),
            other => scalar(other.clone()),
        };
        match (self.kind(format), cell) {
            // What a type of column cannot hold is written as text, which every format but Parquet takes.
            (ColumnType::Int, Cell::Float(n)) => Cell::Int(n as i64),
            (ColumnType::Float, Cell::Int(n)) => Cell::Float(n as f64),
            (ColumnType::Text, Cell::Decimal(d)) => Cell::Text(d.to_string()),
            (
                ColumnType::Text,
                cell @ (Cell::Int(_) | Cell::Float(_) | Cell::Bool(_) | Cell::Date(_) | Cell::Instant(_)),
            ) if format == Format::Parquet => Cell::Text(cell.to_text().into_owned()),
            (_, cell) => cell,
        }
    }
}

fn scalar(value: Value) -> Cell {
    match value {
        Value::Bool(b) => Cell::Bool(b),
        Value::Int(n) => Cell::Int(n),
        Value::Number(n) => Cell::Float(n),
        Value::Text(text) => Cell::Text(text),
        Value::Date(date) => Cell::Date(date),
        Value::DateTime(at) => Cell::Instant(at),
        _ => Cell::Null,
    }
}
