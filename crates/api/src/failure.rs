//! Errors as problem documents (RFC 9457), with the members that PostgREST clients read.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Code, Coded, Id, Locale, Words};
use model::{Arg, ObjectDef, Problem, Schema, to_json};
use records::RecordError;
use serde_json::{Map, Value as Json, json};

use crate::postgrest;

/// Why a request was refused. It becomes a document at the edge, where the reader's language and the request's number are known.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    status: u16,
    /// The code that PostgREST clients know this by.
    name: Option<&'static str>,
    detail: Option<Problem>,
    problems: Vec<(Option<usize>, Problem)>,
    more: Map<String, Json>,
    private: Option<String>,
}

impl Failure {
    pub(crate) fn of(code: Code) -> Failure {
        let inner = Inner {
            code,
            status: code.status(),
            name: None,
            detail: None,
            problems: Vec::new(),
            more: Map::new(),
            private: None,
        };
        Failure(Box::new(inner))
    }

    /// A sentence about the request as a whole; `key` without the prefix `problem-`.
    pub(crate) fn because(code: Code, key: &str) -> Failure {
        Failure::of(code).detail(Problem::new("", key))
    }

    /// A query that cannot be answered, with the field it stumbles over.
    pub(crate) fn query(problem: Problem) -> Failure {
        let mut failure = Failure::of(Code::BadRequest);
        failure.0.problems.push((None, problem));
        failure
    }

    /// Values that do not fit, each with the row it stands in.
    pub(crate) fn rows(problems: Vec<(Option<usize>, Problem)>) -> Failure {
        let mut failure = Failure::of(Code::Invalid);
        failure.0.problems = problems;
        failure
    }

    pub(crate) fn detail(mut self, detail: Problem) -> Failure {
        self.0.detail = Some(detail);
        self
    }

    /// A sentence with a technical detail in it, whole.
    pub(crate) fn said(self, key: &str, detail: impl std::fmt::Display) -> Failure {
        let mut problem = Problem::new("", key);
        problem.args.push(("detail".to_owned(), Arg::Text(detail.to_string())));
        self.detail(problem)
    }

    pub(crate) fn named(mut self, name: &'static str) -> Failure {
        self.0.name = Some(name);
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Failure {
        self.0.status = status;
        self
    }

    pub(crate) fn with(mut self, member: &str, value: Json) -> Failure {
        self.0.more.insert(member.to_owned(), value);
        self
    }

    /// What the records platform says to a read: values that do not fit are part of the query.
    pub(crate) fn reading(error: RecordError) -> Failure {
        let mut failure = Failure::from(error);
        if failure.0.code == Code::Invalid {
            failure.0.code = Code::BadRequest;
            failure.0.status = Code::BadRequest.status();
        }
        failure
    }

    /// What the records platform says to a write of this object.
    pub(crate) fn writing(error: RecordError, schema: &Schema, object: &ObjectDef) -> Failure {
        let RecordError::Conflict { conflicts, version } = &error else { return Failure::from(error) };
        let show =
            |field: &str, value| object.field(field).map_or(Json::Null, |def| to_json(schema, object, def, value));
        let list = conflicts
            .iter()
            .map(|c| {
                let name = c.field.as_str();
                json!({ "field": name, "mine": show(name, &c.mine), "theirs": show(name, &c.theirs) })
            })
            .collect();
        let version = *version;
        Failure::because(Code::Conflict, "changed-meanwhile")
            .with("conflicts", Json::Array(list))
            .with("version", version.into())
    }

    /// The document.
    pub(crate) fn render(self, words: &Words, locale: Locale, request: Id) -> Response {
        let Inner { code, status, name, detail, problems, more, private } = *self.0;
        if status >= 500 {
            tracing::error!(%request, code = code.as_str(), detail = private.as_deref().unwrap_or_default(), "a request failed");
        }
        let title = words.get(locale, &format!("error-{}", code.as_str())).into_owned();
        let errors: Vec<(String, Json)> =
            problems.iter().map(|(row, problem)| error(words, locale, *row, problem)).collect();
        let detail = match (&detail, errors.first()) {
            (Some(detail), _) => sentence(words, locale, detail),
            (None, Some((message, _))) => message.clone(),
            (None, None) => title.clone(),
        };
        let code_name = name.unwrap_or(code.as_str());
        let mut document = json!({
            "type": format!("urn:clientele:problem:{}", code.as_str()),
            "title": title,
            "status": status,
            "detail": detail,
            "instance": format!("urn:uuid:{request}"),
            "code": code_name,
            "message": detail,
            "details": title,
            "hint": null,
        });
        let map = document.as_object_mut().expect("an object");
        if !errors.is_empty() {
            map.insert("errors".to_owned(), errors.into_iter().map(|(_, json)| json).collect());
        }
        map.extend(more);
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"clientele\""));
        }
        response
    }
}

