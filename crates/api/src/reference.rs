//! `GET /api`: a page that documents the interface of this instance and tries it out. The page is a frame; its script fills it from the
//! OpenAPI document, with the rights of the reader's session or of a token.

use std::sync::Arc;

use axum::Router;
use axum::extract::Extension;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::Locale;
use maud::{DOCTYPE, html};
use records::Space;

use crate::ask::text;

const SCRIPT: &str = include_str!("../assets/reference.js");
const STYLE: &str = include_str!("../assets/reference.css");
/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Texts that the script shows, by the name under which it finds them.
const TEXTS: [&str; 9] = ["send", "parameters", "body", "answer", "sign-in", "filters", "token", "failed", "copy"];

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/api", get(page))
        .route("/api/reference.js", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
        .route("/api/reference.css", get(async || asset("text/css; charset=utf-8", STYLE)))
}

fn asset(media: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}

async fn page(Extension(space): Extension<Arc<Space>>, headers: HeaderMap) -> Response {
    let locale = text(&headers, header::ACCEPT_LANGUAGE.as_str()).and_then(Locale::negotiate).unwrap_or_default();
    let word = |key: &str| space.platform.words.get(locale, &format!("reference.{key}")).into_owned();
    let page = html! {
        (DOCTYPE)
        html lang=(locale.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Clientele — " (word("title")) }
                link rel="stylesheet" href="/api/reference.css";
                script type="module" src="/api/reference.js" {}
            }
            body data-document={ (crate::BASE) "/openapi.json" } {
                header {
                    h1 { "Clientele " span { (word("title")) } }
                    input type="search" id="find" placeholder=(word("find")) aria-label=(word("find"));
                    label { span { (word("token")) } input type="password" id="token" autocomplete="off" spellcheck="false" placeholder="clt_…"; }
                    a href={ (crate::BASE) "/openapi.json" } { "OpenAPI 3.1" }
                }
                nav id="objects" aria-label=(word("objects")) {}
                main id="operations" aria-live="polite" { p { (word("loading")) } }
                noscript { p { (word("no-script")) } }
                template id="texts" { @for key in TEXTS { span data-key=(key) { (word(key)) } } }
            }
        }
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, page).into_response()
}
