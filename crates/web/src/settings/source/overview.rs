//! A source's health: what it sent by day, when, and its write keys.

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use customers::source::{self, Health};
use kernel::Id;
use maud::{Markup, html};
use model::{Problem, Record};
use records::{Action, RecordError};
use store::WriteKey;

use super::{address, edit, named, of_source, received};
use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame;
use crate::settings::table;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

/// `GET /settings/sources/{id}`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let source = named(&visit, &id, Action::Read).await?;
    let health = source::health(&visit.space, &visit.ctx, source.id()).await?;
    let keys = source::keys(&visit.space, &visit.ctx, source.id()).await?;
    let (frame, tabs) = of_source(&visit, &source, "");
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let scheme = if visit.https { "https" } else { "http" };
    let body = html! {
        (tabs)
        (warnings(&visit, &source))
        @if is_pulled(&source) { (super::pull::panel(&visit, &source).await?) }
        (figures(&visit, &health))
        (ui::panel(&visit.word("source-volume"), None, chart(&visit, &health)))
        @if takes_keys(&source) {
            (ui::panel(&visit.word("source-keys"), Some(&visit.word("source-keys-hint")), html! {
                @if keys.iter().any(|key| key.revoked_at.is_none()) { (key_table(&visit, source.id(), &keys)) }
                (key_form(&visit, source.id(), &Pairs::default(), &[]))
            }))
        }
        (where_to_send(&visit, &source, &format!("{scheme}://{host}")))
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

/// Whether the source is fetched.
fn is_pulled(source: &Record) -> bool {
    matches!(source.get(source::KIND).as_deref(), Some("folder" | "sql"))
}

/// Whether the source's programs send with write keys.
fn takes_keys(source: &Record) -> bool {
    matches!(source.get(source::KIND).as_deref(), Some("events" | "webhook"))
}

/// Where and how the source's programs send, by its kind.
fn where_to_send(visit: &Visit, source: &Record, server: &str) -> Markup {
    let view = visit.view();
    let panel = |key: &str, code: &str| {
        ui::panel(&visit.word(key), Some(&visit.word(&format!("{key}-hint"))), ui::code_block(&view, code))
    };
    match source.get(source::KIND).as_deref() {
        Some("events") => html! {
            (panel("source-send", server))
            (panel("source-snippet", &snippet(server, "clw_…")))
        },
        Some("webhook") => panel("source-hook", &format!("{server}/v1/hook/clw_…")),
        Some("api") => panel("source-push", &format!("{server}/api/v1/source/{}/records", source.id().typed("src"))),
        _ => html! {},
    }
}

/// What a web page holds to send events with a write key.
fn snippet(server: &str, key: &str) -> String {
    format!("<script async src=\"{server}/v1/clientele.js\" data-key=\"{key}\"></script>")
}

fn warnings(visit: &Visit, source: &Record) -> Markup {
    let view = visit.view();
    let banner = |key: &str| ui::Banner {
        tone: ui::Tone::Warning,
        title: visit.word(key),
        actions: vec![ui::Action {
            label: visit.word("source-complete"),
            href: edit(source.id()),
            method: ui::Method::Overlay,
            ..ui::Action::default()
        }],
        ..ui::Banner::default()
    };
    let lawful = source.get(source::PURPOSE).is_some() && source.get(source::LEGAL_BASIS).is_some();
    let off = ui::Banner { actions: Vec::new(), ..banner("source-off") };
    html! {
        @if source.get(source::ACTIVE) != Some(true) { (ui::banner(&view, &off)) }
        @if !lawful { (ui::banner(&view, &banner("source-unlawful"))) }
    }
}

fn figures(visit: &Visit, health: &Health) -> Markup {
    let sum = |of: fn(&store::Volume) -> i64| health.days.iter().map(of).sum::<i64>();
    let tile = |key: &str, value: String| ui::Tile { label: visit.word(key), value, ..ui::Tile::default() };
    let last = match health.last_at {
        Some(at) => {
            let day = at.to_zoned(visit.ctx.zone.clone()).date();
            let detail = Some(visit.format().date_time(at, &visit.ctx.zone));
            ui::Tile { detail, ..tile("source-last", visit.format().date(day)) }
        }
        None => tile("source-last", visit.word("source-never")),
    };
    let number = |n: i64| visit.format().integer(n);
    ui::tiles(&[
        last,
        tile("source-accepted", number(sum(|v| v.accepted))),
        tile("source-repeated", number(sum(|v| v.repeated))),
        tile("source-rejected", number(sum(|v| v.rejected))),
    ])
}

fn chart(visit: &Visit, health: &Health) -> Markup {
    let shown = |day: &str| day.parse().map_or_else(|_| day.to_owned(), |day| visit.format().date(day));
    let columns = health.days.iter().map(|volume| ui::chart::Column {
        value: volume.accepted as f64,
        tip: visit.say(
            "source-volume-tip",
            &[
                ("day", (&shown(&volume.day)).into()),
                ("accepted", volume.accepted.into()),
                ("rejected", volume.rejected.into()),
            ],
        ),
        ink: if volume.rejected > 0 { ui::chart::Ink::Warn } else { ui::chart::Ink::Plain },
    });
    let ticks = health.days.iter().enumerate().skip(3).step_by(7);
    ui::chart::columns(&ui::chart::Columns {
        title: visit.word("source-volume"),
        columns: columns.collect(),
        ticks: ticks.map(|(i, v)| ui::chart::Line { at: i as f64, label: shown(&v.day) }).collect(),
        ..ui::chart::Columns::default()
    })
}

fn key_table(visit: &Visit, source: Id, keys: &[WriteKey]) -> Markup {
    let view = visit.view();
    let rows: Vec<Vec<Markup>> = keys
        .iter()
        .filter(|key| key.revoked_at.is_none())
        .map(|key| {
            let revoke = ui::Action {
                label: visit.word("revoke"),
                href: format!("{}/keys/{}/revoke", address(source), key.id.typed("key")),
                method: ui::Method::Post,
                kind: ui::ActionKind::Danger,
                ..ui::Action::default()
            };
            vec![
                html! { (key.name) },
                html! { (visit.format().date_time(key.created_at, &visit.ctx.zone)) },
                html! { (received(visit, key.used_at)) },
                html! { (ui::action(&view, &revoke)) },
            ]
        })
        .collect();
    let heads = ["token-name", "token-created", "token-used", "revoke"].map(|k| visit.word(k));
    table(&visit.word("source-keys"), &heads, &rows)
}

fn key_form(visit: &Visit, source: Id, pairs: &Pairs, problems: &[Problem]) -> Markup {
    Simple::new(visit, &format!("{}/keys", address(source)), pairs, problems)
        .text("name", "token-name", true)
        .draw("source-key-new")
}

/// `POST /settings/sources/{id}/keys`: makes a write key and shows it once.
pub(crate) async fn create_key(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    match source::new_key(&posted.space, &posted.ctx, source.id(), posted.pairs.text("name")).await {
        Ok((key, secret)) => {
            let body = html! {
                p { (posted.word("token-once")) }
                (ui::code_block(&posted.view(), &secret.text))
                p { a.button data-kind="secondary" href=(address(source.id())) { (source.get(source::NAME).unwrap_or_default()) } }
            };
            Ok(if posted.htmx {
                ui::panel(&key.name, None, body).into_response()
            } else {
                let (frame, _) = of_source(&posted, &source, "");
                frame::page(&posted, frame, ui::page_body(ui::panel(&key.name, None, body)))
            })
        }
        Err(error) => Ok(frame::refused(key_form(&posted, source.id(), &posted.pairs, &problems_of(error)?))),
    }
}

/// `POST /settings/sources/{id}/keys/{key}/revoke`
pub(crate) async fn revoke_key(Path((id, key)): Path<(String, String)>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let key = Id::parse(&key, "key").map_err(|_| RecordError::unknown("key", &key))?;
    source::revoke_key(&posted.space, &posted.ctx, source.id(), key).await?;
    Ok(frame::go_saying(&posted, &address(source.id()), "revoked", None))
}
