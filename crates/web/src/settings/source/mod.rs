//! Sources of customer data: the list, and of each its health, what was learnt of its events, what was refused.

pub(crate) mod form;
pub(crate) mod learnt;
pub(crate) mod mapping;
pub(crate) mod overview;
pub(crate) mod pull;
pub(crate) mod rejects;

use customers::source;
use kernel::{Id, Timestamp};
use maud::{Markup, html};
use model::{FieldType, Ident, ObjectDef, Query, Record, Sort};
use records::{Action, RecordError};

use crate::failure::Answer;
use crate::frame::{self, Frame};
use crate::settings::{below, table};
use crate::visit::{Signed, Visit};
use crate::{label, record};

/// `GET /settings/sources`
pub(crate) async fn list(visit: Signed) -> Answer {
    let activity = source::activity(&visit.space, &visit.ctx).await?;
    let object = visit.space.object("source")?;
    let query = Query::of(Ident::of("source")).sort(Sort::by(Ident::of("name"), false)).limit(500);
    let sources = visit.space.list(&visit.ctx, &query).await?.records;
    let view = visit.view();
    let rows: Vec<Vec<Markup>> = sources
        .iter()
        .map(|source| {
            let volume = activity.get(&source.id()).cloned().unwrap_or_default();
            vec![
                html! { a href=(address(source.id())) { (source.get(source::NAME).unwrap_or_default()) } },
                html! { (option(&visit, &object, source, "kind")) },
                html! { (option(&visit, &object, source, "entity")) },
                html! { (source.get(source::TRUST).unwrap_or_default()) },
                html! { (visit.format().integer(volume.accepted)) },
                html! { (visit.format().integer(volume.rejected)) },
                html! { (received(&visit, volume.last_at)) },
                html! { (ui::cell(&view, &ui::Cell::Boolean(source.get(source::ACTIVE) == Some(true)))) },
            ]
        })
        .collect();
    let field = |name: &str| object.field(name).map(|f| label::field(&visit, &object, f)).unwrap_or_default();
    let heads = [
        field("name"),
        field("kind"),
        field("entity"),
        field("trust"),
        visit.word("source-accepted"),
        visit.word("source-rejected"),
        visit.word("source-last"),
        field("active"),
    ];
    let title = visit.word("settings-sources");
    let mut frame = below(&visit, title.clone());
    if visit.access.check(&object, Action::Create).is_ok() {
        frame.actions.push(ui::Action {
            label: visit.word("create"),
            icon: Some(ui::Icon::Plus),
            href: "/o/source/new".into(),
            method: ui::Method::Overlay,
            kind: ui::ActionKind::Primary,
            key: Some('c'),
            ..ui::Action::default()
        });
    }
    let none = ui::Empty {
        icon: Some(ui::Icon::Database),
        title: visit.word("source-none"),
        detail: Some(visit.word("source-none-hint")),
        ..ui::Empty::default()
    };
    let body = html! { @if rows.is_empty() { (ui::empty(&view, &none)) } @else { (table(&title, &heads, &rows)) } };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

/// The source that an address names, when the reader may do `action` with it.
async fn named(visit: &Visit, id: &str, action: Action) -> Result<Record, RecordError> {
    let (_, id) = record::named(visit, "source", id)?;
    source::find(&visit.space, &visit.ctx, id, action).await
}

fn address(id: Id) -> String {
    format!("/settings/sources/{}", id.typed("src"))
}

/// The frame and the tabs of a source's pages; `current` is the end of the page's address.
fn of_source(visit: &Visit, source: &Record, current: &str) -> (Frame, Markup) {
    let title = source.get(source::NAME).unwrap_or_default();
    let mut frame = below(visit, title.clone()).crumb(visit.word("settings-sources"), "/settings/sources");
    let may = visit.space.object("source").is_ok_and(|o| visit.access.check(&o, Action::Update).is_ok());
    if may {
        frame.actions.push(ui::Action {
            label: visit.view().words.edit.clone(),
            icon: Some(ui::Icon::Pencil),
            href: edit(source.id()),
            method: ui::Method::Overlay,
            ..ui::Action::default()
        });
    }
    let tab = |key: &str, end: &str| ui::Tab {
        label: visit.word(key),
        href: format!("{}{end}", address(source.id())),
        current: current == end,
        ..ui::Tab::default()
    };
    let mut tabs = vec![tab("source-tab-health", "")];
    match source.get(source::KIND).as_deref() {
        Some("events") => tabs.push(tab("source-tab-events", "/events")),
        Some("form") => tabs.extend([tab("source-tab-form", "/form"), tab("source-tab-mapping", "/mapping")]),
        Some("object") => {}
        _ => tabs.push(tab("source-tab-mapping", "/mapping")),
    }
    tabs.push(tab("source-tab-rejects", "/rejects"));
    (frame, ui::tabs(&title, &tabs))
}

fn edit(id: Id) -> String {
    format!("/o/source/{}/edit", id.typed("src"))
}

/// A choice's words.
fn option(visit: &Visit, object: &ObjectDef, record: &Record, field: &str) -> String {
    let value = record.value(field).as_text().unwrap_or_default();
    let Some(def) = object.field(field) else { return String::new() };
    let FieldType::Choice { options } = &def.kind else { return value.to_owned() };
    let chosen = options.iter().find(|choice| choice.value == value);
    chosen.map(|choice| label::option(visit, object, def, choice)).unwrap_or_default()
}

fn received(visit: &Visit, at: Option<Timestamp>) -> String {
    at.map_or_else(|| visit.word("source-never"), |at| visit.format().date_time(at, &visit.ctx.zone))
}
