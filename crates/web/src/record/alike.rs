//! Whom a record may duplicate, and whether it is of somebody who was erased, said beside its form while it is typed. It never keeps anybody from saving.

use axum::extract::Path;
use axum::response::IntoResponse;
use customers::erasure::is_erased;
use customers::profile::{Alike, alike, keep_apart};
use kernel::Id;
use maud::{Markup, html};
use model::{Fields, ObjectDef, Record};
use records::RecordError;
use store::Reader;

use super::form::editable;
use crate::customer::{PROFILE, hue_of_share, percent};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::names::title_text;
use crate::settings::consent;
use crate::visit::Visit;
use crate::{input, label, record};

/// The control that says of a record that it is somebody else.
const APART: &str = "apart";

/// The place in a form where possible duplicates appear; it asks for them as one types. Nothing where there are no profiles to see.
pub(super) fn place(visit: &Visit, object: &ObjectDef, id: Option<Id>) -> Option<Markup> {
    if !consent::of::has_points(object) {
        return None;
    }
    let profiles = visit.space.object(PROFILE).ok()?;
    visit.access.check(&profiles, records::Action::Read).ok()?;
    let id = id.map(|id| format!("?id={}", id.typed(object.prefix.as_str()))).unwrap_or_default();
    let url = format!("{}/duplicates{id}", label::list_address(object));
    Some(html! {
        div.alike role="status" hx-post=(url) hx-trigger="input delay:500ms from:<closest form/>" hx-include="closest form" hx-target="this" hx-swap="innerHTML" {}
    })
}

/// `POST /o/{object}/duplicates?id=`: the profiles that what was typed so far resembles, and a warning where it is of somebody who was erased.
pub(crate) async fn check(Path(object): Path<String>, posted: Posted) -> Answer {
    let object = posted.space.object(&object)?;
    let query = posted.address.split_once('?').map_or("", |(_, query)| query);
    let id = Id::parse(Pairs::read(query.as_bytes()).text("id"), object.prefix.as_str()).ok();
    let mut draft = Record::new(object.name.clone());
    // What cannot be read yet is still being typed.
    for field in editable(&posted, &object).filter(|field| posted.pairs.has(field.name.as_str())) {
        if let Ok(value) = input::read(&posted, &object, field, &posted.pairs) {
            draft.fields.set(field.name.clone(), value);
        }
    }
    let mut reader = posted.space.store.read().await?;
    let found = alike(&posted.space, &posted.access, &object, id, &draft, &mut reader).await?;
    let erased = is_of_erased(&posted, &object, id, &draft.fields, &mut reader).await?;
    drop(reader);
    let warning = ui::Banner {
        tone: ui::Tone::Warning,
        title: posted.word("erased-typed"),
        detail: Some(posted.word("erased-typed-hint")),
        ..ui::Banner::default()
    };
    let found = draw(&posted, &object, &found, &posted.pairs)?;
    Ok(html! { @if erased { (ui::banner(&posted.view(), &warning)) } (found) }.into_response())
}

/// Whether a record gains an address or a number of somebody who was erased; `id` is the record where it is there already.
pub(super) async fn is_of_erased(
    visit: &Visit,
    object: &ObjectDef,
    id: Option<Id>,
    draft: &Fields,
    reader: &mut Reader,
) -> Result<bool, RecordError> {
    let old = match id {
        Some(id) => Some(record::read(visit, &object.name, id, reader).await?),
        None => None,
    };
    is_erased(reader, object, old.as_ref(), draft).await
}

fn draw(visit: &Visit, object: &ObjectDef, found: &[Alike], pairs: &Pairs) -> Result<Markup, RecordError> {
    let profiles = visit.space.object(PROFILE)?;
    let one = |alike: &Alike| {
        let name = title_text(&profiles, &alike.profile);
        let href = match alike.own {
            Some(id) => label::record_address(object, id),
            None => label::record_address(&profiles, alike.profile.id()),
        };
        let record = alike.record.typed("rec");
        let checked = pairs.all(APART).any(|held| held == record);
        html! {
            li {
                a href=(href) target="_blank" { (name) span.visually-hidden { " " (visit.word("alike-new-window")) } }
                " " (ui::tag(&ui::Tag::new(percent(visit, alike.probability), hue_of_share(alike.probability))))
                label { input type="checkbox" name=(APART) value=(record) checked[checked]; " " (visit.word("alike-another")) }
            }
        }
    };
    Ok(html! {
        @if !found.is_empty() {
            div.banner {
                (ui::icon(ui::Icon::Users))
                div.banner-text {
                    strong { (visit.say("alike-title", &[("n", (found.len() as u64).into())])) }
                    p { (visit.word("alike-hint")) }
                    ul { @for alike in found { (one(alike)) } }
                }
            }
        }
    })
}

/// Keeps, for a record that was just saved, of whom the reader said that it is somebody else.
pub(super) async fn keep(visit: &Visit, object: &ObjectDef, id: Id, pairs: &Pairs) -> Result<(), RecordError> {
    let others: Vec<Id> = pairs.all(APART).filter_map(|text| Id::parse(text, "rec").ok()).collect();
    keep_apart(&visit.space, &visit.ctx, &visit.access, object, id, others).await
}
