//! `GET /{object}/{id}/history` and `…/access`: what happened to a record, and why somebody sees it.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Code, Id};
use model::{ObjectDef, Problem, Schema};
use records::{Access, Reason};
use serde_json::{Map, Value, json};
use store::Change;

use crate::call::{Call, One, Reads};
use crate::failure::Failure;
use crate::params::Params;

const MOST: i64 = 200;

pub(crate) async fn history(One { call, object, id, .. }: One<Reads>, params: Params) -> Result<Response, Failure> {
    let limit = params.number("limit", 50, 1, MOST)?;
    let before = params.get("before").map(|_| params.number("before", 0, 0, i64::MAX)).transpose()?;
    let mut reader = call.space.store.read().await?;
    call.space.get_as(&call.access, &object.name, id, &mut reader).await?;
    let changes = reader.history(id, before, limit as u32).await?;
    drop(reader);
    let next = changes.last().filter(|_| changes.len() as i64 == limit).map(|c| c.seq);
    let list: Vec<Value> = changes.iter().map(|c| show(&call.schema, &call.access, &object, c)).collect();
    let mut response = Json(list).into_response();
    if let Some(seq) = next {
        let id = id.typed(object.prefix.as_str());
        let link = format!("<{}/{}/{id}/history?limit={limit}&before={seq}>; rel=\"next\"", crate::BASE, object.name);
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(response)
}

/// A change without the fields that the caller may not read.
fn show(schema: &Schema, access: &Access, object: &ObjectDef, change: &Change) -> Value {
    let fields: Map<String, Value> = change
        .diff
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(name, _)| object.field(name).is_some_and(|f| access.reads(object, &f.name)))
        .map(|(name, pair)| (name.clone(), json!({ "from": pair[0], "to": pair[1] })))
        .collect();
    json!({
        "seq": change.seq,
        "at": change.at.to_string(),
        "actor": change.actor.map(|id| user(schema, id)),
        "via": change.via,
        "batch": change.batch.map(|id| id.to_string()),
        "op": change.op.as_str(),
        "version": change.version,
        "changes": fields,
    })
}

/// A user's identifier as it is written.
pub(crate) fn user(schema: &Schema, id: Id) -> String {
    id.typed(schema.object("user").map_or("", |o| o.prefix.as_str()))
}

pub(crate) async fn access(One { call, object, id, .. }: One<Reads>, params: Params) -> Result<Json<Value>, Failure> {
    let asked = match params.get("user") {
        Some(text) => Some(other(&call, text).await?),
        None => None,
    };
    let access = asked.as_ref().unwrap_or(&call.access);
    let mut reader = call.space.store.read().await?;
    let record = call.space.get_as(&call.access, &object.name, id, &mut reader).await?;
    let visible = access.check(&object, records::Action::Read).is_ok()
        && call.space.get_as(access, &object.name, id, &mut reader).await.is_ok();
    let reasons: Vec<Value> = access.explain(&object, &record).iter().map(reason).collect();
    Ok(Json(json!({
        "user": access.user.map(|id| user(&call.schema, id)),
        "visible": visible,
        "reasons": if visible { reasons } else { Vec::new() },
    })))
}

/// Another user's rights, for administrators.
async fn other(call: &Call, text: &str) -> Result<Access, Failure> {
    call.access.administers()?;
    let missing = || Failure::of(Code::NotFound).detail(Problem::new("user", "no-such-user"));
    let prefix = call.schema.object("user").map_or("", |o| o.prefix.as_str());
    let user = Id::parse(text, prefix).map_err(|_| missing())?;
    let access = call.space.access(&call.ctx.as_actor(Actor::User(user))).await?;
    if access.user.is_none() { Err(missing()) } else { Ok((*access).clone()) }
}

fn reason(reason: &Reason) -> Value {
    match reason {
        Reason::Everything(role) => json!({ "because": "everything", "role": role }),
        Reason::Owner(role) => json!({ "because": "owner", "role": role }),
        Reason::Team(role) => json!({ "because": "team", "role": role }),
        Reason::Shared => json!({ "because": "shared" }),
        Reason::Administrator => json!({ "because": "administrator" }),
        Reason::About(field) => json!({ "because": "about", "field": field }),
    }
}
