//! `GET /me`: who one is here and what one may do.

use axum::Json;
use kernel::Id;
use model::{Ident, Scope};
use records::Action;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::failure::Failure;
use crate::history::user;

pub(crate) async fn me(call: Call) -> Result<Json<Value>, Failure> {
    let id = call.ctx.user().unwrap_or_else(|| Id::named("nobody"));
    let found = call
        .space
        .store
        .read()
        .await?
        .get_many(&call.schema, &Ident::of("user"), &[id], &model::Filter::All, &[])
        .await?;
    let text = |name: &str| found.first().and_then(|r| r.value(name).as_text()).map(str::to_owned);
    let mut objects = Map::new();
    for object in call.schema.objects() {
        let scope = |action| call.access.scope(object, action);
        if scope(Action::Read) == Scope::None && scope(Action::Create) == Scope::None {
            continue;
        }
        let rights = json!({
            "read": scope(Action::Read),
            "create": scope(Action::Create) != Scope::None,
            "update": scope(Action::Update),
            "delete": scope(Action::Delete),
        });
        objects.insert(object.name.to_string(), rights);
    }
    Ok(Json(json!({
        "id": user(&call.schema, id),
        "name": text("name"),
        "email": text("email"),
        "language": call.ctx.locale,
        "administrator": call.access.full,
        "roles": call.access.roles.iter().map(|(key, name)| json!({ "key": key, "name": name })).collect::<Vec<_>>(),
        "scopes": call.access.scopes,
        "objects": objects,
    })))
}
