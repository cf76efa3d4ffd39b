//! Requests that are repeated with the same key are answered as the first time and change nothing again.

use axum::http::{HeaderMap, Method, Uri};
use kernel::{Code, Timestamp};
use model::Problem;
use records::digest;
use store::{StoreError, Writer};

use super::answer::Answer;
use crate::ask::text;
use crate::call::Call;
use crate::failure::Failure;

/// Most characters of a key.
const MAX_KEY: usize = 255;

/// The key of a request, and what tells the request from others.
#[derive(Clone, Debug)]
pub(super) struct Key {
    name: String,
    fingerprint: String,
}

impl Key {
    /// The key that a request came with. Keys of different users never meet.
    pub(super) fn read(
        call: &Call,
        headers: &HeaderMap,
        method: &Method,
        uri: &Uri,
        body: &[u8],
    ) -> Result<Option<Key>, Failure> {
        let Some(key) = text(headers, "idempotency-key").filter(|key| !key.is_empty()) else {
            return Ok(None);
        };
        if key.chars().count() > MAX_KEY {
            let problem = Problem::new("", "key-too-long").number("max", MAX_KEY as i64);
            return Err(Failure::of(Code::BadRequest).detail(problem));
        }
        let user = call.ctx.user().map(|id| id.to_string()).unwrap_or_default();
        let fingerprint = digest(&format!("{method} {uri} {}", String::from_utf8_lossy(body)));
        Ok(Some(Key { name: format!("{user}:{key}"), fingerprint }))
    }

    /// The answer kept for the key.
    pub(super) async fn replay(&self, writer: &mut Writer) -> Result<Option<Answer>, Failure> {
        match writer.idempotent(&self.name).await? {
            Some((fingerprint, status, body)) if fingerprint == self.fingerprint => {
                Ok(Some(Answer::restore(status, &body)))
            }
            Some(_) => Err(Failure::because(Code::Invalid, "key-reused")),
            None => Ok(None),
        }
    }

    /// Keeps an answer with the change that it is about. When another request with the key was first, this one is undone.
    pub(super) async fn keep(&self, writer: &mut Writer, answer: &Answer, now: Timestamp) -> Result<(), Failure> {
        let kept = writer.keep_idempotent(&self.name, &self.fingerprint, answer.status, &answer.keep(), now).await?;
        if kept { Ok(()) } else { Err(StoreError::Deadlock.into()) }
    }
}
