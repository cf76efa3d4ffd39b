use model::{ObjectDef, Scope};
use records::Action;
use serde_json::{Map, Value, json};

use super::parameter::{filters, of};
use crate::call::Call;

/// The operations on an object's records, as far as the caller's rights go.
pub(super) fn paths(call: &Call, object: &ObjectDef, paths: &mut Map<String, Value>) {
    let name = object.name.as_str();
    let may = |action| call.access.scope(object, action) != Scope::None;
    let reads = call.access.check(object, Action::Read).is_ok();
    let mut many = Map::new();
    let mut one = Map::new();
    let mut later = None;
    let row = json!({ "$ref": format!("#/components/schemas/{name}") });
    let rows = json!({ "type": "array", "items": row });
    let input = json!({ "$ref": format!("#/components/schemas/{name}.input") });
    let word = |key: &str| call.space.platform.words.get(call.ctx.locale, key).into_owned();
    let operation = |verb: &str, parameters: Vec<Value>, body: Option<Value>, answers: Value| {
        let mut operation = json!({
            "operationId": format!("{verb}_{name}"),
            "tags": [name],
            "summary": word(&format!("operation.{verb}")),
            "parameters": parameters,
            "responses": answers,
        });
        if let Some(schema) = body {
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        operation
    };
    let writing = || [of("select"), of("prefer"), of("idempotency_key")];
    let filtered = || filters(call, object).into_iter().chain([of("or")]);
    if reads {
        let paging = ["select", "order", "limit", "offset", "cursor", "q", "deleted", "prefer", "range"].map(of);
        many.insert(
            "get".into(),
            operation(
                "list",
                filtered().chain(paging).collect(),
                None,
                answers(&[(200, Some(&rows)), (206, Some(&rows))]),
            ),
        );
        let parameters = ["select", "deleted", "if_none_match"].map(of).to_vec();
        one.insert("get".into(), operation("read", parameters, None, answers(&[(200, Some(&row)), (304, None)])));
    }
    if may(Action::Create) {
        let parameters = writing().into_iter().chain([of("on_conflict"), of("columns")]).collect();
        let body = json!({ "anyOf": [input, { "type": "array", "items": input, "maxItems": crate::MAX_CHANGES }] });
        let mut create =
            operation("create", parameters, Some(body), answers(&[(200, Some(&rows)), (201, None), (204, None)]));
        create["requestBody"]["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
        many.insert("post".into(), create);
    }
    if reads && may(Action::Update) {
        let parameters = filtered().chain(writing()).collect();
        let changed = answers(&[(200, Some(&rows)), (204, None)]);
        many.insert("patch".into(), operation("update_many", parameters, Some(input.clone()), changed));
        let parameters = || writing().into_iter().chain([of("if_match")]).collect();
        let changed = || answers(&[(200, Some(&row)), (204, None)]);
        one.insert("patch".into(), operation("update", parameters(), Some(input.clone()), changed()));
        let replaced = answers(&[(200, Some(&row)), (201, Some(&row)), (204, None)]);
        one.insert("put".into(), operation("replace", parameters(), Some(input.clone()), replaced));
    }
    if reads && may(Action::Delete) {
        let parameters = filtered().chain(writing()).collect();
        let gone = answers(&[(200, Some(&rows)), (204, None)]);
        many.insert("delete".into(), operation("delete_many", parameters, None, gone));
        let parameters = writing().into_iter().chain([of("if_match")]).collect();
        one.insert("delete".into(), operation("delete", parameters, None, answers(&[(200, Some(&row)), (204, None)])));
        let restore = operation("restore", writing().to_vec(), None, answers(&[(200, Some(&row)), (204, None)]));
        later = Some((format!("/{name}/{{id}}/restore"), json!({ "parameters": [of("id")], "post": restore })));
    }
    if !many.is_empty() {
        paths.insert(format!("/{name}"), Value::Object(many));
    }
    if !one.is_empty() {
        one.insert("parameters".into(), json!([of("id")]));
        paths.insert(format!("/{name}/{{id}}"), Value::Object(one));
    }
    paths.extend(later);
    if reads {
        let list = json!({ "type": "array", "items": { "type": "object" } });
        if call.schema.object("profile").is_some_and(|profile| call.access.check(profile, Action::Read).is_ok()) {
            let known = json!({ "name": "id", "in": "query", "schema": { "type": "string" }, "description": word("parameter.known") });
            let alike = json!({ "type": "object", "properties": {
                "profiles": list,
                "erased": { "type": "boolean", "description": word("parameter.erased") },
            } });
            let found = operation(
                "duplicates",
                vec![known],
                Some(json!({ "type": "object" })),
                answers(&[(200, Some(&alike))]),
            );
            paths.insert(format!("/{name}/duplicates"), json!({ "post": found }));
        }
        let before = json!({ "name": "before", "in": "query", "schema": { "type": "integer", "minimum": 0 }, "description": word("parameter.before") });
        let limit = json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } });
        let history = operation("history", vec![before, limit], None, answers(&[(200, Some(&list))]));
        paths.insert(format!("/{name}/{{id}}/history"), json!({ "parameters": [of("id")], "get": history }));
        let user = json!({ "name": "user", "in": "query", "schema": { "type": "string" }, "description": word("parameter.user") });
        let any = json!({ "type": "object" });
        let access = operation("access", vec![user], None, answers(&[(200, Some(&any))]));
        paths.insert(format!("/{name}/{{id}}/access"), json!({ "parameters": [of("id")], "get": access }));
    }
}

/// Good answers, each with its schema, and those that say what is wrong.
pub(super) fn answers(good: &[(u16, Option<&Value>)]) -> Value {
    let mut out = Map::new();
    for (status, schema) in good {
        let mut answer = json!({ "description": describe(*status) });
        if let Some(schema) = schema {
            answer["content"] = json!({ "application/json": { "schema": schema } });
            if schema["items"]["$ref"].is_string() {
                answer["content"]["text/csv"] = json!({ "schema": { "type": "string" } });
            }
        }
        out.insert(status.to_string(), answer);
    }
    out.insert("401".into(), json!({ "$ref": "#/components/responses/unauthenticated" }));
    out.insert("default".into(), json!({ "$ref": "#/components/responses/problem" }));
    Value::Object(out)
}

fn describe(status: u16) -> &'static str {
    match status {
        200 => "Done.",
        201 => "Made.",
        204 => "Done; nothing to show.",
        206 => "Some of the rows that were counted.",
        304 => "Unchanged.",
        _ => "An answer.",
    }
}
