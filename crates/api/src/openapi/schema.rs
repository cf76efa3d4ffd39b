use model::{FieldDef, FieldType, ObjectDef, Scope};
use records::Action;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::definitions::field_label;

/// The schemas that objects share.
pub(super) fn shared() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let schemas = json!({
        "Money": {
            "type": "object",
            "description": "An exact amount with at most four decimals, and an ISO 4217 code.",
            "properties": { "amount": { "type": "number" }, "currency": { "type": "string", "pattern": "^[A-Z]{3}$" } },
            "required": ["amount", "currency"],
        },
        "PersonName": {
            "type": "object",
            "properties": { "title": text(), "first": text(), "middle": text(), "last": text(), "suffix": text(), "full": text() },
        },
        "Entry": {
            "type": "object",
            "description": "An address, number or link, and what it is for. The first of a list is the primary one.",
            "properties": { "value": text(), "label": text() },
            "required": ["value"],
        },
        "Address": {
            "type": "object",
            "properties": { "street": text(), "street2": text(), "postcode": text(), "city": text(), "region": text(), "country": text() },
        },
        "Location": {
            "type": "object",
            "properties": { "lat": { "type": "number", "minimum": -90, "maximum": 90 }, "lon": { "type": "number", "minimum": -180, "maximum": 180 } },
            "required": ["lat", "lon"],
        },
        "File": {
            "type": "object",
            "properties": { "id": { "type": "string", "format": "uuid" }, "name": text(), "size": { "type": "integer", "minimum": 0 }, "type": text() },
            "required": ["id", "name", "size", "type"],
        },
        "Problem": {
            "type": "object",
            "description": "What is wrong (RFC 9457), with the members that PostgREST clients read.",
            "properties": {
                "type": { "type": "string", "format": "uri" },
                "title": text(),
                "status": { "type": "integer" },
                "detail": text(),
                "instance": { "type": "string", "format": "uri", "description": "The request's number, also in the header X-Request-Id." },
                "code": text(),
                "message": text(),
                "details": { "type": ["string", "null"] },
                "hint": { "type": ["string", "null"] },
                "errors": { "type": "array", "items": { "$ref": "#/components/schemas/FieldProblem" } },
                "conflicts": {
                    "type": "array",
                    "description": "The fields that somebody else changed meanwhile.",
                    "items": {
                        "type": "object",
                        "properties": { "field": text(), "mine": {}, "theirs": {} },
                        "required": ["field", "mine", "theirs"],
                    },
                },
                "version": { "type": "integer", "description": "The record's version now, with conflicts." },
            },
            "required": ["type", "title", "status", "detail", "code", "message"],
        },
        "FieldProblem": {
            "type": "object",
            "properties": {
                "field": text(),
                "key": text(),
                "message": text(),
                "args": { "type": "object" },
                "row": { "type": "integer", "description": "Counted from zero, among several rows." },
            },
            "required": ["field", "key", "message"],
        },
    });
    match schemas {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The answers that operations share.
pub(super) fn responses() -> Value {
    json!({
        "problem": {
            "description": "The request was refused, or failed; the document says why.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        },
        "unauthenticated": {
            "description": "Nobody is signed in, or the token has ended.",
            "headers": { "WWW-Authenticate": { "schema": { "type": "string" } } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        },
    })
}

/// A row as it is read; `select` may leave members out, rename them and add others.
pub(super) fn row(call: &Call, object: &ObjectDef) -> Value {
    let shown = object.fields.iter().filter(|f| call.access.reads(object, &f.name));
    let properties: Map<String, Value> = shown.map(|f| (f.name.to_string(), field(call, object, f, false))).collect();
    json!({ "type": "object", "properties": properties })
}

/// A row as it is written.
pub(super) fn input(call: &Call, object: &ObjectDef) -> Value {
    let written =
        object.fields.iter().filter(|f| !f.read_only && !f.is_computed() && call.access.writes(object, &f.name));
    let mut properties: Map<String, Value> =
        written.map(|f| (f.name.to_string(), field(call, object, f, true))).collect();
    if call.access.scope(object, Action::Update) != Scope::None {
        properties.insert(
            "version".to_owned(),
            json!({ "type": ["integer", "null"], "description": "The version that the values were decided on: fields that others changed since are conflicts." }),
        );
    }
    properties.insert(
        "id".to_owned(),
        json!({ "type": ["string", "null"], "description": "Chosen by the caller, for new records." }),
    );
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// A field: exact as it is read, and all forms that are taken as it is written.
fn field(call: &Call, object: &ObjectDef, field: &FieldDef, input: bool) -> Value {
    let kind = call.schema.effective(object, field);
    let mut schema = if input { taken(kind) } else { given(kind) };
    let label = field_label(&call.space.platform.words, object, field);
    schema["title"] = json!(label.get(call.ctx.locale));
    let mut notes: Vec<String> = Vec::new();
    if field.required {
        notes.push("Required.".to_owned());
    }
    if field.unique {
        notes.push("Unique.".to_owned());
    }
    if let Some(targets) = field.targets().filter(|_| field.name != "id") {
        let names: Vec<&str> = targets.iter().map(|t| t.as_str()).collect();
        notes.push(if names.is_empty() {
            "Refers to any object.".to_owned()
        } else {
            format!("Refers to {}.", names.join(", "))
        });
    }
    if !notes.is_empty() {
        schema["description"] = json!(notes.join(" "));
    }
    if !input && (field.read_only || field.is_computed()) {
        schema["readOnly"] = json!(true);
    }
    schema
}

fn given(kind: &FieldType) -> Value {
    let shared =
        |name: &str| json!({ "anyOf": [{ "$ref": format!("#/components/schemas/{name}") }, { "type": "null" }] });
    let list = |items: Value| json!({ "type": "array", "items": items });
    match kind {
        FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. } => {
            json!({ "type": ["integer", "null"] })
        }
        FieldType::Number | FieldType::Percent => json!({ "type": ["number", "null"] }),
        FieldType::Boolean => json!({ "type": ["boolean", "null"] }),
        FieldType::Date => json!({ "type": ["string", "null"], "format": "date" }),
        FieldType::DateTime => json!({ "type": ["string", "null"], "format": "date-time" }),
        FieldType::Choice { options } => {
            let mut values: Vec<Value> = options.iter().map(|o| json!(o.value)).collect();
            values.push(Value::Null);
            json!({ "type": ["string", "null"], "enum": values })
        }
        FieldType::MultiChoice { options } => {
            list(json!({ "type": "string", "enum": options.iter().map(|o| &o.value).collect::<Vec<_>>() }))
        }
        FieldType::Tags | FieldType::References { .. } => list(json!({ "type": "string" })),
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            list(json!({ "$ref": "#/components/schemas/Entry" }))
        }
        FieldType::Files => list(json!({ "$ref": "#/components/schemas/File" })),
        FieldType::Money => shared("Money"),
        FieldType::PersonName => shared("PersonName"),
        FieldType::Address => shared("Address"),
        FieldType::Location => shared("Location"),
        FieldType::Json => json!({}),
        _ => json!({ "type": ["string", "null"] }),
    }
}

/// Texts are read as values of every type; an empty one is no value.
fn taken(kind: &FieldType) -> Value {
    let of = |types: &[&str]| json!({ "type": types });
    match kind {
        FieldType::Text { max } => json!({ "type": ["string", "number", "null"], "maxLength": max }),
        FieldType::LongText | FieldType::AutoNumber { .. } => of(&["string", "number", "null"]),
        FieldType::Integer { min, max } => {
            let mut schema = of(&["integer", "string", "null"]);
            if let Some(min) = min {
                schema["minimum"] = json!(min);
            }
            if let Some(max) = max {
                schema["maximum"] = json!(max);
            }
            schema
        }
        FieldType::Duration => {
            json!({ "type": ["integer", "string", "null"], "minimum": 0, "description": "Seconds." })
        }
        FieldType::Rating { max } => {
            json!({ "type": ["integer", "string", "null"], "minimum": 1, "maximum": max })
        }
        FieldType::Number | FieldType::Percent => of(&["number", "string", "null"]),
        FieldType::Money => {
            json!({ "type": ["object", "number", "string", "null"], "description": "An amount, of euros where no currency is given." })
        }
        FieldType::Boolean => of(&["boolean", "string", "null"]),
        FieldType::PersonName | FieldType::Address => of(&["object", "string", "null"]),
        FieldType::Emails | FieldType::Phones | FieldType::Links => of(&["array", "object", "string", "null"]),
        FieldType::MultiChoice { .. } | FieldType::Tags | FieldType::References { .. } | FieldType::Files => {
            of(&["array", "string", "null"])
        }
        FieldType::Location => of(&["object", "array", "string", "null"]),
        FieldType::Json => json!({}),
        kind => {
            let mut schema = given(kind);
            // A blank text stands for no value, which an enumeration would not say.
            if let Value::Object(map) = &mut schema
                && let Some(values) = map.get_mut("enum").and_then(Value::as_array_mut)
            {
                values.push(json!(""));
            }
            schema
        }
    }
}
