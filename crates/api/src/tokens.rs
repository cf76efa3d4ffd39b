//! `/tokens`: keys to this interface.

use axum::Json;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use kernel::{Code, Id};
use model::{Problem, Schema};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Token;

use crate::call::{Body, Call};
use crate::definitions::parse;
use crate::failure::Failure;
use crate::history::user;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// One's own tokens, for administrators everybody's.
pub(crate) async fn list(call: Call) -> Result<Json<Vec<Value>>, Failure> {
    let of = if call.access.administers().is_ok() { None } else { call.ctx.user() };
    let tokens = call.space.store.read().await?.tokens(of).await?;
    Ok(Json(tokens.iter().map(|t| show(&call.schema, t)).collect()))
}

/// Makes a token that acts for the caller; its text is in this answer only.
pub(crate) async fn create(
    call: Call,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Failure> {
    by_session(&call)?;
    let wish: Wish = parse(&headers, &body)?;
    if wish.expires_at.is_some_and(|at| at <= call.ctx.now) {
        return Err(Failure::rows(vec![(None, Problem::new("expires_at", "not-expired-yet"))]));
    }
    let user = call.ctx.user().ok_or_else(|| Failure::of(Code::Unauthenticated))?;
    let (token, secret) = call.space.new_token(&call.ctx, user, &wish.name, wish.scopes, wish.expires_at).await?;
    let mut shown = show(&call.schema, &token);
    shown["token"] = Value::String(secret.text);
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Takes a token back.
pub(crate) async fn revoke(call: Call, params: RawPathParams) -> Result<StatusCode, Failure> {
    by_session(&call)?;
    let text = params.iter().find(|(name, _)| *name == "id").map_or("", |(_, value)| value);
    let missing = || Failure::because(Code::NotFound, "no-such-token");
    let id = Id::parse(text, "").map_err(|_| missing())?;
    let of = if call.access.full { None } else { call.ctx.user() };
    let tokens = call.space.store.read().await?.tokens(of).await?;
    if !tokens.iter().any(|t| t.id == id) {
        return Err(missing());
    }
    if call.space.revoke_token(&call.ctx, id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}

/// A token must not make itself another with more rights or a longer life.
fn by_session(call: &Call) -> Result<(), Failure> {
    if call.access.scopes.is_none() { Ok(()) } else { Err(Failure::because(Code::Forbidden, "tokens-by-session")) }
}

fn show(schema: &Schema, token: &Token) -> Value {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": token.id.to_string(),
        "user": user(schema, token.user),
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at.to_string(),
        "expires_at": at(token.expires_at),
        "used_at": at(token.used_at),
        "revoked_at": at(token.revoked_at),
    })
}
