//! `/v1/clientele.js`: the script with which a web page sends events.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The script as browsers get it: without its indents and remarks.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("snippet.js").lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
});

/// `GET /v1/clientele.js`. Pages of every site may load it; it is looked for anew after an hour.
pub(crate) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL.as_str(), "public, max-age=3600"),
        ("cross-origin-resource-policy", "cross-origin"),
    ];
    (headers, SCRIPT.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_makes_no_code_from_text() {
        assert!(SCRIPT.len() < 3 * 1024, "{} bytes", SCRIPT.len());
        for word in ["eval", "Function(", "innerHTML", "localStorage", "sessionStorage", "indexedDB", "//"] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
