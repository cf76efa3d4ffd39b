use std::collections::HashMap;
use std::sync::Arc;

use crate::{FieldDef, FieldType, Ident, ObjectDef, RollupOp, system};

/// The objects of a tenant, checked against each other.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    objects: Vec<Arc<ObjectDef>>,
    by_name: HashMap<Ident, usize>,
    by_prefix: HashMap<Ident, usize>,
    computed: HashMap<(Ident, Ident), FieldType>,
}

/// Why definitions do not fit together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SchemaError {
    /// Two objects have the same name or prefix.
    #[error("object “{0}”: its name or prefix is already taken")]
    DuplicateObject(Ident),
    /// Two fields have the same name, or one has a system field's.
    #[error("{object}: the field name “{field}” is already taken")]
    DuplicateField {
        /// The object.
        object: Ident,
        /// The field.
        field: Ident,
    },
    /// Something names an object or a field that does not exist, or of the wrong type.
    #[error("{object}.{field}: {what}")]
    Broken {
        /// The object.
        object: Ident,
        /// The field.
        field: Ident,
        /// What is wrong.
        what: String,
    },
}

impl Schema {
    /// Completes the objects with the system's fields and checks them all.
    pub fn new(objects: impl IntoIterator<Item = ObjectDef>) -> Result<Schema, SchemaError> {
        let mut schema = Schema::default();
        for mut object in objects {
            let mut fields = ObjectDef::system_fields();
            // A standard object may say itself what its team is (a user's); nothing else of the system's can be replaced.
            fields.retain(|s| s.name != system::TEAM || object.custom || object.field(system::TEAM).is_none());
            fields.append(&mut object.fields);
            object.fields = fields;
            for (i, field) in object.fields.iter().enumerate() {
                if object.fields[..i].iter().any(|f| f.name == field.name) || field.name == system::SEQ {
                    return Err(SchemaError::DuplicateField { object: object.name.clone(), field: field.name.clone() });
                }
            }
            let at = schema.objects.len();
            let taken = schema.by_name.insert(object.name.clone(), at).is_some()
                | schema.by_prefix.insert(object.prefix.clone(), at).is_some();
            if taken {
                return Err(SchemaError::DuplicateObject(object.name.clone()));
            }
            schema.objects.push(Arc::new(object));
        }
        for object in &schema.objects {
            for field in &object.fields {
                if let Some(kind) = schema.check_field(object, field)? {
                    schema.computed.insert((object.name.clone(), field.name.clone()), kind);
                }
            }
            schema.check_object(object)?;
        }
        Ok(schema)
    }

    fn check_object(&self, object: &ObjectDef) -> Result<(), SchemaError> {
        let layout = &object.layout;
        let named = std::iter::once(&object.title)
            .chain(object.indexes.iter().flat_map(|i| &i.fields))
            .chain(&layout.columns)
            .chain(layout.sections.iter().flat_map(|s| &s.fields))
            .chain(&layout.facts)
            .chain(&layout.board)
            .chain(&layout.sum)
            .chain(&object.guarded_by)
            .chain(&object.shared_by)
            .chain(&object.timeline)
            .chain(object.validations.iter().flat_map(|v| &v.field));
        for field in named {
            if object.field(field.as_str()).is_none() {
                return Err(broken(object, field, "there is no such field"));
            }
        }
        Ok(())
    }

