//! `/f/{id}`: a form on the web, for anybody, in a page of its own or in a frame of a site that may show it. No cookie, no script.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use customers::form::{self, Form, FormField, Sent, Submission, Takes};
use kernel::{Coded, Ctx, Id, Locale};
use maud::{Markup, html};
use model::Problem;
use records::{RecordError, Space};

use crate::failure::sentence_in;
use crate::form::{Pairs, problems_of};
use crate::visit::address;

/// The most that somebody may send.
pub(crate) const MAX_BODY: usize = 256 << 10;
/// The name of the field that people do not see.
const TRAP: &str = "_site";
/// The name of the field with the token.
const TOKEN: &str = "_token";

/// A visitor's page of a form.
struct Page {
    space: Arc<Space>,
    ctx: Ctx,
    locale: Locale,
    id: Id,
    /// The form's address as the visitor's browser knows it.
    url: String,
    address: String,
}

impl Page {
    fn of(space: Arc<Space>, id: &str, query: Option<String>, parts: &Parts) -> Result<Page, RecordError> {
        let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let query = Pairs::read(query.unwrap_or_default().as_bytes());
        let asked = Locale::parse(query.text("lang"));
        let locale = asked.or_else(|| Locale::negotiate(text("accept-language"))).unwrap_or_default();
        let id = Id::parse(id, "src").map_err(|_| RecordError::unknown("form", id))?;
        let scheme = if text("x-forwarded-proto") == "https" { "https" } else { "http" };
        let url = format!("{scheme}://{}/f/{}", text("host"), id.typed("src"));
        let ctx = Ctx { locale, ..space.system_ctx() };
        Ok(Page { ctx, locale, id, url, address: address(parts), space })
    }

    fn word(&self, key: &str) -> String {
        self.space.platform.words.get(self.locale, key).into_owned()
    }

    fn answer(&self, status: StatusCode, form: &Form, content: Markup) -> Response {
        let title = form.title.get(self.locale);
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'self' {}",
            form.origins.join(" ")
        );
        let mut headers = HeaderMap::new();
        let plain = [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        headers.extend(plain.map(|(name, value)| (name, HeaderValue::from_static(value))));
        headers.extend(HeaderValue::from_str(&policy).ok().map(|value| (header::CONTENT_SECURITY_POLICY, value)));
        (status, headers, ui::standalone(self.locale.as_str(), title, content)).into_response()
    }

