//! `/v1`: events by the Segment specification, as its SDKs send them.

use std::io::Read;
use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use customers::event::{Call, IntakeError, MAX_BODY, Receipt, receive};
use flate2::read::GzDecoder;
use kernel::{Coded, Locale, Words};
use model::Problem;
use records::Space;
use serde_json::{Value, json};

use crate::failure::sentence;

/// The calls. Browsers of any site may make them: the write key says who sends.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/v1/clientele.js", get(crate::snippet::script))
        .route("/v1/hook/{key}", post(crate::hooks::take))
        .route("/v1/{call}", post(take))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(allow_every_site))
}

/// `POST /v1/{call}`: keeps events, and says which it refuses.
///
/// A batch is answered with 200 when it was read, refused events or not, for the SDKs throw away what they get another answer for. A call
/// with one event that is refused is answered with 400.
async fn take(
    Path(name): Path<String>,
    Extension(space): Extension<Arc<Space>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    let locale = text(header::ACCEPT_LANGUAGE).and_then(Locale::negotiate).unwrap_or(Locale::En);
    let words = &space.platform.words;
    let Some(call) = Call::parse(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let now = space.platform.clock.now();
    let body = unpacked(&headers, body);
    let key = text(header::AUTHORIZATION).and_then(user_name);
    let taken = match body {
        Ok(body) => receive(&space, call, key.as_deref(), &body, now).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(receipt) => {
            let refused = call != Call::Batch && !receipt.rejected.is_empty();
            let status = if refused { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            (status, Json(show(words, locale, &receipt))).into_response()
        }
        Err(error) => refuse(words, locale, &error),
    }
}

fn show(words: &Words, locale: Locale, receipt: &Receipt) -> Value {
    let rejected: Vec<Value> = receipt
        .rejected
        .iter()
        .map(|r| {
            json!({
                "index": r.index,
                "messageId": r.message,
                "code": r.problem.key,
                "field": r.problem.field,
                "reason": sentence(words, locale, &r.problem),
            })
        })
        .collect();
    json!({
        "success": rejected.is_empty(),
        "accepted": receipt.accepted,
        "duplicates": receipt.repeated,
        "rejected": rejected,
    })
}

pub(crate) fn refuse(words: &Words, locale: Locale, error: &IntakeError) -> Response {
    let code = error.code();
    let problem = match error {
        IntakeError::TooLarge => Problem::new("", "events-too-large").number("max", (MAX_BODY / 1024) as i64),
        IntakeError::Unreadable(detail) => Problem::new("", "body-not-json").text("detail", detail),
        IntakeError::NoKey => Problem::new("", "no-write-key"),
        IntakeError::Unsigned => Problem::new("", "hook-unsigned"),
        IntakeError::Records(error) => {
            tracing::error!(%error, "events could not be kept");
            Problem::new("", "events-not-kept")
        }
    };
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = json!({ "success": false, "code": problem.key, "message": sentence(words, locale, &problem) });
    (status, Json(body)).into_response()
}

/// A body as it was before it was packed.
pub(crate) fn unpacked(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, IntakeError> {
    let how = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match body {
        Ok(body) if how.eq_ignore_ascii_case("gzip") => unpack(&body),
        Ok(body) => Ok(body),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(IntakeError::TooLarge),
        Err(rejection) => Err(IntakeError::Unreadable(rejection.to_string())),
    }
}

/// A body unpacked; what unpacks to more than a body may have is not unpacked further.
fn unpack(body: &[u8]) -> Result<Bytes, IntakeError> {
    let mut out = Vec::with_capacity(body.len().saturating_mul(8).min(MAX_BODY));
    let mut unpacked = GzDecoder::new(body).take(MAX_BODY as u64 + 1);
    unpacked.read_to_end(&mut out).map_err(|e| IntakeError::Unreadable(e.to_string()))?;
    Ok(out.into())
}

/// The user name of HTTP basic authentication: the SDKs send the write key as one without a password.
fn user_name(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split_once(':').map_or(text.clone(), |(name, _)| name.to_owned()))
}

/// Lets pages of every site send. No cookie is asked for or looked at.
async fn allow_every_site(request: axum::extract::Request, next: Next) -> Response {
    let asked_before = request.method() == Method::OPTIONS;
    let mut response = if asked_before { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if asked_before {
        let allowed = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, content-encoding"),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ];
        for (name, value) in allowed {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_name_of_a_user_without_password() {
        assert_eq!(user_name("Basic Y2x3XzE6"), Some("clw_1".to_owned()));
        assert_eq!(user_name("basic Y2x3XzE="), Some("clw_1".to_owned()));
        assert_eq!(user_name("Bearer Y2x3XzE="), None);
        assert_eq!(user_name("Basic %"), None);
    }
}
