use model::{FieldDef, FieldType, Ident, ObjectDef, Path, Problem};

use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{Field, Key, Step};

/// A field that the caller may read.
pub(crate) fn field_of<'a>(call: &Call, object: &'a ObjectDef, name: &str) -> Result<&'a FieldDef, Failure> {
    let found = object.field(name);
    let found = found.ok_or_else(|| {
        Failure::query(Problem::new(name, "unknown-field").text("object", object.name.as_str())).named("42703")
    })?;
    if !call.access.reads(object, &found.name) {
        return Err(records::RecordError::forbidden("read", format!("{}.{name}", object.name)).into());
    }
    Ok(found)
}

/// What a filter or an order compares: a field, or the part that a JSON path of the dialect leads to.
pub(crate) fn path(call: &Call, object: &ObjectDef, field: &Field) -> Result<Path, Failure> {
    let def = field_of(call, object, &field.name)?;
    let part = part(def, &field.path).ok_or_else(|| {
        let steps: String = field.path.iter().map(step).collect();
        Failure::query(
            Problem::new(format!("{}{steps}", field.name), "unknown-part").text("parts", def.kind.parts().join(", ")),
        )
    })?;
    Ok(Path { field: def.name.clone(), part })
}

/// `->>last` is the part `last`, `->amount` the amount itself, `->0->>value` the primary entry.
fn part(def: &FieldDef, path: &[Step]) -> Option<Option<Ident>> {
    let keys: Vec<&Key> = path.iter().map(|s| &s.key).collect();
    let whole = |name: &str| {
        matches!(
            (&def.kind, name),
            (FieldType::Money, "amount") | (FieldType::PersonName, "full") | (FieldType::Address, "line")
        )
    };
    match (&def.kind, keys.as_slice()) {
        (_, []) => Some(None),
        (_, [Key::Name(name)]) if whole(name) => Some(None),
        (kind, [Key::Name(name)]) if kind.parts().contains(&name.as_str()) => Ident::new(name).ok().map(Some),
        (FieldType::Emails | FieldType::Phones | FieldType::Links, [Key::Index(0), Key::Name(name)])
            if name == "value" =>
        {
            Some(Some(Ident::of("primary")))
        }
        _ => None,
    }
}

fn step(step: &Step) -> String {
    let arrow = if step.as_text { "->>" } else { "->" };
    match &step.key {
        Key::Name(name) => format!("{arrow}{name}"),
        Key::Index(n) => format!("{arrow}{n}"),
    }
}
