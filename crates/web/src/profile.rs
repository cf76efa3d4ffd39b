//! What a user sets for themselves: language, time zone, theme, password, sessions.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use kernel::{Actor, Zone};
use maud::{Markup, html};
use model::{Fields, Ident, Problem, Value};
use records::RecordError;
use records::objects::{USER_LANGUAGE, USER_ZONE};

use crate::failure::Answer;
use crate::form::{Form, Pairs, Posted, problems_of};
use crate::frame::{self, Frame};
use crate::simple::Simple;
use crate::visit::{Signed, THEME, Visit};

/// The theme is remembered for a year.
const YEAR: u32 = 365 * 24 * 3600;

fn languages() -> Vec<(String, String)> {
    vec![("fr".into(), "Français".into()), ("en".into(), "English".into())]
}

fn about_me(visit: &Visit, pairs: &Pairs, problems: &[Problem]) -> Markup {
    Simple::new(visit, "/profile", pairs, problems)
        .choice("language", "user.language", &languages(), None)
        .text("time_zone", "user.time_zone", true)
        .draw("save")
}

fn password(visit: &Visit, problems: &[Problem]) -> Markup {
    Simple::new(visit, "/profile/password", &Pairs::default(), problems)
        .password("present", "present-password", "current-password")
        .password("password", "new-password", "new-password")
        .draw("change-password")
}

/// `GET /profile`
pub(crate) async fn show(visit: Signed) -> Answer {
    let user = visit.user.as_ref().ok_or(RecordError::Unauthenticated)?;
    let pairs = Pairs(vec![
        ("language".into(), user.get(USER_LANGUAGE).unwrap_or_default()),
        ("time_zone".into(), user.get(USER_ZONE).unwrap_or_default()),
    ]);
    let body = html! {
        (ui::panel(&visit.word("profile-preferences"), None, about_me(&visit, &pairs, &[])))
        (ui::panel(&visit.word("password"), Some(&visit.word("password-ends-sessions")), password(&visit, &[])))
    };
    Ok(frame::page(&visit, Frame::titled(visit.word("my-profile")), ui::page_body(body)))
}

/// Changes the signed-in user's own record: only these fields, whatever roles they have.
async fn change(form: &Form, fields: Fields) -> Result<(), RecordError> {
    let me = form.me().ok_or(RecordError::Unauthenticated)?;
    form.space
        .transact(&form.ctx, move |cx| Box::pin(async move { cx.update("user", me, fields).await.map(drop) }))
        .await
}

/// `POST /profile`
pub(crate) async fn save(form: Posted) -> Answer {
    let zone = form.pairs.text("time_zone");
    let result = if Zone::get(zone).is_err() {
        Err(Problem::new("time_zone", "not-a-time-zone").into())
    } else {
        let fields = Fields::from_iter([
            (Ident::of("language"), Value::from(form.pairs.text("language"))),
            (Ident::of("time_zone"), Value::from(zone)),
        ]);
        change(&form, fields).await
    };
    match result {
        Ok(()) => Ok(frame::go_saying(&form, "/profile", "saved", None)),
        Err(error) => Ok(frame::refused(about_me(&form, &form.pairs, &problems_of(error)?))),
    }
}

/// `POST /profile/preferences`: the menu's `theme` or `lang`.
pub(crate) async fn prefer(headers: HeaderMap, form: Posted) -> Answer {
    let back = came_from(&headers).unwrap_or("/");
    if let Some(lang) = form.pairs.get("lang") {
        change(&form, Fields::from_iter([(Ident::of("language"), Value::from(lang))])).await?;
        return Ok(frame::go(&form, back));
    }
    let theme = ui::Theme::from_name(form.pairs.text("theme")).name();
    let cookie = form.set_cookie(THEME, theme, Some(YEAR));
    let mut response = if form.htmx { StatusCode::NO_CONTENT.into_response() } else { frame::go(&form, back) };
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append("set-cookie", value);
    }
    Ok(response)
}

/// The page of this site from which a form was posted.
fn came_from(headers: &HeaderMap) -> Option<&str> {
    let (_, rest) = headers.get(header::REFERER)?.to_str().ok()?.split_once("://")?;
    rest.find('/').map(|at| &rest[at..]).filter(|path| !path.starts_with("//"))
}

/// `POST /profile/password`
pub(crate) async fn change_password(form: Posted) -> Answer {
    let value = |name: &str| form.pairs.get(name).unwrap_or_default().to_owned();
    match form.space.change_password(&form.ctx, &value("present"), &value("password")).await {
        // Changing it ended every session, this one too.
        Ok(()) => Ok(frame::go_saying(&form, "/sign-in", "password-changed", None)),
        Err(error) => Ok(frame::refused(password(&form, &problems_of(error)?))),
    }
}

/// `GET /profile/sessions`
pub(crate) async fn sessions(visit: Signed) -> Answer {
    let me = visit.me().ok_or(RecordError::Unauthenticated)?;
    let sessions = visit.space.store.read().await?.sessions(me).await.map_err(RecordError::from)?;
    let view = visit.view();
    let time = |at| visit.format().date_time(at, &visit.ctx.zone);
    let body = html! {
        div.table-scroll tabindex="0" role="region" aria-label=(visit.word("sessions")) { table.plain {
            thead { tr {
                th scope="col" { (visit.word("session-browser")) }
                th scope="col" { (visit.word("session-address")) }
                th scope="col" { (visit.word("session-since")) }
                th scope="col" { (visit.word("session-seen")) }
                th scope="col" { span.visually-hidden { (visit.word("revoke")) } }
            } }
            tbody { @for session in &sessions { tr {
                th scope="row" { (browser(&session.agent)) @if session.hash == visit.session { " " span.muted { "(" (visit.word("session-this")) ")" } } }
                td { (session.address) }
                td { (time(session.created_at)) }
                td { (time(session.seen_at)) }
                td { @if session.hash != visit.session {
                    (ui::action(&view, &ui::Action {
                        label: visit.word("revoke"),
                        href: format!("/profile/sessions/{}/revoke", &session.hash[..16.min(session.hash.len())]),
                        method: ui::Method::Post,
                        ..ui::Action::default()
                    }))
                } }
            } } }
        } }
    };
    Ok(frame::page(
        &visit,
        Frame::titled(visit.word("sessions")).crumb(visit.word("my-profile"), "/profile"),
        ui::page_body(body),
    ))
}

/// The part of a browser's name that people know.
fn browser(agent: &str) -> &str {
    ["Firefox", "Edg", "Chrome", "Safari"].into_iter().find(|name| agent.contains(name)).unwrap_or(agent)
}

/// `POST /profile/sessions/{hash}/revoke`
pub(crate) async fn revoke(Path(start): Path<String>, form: Posted) -> Answer {
    let me = match form.ctx.actor {
        Actor::User(id) => id,
        Actor::System | Actor::Nobody => return Err(RecordError::Unauthenticated.into()),
    };
    let sessions = form.space.store.read().await?.sessions(me).await.map_err(RecordError::from)?;
    let found = sessions.into_iter().find(|s| start.len() >= 16 && s.hash.starts_with(&start));
    let hash = found.ok_or_else(|| RecordError::unknown("session", &start))?.hash;
    form.space.end_session(hash).await?;
    Ok(frame::go_saying(&form, "/profile/sessions", "revoked", None))
}
