use model::{FieldDef, FieldType, ObjectDef};
use serde_json::{Value, json};

use crate::call::Call;

/// The parameters that operations share.
pub(super) fn shared() -> Value {
    let query = |name: &str, schema: Value, text: &str| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let header = |name: &str, text: &str| json!({ "name": name, "in": "header", "schema": { "type": "string" }, "description": text });
    json!({
        "select": query("select", json!({ "type": "string" }), "What each row shows: `name,total:amount->amount,account(name)`."),
        "order": query("order", json!({ "type": "string" }), "`amount.desc.nullslast,name`"),
        "limit": query("limit", json!({ "type": "integer", "minimum": 0 }), "At most 1,000 rows are answered."),
        "offset": query("offset", json!({ "type": "integer", "minimum": 0 }), "Rows left out before the first; a cursor is quicker."),
        "cursor": query("cursor", json!({ "type": "string" }), "Where the last page ended, from the header Next-Cursor."),
        "q": query("q", json!({ "type": "string" }), "Words that stand anywhere in the record, through the search index."),
        "deleted": query("deleted", json!({ "type": "boolean" }), "The bin instead of the other records."),
        "or": query("or", json!({ "type": "string" }), "`(amount.gt.1000,stage.eq.won)`"),
        "on_conflict": query("on_conflict", json!({ "type": "string" }), "The unique field by which existing rows are found."),
        "columns": query("columns", json!({ "type": "string" }), "The only members of the body that are written."),
        "prefer": header("Prefer", "`return=representation`, `count=exact`, `resolution=merge-duplicates`, `tx=rollback`, …"),
        "range": header("Range", "`0-24`: the first 25 rows."),
        "if_match": header("If-Match", "The version that must still hold: `\"3\"`."),
        "if_none_match": header("If-None-Match", "The version that is known: `\"3\"`."),
        "idempotency_key": header("Idempotency-Key", "Requests that repeat a key are answered as the first time and change nothing again."),
        "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "description": "The record's identifier." },
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
    readable.filter_map(|f| filter(call.schema.effective(object, f), f)).collect()
}

fn filter(kind: &FieldType, field: &FieldDef) -> Option<Value> {
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
    let parts = kind.parts();
    let parts =
        if parts.is_empty() { String::new() } else { format!(" Parts: `{}->>{}`.", field.name, parts.join("`, `->>")) };
    Some(json!({
        "name": field.name,
        "in": "query",
        "schema": { "type": "string" },
        "example": example,
        "description": format!("A condition: {operators}; `not.` before it negates.{parts}"),
    }))
}

/// Names that are parameters of every list; a field called so is filtered inside `and=(…)`.
const RESERVED: [&str; 10] =
    ["select", "order", "limit", "offset", "cursor", "q", "deleted", "or", "on_conflict", "columns"];

const ORDERED: &str = "eq, neq, gt, gte, lt, lte, in, is, isdistinct";