    fn check_field(&self, object: &ObjectDef, field: &FieldDef) -> Result<Option<FieldType>, SchemaError> {
        for target in field.targets().unwrap_or_default() {
            if target != "self" && !self.by_name.contains_key(&target) {
                return Err(broken(object, &field.name, &format!("there is no object “{target}” to refer to")));
            }
        }
        match &field.kind {
            FieldType::Choice { options } | FieldType::MultiChoice { options } => {
                let twice = options.iter().enumerate().any(|(i, o)| options[..i].iter().any(|p| p.value == o.value));
                if options.is_empty() || twice || options.iter().any(|o| o.value.is_empty() || o.value.len() > 100) {
                    return Err(broken(
                        object,
                        &field.name,
                        "options need different, non-empty values of at most 100 bytes",
                    ));
                }
                Ok(None)
            }
            FieldType::Rating { max } if !(1..=10).contains(max) => {
                Err(broken(object, &field.name, "a rating has between 1 and 10 stars"))
            }
            FieldType::AutoNumber { pattern } if !pattern.contains('0') || pattern.len() > 60 => {
                Err(broken(object, &field.name, "a number's pattern has zeros for the counter, as in D-{year}-00000"))
            }
            FieldType::Formula { result, .. } => Ok(Some(result.field_type())),
            FieldType::Rollup(rollup) => {
                let fail = |what: &str| broken(object, &field.name, what);
                let other =
                    self.object(rollup.object.as_str()).ok_or_else(|| fail("there is no such object to roll up"))?;
                let via =
                    other.field(rollup.via.as_str()).ok_or_else(|| fail("there is no such reference to roll up by"))?;
                let single =
                    matches!(via.kind, FieldType::Reference { .. } | FieldType::Polymorphic { .. } | FieldType::User);
                if !single || !via.targets().is_some_and(|t| t.is_empty() || t.contains(&object.name)) {
                    return Err(fail("the reference to roll up by does not point here"));
                }
                let of = match &rollup.field {
                    None => None,
                    Some(name) => Some(
                        other
                            .field(name.as_str())
                            .ok_or_else(|| fail("there is no such field to roll up"))?
                            .kind
                            .clone(),
                    ),
                };
                let numeric = |k: &FieldType| {
                    matches!(
                        k,
                        FieldType::Integer { .. }
                            | FieldType::Number
                            | FieldType::Percent
                            | FieldType::Money
                            | FieldType::Duration
                            | FieldType::Rating { .. }
                    )
                };
                let dated = |k: &FieldType| matches!(k, FieldType::Date | FieldType::DateTime);
                match (rollup.op, of) {
                    (RollupOp::Count, _) => Ok(Some(FieldType::Integer { min: None, max: None })),
                    (RollupOp::Avg, Some(k)) if numeric(&k) && k != FieldType::Money => Ok(Some(FieldType::Number)),
                    (RollupOp::Min | RollupOp::Max, Some(k)) if dated(&k) => Ok(Some(k)),
                    (_, Some(FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. })) => {
                        Ok(Some(FieldType::Integer { min: None, max: None }))
                    }
                    (_, Some(k)) if numeric(&k) => Ok(Some(k)),
                    _ => Err(fail("this field cannot be rolled up so")),
                }
            }
            _ => Ok(None),
        }
    }

    /// An object by its name.
    pub fn object(&self, name: &str) -> Option<&Arc<ObjectDef>> {
        self.by_name.get(name).map(|&i| &self.objects[i])
    }

    /// An object by its identifiers' prefix.
    pub fn by_prefix(&self, prefix: &str) -> Option<&Arc<ObjectDef>> {
        self.by_prefix.get(prefix).map(|&i| &self.objects[i])
    }

    /// Every object, in the order declared.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<ObjectDef>> {
        self.objects.iter()
    }

    /// The type of the values a field holds: for formulas and roll-ups, that of their result.
    pub fn effective<'a>(&'a self, object: &ObjectDef, field: &'a FieldDef) -> &'a FieldType {
        if !field.is_computed() {
            return &field.kind;
        }
        self.computed.get(&(object.name.clone(), field.name.clone())).unwrap_or(&field.kind)
    }

    /// Fields of any object that point to `target`: what its record page lists, what a deletion must look at.
    pub fn references_to<'a>(&'a self, target: &'a Ident) -> impl Iterator<Item = (&'a Arc<ObjectDef>, &'a FieldDef)> {
        self.objects.iter().flat_map(move |object| {
            object
                .own_fields()
                .filter(move |f| f.targets().is_some_and(|t| t.is_empty() || t.contains(target)))
                .map(move |f| (object, f))
        })
    }
}

fn broken(object: &ObjectDef, field: &Ident, what: &str) -> SchemaError {
    SchemaError::Broken { object: object.name.clone(), field: field.clone(), what: what.to_owned() }
}
