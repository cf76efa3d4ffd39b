use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fluent_bundle::FluentValue;
use kernel::{Code, Coded, Locale, Words};
use maud::{Markup, html};
use model::{Arg as Figure, Problem};
use records::RecordError;

use crate::frame::{self, Frame};
use crate::visit::Visit;

/// An error on its way to the reader. It leaves a handler as a bare status; [`crate::visit::edge`] draws it.
#[derive(Clone)]
pub(crate) struct Failure(pub(crate) Arc<RecordError>);

/// What every handler gives.
pub(crate) type Answer = Result<Response, Failure>;

impl<E: Into<RecordError>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(Arc::new(error.into()))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What is wrong, in the reader's language.
pub(crate) fn sentence(visit: &Visit, problem: &Problem) -> String {
    sentence_in(&visit.space.platform.words, visit.ctx.locale, problem)
}

/// The same for somebody of whom only the language is known.
pub(crate) fn sentence_in(words: &Words, locale: Locale, problem: &Problem) -> String {
    if let Some(text) = &problem.text {
        return text.get(locale).to_owned();
    }
    let args: Vec<(&str, FluentValue<'_>)> = problem
        .args
        .iter()
        .map(|(name, arg)| match arg {
            Figure::Number(n) => (name.as_str(), (*n).into()),
            Figure::Text(text) => (name.as_str(), text.as_str().into()),
        })
        .collect();
    words.with(locale, &format!("problem-{}", problem.key), &args)
}

/// An error in one sentence: its problems, else its title.
pub(crate) fn explain(visit: &Visit, error: &RecordError) -> String {
    match error {
        RecordError::Invalid(problems) if !problems.0.is_empty() => {
            problems.0.iter().map(|p| sentence(visit, p)).collect::<Vec<_>>().join(" ")
        }
        RecordError::Batch(list) if !list.is_empty() => explain(visit, &list[0].1),
        error => visit.word(&format!("error-{}", error.code().as_str())),
    }
}

/// Draws an error: a redirect to the sign-in, a toast for scripts, a page otherwise. A fault of ours is logged here, once.
pub(crate) fn answer(visit: &Visit, failure: &Failure, changing: bool) -> Response {
    let code = failure.0.code();
    if code == Code::Unauthenticated && visit.user.is_none() {
        let back: String = form_urlencoded::byte_serialize(visit.address.as_bytes()).collect();
        let target = if changing { "/sign-in".to_owned() } else { format!("/sign-in?next={back}") };
        return frame::go(visit, &target);
    }
    if code.status() >= 500 {
        tracing::error!(request = %visit.ctx.request, address = %visit.address, error = %failure.0, "a request failed");
    }
    let text = explain(visit, &failure.0);
    let body = if visit.htmx { toast(visit, &text) } else { page(visit, code, &text) };
    let mut response = (status(code), body).into_response();
    if let Ok(id) = HeaderValue::from_str(&visit.ctx.request.to_string()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn toast(visit: &Visit, text: &str) -> Markup {
    ui::toast(&visit.view(), ui::Tone::Error, text, None)
}

fn page(visit: &Visit, code: Code, text: &str) -> Markup {
    let view = visit.view();
    let home = ui::Action { label: visit.word("home"), href: "/".into(), ..ui::Action::default() };
    let what = ui::Empty {
        icon: Some(ui::Icon::CircleAlert),
        title: text.to_owned(),
        detail: Some(visit.say("error-request", &[("id", (&visit.ctx.request.to_string()).into())])),
        actions: vec![home],
    };
    let title = visit.word(&format!("error-{}", code.as_str()));
    if visit.user.is_some() {
        return frame::document(visit, Frame::titled(title), ui::page_body(ui::empty(&view, &what)));
    }
    let body = html! { main #main { (ui::empty(&view, &what)) } };
    ui::page(&view, &ui::Page { title, body })
}
