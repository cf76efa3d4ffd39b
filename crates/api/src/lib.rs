//! The HTTP interfaces that programs speak: REST in the PostgREST dialect, described by an OpenAPI document of the instance, and events
//! by the Segment specification.
//!
//! Whoever mounts [`router`] chooses the tenant: an `Arc<records::Space>` in the request's extensions. [`WORDS`] go to the platform.

mod ask;
mod batches;
mod call;
mod consents;
mod definitions;
mod duplicates;
mod edge;
mod events;
mod failure;
mod history;
mod hooks;
mod identity;
mod list;
mod me;
mod models;
mod openapi;
mod params;
pub mod postgrest;
mod read;
mod record;
mod reference;
mod retention;
mod search;
mod segment;
mod snippet;
mod sources;
mod tokens;
mod write;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{delete, get, patch, post};
use kernel::Code;

pub use call::MAX_BODY;
pub use read::{MAX_EMBEDDED, MAX_ROWS};
pub use write::MAX_CHANGES;

use crate::failure::Failure;

/// What the interface says, French and English Fluent sources.
pub const WORDS: (&str, &str) = (include_str!("words.fr.ftl"), include_str!("words.en.ftl"));

/// Where the interface stands.
pub const BASE: &str = "/api/v1";

/// The interface under [`BASE`], the page at `/api` that documents it, and the calls for events under `/v1`.
pub fn router() -> Router {
    let routes = Router::new()
        .route("/{object}", get(list::list).post(write::create).patch(write::update_many).delete(write::delete_many))
        .route("/{object}/{id}", get(record::read).patch(write::update).put(write::put).delete(write::delete))
        .route("/{object}/duplicates", post(duplicates::find))
        .route("/{object}/{id}/restore", post(write::restore))
        .route("/{object}/{id}/history", get(history::history))
        .route("/{object}/{id}/access", get(history::access))
        .route("/batches", get(batches::list))
        .route("/batches/{id}/undo", post(batches::undo))
        .route("/search", get(search::search))
        .route("/me", get(me::me))
        .route("/objects", get(definitions::list).post(definitions::create))
        .route("/objects/{name}", get(definitions::read).patch(definitions::update))
        .route("/objects/{name}/fields", post(definitions::create_field))
        .route("/objects/{name}/fields/{field}", patch(definitions::update_field))
        .route("/tokens", get(tokens::list).post(tokens::create))
        .route("/tokens/{id}", delete(tokens::revoke))
        .route("/source/{id}/records", post(sources::give))
        .route("/source/{id}/keys", get(sources::keys).post(sources::create_key))
        .route("/source/{id}/keys/{key}", delete(sources::revoke_key))
        .route("/source/{id}/health", get(sources::health))
        .route("/source/{id}/rejects", get(sources::rejects))
        .route("/source/{id}/rejects/replay", post(sources::replay))
        .route("/consents", get(consents::list).post(consents::create))
        .route("/consents/decisions", post(consents::decide))
        .route("/profiles/lookup", get(identity::lookup))
        .route("/verdicts", post(identity::create))
        .route("/verdicts/{id}/undo", post(identity::undo))
        .route("/review", get(identity::review))
        .route("/models", get(models::list).post(models::create))
        .route("/models/{id}", get(models::read))
        .route("/models/{id}/adoption", post(models::put_to_use))
        .route("/models/{id}/refusal", post(models::put_aside))
        .route("/retention_rule/{id}/preview", get(retention::preview))
        .route("/retention_rule/{id}/run", post(retention::run))
        .route("/segment/{id}/members", get(segment::members))
        .route("/register", get(retention::register))
        .route("/openapi.json", get(openapi::document))
        .route("/", get(openapi::document))
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_so);
    let routes = routes.layer(DefaultBodyLimit::max(MAX_BODY)).layer(from_fn(edge::edge));
    let root = get(openapi::document).layer(from_fn(edge::edge));
    Router::new().nest(BASE, routes).route(&format!("{BASE}/"), root).merge(reference::routes()).merge(events::routes())
}

async fn nothing_here() -> Failure {
    Failure::because(Code::NotFound, "no-such-page")
}

async fn not_so() -> Failure {
    Failure::of(Code::MethodNotAllowed)
}
