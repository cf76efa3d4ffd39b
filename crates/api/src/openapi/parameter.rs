use model::{FieldDef, FieldType, ObjectDef};
use serde_json::{Value, json};

use crate::call::Call;

/// The parameters that operations share.
pub(super) fn shared(call: &Call) -> Value {
    let word = |key: &str| call.space.platform.words.get(call.ctx.locale, &format!("parameter.{key}")).into_owned();
    let query = |name: &str, schema: Value, text: String| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let header = |name: &str, text: String| json!({ "name": name, "in": "header", "schema": { "type": "string" }, "description": text });
    json!({
        "select": query("select", json!({ "type": "string" }), word("select")),
        "order": query("order", json!({ "type": "string" }), word("order")),
        "limit": query("limit", json!({ "type": "integer", "minimum": 0 }), word("limit")),
        "offset": query("offset", json!({ "type": "integer", "minimum": 0 }), word("offset")),
        "cursor": query("cursor", json!({ "type": "string" }), word("cursor")),
        "q": query("q", json!({ "type": "string" }), word("q")),
        "deleted": query("deleted", json!({ "type": "boolean" }), word("deleted")),
        "or": query("or", json!({ "type": "string" }), word("or")),
        "on_conflict": query("on_conflict", json!({ "type": "string" }), word("on_conflict")),
        "columns": query("columns", json!({ "type": "string" }), word("columns")),
        "prefer": header("Prefer", word("prefer")),
        "range": header("Range", word("range")),
        "if_match": header("If-Match", word("if_match")),
        "if_none_match": header("If-None-Match", word("if_none_match")),
        "idempotency_key": header("Idempotency-Key", word("idempotency_key")),
        "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "description": word("id") },
    })
}

/// A reference to a shared parameter.
pub(super) fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// The fields that filter a list, each with the conditions that it takes.
pub(super) fn filters(call: &Call, object: &ObjectDef) -> Vec<Value> {
    let free = |f: &&FieldDef| !RESERVED.contains(&f.name.as_str());
    let readable = object.fields.iter().filter(|f| call.access.reads(object, &f.name)).filter(free);
    readable.map(|f| filter(call, call.schema.effective(object, f), f)).collect()
}

fn filter(call: &Call, kind: &FieldType, field: &FieldDef) -> Value {
    let (operators, example) = match kind {
        FieldType::Json | FieldType::Files | FieldType::Location => ("is", "is.null"),
        FieldType::Tags | FieldType::MultiChoice { .. } => ("cs, cd, ov, is", "cs.{vip}"),
        FieldType::References { .. } => ("cs, ov, is", "not.is.null"),
        FieldType::Reference { .. } | FieldType::User | FieldType::Polymorphic { .. } => {
            ("eq, neq, in, is, isdistinct", "is.null")
        }
        FieldType::Boolean => ("eq, neq, is", "is.true"),
        FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. } => (ORDERED, "gte.10"),
        FieldType::Number | FieldType::Percent | FieldType::Money => (ORDERED, "gt.1000"),
        FieldType::Date => (ORDERED, "gte.2026-01-01"),
        FieldType::DateTime => (ORDERED, "gte.2026-01-01T00:00:00Z"),
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            ("eq, neq, like, ilike, match, imatch, in, is, cs, ov", "ilike.*@example.com")
        }
        FieldType::Choice { .. } => ("eq, neq, in, is, isdistinct", "not.is.null"),
        _ => (
            "eq, neq, gt, gte, lt, lte, like, ilike, match, imatch, in, is, isdistinct, fts, plfts, phfts, wfts",
            "ilike.*du*",
        ),
    };
    let words = &call.space.platform.words;
    let with = |key: &str, name: &str, value: &str| words.with(call.ctx.locale, key, &[(name, value.into())]);
    let mut description = with("filter-takes", "operators", operators);
    if !kind.parts().is_empty() {
        let parts = kind.parts().iter().map(|part| format!("`{}->>{part}`", field.name)).collect::<Vec<_>>().join(", ");
        description = format!("{description} {}", with("filter-parts", "parts", &parts));
    }
    json!({ "name": field.name, "in": "query", "schema": { "type": "string" }, "example": example, "description": description })
}

/// Names that are parameters of every list; a field called so is filtered inside `and=(…)`.
const RESERVED: [&str; 10] =
    ["select", "order", "limit", "offset", "cursor", "q", "deleted", "or", "on_conflict", "columns"];

const ORDERED: &str = "eq, neq, gt, gte, lt, lte, in, is, isdistinct";
