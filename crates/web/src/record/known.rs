//! What the customer repository knows of a record: its profile, other records of the same customer, and values that could be added.

use axum::extract::Path;
use axum::response::IntoResponse;
use customers::profile::{Known, Suggestion, known};
use kernel::Id;
use maud::{Markup, html};
use model::{Fields, Ident, ObjectDef, Record};
use records::{Action, Op, RecordError};

use crate::customer::{PROFILE, percent};
use crate::failure::Answer;
use crate::form::Posted;
use crate::frame::{self, Frame};
use crate::names::{Names, Wanted, title, title_text};
use crate::settings::consent;
use crate::visit::{Signed, Visit};
use crate::{change, label, record, show};

/// The place beside a record where this appears; it is asked for when the page is there, so that the page does not wait.
pub(super) fn place(visit: &Visit, object: &ObjectDef, id: Id) -> Markup {
    let seen = visit.space.object(PROFILE).is_ok_and(|profiles| visit.access.check(&profiles, Action::Read).is_ok());
    if !seen || object.name == PROFILE || !consent::of::has_points(object) {
        return html! {};
    }
    let url = format!("{}/profile", label::record_address(object, id));
    html! { div.known hx-get=(url) hx-trigger="load" hx-swap="innerHTML" { a href=(url) { (visit.word("known-profile")) } } }
}

/// What is known of a record, when the reader may see both it and its profile.
pub(super) async fn read(
    visit: &Visit,
    object: &str,
    id: &str,
) -> Result<(std::sync::Arc<ObjectDef>, Record, Option<Known>), RecordError> {
    let (object, id) = record::named(visit, object, id)?;
    visit.access.check(&object, Action::Read)?;
    let mut reader = visit.space.store.read().await?;
    let record = record::read(visit, &object.name, id, &mut reader).await?;
    let found = known(&visit.space, &visit.access, &object, &record, &mut reader).await?;
    Ok((object, record, found))
}

/// `GET /o/{object}/{id}/profile`
pub(crate) async fn show(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    let (object, record, found) = read(&visit, &object, &id).await?;
    let mut wanted = Wanted::default();
    wanted.record(&object, &record, object.fields.iter().map(|field| &field.name));
    for twin in found.iter().flat_map(|known| &known.twins) {
        wanted.record(&object, twin, &crate::names::title_fields(&object));
    }
    let names = wanted.read(&visit, &mut visit.space.store.read().await?).await?;
    let drawn = match &found {
        Some(known) => draw(&visit, &object, &record, known, &names)?,
        None => html! {},
    };
    if visit.htmx {
        return Ok(drawn.into_response());
    }
    let frame = Frame::titled(visit.word("known-profile"));
    let frame = frame.crumb(title(&object, &record, &names), label::record_address(&object, record.id()));
    let none = ui::Empty { title: visit.word("known-none"), ..ui::Empty::default() };
    let body = if found.is_some() { drawn } else { ui::empty(&visit.view(), &none) };
    Ok(frame::page(&visit, frame.at(label::list_address(&object)), ui::page_body(body)))
}

fn draw(
    visit: &Visit,
    object: &ObjectDef,
    record: &Record,
    known: &Known,
    names: &Names,
) -> Result<Markup, RecordError> {
    let profiles = visit.space.object(PROFILE)?;
    let name = title_text(&profiles, &known.view.profile);
    let sure = known.view.sureness.map(|share| {
        visit.say(
            "sure-records",
            &[("n", (known.view.records.len() as u64).into()), ("share", (&percent(visit, share)).into())],
        )
    });
    let changes = record.deleted_at().is_none() && visit.access.check(object, Action::Update).is_ok();
    let merges = changes && visit.access.check(object, Action::Delete).is_ok();
    let address = label::record_address(object, record.id());
    Ok(html! {
        section.related {
            header { h3 { (visit.word("known-profile")) } }
            p { a href=(label::record_address(&profiles, known.view.profile.id())) { (name) } @if let Some(sure) = sure { " " span.muted { (sure) } } }
            @if !known.twins.is_empty() {
                p { (visit.say("known-twins", &[("n", (known.twins.len() as u64).into())])) }
                ul { @for twin in &known.twins {
                    li {
                        a href=(label::record_address(object, twin.id())) { (title(object, twin, names)) }
                        @if merges {
                            " " (ui::action(&visit.view(), &ui::Action {
                                label: visit.word("merge-with"),
                                href: format!("{address}/merge?other={}", twin.id().typed(object.prefix.as_str())),
                                kind: ui::ActionKind::Quiet,
                                ..ui::Action::default()
                            }))
                        }
                    }
                } }
            }
            @if changes && !known.suggestions.is_empty() { (enrichment(visit, object, record, &known.suggestions, names)) }
        }
    })
}

fn enrichment(visit: &Visit, object: &ObjectDef, record: &Record, found: &[Suggestion], names: &Names) -> Markup {
    let address = format!("{}/enrich", label::record_address(object, record.id()));
    let one = |suggestion: &Suggestion| {
        let Some(field) = object.field(suggestion.field.as_str()) else { return html! {} };
        let text = |value: &model::Value| show::text(visit, object, field, value, names);
        let (now, then) = (text(record.value(field.name.as_str())), text(&suggestion.value));
        let day = visit.format().date(suggestion.at.to_zoned(visit.ctx.zone.clone()).date());
        let from = visit.say("golden-from", &[("source", (&suggestion.source).into()), ("day", (&day).into())]);
        html! {
            li { label {
                input type="checkbox" name="field" value=(field.name);
                span {
                    strong { (label::field(visit, object, field)) } " "
                    @if !now.is_empty() { s.muted { (now) } " → " }
                    (then) " " span.muted { (from) }
                }
            } }
        }
    };
    html! {
        form.enrich method="post" action=(address) hx-post=(address) hx-swap="none" {
            (visit.view().csrf_field())
            p { (visit.word("enrich-title")) }
            ul { @for suggestion in found { (one(suggestion)) } }
            div.buttons { button.button data-kind="secondary" { (visit.word("enrich")) } }
        }
    }
}

/// `POST /o/{object}/{id}/enrich`: takes the values that were ticked over into the record.
pub(crate) async fn enrich(Path((object, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let (object, record, found) = read(&posted, &object, &id).await?;
    let ticked = |suggestion: &&Suggestion| posted.pairs.all("field").any(|name| name == suggestion.field.as_str());
    let fields: Vec<(Ident, model::Value)> = (found.iter().flat_map(|known| &known.suggestions).filter(ticked))
        .map(|suggestion| (suggestion.field.clone(), suggestion.value.clone()))
        .collect();
    let address = label::record_address(&object, record.id());
    if fields.is_empty() {
        return Err(model::Problem::new("field", "enrich-nothing").into());
    }
    let op = Op::Update { id: record.id(), fields: Fields::from_iter(fields), version: Some(record.version()) };
    let (batch, _) = change::undoable(&posted, &object.name, &posted.word("enrich"), vec![op]).await?;
    Ok(frame::go_saying(&posted, &address, "enriched", Some(batch)))
}
