use serde_json::{Map, Value, json};

use super::object::answers;
use crate::call::Call;

/// The calls of the Segment specification.
const EVENTS: [&str; 7] = ["identify", "track", "page", "screen", "group", "alias", "batch"];

/// What concerns sources: records, keys, health, refusals; and the doors outside [`crate::BASE`] that take a write key.
pub(super) fn paths(call: &Call, paths: &mut Map<String, Value>) {
    if call.schema.object("source").is_none() {
        return;
    }
    let any = json!({ "type": "object" });
    let list = json!({ "type": "array", "items": any });
    let word = |key: &str| call.space.platform.words.get(call.ctx.locale, key).into_owned();
    let operation = |id: &str, body: Option<Value>, answers: Value| {
        let mut operation = json!({ "operationId": id, "tags": ["interface"], "summary": word(&format!("operation.{id}")), "responses": answers });
        if let Some(schema) = body {
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        operation
    };
    let path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let good = |schema: &Value| answers(&[(200, Some(schema))]);
    let of_source = |end: &str| format!("/source/{{id}}/{end}");
    let mut put = |path: String, item: Value| paths.insert(path, item);
    let id = json!([path("id")]);
    put(
        of_source("records"),
        json!({ "parameters": id, "post": operation("give_records", Some(gift()), good(&taken())) }),
    );
    let key = json!({ "type": "object", "properties": { "name": { "type": "string", "minLength": 1 } }, "required": ["name"], "additionalProperties": false });
    put(
        of_source("keys"),
        json!({
            "parameters": id,
            "get": operation("write_keys", None, good(&list)),
            "post": operation("create_write_key", Some(key), answers(&[(201, Some(&any))])),
        }),
    );
    let revoked = operation("revoke_write_key", None, answers(&[(204, None)]));
    put(of_source("keys/{key}"), json!({ "parameters": [path("id"), path("key")], "delete": revoked }));
    put(of_source("health"), json!({ "parameters": id, "get": operation("source_health", None, good(&any)) }));
    let before = json!({ "name": "before", "in": "query", "schema": { "type": "integer" }, "description": word("parameter.before_reject") });
    let mut rejects = operation("rejects", None, good(&list));
    rejects["parameters"] = json!([before]);
    put(of_source("rejects"), json!({ "parameters": id, "get": rejects }));
    put(
        of_source("rejects/replay"),
        json!({ "parameters": id, "post": operation("replay_rejects", None, good(&any)) }),
    );
    // They stand beside the interface, and ask for a write key.
    let outside = json!([{ "url": "/" }]);
    for call in EVENTS {
        let mut event = operation(&format!("event_{call}"), Some(any.clone()), good(&any));
        event["security"] = json!([{ "write_key": [] }]);
        put(format!("/v1/{call}"), json!({ "servers": outside, "post": event }));
    }
    let mut hook = operation("deliver", None, good(&taken()));
    let of_type = |schema: &Value| json!({ "schema": schema });
    hook["requestBody"] = json!({ "required": true, "content": {
        "application/json": of_type(&json!({})),
        "application/x-www-form-urlencoded": of_type(&any),
    } });
    hook["security"] = json!([]);
    put("/v1/hook/{key}".to_owned(), json!({ "servers": outside, "parameters": [path("key")], "post": hook }));
}

/// Records with the keys by which their source knows them.
fn gift() -> Value {
    let record = json!({
        "type": "object",
        "properties": { "key": { "type": "string", "maxLength": 200 }, "data": { "type": "object" } },
        "required": ["key", "data"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "records": { "type": "array", "items": record, "maxItems": customers::source::MOST_GIVEN },
            "partial": { "type": "boolean", "default": false },
        },
        "required": ["records"],
        "additionalProperties": false,
    })
}

/// What became of them.
fn taken() -> Value {
    let count = json!({ "type": "integer" });
    json!({
        "type": "object",
        "properties": { "accepted": count, "duplicates": count, "rejected": { "type": "array", "items": { "type": "object" } } },
    })
}
