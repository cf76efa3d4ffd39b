//! The pages before the session: first administrator, invitation, sign-in; and the sign-out.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Ctx, Id};
use maud::Markup;
use model::{Fields, Ident, Problem, Value};
use records::objects::{self, USER_EMAIL, USER_LANGUAGE, USER_NAME};
use records::{Op, RecordError, Secret};

use crate::failure::{Answer, Failure, explain};
use crate::form::{Pairs, Posted, PostedByAnyone, problems_of};
use crate::frame;
use crate::simple::Simple;
use crate::visit::{Anyone, SESSION, Visit};

/// As long as a session can last.
const MONTH: u32 = 30 * 24 * 3600;

struct Card<'a> {
    title: &'a str,
    detail: Option<&'a str>,
    message: Option<String>,
    form: Markup,
}

fn card(visit: &Visit, card: Card<'_>) -> Markup {
    let view = visit.view();
    let title = visit.word(card.title);
    let content = ui::SignIn {
        product: visit.word("product-name"),
        title: title.clone(),
        detail: card.detail.map(|key| visit.word(key)),
        message: card.message.map(|title| ui::Banner { tone: ui::Tone::Error, title, ..ui::Banner::default() }),
        form: card.form,
        others: Vec::new(),
        foot: Vec::new(),
    };
    ui::page(
        &view,
        &ui::Page { title: format!("{title} · {}", visit.word("product-name")), body: ui::sign_in(&view, &content) },
    )
}

fn sign_in_form(visit: &Visit, pairs: &Pairs) -> Markup {
    Simple::new(visit, "/sign-in", pairs, &[])
        .email("email", "user.email")
        .password("password", "password", "current-password")
        .hidden("next", pairs.text("next"))
        .draw("sign-in")
}

/// `GET /sign-in`
pub(crate) async fn sign_in(visit: Anyone, RawQuery(query): RawQuery) -> Answer {
    if visit.user.is_some() {
        return Ok(frame::go(&visit, "/"));
    }
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let form = sign_in_form(&visit, &pairs);
    Ok(card(&visit, Card { title: "sign-in-title", detail: None, message: None, form }).into_response())
}

