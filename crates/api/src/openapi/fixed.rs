use serde_json::{Map, Value, json};

use super::object::answers;
use super::parameter;
use crate::call::Call;

/// The operations that every instance has.
pub(super) fn paths(call: &Call, paths: &mut Map<String, Value>) {
    let any = json!({ "type": "object" });
    let list = json!({ "type": "array", "items": { "type": "object" } });
    let word = |key: &str| call.space.platform.words.get(call.ctx.locale, key).into_owned();
    let operation = |id: &str, parameters: Vec<Value>, body: Option<Value>, answers: Value| {
        let mut operation = json!({ "operationId": id, "tags": ["interface"], "summary": word(&format!("operation.{id}")), "parameters": parameters, "responses": answers });
        if let Some(schema) = body {
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        operation
    };
    let query = |name: &str, schema: Value, text: &str| json!({ "name": name, "in": "query", "schema": schema, "description": text });
    let path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let good = |schema: &Value| answers(&[(200, Some(schema))]);
    let words = query("q", json!({ "type": "string" }), &word("parameter.words"));
    let only = query("object", json!({ "type": "string" }), &word("parameter.only"));
    let limit = query("limit", json!({ "type": "integer", "minimum": 1 }), &word("parameter.most"));
    let mut put = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    put("/openapi.json", json!({ "get": operation("document", vec![], None, good(&any)) }));
    put("/me", json!({ "get": operation("me", vec![], None, good(&any)) }));
    put("/search", json!({ "get": operation("search", vec![words, only, limit], None, good(&list)) }));
    put("/batches", json!({ "get": operation("batches", vec![], None, good(&list)) }));
    put(
        "/batches/{id}/undo",
        json!({ "parameters": [path("id")], "post": operation("undo", vec![], None, good(&any)) }),
    );
    let token = json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "minLength": 1 },
            "scopes": { "type": "array", "items": { "type": "string" }, "minItems": 1, "description": "read, write, or either for one object: write:contact" },
            "expires_at": { "type": ["string", "null"], "format": "date-time" },
        },
        "required": ["name", "scopes"],
        "additionalProperties": false,
    });
    put(
        "/tokens",
        json!({
            "get": operation("tokens", vec![], None, good(&list)),
            "post": operation("create_token", vec![], Some(token), answers(&[(201, Some(&any))])),
        }),
    );
    put(
        "/tokens/{id}",
        json!({ "parameters": [path("id")], "delete": operation("revoke_token", vec![], None, answers(&[(204, None)])) }),
    );
    if call.schema.object("purpose").is_some() {
        let point = query("point", json!({ "type": "string" }), &word("parameter.point"));
        let statements = json!({ "oneOf": [statement(), { "type": "array", "items": statement() }] });
        put(
            "/consents",
            json!({
                "get": operation("consents", vec![point], None, good(&any)),
                "post": operation("create_consents", vec![], Some(statements), answers(&[(201, Some(&list))])),
            }),
        );
        let asked = json!({
            "type": "object",
            "properties": {
                "points": { "type": "array", "items": { "type": "string" }, "maxItems": 10_000 },
                "channel": { "enum": CHANNELS },
                "purpose": { "type": "string" },
                "audience": { "enum": ["consumer", "professional"], "default": "consumer" },
            },
            "required": ["points", "channel", "purpose"],
            "additionalProperties": false,
        });
        put("/consents/decisions", json!({ "post": operation("decide_consents", vec![], Some(asked), good(&list)) }));
        let preview = operation("preview_retention", vec![], None, good(&any));
        put("/retention_rule/{id}/preview", json!({ "parameters": [path("id")], "get": preview }));
        let run = operation("run_retention", vec![], None, good(&any));
        put("/retention_rule/{id}/run", json!({ "parameters": [path("id")], "post": run }));
        put("/register", json!({ "get": operation("register", vec![], None, good(&any)) }));
    }
    if call.schema.object("profile").is_some() {
        let asked = |name: &str, key: &str| query(name, json!({ "type": "string" }), &word(key));
        let by = vec![
            asked("id", "parameter.profile_id"),
            asked("email", "parameter.profile_email"),
            asked("phone", "parameter.profile_phone"),
            asked("source", "parameter.profile_source"),
            asked("key", "parameter.profile_key"),
        ];
        put("/profiles/lookup", json!({ "get": operation("lookup_profiles", by, None, good(&list)) }));
        let made = answers(&[(200, Some(&any)), (201, Some(&any))]);
        let paging = ["select", "order", "limit", "offset", "cursor", "q", "or", "prefer", "range"].map(parameter::of);
        let pages = answers(&[(200, Some(&list)), (206, Some(&list))]);
        let members = operation("segment_members", paging.to_vec(), None, pages);
        put("/segment/{id}/members", json!({ "parameters": [path("id")], "get": members }));
        put("/verdicts", json!({ "post": operation("create_verdict", vec![], Some(verdict()), made) }));
        let undo = operation("undo_verdict", vec![], None, good(&any));
        put("/verdicts/{id}/undo", json!({ "parameters": [path("id")], "post": undo }));
        let limit = query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 200 }), &word("parameter.most"));
        put("/review", json!({ "get": operation("review", vec![limit], None, good(&list)) }));
        let kinds = json!({ "enum": ["person", "organisation"] });
        let of = query("kind", kinds.clone(), &word("parameter.kind"));
        let wish = json!({ "type": "object", "properties": { "kind": kinds }, "required": ["kind"], "additionalProperties": false });
        let asked = answers(&[(202, None)]);
        put(
            "/models",
            json!({
                "get": operation("models", vec![of], None, good(&any)),
                "post": operation("create_model", vec![], Some(wish), asked.clone()),
            }),
        );
        put("/models/{id}", json!({ "parameters": [path("id")], "get": operation("model", vec![], None, good(&any)) }));
        let adopt = operation("adopt_model", vec![], None, asked);
        put("/models/{id}/adoption", json!({ "parameters": [path("id")], "post": adopt }));
        let refuse = operation("refuse_model", vec![], None, answers(&[(204, None)]));
        put("/models/{id}/refusal", json!({ "parameters": [path("id")], "post": refuse }));
    }
    let mut objects = json!({ "get": operation("objects", vec![], None, good(&list)) });
    let mut object = json!({ "parameters": [path("name")], "get": operation("object", vec![], None, good(&any)) });
    if call.access.administers().is_ok() {
        objects["post"] = operation("create_object", vec![], Some(definition(true)), answers(&[(201, Some(&any))]));
        object["patch"] = operation("update_object", vec![], Some(any.clone()), good(&any));
        let field = operation("create_field", vec![], Some(definition(false)), answers(&[(201, Some(&any))]));
        put("/objects/{name}/fields", json!({ "parameters": [path("name")], "post": field }));
        let field = operation("update_field", vec![], Some(any.clone()), good(&any));
        put("/objects/{name}/fields/{field}", json!({ "parameters": [path("name"), path("field")], "patch": field }));
    }
    put("/objects", objects);
    put("/objects/{name}", object);
}

