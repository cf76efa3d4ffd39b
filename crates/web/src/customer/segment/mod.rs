//! Segments: the page of one, its form, and why somebody is in it.

pub(crate) mod form;
mod why;

use std::sync::Arc;

use ::records::{Action, RecordError};
use axum::extract::Path;
use customers::segment::{Reach, Segment, reach};
use maud::{Markup, html};
use model::{Filter, Ident, ObjectDef, Query, Record};
use store::{Count, Reader};

use super::PROFILE;
use crate::failure::Answer;
use crate::frame::{self, Frame};
use crate::list::describe;
use crate::list::page::CAP;
use crate::list::table::count_text;
use crate::names::{Names, Wanted};
use crate::record::page::deleted;
use crate::visit::{Signed, Visit};
use crate::{label, record};

pub(crate) use why::memberships;

const SEGMENT: &str = "segment";

/// `GET /o/segment/{id}`: who is in it, by which conditions, and how many of them may be reached.
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    let (object, id) = record::named(&visit, SEGMENT, &id)?;
    visit.access.check(&object, Action::Read)?;
    let mut reader = visit.space.store.read().await?;
    let found = record::read(&visit, &object.name, id, &mut reader).await?;
    let segment = Segment::of(&found);
    let profiles = visit.space.object(PROFILE)?;
    let mut wanted = Wanted::default();
    describe::want(&visit, &visit.space.schema(), &mut wanted, &segment.filter);
    let count = count(&visit, &segment, &mut reader).await?;
    let reached = match count {
        Some(_) if segment.active => reach(&visit.space, &visit.ctx, &visit.access, &segment, &mut reader).await?,
        _ => None,
    };
    let names = wanted.read(&visit, &mut reader).await?;
    let statements = reader.statements();
    drop(reader);
    let live = found.deleted_at().is_none();
    let body = html! {
        @if !live { (deleted(&visit, &object, id)) }
        @else if !segment.active { (notice(&visit, "segment-off")) }
        @match count {
            Some(count) => (ui::tiles(&tiles(&visit, count, reached.as_ref()))),
            None => (notice(&visit, "segment-hidden")),
        }
        @if let Some(reached) = &reached {
            p.muted { (visit.say("segment-reach", &[
                ("n", (reached.of as i64).into()),
                ("purpose", reached.purpose.as_str().into()),
            ])) }
        }
        (ui::panel(&visit.word("segment-conditions"), None, conditions(&visit, &profiles, &segment, &names)))
        (ui::panel(&visit.word("segment-told"), Some(&visit.word("segment-told-hint")), told(&visit, &object, &segment)))
    };
    Ok(frame::page_of(
        &visit,
        frame(&visit, &object, &found, &segment, count.is_some()),
        ui::page_body(body),
        statements,
    ))
}

