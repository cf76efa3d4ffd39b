use std::sync::Arc;

use model::{Field, FieldValue, Ident, ObjectDef, Problem, Record, Value};

/// A record on its way through the pipeline.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its object.
    pub object: Arc<ObjectDef>,
    /// The record as it is stored; none for a creation.
    pub old: Option<Record>,
    /// The record as it will be.
    pub record: Record,
    /// The fields that the caller set.
    pub given: Vec<Ident>,
    /// What is wrong with it so far.
    pub problems: Vec<Problem>,
}

impl Draft {
    /// Whether it is a creation.
    pub fn is_new(&self) -> bool {
        self.old.is_none()
    }

    /// A field's new value.
    pub fn get<T: FieldValue>(&self, field: Field<T>) -> Option<T> {
        self.record.get(field)
    }

    /// A field's stored value.
    pub fn was<T: FieldValue>(&self, field: Field<T>) -> Option<T> {
        self.old.as_ref()?.get(field)
    }

    /// Sets a field.
    pub fn set<T: FieldValue>(&mut self, field: Field<T>, value: impl Into<Option<T>>) {
        self.record.set(field, value);
    }

    /// Whether a field gets another value than it has; for a creation, whether it gets one.
    pub fn changes<T>(&self, field: Field<T>) -> bool {
        self.differs(field.name())
    }

    /// Whether the caller set the field.
    pub fn gives<T>(&self, field: Field<T>) -> bool {
        self.given.iter().any(|name| *name == field.name())
    }

    /// Notes that a field's value does not fit.
    pub fn refuse<T>(&mut self, field: Field<T>, key: &str) {
        self.problems.push(Problem::new(field.name(), key));
    }

    pub(crate) fn differs(&self, field: &str) -> bool {
        let new = self.record.value(field);
        match &self.old {
            Some(old) => old.value(field) != new && !(old.value(field).is_empty() && new.is_empty()),
            None => !new.is_empty(),
        }
    }

    /// The stored fields that get another value, the system's excepted.
    pub(crate) fn changed(&self) -> Vec<Ident> {
        let kept = |f: &&model::FieldDef| !f.system || f.name == model::system::OWNER || f.name == model::system::TEAM;
        self.object
            .fields
            .iter()
            .filter(kept)
            .filter(|f| self.differs(f.name.as_str()))
            .map(|f| f.name.clone())
            .collect()
    }

    pub(crate) fn value(&self, field: &str) -> &Value {
        self.record.value(field)
    }
}