const CHANNELS: [&str; 6] = ["email", "sms", "phone", "post", "push", "ads"];

/// Something said about a contact point.
fn statement() -> Value {
    let text = json!({ "type": "string" });
    let moment = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "properties": {
            "point": text,
            "channel": { "enum": CHANNELS },
            "purpose": text,
            "state": { "enum": ["granted", "denied", "withdrawn", "objected"] },
            "basis": { "enum": ["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"] },
            "proof": {
                "type": "object",
                "properties": { "wording": text, "version": text, "where": text, "address": text, "by": text },
                "additionalProperties": false,
            },
            "source": text,
            "at": moment,
            "expires_at": moment,
        },
        "required": ["point", "state"],
        "additionalProperties": false,
    })
}

/// One of three decisions about who is who.
fn verdict() -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    json!({
        "type": "object",
        "properties": {
            "separate": { "type": "object", "properties": { "profile": text, "records": texts }, "required": ["profile", "records"], "additionalProperties": false },
            "join": texts,
            "pair": { "type": "object", "properties": { "a": text, "b": text, "same": { "type": "boolean" } }, "required": ["a", "b", "same"], "additionalProperties": false },
            "note": text,
            "dry": { "type": "boolean", "default": false },
        },
        "additionalProperties": false,
    })
}

/// A definition's members that matter; all of them are in the definitions that are read.
fn definition(object: bool) -> Value {
    let label = json!({ "type": "object", "properties": { "fr": { "type": "string" }, "en": { "type": "string" } } });
    let name = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,47}$" });
    if object {
        return json!({
            "type": "object",
            "properties": { "name": name, "label": label, "plural": label, "icon": { "type": "string" }, "fields": { "type": "array", "items": { "type": "object" } } },
            "required": ["name", "label"],
        });
    }
    json!({
        "type": "object",
        "properties": { "name": name, "label": label, "type": { "type": "string" }, "required": { "type": "boolean" }, "unique": { "type": "boolean" } },
        "required": ["name", "label", "type"],
    })
}
