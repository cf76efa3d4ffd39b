use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use kernel::Code;
use model::Problem;
use records::{RecordError, digest};

use crate::failure::Failure;
use crate::visit::{Visit, visit_of};

/// The most that a form without files may weigh.
const MAX_FORM: usize = 4 << 20;
/// The most that one attached file may weigh.
pub(crate) const MAX_FILE: usize = 20 << 20;

/// Names and values in the order posted or asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

/// A file posted along.
pub(crate) struct Upload {
    /// The control's name.
    pub(crate) field: String,
    /// What the file was called.
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) content: Vec<u8>,
}

/// What somebody posted, its token checked.
pub(crate) struct Form {
    pub(crate) visit: Arc<Visit>,
    pub(crate) pairs: Pairs,
    pub(crate) files: Vec<Upload>,
}

/// Posted by a signed-in user.
pub(crate) struct Posted(pub(crate) Form);

/// Posted by anybody: before the sign-in.
pub(crate) struct PostedByAnyone(pub(crate) Form);

/// Posted by an administrator.
pub(crate) struct PostedByAdministrator(pub(crate) Form);

impl Pairs {
    /// Reads a query string or an urlencoded body.
    pub(crate) fn read(text: &[u8]) -> Pairs {
        Pairs(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The last value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The last value of a name without outer spaces; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// Every value of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Whether a control of this name was in the form.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name || n.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// As a query string.
    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

impl Deref for Form {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Deref for Posted {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.0
    }
}

impl Deref for PostedByAnyone {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.0
    }
}

impl Deref for PostedByAdministrator {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.0
    }
}

fn unreadable() -> Failure {
    Problem::new("", "unreadable-form").into()
}

fn too_large() -> Failure {
    Problem::new("", "file-too-large").number("max", (MAX_FILE >> 20) as i64).into()
}

fn check_token(visit: &Visit, headers: &HeaderMap, pairs: &Pairs) -> Result<(), Failure> {
    let given = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).or(pairs.get("_csrf")).unwrap_or_default();
    // Hashes are compared, so that the comparison's time tells nothing about the token.
    if digest(given) == digest(&visit.csrf) { Ok(()) } else { Err(RecordError::forbidden("post", "form").into()) }
}

async fn read(request: Request) -> Result<(HeaderMap, Pairs, Vec<Upload>), Failure> {
    let headers = request.headers().clone();
    let multipart = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"multipart/form-data"));
    let mut pairs = Pairs::default();
    let mut files = Vec::new();
    if !multipart {
        let body = axum::body::to_bytes(request.into_body(), MAX_FORM).await.map_err(|_| too_large())?;
        return Ok((headers, Pairs::read(&body), files));
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    while let Some(part) = parts.next_field().await.map_err(|_| too_large())? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        match part.file_name().map(str::to_owned) {
            None => pairs.push(name, part.text().await.map_err(|_| unreadable())?),
            Some(file) => {
                let media = part.content_type().unwrap_or("application/octet-stream").to_owned();
                let content = part.bytes().await.map_err(|_| too_large())?.to_vec();
                if !file.is_empty() && !content.is_empty() {
                    files.push(Upload { field: name, name: file, media, content });
                }
            }
        }
    }
    Ok((headers, pairs, files))
}

impl<S: Sync> FromRequest<S> for PostedByAnyone {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<PostedByAnyone, Failure> {
        let (parts, body) = request.into_parts();
        let visit = visit_of(&parts)?;
        let (headers, pairs, files) = read(Request::from_parts(parts, body)).await?;
        check_token(&visit, &headers, &pairs)?;
        Ok(PostedByAnyone(Form { visit, pairs, files }))
    }
}

impl<S: Sync> FromRequest<S> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Posted, Failure> {
        let (parts, body) = request.into_parts();
        let visit = visit_of(&parts)?;
        if visit.user.is_none() {
            return Err(RecordError::Unauthenticated.into());
        }
        let (headers, pairs, files) = read(Request::from_parts(parts, body)).await?;
        check_token(&visit, &headers, &pairs)?;
        Ok(Posted(Form { visit, pairs, files }))
    }
}

impl<S: Sync> FromRequest<S> for PostedByAdministrator {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<PostedByAdministrator, Failure> {
        let Posted(form) = Posted::from_request(request, state).await?;
        form.visit.access.administers()?;
        Ok(PostedByAdministrator(form))
    }
}

/// Whether an error is about what was entered, so that the form is shown again.
pub(crate) fn is_about_input(error: &RecordError) -> bool {
    use kernel::Coded;
    matches!(error, RecordError::Invalid(_)) || matches!(error.code(), Code::Invalid)
}

/// The problems of an error about input.
pub(crate) fn problems_of(error: RecordError) -> Result<Vec<Problem>, Failure> {
    match error {
        RecordError::Invalid(problems) => Ok(problems.0),
        RecordError::Batch(list) if list.iter().all(|(_, e)| is_about_input(e)) => {
            let mut all = Vec::new();
            for (_, error) in list {
                all.extend(problems_of(error)?);
            }
            Ok(all)
        }
        error => Err(error.into()),
    }
}