/// How many members the reader may see; nothing when a condition looks at a field that is hidden from the reader.
async fn count(visit: &Visit, segment: &Segment, reader: &mut Reader) -> Result<Option<Count>, RecordError> {
    let query = segment.query(&visit.space.schema(), &visit.ctx)?;
    match visit.space.authorise(&visit.ctx, &visit.access, &query) {
        Ok((schema, query)) => Ok(Some(reader.count(&schema, &query, Some(CAP)).await?)),
        Err(RecordError::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn notice(visit: &Visit, key: &str) -> Markup {
    ui::banner(&visit.view(), &ui::Banner { title: visit.word(key), ..ui::Banner::default() })
}

fn tiles(visit: &Visit, count: Count, reached: Option<&Reach>) -> Vec<ui::Tile> {
    let tile = |label: String, value: String| ui::Tile { label, value, ..ui::Tile::default() };
    let mut tiles = vec![tile(visit.word("segment-members"), count_text(visit, count))];
    for (channel, n) in reached.iter().flat_map(|reach| &reach.channels) {
        let word = visit.word(&format!("consent-channel-{}", channel.as_str()));
        tiles.push(tile(visit.say("segment-by", &[("channel", (&word).into())]), visit.format().integer(*n as i64)));
    }
    tiles
}

fn conditions(visit: &Visit, profiles: &Arc<ObjectDef>, segment: &Segment, names: &Names) -> Markup {
    let kind = visit.word(&format!("segment.entity-{}", segment.entity.as_str()));
    let lines = describe::sentences(visit, profiles, &segment.filter, names);
    html! {
        ul.conditions {
            li { (kind) }
            @for line in &lines { li { (line) } }
        }
        @if lines.is_empty() { p.muted { (visit.word("segment-everybody")) } }
    }
}

/// What its members read about it, in both languages.
fn told(visit: &Visit, object: &ObjectDef, segment: &Segment) -> Markup {
    let (fr, en) = &segment.descriptions;
    let rows = [("description_fr", "fr", fr), ("description_en", "en", en)];
    html! { dl.key-values { @for (name, lang, text) in rows { div {
        dt { (object.field(name).map(|field| label::field(visit, object, field)).unwrap_or_default()) }
        dd lang=(lang) { (text) }
    } } } }
}

fn frame(visit: &Visit, object: &ObjectDef, found: &Record, segment: &Segment, seen: bool) -> Frame {
    let (list, address) = (label::list_address(object), label::record_address(object, segment.id));
    let frame = Frame { icon: Some(label::icon(object)), ..Frame::titled(segment.name.clone()) };
    let mut frame = frame.crumb(label::many(visit, object), &list).at(list);
    if found.deleted_at().is_some() {
        return frame;
    }
    let words = visit.view().words;
    let action = |label: String, icon, below: &str, method| ui::Action {
        label,
        icon: Some(icon),
        href: format!("{address}{below}"),
        method,
        ..ui::Action::default()
    };
    frame.actions.push(action(visit.word("history"), ui::Icon::RotateCcwClock, "/history", ui::Method::Get));
    if visit.access.check(object, Action::Delete).is_ok() {
        frame.actions.push(action(words.delete.clone(), ui::Icon::Trash, "/delete", ui::Method::Post));
    }
    if visit.access.check(object, Action::Update).is_ok() {
        let edit = action(words.edit.clone(), ui::Icon::Pencil, "/edit", ui::Method::Get);
        frame.actions.push(ui::Action { key: Some('e'), ..edit });
    }
    if seen && segment.active {
        frame.actions.push(ui::Action {
            label: visit.word("segment-see"),
            icon: Some(ui::Icon::Users),
            href: members(&segment.whole()),
            kind: ui::ActionKind::Primary,
            ..ui::Action::default()
        });
    }
    frame
}

/// The list of profiles with a filter.
fn members(filter: &Filter) -> String {
    let mut pairs = crate::form::Pairs::default();
    pairs.push("filter", serde_json::to_string(filter).unwrap_or_default());
    format!("/o/{PROFILE}?{}", pairs.query())
}

/// The offer to make a segment of what a list of profiles shows.
pub(crate) fn offer(visit: &Visit, object: &ObjectDef, filter: &Filter) -> Option<ui::Action> {
    let segments = visit.space.object(SEGMENT).ok().filter(|_| object.name == PROFILE && !filter.is_all())?;
    visit.access.check(&segments, Action::Create).ok()?;
    let mut pairs = crate::form::Pairs::default();
    pairs.push("filter", serde_json::to_string(filter).unwrap_or_default());
    Some(ui::Action {
        label: visit.word("segment-make"),
        href: format!("/o/{SEGMENT}/new?{}", pairs.query()),
        kind: ui::ActionKind::Quiet,
        ..ui::Action::default()
    })
}

/// The purposes that a segment can have: identifier and name.
async fn purposes(visit: &Visit) -> Result<Vec<(String, String)>, RecordError> {
    let query = Query::of(Ident::of("purpose")).filter(customers::consent::purpose::ACTIVE.eq(true)).limit(500);
    let found = match visit.space.list(&visit.ctx, &query).await {
        Err(RecordError::Forbidden { .. }) => return Ok(Vec::new()),
        page => page?.records,
    };
    let name = |record: &Record| {
        use customers::consent::purpose::{NAME_EN, NAME_FR};
        record.get(if visit.ctx.locale == kernel::Locale::Fr { NAME_FR } else { NAME_EN }).unwrap_or_default()
    };
    Ok(found.iter().map(|record| (record.id().typed("pur"), name(record))).collect())
}
