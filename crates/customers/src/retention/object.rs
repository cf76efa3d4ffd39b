use std::sync::Arc;

use kernel::Timestamp;
use model::{
    Field, FieldType, Fields, Filter, Grant, Hue, Ident, ObjectDef, Problem, Value, boolean, choice, date_time,
    integer, json, long_text, reference, text,
};
use records::{Cx, Draft, RecordError, Space};

use crate::consent::purpose::plant;

/// Its name.
pub const NAME: Field<String> = text("name").required().unique().searchable();
/// The object whose records it is about, by its name.
pub const OBJECT: Field<String> = text("object").required().indexed();
/// The field from which the time runs: a day or a moment of that object, such as `created_at`, `updated_at`, `closed_on`.
pub const AFTER: Field<String> = text("after").required().default_text("updated_at");
/// For how many months.
pub const MONTHS: Field<i64> = integer("months").required().min(1).max(1_200);
/// What then becomes of them: somebody looks at them, what says something about a person is emptied, or they go to the bin.
pub const ACTION: Field<String> =
    choice("action", &[("review", Hue::Blue), ("anonymise", Hue::Amber), ("delete", Hue::Red)])
        .required()
        .default_text("review");
/// Which records of the object only, as a filter in JSON.
pub const ONLY: Field<Box<serde_json::Value>> = json("only");
/// The purpose for which they are kept.
pub const PURPOSE: Field<kernel::Id> = reference("purpose", "purpose");
/// Where it is written, or why so long.
pub const LAW: Field<String> = long_text("law").required();
/// Whether it is applied every day.
pub const ACTIVE: Field<bool> = boolean("active").default_bool(true);
/// When it was last applied.
pub const RAN_AT: Field<Timestamp> = date_time("ran_at").read_only();
/// How many records it then found.
pub const FOUND: Field<i64> = integer("found").read_only();

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        OBJECT.def(),
        AFTER.def(),
        MONTHS.def(),
        ACTION.def(),
        ONLY.def(),
        PURPOSE.def(),
        LAW.def(),
        ACTIVE.def(),
        RAN_AT.def(),
        FOUND.def(),
    ];
    ObjectDef::new("retention_rule", "ret", "archive", "name", fields)
        .columns(&["name", "object", "after", "months", "action", "purpose", "active", "ran_at", "found"])
        .facts(&["object", "months", "action"])
        .section("details", &["name", "object", "after", "months", "action", "only", "active"])
        .section("lawfulness", &["purpose", "law"])
        .grant("steward", Grant::read_only())
        .setup()
}

/// A rule names an object and one of its days or moments, and its filter can be read.
pub(crate) fn check(draft: &mut Draft, cx: &Cx<'_>) -> Result<(), RecordError> {
    let schema = cx.schema();
    let Some(object) = schema.object(&draft.get(OBJECT).unwrap_or_default()) else {
        draft.refuse(OBJECT, "retention-object");
        return Ok(());
    };
    if object.setup {
        draft.refuse(OBJECT, "retention-object");
    }
    let floor = FLOORS.iter().find(|(name, ..)| object.name == *name);
    if let Some((_, months, law)) = floor
        && draft.get(ACTION).as_deref() != Some("review")
        && draft.get(MONTHS).is_some_and(|given| given < *months)
    {
        return Err(Problem::new(MONTHS.name(), "retention-floor").number("months", *months).text("law", law).into());
    }
    let after = draft.get(AFTER).unwrap_or_default();
    if !object.field(&after).is_some_and(|f| matches!(f.kind, FieldType::Date | FieldType::DateTime)) {
        draft.refuse(AFTER, "retention-after");
    }
    if let Some(only) = draft.get(ONLY) {
        let filter: Result<Filter, _> = serde_json::from_value(*only);
        let bound =
            filter.map_err(|e| e.to_string()).and_then(|f| f.bind(&schema, object, &cx.ctx).map_err(|e| e.to_string()));
        if let Err(detail) = bound {
            return Err(Problem::new(ONLY.name(), "retention-only").text("detail", detail).into());
        }
    }
    Ok(())
}

/// Name, object, field, months, law.
type BuiltIn = (&'static str, &'static str, &'static str, &'static str, i64, &'static str);

/// The rules with which every tenant starts, where it has their objects. They delete nothing: somebody looks first.
const BUILT_IN: [BuiltIn; 3] = [
    (
        "lead",
        "Prospects",
        "lead",
        "updated_at",
        36,
        "CNIL, délibération n° 2021-131 du 23 septembre 2021 : trois ans après le dernier contact émanant du prospect",
    ),
    (
        "contact",
        "Clients",
        "contact",
        "updated_at",
        60,
        "Code civil, art. 2224 : cinq ans après la fin de la relation, pour la preuve ; CNIL, délibération n° 2021-131",
    ),
    (
        "invoice",
        "Factures",
        "invoice",
        "created_at",
        120,
        "Code de commerce, art. L. 123-22 : dix ans ; Livre des procédures fiscales, art. L. 102 B : six ans",
    ),
];

/// Makes the rules with which every tenant starts.
pub(crate) async fn seed(space: Arc<Space>) -> Result<(), RecordError> {
    let schema = space.schema();
    let here = BUILT_IN.into_iter().filter(|(_, _, object, ..)| schema.object(object).is_some());
    let rows = here.map(|(key, name, object, after, months, law)| {
        let values: [(&'static str, Value); 5] = [
            ("name", name.into()),
            ("object", object.into()),
            ("after", after.into()),
            ("months", Value::Int(months)),
            ("law", law.into()),
        ];
        (key, Fields::from_iter(values.map(|(name, value)| (Ident::of(name), value))))
    });
    plant(&space, "retention_rule", rows.collect()).await
}

/// Months below which records of an object must not be deleted, and the law that says so: invoices and orders are vouchers of accounts.
pub const FLOORS: [(&str, i64, &str); 2] = [
    ("invoice", 120, "Code de commerce, art. L. 123-22 ; Livre des procédures fiscales, art. L. 102 B"),
    ("order", 120, "Code de commerce, art. L. 123-22"),
];
