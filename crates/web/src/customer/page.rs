//! The page of a profile: who it is and how sure that is, what is believed and why, everything that happened, and what hangs together
//! with it.

use axum::extract::{Path, RawQuery};
use axum::response::IntoResponse;
use maud::{Markup, html};

use super::stream::Stream;
use super::{Seen, aside, decides, hue_of_share, mark, percent, values};
use crate::failure::Answer;
use crate::form::Pairs;
use crate::frame::{self, Frame};
use crate::names::{Names, Wanted};
use crate::visit::{Signed, Visit};
use crate::{label, show};

/// `GET /o/profile/{id}`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    let mut reader = visit.space.store.read().await?;
    let seen = Seen::read(&visit, &id, &mut reader).await?;
    if seen.view.redirected {
        return Ok(frame::go_saying(&visit, &seen.address(""), "profile-followed", None));
    }
    let stream = Stream::read(&visit, &seen, None, &mut reader).await?;
    let mut wanted = Wanted::default();
    stream.want(&visit, &seen, &mut wanted);
    aside::want(&seen, &mut wanted);
    let names = wanted.read(&visit, &mut reader).await?;
    let aside = aside::draw(&visit, &seen, &names, &mut reader).await?;
    let statements = reader.statements();
    drop(reader);
    let none =
        ui::Empty { icon: Some(ui::Icon::MessageSquare), title: visit.word("timeline-empty"), ..ui::Empty::default() };
    let content = ui::RecordLayout {
        head: head(&visit, &seen),
        properties: values::draw(&visit, &seen),
        tabs: tabs(&visit, &seen, false),
        center: ui::timeline(
            &visit.view(),
            &stream.entries(&visit, &seen, &names),
            stream.more(&seen).as_deref(),
            &none,
        ),
        aside,
    };
    Ok(frame::page_of(&visit, around(&visit, &seen), ui::record_page(&content), statements))
}

/// `GET /o/profile/{id}/timeline?at=`: older entries.
pub(crate) async fn older(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let mut reader = visit.space.store.read().await?;
    let seen = Seen::read(&visit, &id, &mut reader).await?;
    let before = Pairs::read(query.unwrap_or_default().as_bytes()).text("at").parse().ok();
    let stream = Stream::read(&visit, &seen, before, &mut reader).await?;
    let mut wanted = Wanted::default();
    stream.want(&visit, &seen, &mut wanted);
    let names = wanted.read(&visit, &mut reader).await?;
    let (entries, more) = (stream.entries(&visit, &seen, &names), stream.more(&seen));
    if visit.htmx {
        return Ok(ui::timeline_entries(&visit.view(), &entries, more.as_deref()).into_response());
    }
    let stream = ui::timeline(&visit.view(), &entries, more.as_deref(), &ui::Empty::default());
    let wide = ui::record_wide(&head(&visit, &seen), &tabs(&visit, &seen, false), &stream);
    Ok(frame::page(&visit, around(&visit, &seen), wide))
}

/// The frame of a profile's pages.
pub(super) fn around(visit: &Visit, seen: &Seen) -> Frame {
    let address = label::list_address(&seen.object);
    let frame = Frame { icon: Some(label::icon(&seen.object)), ..Frame::titled(seen.name()) };
    frame.crumb(label::many(visit, &seen.object), &address).at(address)
}

/// The tabs of a profile's pages.
pub(super) fn tabs(visit: &Visit, seen: &Seen, records: bool) -> Markup {
    let tab = |label: String, href: String, icon, current| ui::Tab {
        label,
        href,
        icon: Some(icon),
        current,
        ..ui::Tab::default()
    };
    let count = visit.format().integer(seen.view.records.len() as i64);
    ui::tabs(
        &visit.word("record-tabs"),
        &[
            tab(visit.word("timeline"), seen.address(""), ui::Icon::MessageSquare, !records),
            ui::Tab {
                count: Some(count),
                ..tab(visit.word("profile.records"), seen.address("/records"), ui::Icon::Layers, records)
            },
        ],
    )
}

/// Who it is, and how sure that is.
pub(super) fn head(visit: &Visit, seen: &Seen) -> Markup {
    let view = visit.view();
    let profile = &seen.view.profile;
    let mut header = ui::RecordHeader {
        avatar: mark(seen.view.kind, &seen.name()),
        subtitle: Some(visit.word(&format!("profile.kind-{}", seen.view.kind.as_str()))),
        facts: facts(visit, seen),
        ..ui::RecordHeader::default()
    };
    let live = profile.deleted_at().is_none();
    if live && decides(visit) {
        header.actions.push(ui::Action {
            label: visit.word("join"),
            icon: Some(ui::Icon::GitMerge),
            href: seen.address("/join"),
            method: ui::Method::Overlay,
            key: Some('m'),
            ..ui::Action::default()
        });
    }
    let entry = |word: &str, icon, below: &str, method| ui::MenuEntry {
        label: visit.word(word),
        icon: Some(icon),
        href: seen.address(below),
        method,
        ..ui::MenuEntry::default()
    };
    header.more.push(entry("settings-consents", ui::Icon::Handshake, "/consents", ui::Method::Overlay));
    header.more.push(entry("history", ui::Icon::RotateCcwClock, "/history", ui::Method::Get));
    header.more.push(entry("why-visible", ui::Icon::Eye, "/access", ui::Method::Overlay));
    if crate::me::answers(visit) {
        header.more.push(entry("me-links", ui::Icon::Send, "/links", ui::Method::Get));
        header.more.push(entry("erasure-title", ui::Icon::Shield, "/erasure", ui::Method::Get));
    }
    html! {
        (ui::record_header(&view, &header))
        @if !live {
            (ui::banner(&view, &ui::Banner {
                tone: ui::Tone::Warning,
                title: visit.word("profile-gone"),
                ..ui::Banner::default()
            }))
        }
    }
}

fn facts(visit: &Visit, seen: &Seen) -> Vec<ui::KeyValue> {
    let profile = &seen.view.profile;
    let shown = |name: &str| seen.object.field(name).filter(|f| show::is_shown(visit, &seen.object, f));
    let fact = |name: &str| {
        let field = shown(name)?;
        let value = show::cell(visit, &seen.object, field, profile.value(name), &Names::default());
        Some(ui::KeyValue { label: label::field(visit, &seen.object, field), value })
    };
    let mut facts: Vec<ui::KeyValue> = ["stage", "stage_since"].into_iter().filter_map(fact).collect();
    let sure = match seen.view.sureness {
        None => ui::Cell::Text(visit.word("sure-single")),
        Some(share) if share >= 1.0 => ui::Cell::Tags(vec![ui::Tag::new(visit.word("sure-decided"), ui::Hue::Green)]),
        Some(share) => ui::Cell::Tags(vec![ui::Tag::new(percent(visit, share), hue_of_share(share))]),
    };
    facts.push(ui::KeyValue { label: visit.word("sure"), value: sure });
    facts.extend(fact("sources"));
    facts
}