/// `POST /sign-in`
pub(crate) async fn enter(form: PostedByAnyone) -> Answer {
    let (agent, address) = &form.agent;
    let found = form
        .space
        .sign_in(&form.ctx, form.pairs.text("email"), form.pairs.get("password").unwrap_or_default(), agent, address)
        .await;
    match found {
        Ok((secret, _)) => Ok(welcome(&form, &secret, &next(form.pairs.text("next")))),
        Err(error @ (RecordError::Unauthenticated | RecordError::TooMany)) => {
            let too_many = matches!(error, RecordError::TooMany);
            let message = if too_many { explain(&form, &error) } else { form.word("wrong-password") };
            let fields = sign_in_form(&form, &form.pairs);
            let page = card(&form, Card { title: "sign-in-title", detail: None, message: Some(message), form: fields });
            // A script's form takes the whole answer for its own place: the form, with the message in it, is enough.
            let status = if too_many { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(if form.htmx { refused_form(&form, &error) } else { (status, page).into_response() })
        }
        Err(error) => Err(error.into()),
    }
}

fn refused_form(visit: &crate::form::Form, error: &RecordError) -> Response {
    let key = if matches!(error, RecordError::TooMany) { "too-many-attempts" } else { "wrong-password" };
    let problems = [Problem::new("", key)];
    let form = Simple::new(visit, "/sign-in", &visit.pairs, &problems)
        .email("email", "user.email")
        .password("password", "password", "current-password")
        .hidden("next", visit.pairs.text("next"))
        .draw("sign-in");
    frame::refused(form)
}

/// Only addresses of this site are led to.
fn next(wanted: &str) -> String {
    let local =
        wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains('\\') && !wanted.starts_with("/sign");
    if local { wanted.to_owned() } else { "/".to_owned() }
}

fn welcome(visit: &Visit, secret: &Secret, target: &str) -> Response {
    let mut response = frame::go(visit, target);
    if let Ok(cookie) = visit.set_cookie(SESSION, &secret.text, Some(MONTH)).parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /sign-out`
pub(crate) async fn sign_out(headers: HeaderMap, form: Posted) -> Answer {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    for secret in cookies.filter_map(|pair| pair.trim().strip_prefix("session=")) {
        form.space.sign_out(secret).await?;
    }
    let mut response = frame::go(&form, "/sign-in");
    if let Ok(cookie) = form.set_cookie(SESSION, "", Some(0)).parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn setup_form(visit: &Visit, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let languages = [("fr".to_owned(), "Français".to_owned()), ("en".to_owned(), "English".to_owned())];
    Simple::new(visit, "/setup", pairs, problems)
        .text("name", "your-name", true)
        .email("email", "user.email")
        .password("password", "new-password", "new-password")
        .choice("language", "user.language", &languages, None)
        .hidden("ticket", pairs.text("ticket"))
        .draw("setup-submit")
}

/// `GET /setup?ticket=`: the first administrator.
pub(crate) async fn setup(visit: Anyone, RawQuery(query): RawQuery) -> Answer {
    let mut pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    if visit.space.ticket(&visit.ctx, pairs.text("ticket"), "setup").await?.is_none() {
        return Ok(dead_link(&visit));
    }
    pairs.push("language", visit.ctx.locale.as_str());
    let form = setup_form(&visit, &pairs, &[]);
    Ok(card(&visit, Card { title: "setup-title", detail: Some("setup-detail"), message: None, form }).into_response())
}

/// `POST /setup`
pub(crate) async fn set_up(form: PostedByAnyone) -> Answer {
    let secret = form.pairs.text("ticket");
    if form.space.ticket(&form.ctx, secret, "setup").await?.is_none() {
        return Ok(dead_link(&form));
    }
    match first_administrator(&form).await {
        Ok(user) => {
            form.space.use_ticket(&form.ctx, secret).await?;
            let session = form.space.open_session(&form.ctx, user, &form.agent.0, &form.agent.1).await?;
            Ok(welcome(&form, &session, "/"))
        }
        Err(error) => {
            let problems = problems_of(error)?;
            let fields = setup_form(&form, &form.pairs, &problems);
            Ok(again(&form, Card { title: "setup-title", detail: Some("setup-detail"), message: None, form: fields }))
        }
    }
}

/// A refused form: alone for scripts, on its card otherwise.
fn again(visit: &Visit, content: Card<'_>) -> Response {
    if visit.htmx { frame::refused(content.form) } else { frame::refused(card(visit, content)) }
}

async fn first_administrator(form: &crate::form::Form) -> Result<Id, RecordError> {
    let system = Ctx { via: form.ctx.via, request: form.ctx.request, ..form.space.system_ctx() };
    let password = form.pairs.get("password").unwrap_or_default();
    check_length(password)?;
    let fields = Fields::from_iter([
        (Ident::of(USER_NAME.name()), Value::from(form.pairs.text("name"))),
        (Ident::of(USER_EMAIL.name()), Value::from(form.pairs.text("email"))),
        (Ident::of(USER_LANGUAGE.name()), Value::from(form.pairs.text("language"))),
        (Ident::of("roles"), Value::Ids(vec![objects::standard_role("admin")])),
    ]);
    let outcome = form.space.write_one(&system, &Ident::of("user"), Op::Create(fields)).await?;
    form.space.set_password(&system, outcome.record.id(), password).await?;
    Ok(outcome.record.id())
}

/// Refuses a short password before the user is made, so that nothing is left half done.
fn check_length(password: &str) -> Result<(), RecordError> {
    let length = password.chars().count();
    if (records::MIN_PASSWORD..=500).contains(&length) {
        return Ok(());
    }
    let min = records::MIN_PASSWORD;
    let problem = if length < min {
        Problem::new("password", "too-short").number("min", min as i64)
    } else {
        Problem::new("password", "too-long").number("max", 500)
    };
    Err(problem.into())
}

fn dead_link(visit: &Visit) -> Response {
    let message = Some(visit.word("dead-link"));
    let page = card(visit, Card { title: "dead-link-title", detail: None, message, form: maud::html! {} });
    (StatusCode::NOT_FOUND, page).into_response()
}

fn invite_form(visit: &Visit, pairs: &Pairs, problems: &[Problem]) -> Markup {
    Simple::new(visit, "/invite", pairs, problems)
        .password("password", "new-password", "new-password")
        .hidden("ticket", pairs.text("ticket"))
        .draw("invite-submit")
}

async fn invited(visit: &Visit, secret: &str) -> Result<Option<Id>, Failure> {
    Ok(visit.space.ticket(&visit.ctx, secret, "invite").await?.flatten())
}

/// `GET /invite?ticket=`: an invited user chooses a password.
pub(crate) async fn invite(visit: Anyone, RawQuery(query): RawQuery) -> Answer {
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    if invited(&visit, pairs.text("ticket")).await?.is_none() {
        return Ok(dead_link(&visit));
    }
    let form = invite_form(&visit, &pairs, &[]);
    Ok(card(&visit, Card { title: "invite-title", detail: Some("invite-detail"), message: None, form }).into_response())
}

/// `POST /invite`
pub(crate) async fn accept(form: PostedByAnyone) -> Answer {
    let secret = form.pairs.text("ticket");
    let Some(user) = invited(&form, secret).await? else { return Ok(dead_link(&form)) };
    let ctx = form.ctx.as_actor(Actor::User(user));
    match form.space.set_password(&ctx, user, form.pairs.get("password").unwrap_or_default()).await {
        Ok(()) => {
            form.space.use_ticket(&ctx, secret).await?;
            let session = form.space.open_session(&ctx, user, &form.agent.0, &form.agent.1).await?;
            Ok(welcome(&form, &session, "/"))
        }
        Err(error) => {
            let problems = problems_of(error)?;
            let fields = invite_form(&form, &form.pairs, &problems);
            Ok(again(&form, Card { title: "invite-title", detail: Some("invite-detail"), message: None, form: fields }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn only_local_addresses_are_led_to() {
        for (wanted, expected) in [
            ("/o/contact?q=a", "/o/contact?q=a"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/sign-out", "/"),
            ("", "/"),
        ] {
            assert_eq!(next(wanted), expected);
        }
    }
}
