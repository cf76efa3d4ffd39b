//! What was learnt of a source's events.

use axum::extract::{Path, RawQuery};
use kernel::Timestamp;
use maud::{Markup, html};
use records::Action;
use store::{Property, Seen};

use super::{address, named, of_source};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame;
use crate::settings::table;
use crate::visit::{Signed, Visit};

/// Most rows that are read for the page.
const MOST: u32 = 5_000;

/// A property with all the types its values had.
struct Line<'a> {
    of: &'a Property,
    types: Vec<(&'a str, i64)>,
    first_at: Timestamp,
    last_at: Timestamp,
}

/// `GET /settings/sources/{id}/events`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    let source = named(&visit, &id, Action::Read).await?;
    let known = visit.space.store.read().await?.properties(source.id(), None, MOST).await?;
    let (frame, tabs) = of_source(&visit, &source, "/events");
    let view = visit.view();
    let base = address(source.id());
    let heads = ["source-property", "source-types", "source-count", "source-first", "source-seen", "source-forget"];
    let heads = heads.map(|k| visit.word(k));
    let none = ui::Empty {
        icon: Some(ui::Icon::Zap),
        title: visit.word("source-learnt-none"),
        detail: Some(visit.word("source-learnt-hint")),
        ..ui::Empty::default()
    };
    let body = html! {
        (tabs)
        @if known.is_empty() { (ui::empty(&view, &none)) } @else { p.muted { (visit.word("source-learnt-hint")) } }
        @for event in known.chunk_by(|(a, _), (b, _)| (&a.kind, &a.event) == (&b.kind, &b.event)) {
            @let name = &event[0].0;
            @let title = if name.event.is_empty() { &name.kind } else { &name.event };
            @let rows: Vec<_> = lines(event).iter().map(|line| row(&visit, &base, line)).collect();
            (ui::panel(title, Some(&name.kind).filter(|kind| *kind != title).map(String::as_str), table(title, &heads, &rows)))
        }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn lines(event: &[(Property, Seen)]) -> Vec<Line<'_>> {
    event
        .chunk_by(|(a, _), (b, _)| a.property == b.property)
        .map(|same| Line {
            of: &same[0].0,
            types: same.iter().map(|(p, seen)| (p.value.as_str(), seen.count)).collect(),
            first_at: same.iter().map(|(_, seen)| seen.first_at).min().unwrap_or_default(),
            last_at: same.iter().map(|(_, seen)| seen.last_at).max().unwrap_or_default(),
        })
        .collect()
}

fn row(visit: &Visit, base: &str, line: &Line<'_>) -> Vec<Markup> {
    let Property { kind, event, property, .. } = line.of;
    let asked = Pairs(vec![
        ("kind".to_owned(), kind.clone()),
        ("event".to_owned(), event.clone()),
        ("property".to_owned(), property.clone()),
    ]);
    let forget = ui::Action {
        label: visit.word("source-forget"),
        href: format!("{base}/events/forget?{}", asked.query()),
        method: ui::Method::Post,
        kind: ui::ActionKind::Quiet,
        ..ui::Action::default()
    };
    let tag = |(name, count): &(&str, i64)| {
        let word = visit.word(&format!("source-type-{name}"));
        let text = match line.types.len() {
            1 => word,
            _ => visit.say("source-type-times", &[("type", (&word).into()), ("n", (*count).into())]),
        };
        ui::tag(&ui::Tag::new(text, hue(name)))
    };
    let time = |at: Timestamp| visit.format().date_time(at, &visit.ctx.zone);
    let count = line.types.iter().map(|(_, count)| count).sum::<i64>();
    vec![
        html! { @if property.is_empty() { strong { (visit.word("source-event")) } } @else { code { (property) } } },
        html! { @if !property.is_empty() { @for each in &line.types { (tag(each)) " " } } },
        html! { (visit.format().integer(count)) },
        html! { (time(line.first_at)) },
        html! { (time(line.last_at)) },
        ui::action(&visit.view(), &forget),
    ]
}

fn hue(kind: &str) -> ui::Hue {
    match kind {
        "text" => ui::Hue::Blue,
        "number" => ui::Hue::Teal,
        "boolean" => ui::Hue::Violet,
        "list" | "object" => ui::Hue::Amber,
        _ => ui::Hue::Gray,
    }
}

/// `POST /settings/sources/{id}/events/forget?kind=&event=&property=`: without a property, the event with all of them.
pub(crate) async fn forget(Path(id): Path<String>, RawQuery(query): RawQuery, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let of = |name: &str| asked.get(name).unwrap_or_default().to_owned();
    let property = asked.get("property").filter(|p| !p.is_empty());
    customers::event::forget(&posted.space, &posted.ctx, source.id(), (&of("kind"), &of("event")), property).await?;
    Ok(frame::go_saying(&posted, &format!("{}/events", address(source.id())), "forgotten", None))
}
