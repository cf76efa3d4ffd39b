//! The OpenAPI 3.1 document of this instance: its objects, with those that administrators added, as far as the caller's rights go.

mod fixed;
mod object;
mod parameter;
mod schema;

use axum::Json;
use kernel::Locale;
use model::Scope;
use records::Action;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::definitions::object_label;

/// `GET /openapi.json`, and the root as PostgREST has it.
pub(crate) async fn document(call: Call) -> Json<Value> {
    Json(build(&call))
}

fn build(call: &Call) -> Value {
    let words = &call.space.platform.words;
    let mut paths = Map::new();
    let mut schemas = schema::shared();
    let mut tags =
        vec![json!({ "name": "interface", "description": "Who one is, search, definitions, tokens, batches." })];
    for object in call.schema.objects() {
        let may = |action| call.access.scope(object, action) != Scope::None;
        if call.access.check(object, Action::Read).is_err() && !may(Action::Create) {
            continue;
        }
        let label = object_label(words, object, ".many");
        tags.push(json!({ "name": object.name, "description": format!("{} · {}", label.get(Locale::Fr), label.get(Locale::En)) }));
        schemas.insert(object.name.to_string(), schema::row(call, object));
        schemas.insert(format!("{}.input", object.name), schema::input(call, object));
        object::paths(call, object, &mut paths);
    }
    fixed::paths(call, &mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clientele",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": crate::BASE }],
        "security": [{ "token": [] }, { "session": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameter::shared(),
            "responses": schema::responses(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token of a user: clt_…" },
                "session": { "type": "apiKey", "in": "cookie", "name": "session", "description": "The cookie of a signed-in browser; changes need an origin of the same host or the header X-CSRF-Token." },
            },
        },
    })
}

const INTRODUCTION: &str = "Objects are read and written in the PostgREST dialect: `select` names fields and related rows, each field is a filter \
(`amount=gt.1000`), `order`, `limit`, `offset` or `cursor` page, and `Prefer` says what to answer. One answer has at most 1,000 rows; one request \
changes at most 10,000 and has a body of at most 10 MB. Changes take an `Idempotency-Key`; several changes in one request are a batch that can be undone.";
