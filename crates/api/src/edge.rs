//! What happens around every request: who calls is found out before it, and failures become documents after it.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Code, Coded, Ctx, Id, Locale, Via, Zone};
use records::{RecordError, Space, objects};

use crate::call::{Call, Caller};
use crate::failure::Failure;

/// The name of the cookie that holds a session's secret.
const COOKIE: &str = "session";

pub(crate) async fn edge(mut request: Request, next: Next) -> Response {
    let Some(space) = request.extensions().get::<Arc<Space>>().cloned() else {
        tracing::error!("no tenant was chosen before the interface was asked");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let now = space.platform.clock.now();
    let accepted =
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Locale::negotiate);
    let ctx = Ctx {
        actor: Actor::Nobody,
        locale: accepted.unwrap_or_default(),
        via: Via::Api,
        request: Id::new(now),
        ..Ctx::system(&space.tenant, now)
    };
    let caller = authenticate(&space, &ctx, request.method(), request.headers()).await;
    let locale = caller.as_ref().map_or(ctx.locale, |call| call.ctx.locale);
    request.extensions_mut().insert(Caller(caller));
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = failure.render(&space.platform.words, locale, ctx.request);
        response.headers_mut().extend(allow.map(|methods| (header::ALLOW, methods)));
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&ctx.request.to_string()) {
        headers.insert("x-request-id", id);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("accept, accept-language, authorization, cookie"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn authenticate(space: &Arc<Space>, ctx: &Ctx, method: &Method, headers: &HeaderMap) -> Result<Call, Failure> {
    let refused = |error: RecordError| match error.code() {
        Code::Unauthenticated => Failure::because(Code::Unauthenticated, "not-signed-in"),
        _ => Failure::from(error),
    };
    let known = |ctx: Ctx, access| Call { space: Arc::clone(space), schema: space.schema(), ctx, access };
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let secret = value.to_str().ok().and_then(bearer).ok_or_else(|| refused(RecordError::Unauthenticated))?;
        let (ctx, access) = space.token_access(ctx, secret).await.map_err(refused)?;
        return Ok(known(ctx, access));
    }
    let secret = cookie(headers).ok_or_else(|| refused(RecordError::Unauthenticated))?;
    let (_, user) =
        space.session(secret, ctx.now).await.map_err(refused)?.ok_or_else(|| refused(RecordError::Unauthenticated))?;
    if !method.is_safe() && !same_site(headers) {
        return Err(Failure::because(Code::Forbidden, "other-site"));
    }
    let language = user.get(objects::USER_LANGUAGE).and_then(|tag| Locale::parse(&tag));
    let zone = user.get(objects::USER_ZONE).and_then(|name| Zone::get(&name).ok());
    let ctx = Ctx {
        actor: Actor::User(user.id()),
        locale: language.unwrap_or(ctx.locale),
        zone: zone.unwrap_or(Zone::UTC),
        ..ctx.clone()
    };
    let access = space.access(&ctx).await.map_err(refused)?;
    Ok(known(ctx, access))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim()).filter(|secret| !secret.is_empty())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && !value.is_empty())
        .map(|(_, value)| value)
}

/// Whether a page of this site sent the request. A page of another site can set neither its own origin nor, without this server's
/// consent, a header of its own.
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    match text(header::ORIGIN.as_str()) {
        Some(origin) => text(header::HOST.as_str())
            .is_some_and(|host| origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))),
        None => headers.contains_key("x-csrf-token"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn only_pages_of_this_site_write_with_a_cookie() {
        assert!(same_site(&headers(&[("origin", "https://crm.example"), ("host", "crm.example")])));
        assert!(same_site(&headers(&[("x-csrf-token", "1"), ("host", "crm.example")])));
        assert!(!same_site(&headers(&[
            ("origin", "https://evil.example"),
            ("host", "crm.example"),
            ("x-csrf-token", "1")
        ])));
        assert!(!same_site(&headers(&[("origin", "null"), ("host", "crm.example")])));
        assert!(!same_site(&headers(&[("host", "crm.example")])));
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        assert_eq!(cookie(&headers(&[("cookie", "theme=dark; session=abc; other=1")])), Some("abc"));
        assert_eq!(cookie(&headers(&[("cookie", "xsession=abc")])), None);
        assert_eq!(bearer("bearer  clt_1 "), Some("clt_1"));
        assert_eq!(bearer("Basic x"), None);
    }
}
