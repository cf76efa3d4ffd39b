use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value as Json, json};

/// An answer that can be kept and given again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn new(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }

    /// The kept form.
    pub(super) fn keep(&self) -> String {
        json!({ "v": 1, "headers": self.headers, "body": self.body }).to_string()
    }

    /// From the kept form, marked as given again.
    pub(super) fn restore(status: u16, text: &str) -> Answer {
        let json: Json = serde_json::from_str(text).unwrap_or_default();
        let headers = serde_json::from_value(json["headers"].clone()).unwrap_or_default();
        let mut answer = Answer { status, headers, body: json["body"].as_str().unwrap_or_default().to_owned() };
        answer.header("idempotent-replayed", "true");
        answer
    }

    pub(super) fn respond(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
