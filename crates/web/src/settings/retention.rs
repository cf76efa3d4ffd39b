//! Retention rules: what each would do now, doing it, and the reports of earlier runs.

use axum::extract::Path;
use customers::retention::{self, ACTION, ACTIVE, FOUND, LAW, MONTHS, NAME, OBJECT, RAN_AT};
use maud::{Markup, html};
use model::{Ident, Query, Record, Sort};
use records::{Action, RecordError};

use crate::failure::Answer;
use crate::form::Posted;
use crate::frame;
use crate::settings::{below, table};
use crate::visit::{Signed, Visit};
use crate::{label, record};

const BASE: &str = "/settings/retention";

/// `GET /settings/retention`
pub(crate) async fn list(visit: Signed) -> Answer {
    let object = visit.space.object("retention_rule")?;
    let query = Query::of(object.name.clone()).sort(Sort::by(Ident::of("name"), false)).limit(500);
    let rules = visit.space.list(&visit.ctx, &query).await?.records;
    let view = visit.view();
    let rows: Vec<Vec<Markup>> = rows(&visit, &rules);
    let heads = ["name", "object", "months", "action", "active", "found", "ran_at"];
    let heads = heads.map(|name| object.field(name).map(|f| label::field(&visit, &object, f)).unwrap_or_default());
    let title = visit.word("settings-retention");
    let mut frame = below(&visit, title.clone());
    if visit.access.check(&object, Action::Create).is_ok() {
        frame.actions.push(ui::Action {
            label: visit.word("create"),
            icon: Some(ui::Icon::Plus),
            href: "/o/retention_rule/new".into(),
            method: ui::Method::Overlay,
            kind: ui::ActionKind::Primary,
            key: Some('c'),
            ..ui::Action::default()
        });
    }
    let none = ui::Empty { icon: Some(ui::Icon::Archive), title: visit.word("retention-none"), ..ui::Empty::default() };
    let body = html! {
        p.muted { (visit.word("settings-retention-hint")) }
        @if rows.is_empty() { (ui::empty(&view, &none)) } @else { (table(&title, &heads, &rows)) }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn rows(visit: &Visit, rules: &[Record]) -> Vec<Vec<Markup>> {
    let one = |rule: &Record| {
        vec![
            html! { a href=(address(rule)) { (rule.get(NAME).unwrap_or_default()) } },
            html! { (object_word(visit, rule)) },
            html! { (rule.get(MONTHS).unwrap_or_default()) },
            html! { (action_word(visit, rule)) },
            ui::cell(&visit.view(), &ui::Cell::Boolean(rule.get(ACTIVE) == Some(true))),
            html! { @if let Some(found) = rule.get(FOUND) { (visit.format().integer(found)) } },
            html! { @if let Some(at) = rule.get(RAN_AT) { (visit.format().date_time(at, &visit.ctx.zone)) } },
        ]
    };
    rules.iter().map(one).collect()
}

/// `GET /settings/retention/{id}`: what the rule would do now.
pub(crate) async fn preview(visit: Signed, Path(id): Path<String>) -> Answer {
    let rule = named(&visit, &id).await?;
    let preview = retention::preview(&visit.space, &visit.ctx, &rule).await?;
    let object = visit.space.object(&rule.get(OBJECT).unwrap_or_default())?;
    let title = rule.get(NAME).unwrap_or_default();
    let mut frame = below(&visit, title).crumb(visit.word("settings-retention"), BASE);
    let acts = rule.get(ACTION).as_deref() != Some("review");
    if visit.administers() {
        frame.actions.push(ui::Action {
            label: visit.view().words.edit.clone(),
            icon: Some(ui::Icon::Pencil),
            href: format!("/o/retention_rule/{}/edit", rule.id().typed("ret")),
            method: ui::Method::Overlay,
            ..ui::Action::default()
        });
        frame.actions.push(ui::Action {
            label: visit.word("retention-run"),
            href: format!("{}/run", address(&rule)),
            method: ui::Method::Post,
            kind: if acts { ui::ActionKind::Danger } else { ui::ActionKind::Primary },
            confirm: acts.then(|| visit.word("retention-sure")),
            ..ui::Action::default()
        });
    }
    let count =
        format!("{}{}", visit.format().integer(preview.count.n as i64), if preview.count.more { "+" } else { "" });
    let day = visit.format().date(preview.before.to_zoned(kernel::Zone::UTC).date());
    let examples = html! { ul.plain-list { @for record in &preview.examples {
        li { a href=(label::record_address(&object, record.id())) { (title_of(&object.title, record)) } }
    } } };
    let tile = |key: &str, value: String| ui::Tile { label: visit.word(key), value, ..ui::Tile::default() };
    let tiles = [
        tile("retention-found", count),
        tile("retention-before", day),
        tile("retention-then", action_word(&visit, &rule)),
    ];
    let body = html! {
        (ui::tiles(&tiles))
        p.muted { (rule.get(LAW).unwrap_or_default()) }
        @if preview.examples.is_empty() { p { (visit.word("retention-nothing")) } }
        @else { (ui::panel(&visit.word("retention-examples"), Some(&object_word(&visit, &rule)), examples)) }
        (reports(&visit, &rule).await?)
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

/// What earlier runs of a rule did, newest first.
async fn reports(visit: &Visit, rule: &Record) -> Result<Markup, RecordError> {
    let name = rule.get(NAME).unwrap_or_default();
    let batches = visit.space.store.read().await?.batches(200).await?;
    let own = batches.iter().filter(|batch| batch.kind == "retention" && batch.label == name);
    let figure = |batch: &store::Batch, member: &str| {
        visit.format().integer(batch.detail.get(member).and_then(serde_json::Value::as_i64).unwrap_or_default())
    };
    let rows: Vec<Vec<Markup>> = own
        .map(|batch| {
            vec![
                html! { (visit.format().date_time(batch.at, &visit.ctx.zone)) },
                html! { (visit.word(&format!("state-{}", batch.state))) },
                html! { (figure(batch, "found")) },
                html! { (figure(batch, "done")) },
                html! { (figure(batch, "refused")) },
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(html! {});
    }
    let heads =
        ["batch-at", "job-state", "retention-found", "retention-done", "retention-refused"].map(|key| visit.word(key));
    let title = visit.word("retention-reports");
    let hint = html! { p { a href="/settings/batches" { (visit.word("settings-batches")) } } };
    Ok(ui::panel(&title, None, html! { (table(&title, &heads, &rows)) (hint) }))
}

/// `POST /settings/retention/{id}/run`
pub(crate) async fn run(Path(id): Path<String>, posted: Posted) -> Answer {
    let rule = named(&posted, &id).await?;
    let report = retention::run(&posted.space, &posted.ctx, &rule).await?;
    Ok(frame::go_saying(&posted, &address(&rule), "retention-ran", report.batch))
}

async fn named(visit: &Visit, id: &str) -> Result<Record, RecordError> {
    let (object, id) = record::named(visit, "retention_rule", id)?;
    let mut reader = visit.space.store.read().await?;
    visit.space.get_as(&visit.access, &object.name, id, &mut reader).await
}

fn address(rule: &Record) -> String {
    format!("{BASE}/{}", rule.id().typed("ret"))
}

fn object_word(visit: &Visit, rule: &Record) -> String {
    let name = rule.get(OBJECT).unwrap_or_default();
    visit.space.object(&name).map_or(name, |object| label::many(visit, &object))
}

fn action_word(visit: &Visit, rule: &Record) -> String {
    visit.word(&format!("retention_rule.action-{}", rule.get(ACTION).unwrap_or_default()))
}

fn title_of(title: &Ident, record: &Record) -> String {
    match record.value(title.as_str()).scalar(None) {
        model::Value::Text(text) if !text.is_empty() => text,
        _ => record.id().to_string(),
    }
}
