//! `/source/{id}/…`: records given in a source's name, its write keys, its health, and what was refused.

use axum::Json;
use axum::extract::{RawPathParams, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use customers::source;
use kernel::{Code, Id, Timestamp};
use model::Problem;
use records::Action;
use serde::Deserialize;
use serde_json::{Value, json};
use store::WriteKey;

use crate::call::{Body, Call};
use crate::definitions::parse;
use crate::failure::{Failure, sentence};
use crate::hooks;

/// Most refusals in one answer.
const MOST: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
}

/// The write keys of a source, without their secrets.
pub(crate) async fn keys(call: Call, params: RawPathParams) -> Result<Json<Vec<Value>>, Failure> {
    let id = source_of(&call, &params, Action::Read)?;
    let keys = source::keys(&call.space, &call.ctx, id).await?;
    Ok(Json(keys.iter().map(show).collect()))
}

/// Makes a write key; its text is in this answer only.
pub(crate) async fn create_key(
    call: Call,
    params: RawPathParams,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let id = source_of(&call, &params, Action::Update)?;
    let wish: Wish = parse(&headers, &body)?;
    let (key, secret) = source::new_key(&call.space, &call.ctx, id, &wish.name).await?;
    let mut shown = show(&key);
    shown["key"] = Value::String(secret.text);
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Takes a write key back.
pub(crate) async fn revoke_key(call: Call, params: RawPathParams) -> Result<StatusCode, Failure> {
    let id = source_of(&call, &params, Action::Update)?;
    let text = param(&params, "key");
    let key = Id::parse(text, "key").map_err(|_| missing_key(text))?;
    source::revoke_key(&call.space, &call.ctx, id, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gift {
    records: Vec<Given>,
    /// Members that a record does not name keep what they said before.
    #[serde(default)]
    partial: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    key: String,
    data: Value,
}

/// Takes records in the source's name: `{"records": [{"key": "42", "data": {"email": "…"}}], "partial": false}`.
pub(crate) async fn give(
    call: Call,
    params: RawPathParams,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Failure> {
    let id = source_of(&call, &params, Action::Update)?;
    let gift: Gift = parse(&headers, &body)?;
    let records = gift.records.into_iter().map(|given| (given.key, given.data)).collect();
    let taken = source::give(&call.space, &call.ctx, id, records, gift.partial).await?;
    Ok(Json(hooks::show(&call.space.platform.words, call.ctx.locale, &taken)))
}

/// What a source sent by day, and when it last did.
pub(crate) async fn health(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    let id = source_of(&call, &params, Action::Read)?;
    let health = source::health(&call.space, &call.ctx, id).await?;
    let days: Vec<Value> = health
        .days
        .iter()
        .map(|v| json!({ "day": v.day, "accepted": v.accepted, "duplicates": v.repeated, "rejected": v.rejected }))
        .collect();
    let (records, events) = source::waiting(&call.space, &call.ctx).await?;
    let waiting = json!({ "records": records, "events": events });
    Ok(Json(json!({ "last_at": health.last_at.map(|at| at.to_string()), "days": days, "waiting": waiting })))
}

/// What was refused of a source, newest first, with the reasons; `before` leads to earlier ones.
pub(crate) async fn rejects(
    call: Call,
    params: RawPathParams,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Value>>, Failure> {
    let id = source_of(&call, &params, Action::Read)?;
    source::find(&call.space, &call.ctx, id, Action::Read).await?;
    let before = query.as_deref().and_then(|q| q.strip_prefix("before=")).and_then(|n| n.parse().ok());
    let rejects = call.space.store.read().await?.rejects(id, before, MOST).await?;
    let words = &call.space.platform.words;
    let shown = rejects.iter().map(|reject| {
        let problem: Problem = serde_json::from_str(&reject.problem).unwrap_or_else(|_| Problem::new("", "event-unreadable"));
        json!({
            "id": reject.seq,
            "kind": reject.kind.as_str(),
            "messageId": reject.message,
            "received_at": reject.received_at.to_string(),
            "code": problem.key,
            "field": problem.field,
            "reason": sentence(words, call.ctx.locale, &problem),
            "event": serde_json::from_str::<Value>(&reject.payload).unwrap_or_else(|_| Value::String(reject.payload.clone())),
        })
    });
    Ok(Json(shown.collect()))
}

/// Tries what was refused of a source again.
pub(crate) async fn replay(call: Call, params: RawPathParams) -> Result<Json<Value>, Failure> {
    let id = source_of(&call, &params, Action::Update)?;
    let done = source::replay(&call.space, &call.ctx, id, None).await?;
    Ok(Json(json!({ "accepted": done.accepted, "duplicates": done.repeated, "rejected": done.rejected })))
}

fn param<'a>(params: &'a RawPathParams, name: &str) -> &'a str {
    params.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// The source that the path names, with which the caller may do `action`, the limits of a token included.
fn source_of(call: &Call, params: &RawPathParams, action: Action) -> Result<Id, Failure> {
    let object = call.object("source")?;
    call.access.check(&object, action)?;
    let missing = || Failure::of(Code::NotFound).detail(Problem::new("", "no-such-record").text("object", "source"));
    Id::parse(param(params, "id"), object.prefix.as_str()).map_err(|_| missing())
}

fn missing_key(name: &str) -> Failure {
    records::RecordError::unknown("key", name).into()
}

fn show(key: &WriteKey) -> Value {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": key.id.typed("key"),
        "name": key.name,
        "created_at": key.created_at.to_string(),
        "used_at": at(key.used_at),
        "revoked_at": at(key.revoked_at),
    })
}
