//! What a request asks for besides its path: query string, preferences, form of the answer.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use kernel::Code;
use model::{Filter, Ident, Value, system};
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::postgrest::{Format, Preferences, Query, Window};

/// The parameters that the dialect leaves to us: where to continue, the bin, words to search.
pub(crate) const OWN: [&str; 3] = ["cursor", "deleted", "q"];

/// What is asked of the resource in the path.
pub(crate) struct Ask {
    pub(crate) uri: Uri,
    pub(crate) query: Query,
    pub(crate) prefer: Preferences,
    pub(crate) format: Format,
    pub(crate) range: Option<Window>,
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Ask, Failure> {
        let uri = match OriginalUri::from_request_parts(parts, state).await {
            Ok(OriginalUri(uri)) => uri,
            Err(never) => match never {},
        };
        clean_address(&uri)?;
        let headers = &parts.headers;
        let prefer = headers.get_all("prefer").into_iter().filter_map(|v| v.to_str().ok());
        Ok(Ask {
            query: Query::parse(uri.query().unwrap_or_default(), &OWN)?,
            prefer: Preferences::parse(prefer)?,
            format: Format::from_accept(text(headers, header::ACCEPT.as_str()))?,
            range: Window::from_headers(text(headers, "range-unit"), text(headers, header::RANGE.as_str()))?,
            uri,
        })
    }
}

impl Ask {
    /// A parameter of our own.
    pub(crate) fn own(&self, name: &str) -> Option<&str> {
        self.query.own.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the bin is asked for.
    pub(crate) fn deleted(&self) -> bool {
        matches!(self.own("deleted"), Some("true" | "1"))
    }
}

/// A header's text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Refuses a character that no database keeps in a text.
pub(crate) fn clean_address(uri: &Uri) -> Result<(), Failure> {
    let nul = uri.query().is_some_and(|query| query.contains("%00"));
    if nul { Err(Failure::because(Code::BadRequest, "nul")) } else { Ok(()) }
}

/// Whether a body is free of the character that no database keeps in a text.
pub(crate) fn is_clean(json: &Json) -> bool {
    match json {
        Json::String(text) => !text.contains('\0'),
        Json::Array(list) => list.iter().all(is_clean),
        Json::Object(map) => map.iter().all(|(name, json)| !name.contains('\0') && is_clean(json)),
        _ => true,
    }
}

/// One record.
pub(crate) fn by_id(id: kernel::Id) -> Filter {
    Filter::is(Ident::of(system::ID), model::Op::Eq, model::Operand::Value(Value::Id(id)))
}
