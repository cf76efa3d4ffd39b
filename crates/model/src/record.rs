use jiff::Timestamp;
use kernel::Id;

use crate::{Field, FieldValue, Ident, Value, system};

/// Field names with their values, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Vec<(Ident, Value)>);

/// A record: its object and the fields that were read, the system's fields among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The object.
    pub object: Ident,
    /// The fields read.
    pub fields: Fields,
}

impl Fields {
    /// With room for `n` fields.
    pub fn with_capacity(n: usize) -> Fields {
        Fields(Vec::with_capacity(n))
    }

    /// A field's value; `None` when the field is not here.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).map(|at| &self.0[at].1)
    }

    /// Names mostly come from the same definition as the fields, and are then the same text in memory: that is looked for first, which
    /// compares no letters.
    fn place(&self, name: &str) -> Option<usize> {
        let same = |(n, _): &(Ident, Value)| std::ptr::eq(n.as_str(), name);
        self.0.iter().position(same).or_else(|| self.0.iter().position(|(n, _)| n == name))
    }

    /// Sets a field.
    pub fn set(&mut self, name: Ident, value: Value) {
        match self.place(name.as_str()) {
            Some(at) => self.0[at].1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// Adds a field that is known not to be here yet.
    pub fn push(&mut self, name: Ident, value: Value) {
        debug_assert!(self.get(name.as_str()).is_none());
        self.0.push((name, value));
    }

    /// Removes a field.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(at).1)
    }

    /// Keeps the fields for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Ident) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Ident, &Value)> {
        self.0.iter().map(|(n, v)| (n, v))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Ident, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Ident, Value)>>(iter: I) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in iter {
            fields.set(name, value);
        }
        fields
    }
}

impl IntoIterator for Fields {
    type Item = (Ident, Value);
    type IntoIter = std::vec::IntoIter<(Ident, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Record {
    /// An empty record of an object.
    pub fn new(object: Ident) -> Record {
        Record { object, fields: Fields::default() }
    }

    /// A field's value; null when it was not read.
    pub fn value(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    /// A field's value through its typed handle.
    pub fn get<T: FieldValue>(&self, field: Field<T>) -> Option<T> {
        T::from_value(self.value(field.name()))
    }

    /// Sets a field through its typed handle.
    pub fn set<T: FieldValue>(&mut self, field: Field<T>, value: impl Into<Option<T>>) {
        let value = value.into().map_or(Value::Null, FieldValue::into_value);
        self.fields.set(Ident::of(field.name()), value);
    }

    /// The identifier.
    ///
    /// # Panics
    /// When the record was read without it, which the store never does.
    pub fn id(&self) -> Id {
        self.value(system::ID).as_id().expect("every read record has its id")
    }

    /// The version, counted from 1.
    pub fn version(&self) -> i64 {
        self.value(system::VERSION).as_int().unwrap_or(0)
    }

    /// The owning user.
    pub fn owner(&self) -> Option<Id> {
        self.value(system::OWNER).as_id()
    }

    /// The owner's team.
    pub fn team(&self) -> Option<Id> {
        self.value(system::TEAM).as_id()
    }

    /// When it went to the bin.
    pub fn deleted_at(&self) -> Option<Timestamp> {
        if let Value::DateTime(at) = self.value(system::DELETED_AT) { Some(*at) } else { None }
    }
}