    fn missing(&self, error: &RecordError) -> Response {
        let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::error!(%error, "a form could not be shown or taken");
        }
        let key = if status.is_server_error() { "form-failed" } else { "form-missing" };
        self.answer(status, &Form::default(), html! { h1 { (self.word(key)) } })
    }

    /// The form with what was entered, and what was wrong with it.
    async fn draw(&self, form: &Form, entered: &Pairs, problems: &[Problem]) -> Result<Markup, RecordError> {
        let token = form::token(&self.space, self.ctx.now).await?;
        let say = |problem: &Problem| sentence_in(&self.space.platform.words, self.locale, problem);
        let (of_fields, general): (Vec<&Problem>, Vec<&Problem>) =
            problems.iter().partition(|problem| form.fields.iter().any(|field| field.name == problem.field));
        let other = if self.locale == Locale::Fr { Locale::En } else { Locale::Fr };
        let own = format!("/f/{}?lang=", self.id.typed("src"));
        Ok(html! {
            form.ask method="post" action={ (own) (self.locale.as_str()) } {
                h1 { (form.title.get(self.locale)) }
                p.lead { (form.intro.get(self.locale)) }
                @if !problems.is_empty() {
                    div.alert role="alert" {
                        strong { (self.word("form-refused")) }
                        ul {
                            @for problem in &general { li { (say(problem)) } }
                            @for problem in &of_fields { li { a href={ "#" (problem.field) } { (say(problem)) } } }
                        }
                    }
                }
                @for field in &form.fields {
                    @let error = of_fields.iter().find(|problem| problem.field == field.name).map(|problem| say(problem));
                    (self.field(field, entered.text(&field.name), error.as_deref()))
                }
                p.trap aria-hidden="true" {
                    label { (self.word("form-trap")) input name=(TRAP) tabindex="-1" autocomplete="off"; }
                }
                input type="hidden" name=(TOKEN) value=(token);
                p { button type="submit" { (self.word("form-send")) } }
                p.hint { a href={ (own) (other.as_str()) } lang=(other.as_str()) { (self.space.platform.words.get(other, "form-language")) } }
            }
        })
    }

    fn field(&self, field: &FormField, value: &str, error: Option<&str>) -> Markup {
        let label = field.label.get(self.locale);
        let note = error.map(|_| format!("{}-error", field.name));
        let mark = html! { @if field.required { " " span.hint { "(" (self.word("form-required")) ")" } } };
        let kind = match field.takes {
            Takes::Email => ("email", "email"),
            Takes::Phone => ("tel", "tel"),
            _ => ("text", "on"),
        };
        let is_box = matches!(field.takes, Takes::Checkbox | Takes::Consent);
        html! {
            div.one data-invalid[error.is_some()] {
                @if is_box {
                    label { input type="checkbox" id=(field.name) name=(field.name) value="true" checked[value == "true"] required[field.required] aria-describedby=[note.as_ref()]; " " (label) (mark) }
                } @else {
                    label for=(field.name) { (label) (mark) }
                    @match field.takes {
                        Takes::LongText => textarea id=(field.name) name=(field.name) rows="5" required[field.required] aria-describedby=[note.as_ref()] { "\n" (value) },
                        Takes::Choice => select id=(field.name) name=(field.name) required[field.required] aria-describedby=[note.as_ref()] {
                            option value="" { "" }
                            @for each in &field.options { option value=(each) selected[each == value] { (each) } }
                        },
                        _ => input type=(kind.0) autocomplete=(kind.1) id=(field.name) name=(field.name) value=(value) required[field.required] aria-describedby=[note.as_ref()];
                    }
                }
                @if let Some(error) = error { p.error id=[note.as_ref()] { (error) } }
            }
        }
    }
}

/// `GET /f/{id}?lang=`
pub(crate) async fn show(
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Extension(space): Extension<Arc<Space>>,
    parts: Parts,
) -> Response {
    let page = match Page::of(space, &id, query, &parts) {
        Ok(page) => page,
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let shown = async {
        let (_, form) = form::open(&page.space, page.id).await?;
        let content = page.draw(&form, &Pairs::default(), &[]).await?;
        Ok::<_, RecordError>(page.answer(StatusCode::OK, &form, content))
    };
    shown.await.unwrap_or_else(|error| page.missing(&error))
}

/// `POST /f/{id}?lang=`
pub(crate) async fn take(
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Extension(space): Extension<Arc<Space>>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let page = match Page::of(space, &id, query, &parts) {
        Ok(page) => page,
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    taken(&page, Pairs::read(&body)).await.unwrap_or_else(|error| page.missing(&error))
}

async fn taken(page: &Page, pairs: Pairs) -> Result<Response, RecordError> {
    let (source, form) = form::open(&page.space, page.id).await?;
    let sent = Submission {
        token: pairs.text(TOKEN),
        trap: pairs.text(TRAP),
        entered: &pairs.0,
        locale: page.locale,
        page: &page.url,
        address: &page.address,
    };
    let (status, problems) = match form::submit(&page.space, &page.ctx, &source, &form, sent).await {
        Ok(Sent::Kept) => {
            let thanks = form.thanks.get(page.locale);
            let thanks = if thanks.is_empty() { page.word("form-thanks") } else { thanks.to_owned() };
            return Ok(page.answer(StatusCode::OK, &form, html! { div.ask role="status" { h1 { (thanks) } } }));
        }
        Ok(Sent::TooMany) => (StatusCode::TOO_MANY_REQUESTS, vec![Problem::new("", "form-many")]),
        Err(error @ RecordError::Invalid(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, problems_of(error).unwrap_or_default())
        }
        Err(error) => return Err(error),
    };
    let content = page.draw(&form, &pairs, &problems).await?;
    Ok(page.answer(status, &form, content))
}
