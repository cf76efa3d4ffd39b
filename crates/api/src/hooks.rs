//! `/v1/hook/{key}`: whatever another system delivers to a source that is a webhook.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use customers::source::{Delivery, Taken, deliver};
use kernel::{Locale, Words};
use records::Space;
use serde_json::{Value, json};

use crate::events::{refuse, unpacked};
use crate::failure::sentence;

/// `POST /v1/hook/{key}`: answers 200 when what came is on disk, among the records or among what was refused, for many senders give a
/// receiver up that answers anything else.
pub(crate) async fn take(
    Path(key): Path<String>,
    Extension(space): Extension<Arc<Space>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let locale = text(header::ACCEPT_LANGUAGE.as_str()).as_deref().and_then(Locale::negotiate).unwrap_or(Locale::En);
    let words = &space.platform.words;
    let taken = match unpacked(&headers, body) {
        Ok(body) => {
            let delivery = Delivery { key: &key, header: &text, body: &body };
            deliver(&space, &delivery, space.platform.clock.now()).await
        }
        Err(error) => Err(error),
    };
    match taken {
        Ok(taken) => Json(show(words, locale, &taken)).into_response(),
        Err(error) => refuse(words, locale, &error),
    }
}

/// What became of records, as every intake answers it.
pub(crate) fn show(words: &Words, locale: Locale, taken: &Taken) -> Value {
    let rejected: Vec<Value> = (taken.rejected.iter())
        .map(|(index, problem)| {
            json!({ "index": index, "code": problem.key, "field": problem.field, "message": sentence(words, locale, problem) })
        })
        .collect();
    json!({ "accepted": taken.accepted, "duplicates": taken.repeated, "rejected": rejected })
}
