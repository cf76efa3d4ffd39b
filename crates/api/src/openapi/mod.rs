//! The OpenAPI 3.1 document of this instance: its objects, with those that administrators added, as far as the caller's rights go.

mod fixed;
mod object;
mod parameter;
mod schema;
mod source;

use axum::Json;
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
    let mut tags = Vec::new();
    let (setup, objects): (Vec<_>, Vec<_>) = call.schema.objects().partition(|o| o.setup);
    for object in objects.into_iter().chain(setup) {
        let may = |action| call.access.scope(object, action) != Scope::None;
        if call.access.check(object, Action::Read).is_err() && !may(Action::Create) {
            continue;
        }
        let label = object_label(words, object, ".many");
        tags.push(json!({ "name": object.name, "description": label.get(call.ctx.locale) }));
        schemas.insert(object.name.to_string(), schema::row(call, object));
        schemas.insert(format!("{}.input", object.name), schema::input(call, object));
        object::paths(call, object, &mut paths);
    }
    fixed::paths(call, &mut paths);
    source::paths(call, &mut paths);
    tags.push(json!({ "name": "interface", "description": words.get(call.ctx.locale, "operation.tag") }));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clientele",
            "version": env!("CARGO_PKG_VERSION"),
            "description": words.get(call.ctx.locale, "operation.introduction"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": crate::BASE }],
        "security": [{ "token": [] }, { "session": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameter::shared(call),
            "responses": schema::responses(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token of a user: clt_…" },
                "write_key": { "type": "http", "scheme": "basic", "description": "A write key of a source as the user name: clw_…" },
                "session": { "type": "apiKey", "in": "cookie", "name": "session", "description": "The cookie of a signed-in browser; changes need an origin of the same host or the header X-CSRF-Token." },
            },
        },
    })
}
