//! The HTTP interfaces that programs speak: REST in the PostgREST dialect, described by an OpenAPI document of the instance.
//!
//! Whoever mounts [`router`] chooses the tenant: an `Arc<records::Space>` in the request's extensions. [`WORDS`] go to the platform.

mod ask;
mod call;
mod edge;
mod failure;
mod list;
pub mod postgrest;
mod read;
mod record;
mod write;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use kernel::Code;

pub use call::MAX_BODY;
pub use read::{MAX_EMBEDDED, MAX_ROWS};
pub use write::MAX_CHANGES;

use crate::failure::Failure;

/// What the interface says, French and English Fluent sources.
pub const WORDS: (&str, &str) = (include_str!("words.fr.ftl"), include_str!("words.en.ftl"));

/// Where the interface stands.
pub const BASE: &str = "/api/v1";

/// The interface under [`BASE`].
pub fn router() -> Router {
    let routes = Router::new()
        .route("/{object}", get(list::list).post(write::create).patch(write::update_many).delete(write::delete_many))
        .route("/{object}/{id}", get(record::read).patch(write::update).put(write::put).delete(write::delete))
        .route("/{object}/{id}/restore", post(write::restore))
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_so);
    let routes = routes.layer(DefaultBodyLimit::max(MAX_BODY)).layer(from_fn(edge::edge));
    Router::new().nest(BASE, routes)
}

async fn nothing_here() -> Failure {
    Failure::because(Code::NotFound, "no-such-page")
}

async fn not_so() -> Failure {
    Failure::of(Code::MethodNotAllowed)
}
