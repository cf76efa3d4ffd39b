use std::collections::HashMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use kernel::Code;
use model::Problem;

use crate::ask::clean_address;
use crate::failure::Failure;

/// The parameters of an address that is not of the dialect.
pub(crate) struct Params(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params, Failure> {
        clean_address(&parts.uri)?;
        let read = Query::<HashMap<String, String>>::from_request_parts(parts, state).await;
        read.map(|Query(map)| Params(map)).map_err(|e| Failure::of(Code::BadRequest).said("unreadable", e.body_text()))
    }
}

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number between bounds, or the value without one.
    pub(crate) fn number(&self, name: &str, default: i64, from: i64, to: i64) -> Result<i64, Failure> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let number: i64 =
            text.parse().map_err(|_| Failure::query(Problem::new(name, "not-an-integer").text("value", text)))?;
        if number < from {
            return Err(Failure::query(Problem::new(name, "too-small").number("min", from)));
        }
        Ok(number.min(to))
    }
}
