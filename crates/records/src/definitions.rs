//! Objects and fields that administrators add at run time. They take the same path as the standard ones: checked, stored, and their
//! tables, columns and indexes made, in one transaction.

use std::sync::Arc;

use kernel::Ctx;
use model::{FieldDef, FieldType, Ident, ObjectDef, Problem, Problems, Schema};
use serde_json::json;

use crate::space::{Loaded, load};
use crate::{RecordError, Space};

/// Fields an administrator may add to one object. PostgreSQL's limit is 1,600 columns.
const MAX_FIELDS: usize = 300;

impl Space {
    /// Adds an object, or changes one that an administrator added: words, icon, layout, conditions, rights and further fields. Fields
    /// that exist keep their type.
    pub async fn define_object(self: &Arc<Space>, ctx: &Ctx, mut object: ObjectDef) -> Result<(), RecordError> {
        self.access(ctx).await?.administers()?;
        let schema = self.schema();
        object.custom = true;
        object.setup = false;
        object.fields.iter_mut().for_each(|f| f.custom = true);
        if object.label.is_empty() {
            return Err(Problem::new("label", "required").into());
        }
        if let Some(present) = schema.object(object.name.as_str()) {
            if !present.custom {
                return Err(Problem::new("name", "taken").into());
            }
            for field in present.own_fields() {
                match object.field(field.name.as_str()) {
                    Some(new) => same_type(field, new)?,
                    None => object.fields.push(field.clone()),
                }
            }
            object.prefix = present.prefix.clone();
        }
        object.fields.iter().try_for_each(check_field)?;
        let name = object.name.to_string();
        let definition = serde_json::to_value(&object).expect("definitions serialise");
        self.redefine(move |w| Box::pin(async move { w.put_object(&name, &definition).await })).await
    }

    /// Adds a field to any object, or changes one that an administrator added. Its type stays; options can be added to a choice.
    pub async fn define_field(
        self: &Arc<Space>,
        ctx: &Ctx,
        object: &str,
        mut field: FieldDef,
    ) -> Result<(), RecordError> {
        self.access(ctx).await?.administers()?;
        let schema = self.schema();
        let owner = schema.object(object).ok_or_else(|| RecordError::unknown("object", object))?;
        field.custom = true;
        field.system = false;
        check_field(&field)?;
        if let Some(present) = owner.field(field.name.as_str()) {
            if !present.custom {
                return Err(Problem::new("name", "taken").into());
            }
            same_type(present, &field)?;
        } else if field.required && field.default.is_none() && !field.is_computed() {
            // Records that exist have no value: they would all be wrong at once.
            let query = model::Query::of(owner.name.clone());
            if self.store.read().await?.count(&schema, &query, Some(1)).await?.n > 0 {
                return Err(Problem::new("required", "required-needs-default").into());
            }
        }
        if owner.fields.iter().filter(|f| f.custom).count() >= MAX_FIELDS {
            return Err(Problem::new("", "too-many").number("max", MAX_FIELDS as i64).into());
        }
        let (object, name) = (object.to_owned(), field.name.to_string());
        let definition = serde_json::to_value(&field).expect("definitions serialise");
        self.redefine(move |w| Box::pin(async move { w.put_field(&object, &name, &definition).await })).await
    }

    /// Stores a definition, checks the whole schema with it, changes the tables, and takes it over; or changes nothing.
    async fn redefine<F>(self: &Arc<Space>, store: F) -> Result<(), RecordError>
    where
        F: for<'a> FnOnce(&'a mut store::Writer) -> store::BoxFuture<'a, Result<(), store::StoreError>>
            + Send
            + 'static,
    {
        let platform = Arc::clone(&self.platform);
        let loaded = self
            .store
            .write(move |w| {
                Box::pin(async move {
                    w.lock_layout().await?;
                    store(w).await?;
                    let schema: Schema = load(&platform, w).await?;
                    let version = w.setting("schema").await?.and_then(|v| v.as_i64()).unwrap_or(0) + 1;
                    let loaded = Loaded::new(schema, version)?;
                    w.sync(&loaded.schema).await?;
                    w.set_setting("schema", &json!(version)).await?;
                    Ok::<_, RecordError>(loaded)
                })
            })
            .await?;
        self.replace(loaded);
        Ok(())
    }
}

fn check_field(field: &FieldDef) -> Result<(), RecordError> {
    let mut problems = Vec::new();
    if field.label.is_empty() {
        problems.push(Problem::new(format!("{}.label", field.name), "required"));
    }
    let unique = matches!(
        field.kind,
        FieldType::Text { .. }
            | FieldType::Integer { .. }
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Date
            | FieldType::AutoNumber { .. }
    );
    if field.unique && !unique {
        problems.push(
            Problem::new(format!("{}.unique", field.name), "operator-not-for-type")
                .text("type", field.kind.name())
                .text("op", "unique"),
        );
    }
    if model::system::SEQ == field.name.as_str() {
        problems.push(Problem::new("name", "taken"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems).into()) }
}

fn same_type(present: &FieldDef, new: &FieldDef) -> Result<(), RecordError> {
    let fits = match (&present.kind, &new.kind) {
        (FieldType::Choice { options: old }, FieldType::Choice { options: new })
        | (FieldType::MultiChoice { options: old }, FieldType::MultiChoice { options: new }) => {
            old.iter().all(|o| new.iter().any(|n| n.value == o.value))
        }
        (FieldType::Text { max: old }, FieldType::Text { max: new }) => new >= old,
        (FieldType::Reference { to: old, .. }, FieldType::Reference { to: new, .. }) => old == new,
        (FieldType::References { to: old }, FieldType::References { to: new }) => old == new,
        (old, new) => old.name() == new.name(),
    };
    if fits { Ok(()) } else { Err(Problem::new(format!("{}.type", present.name), "type-stays").into()) }
}

/// A prefix for an object that an administrator adds: its first letters, longer where they are taken.
pub fn free_prefix(schema: &Schema, name: &Ident) -> Ident {
    let letters: String = name.as_str().chars().filter(|c| c.is_ascii_lowercase()).collect();
    let mut candidates = (3..=letters.len().max(3)).map(|n| letters.chars().take(n).collect::<String>());
    candidates
        .find_map(|c| Ident::new(&c).ok().filter(|p| schema.by_prefix(p.as_str()).is_none()))
        .or_else(|| {
            (1..1000).find_map(|n| Ident::new(&format!("x{n}")).ok().filter(|p| schema.by_prefix(p.as_str()).is_none()))
        })
        .unwrap_or_else(|| name.clone())
}
