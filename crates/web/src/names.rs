use std::collections::{HashMap, HashSet};

use kernel::Id;
use model::{FieldType, Ident, ObjectDef, Record, Schema, Value, system};
use records::{Action, RecordError};
use store::Reader;

use crate::visit::Visit;

/// What records are called, for the references that a page shows. Records that the reader may not see are absent.
#[derive(Default)]
pub(crate) struct Names(HashMap<Id, String>);

/// The identifiers whose names a page needs, by object.
#[derive(Default)]
pub(crate) struct Wanted(HashMap<Ident, HashSet<Id>>);

impl Wanted {
    /// Adds what one field of a record points to.
    pub(crate) fn value(&mut self, object: &ObjectDef, field: &str, value: &Value) {
        let Some(def) = object.field(field) else { return };
        match (&def.kind, value) {
            // A record's own identifier is its name's business, not a reference.
            (FieldType::Reference { to, .. }, Value::Id(_)) if *to == "self" => {}
            (FieldType::Reference { to, .. }, Value::Id(id)) => self.one(to.clone(), *id),
            (FieldType::User, Value::Id(id)) => self.one(Ident::of("user"), *id),
            (FieldType::References { to }, Value::Ids(ids)) => ids.iter().for_each(|id| self.one(to.clone(), *id)),
            (_, Value::Ref(r)) => self.one(r.object.clone(), r.id),
            _ => {}
        }
    }

    /// Adds what these fields of a record point to.
    pub(crate) fn record<'a>(
        &mut self,
        object: &ObjectDef,
        record: &Record,
        fields: impl IntoIterator<Item = &'a Ident>,
    ) {
        for field in fields {
            self.value(object, field.as_str(), record.value(field.as_str()));
        }
    }

    /// Adds a record.
    pub(crate) fn one(&mut self, object: Ident, id: Id) {
        self.0.entry(object).or_default().insert(id);
    }

    /// Adds users, such as those who made changes.
    pub(crate) fn users(&mut self, ids: impl IntoIterator<Item = Id>) {
        ids.into_iter().for_each(|id| self.one(Ident::of("user"), id));
    }

    /// Reads the names, one statement per object pointed to.
    pub(crate) async fn read(self, visit: &Visit, reader: &mut Reader) -> Result<Names, RecordError> {
        let schema = visit.space.schema();
        let mut names = Names::default();
        let mut further = Wanted::default();
        let mut borrowed = Vec::new();
        for (object, ids) in self.0 {
            for record in titles(visit, &schema, reader, &object, ids).await? {
                let Some(def) = schema.object(object.as_str()) else { continue };
                match title_value(def, &record) {
                    // A record that is called like the one it points to.
                    Value::Id(target) => {
                        let target = *target;
                        further.value(def, def.title.as_str(), &Value::Id(target));
                        borrowed.push((record.id(), target));
                    }
                    _ => drop(names.0.insert(record.id(), title_text(def, &record))),
                }
            }
        }
        for (object, ids) in further.0 {
            for record in titles(visit, &schema, reader, &object, ids).await? {
                let Some(def) = schema.object(object.as_str()) else { continue };
                names.0.insert(record.id(), title_text(def, &record));
            }
        }
        for (id, target) in borrowed {
            if let Some(name) = names.0.get(&target).cloned() {
                names.0.insert(id, name);
            }
        }
        Ok(names)
    }
}

async fn titles(
    visit: &Visit,
    schema: &Schema,
    reader: &mut Reader,
    object: &Ident,
    ids: HashSet<Id>,
) -> Result<Vec<Record>, RecordError> {
    let Some(def) = schema.object(object.as_str()) else { return Ok(Vec::new()) };
    if visit.access.check(def, Action::Read).is_err() || !visit.access.reads(def, &def.title) {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let filter = visit.access.filter(schema, def, Action::Read);
    Ok(reader.get_many(schema, object, &ids, &filter, std::slice::from_ref(&def.title)).await?)
}

impl Names {
    /// What a record is called; `None` when the reader may not see it.
    pub(crate) fn get(&self, id: Id) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// Adds a name that is known anyway.
    pub(crate) fn put(&mut self, id: Id, name: String) {
        self.0.insert(id, name);
    }
}

fn title_value<'a>(object: &ObjectDef, record: &'a Record) -> &'a Value {
    record.value(object.title.as_str())
}

/// What a record is called, from its own fields; a dash when it has no name.
pub(crate) fn title_text(object: &ObjectDef, record: &Record) -> String {
    let text = match title_value(object, record).scalar(None) {
        Value::Text(text) => text,
        Value::Int(n) => n.to_string(),
        Value::Date(date) => date.to_string(),
        _ => String::new(),
    };
    if text.trim().is_empty() { "—".to_owned() } else { text }
}

/// What a record is called, borrowing the name of what it points to when its title is a reference.
pub(crate) fn title(object: &ObjectDef, record: &Record, names: &Names) -> String {
    match title_value(object, record) {
        Value::Id(target) => names.get(*target).unwrap_or("—").to_owned(),
        _ => title_text(object, record),
    }
}

/// The fields that a record's name needs.
pub(crate) fn title_fields(object: &ObjectDef) -> [Ident; 2] {
    [object.title.clone(), Ident::of(system::ID)]
}