fn error(words: &Words, locale: Locale, row: Option<usize>, problem: &Problem) -> (String, Json) {
    let message = sentence(words, locale, problem);
    let args: Map<String, Json> = problem
        .args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Number(n) => json!(n),
                Arg::Text(text) => json!(text),
            };
            (name.clone(), value)
        })
        .collect();
    let mut json = json!({ "field": problem.field, "key": problem.key, "message": message, "args": args });
    if let Some(row) = row {
        json["row"] = json!(row);
    }
    let shown = if problem.field.is_empty() { message } else { format!("{}: {message}", problem.field) };
    (shown, json)
}

pub(crate) fn sentence(words: &Words, locale: Locale, problem: &Problem) -> String {
    if let Some(label) = &problem.text {
        return label.get(locale).to_owned();
    }
    let args: Vec<_> = problem
        .args
        .iter()
        .map(|(name, arg)| {
            let value = match arg {
                Arg::Number(n) => (*n).into(),
                Arg::Text(text) => text.as_str().into(),
            };
            (name.as_str(), value)
        })
        .collect();
    words.with(locale, &format!("problem-{}", problem.key), &args)
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Failure {
        let mut failure = Failure::of(error.code());
        let private = error.to_string();
        match error {
            RecordError::Invalid(problems) => {
                failure.0.problems = problems.0.into_iter().map(|p| (None, p)).collect();
                if failure.0.code == Code::Conflict {
                    failure = failure.named("23505");
                }
            }
            RecordError::Batch(list) => {
                // Rows that were only refused because of others say nothing.
                let problems: Vec<_> = list.into_iter().flat_map(of_row).collect();
                let (mine, others): (Vec<_>, Vec<_>) =
                    problems.into_iter().partition(|(_, p)| p.key != "batch-refused");
                failure.0.problems = if mine.is_empty() { others } else { mine };
            }
            RecordError::NotFound { object, .. } => {
                failure = failure.detail(Problem::new("", "no-such-record").text("object", object.as_str()));
            }
            RecordError::Unknown { what, name } => {
                failure = failure.detail(Problem::new("", &format!("no-such-{what}")).text("name", name));
            }
            RecordError::Forbidden { action, object } => {
                failure = failure
                    .detail(Problem::new("", &format!("may-not-{action}")).text("object", object))
                    .named("42501");
            }
            RecordError::Conflict { .. } => failure = failure.detail(Problem::new("", "changed-meanwhile")),
            RecordError::Unauthenticated | RecordError::TooMany => {}
            RecordError::Store(_) => failure.0.private = Some(private),
        }
        failure
    }
}

/// The problems of one row among several.
fn of_row((row, error): (usize, RecordError)) -> Vec<(Option<usize>, Problem)> {
    match error {
        RecordError::Invalid(problems) => problems.0.into_iter().map(|p| (Some(row), p)).collect(),
        RecordError::NotFound { object, .. } => {
            vec![(Some(row), Problem::new("", "no-such-record").text("object", object.as_str()))]
        }
        RecordError::Forbidden { action, object } => {
            vec![(Some(row), Problem::new("", &format!("may-not-{action}")).text("object", object))]
        }
        RecordError::Conflict { .. } => vec![(Some(row), Problem::new("", "changed-meanwhile"))],
        _ => vec![(Some(row), Problem::new("", "batch-refused"))],
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Failure {
        RecordError::from(error).into()
    }
}

impl From<postgrest::Error> for Failure {
    fn from(error: postgrest::Error) -> Failure {
        let code =
            if error.place == postgrest::Place::Header("Accept") { Code::NotAcceptable } else { Code::BadRequest };
        Failure::of(code).said("unreadable", error).named("PGRST100")
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
