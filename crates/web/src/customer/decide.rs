//! What people decide about who is who: separating records, joining profiles, and taking either back. Every decision is looked at before it
//! is made.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use customers::identity::{Decision, Effect, decide};
use kernel::Id;
use maud::{Markup, html};
use records::RecordError;

use super::{PROFILE, follows, may_decide};
use crate::failure::{Answer, explain};
use crate::form::{Pairs, Posted, is_about_input};
use crate::frame::{self, Frame};
use crate::visit::{Signed, Visit};
use crate::{label, record};

/// A decision before it is made: what the page says, and what it posts.
struct Asked {
    decision: Decision,
    /// The keys of its words: `separate` or `join`.
    word: &'static str,
    /// Where it is posted, and what is posted along.
    action: String,
    pairs: Vec<(String, String)>,
    /// Where leaving leads.
    back: String,
}

/// `GET /o/profile/{id}/separate?record=&record=`: what would follow if these records left the profile.
pub(crate) async fn separation(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let asked = separate(&visit, &id, &Pairs::read(query.unwrap_or_default().as_bytes()))?;
    preview(&visit, asked).await
}

/// `POST /o/profile/{id}/separate`
pub(crate) async fn do_separate(Path(id): Path<String>, posted: Posted) -> Answer {
    let asked = separate(&posted, &id, &posted.pairs)?;
    carry_out(&posted, asked).await
}

fn separate(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Asked, RecordError> {
    let (object, id) = record::named(visit, PROFILE, id)?;
    may_decide(visit, &object)?;
    let records: Vec<Id> = pairs.all("record").filter_map(|record| Id::parse(record, "rec").ok()).collect();
    let address = label::record_address(&object, id);
    Ok(Asked {
        pairs: records.iter().map(|record| ("record".to_owned(), record.typed("rec"))).collect(),
        decision: Decision::Separate { profile: id, records },
        word: "separate",
        action: format!("{address}/separate"),
        back: format!("{address}/records"),
    })
}

/// `GET /o/profile/{id}/join?other=`: asks with whom, or shows what would follow.
pub(crate) async fn joining(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    if !pairs.text("other").is_empty() {
        return preview(&visit, join(&visit, &id, &pairs)?).await;
    }
    let (object, id) = record::named(&visit, PROFILE, &id)?;
    may_decide(&visit, &object)?;
    let control = ui::Control { required: true, autofocus: true, ..ui::Control::new("other") };
    let field = ui::Field { label: visit.word("join-with"), control, ..ui::Field::default() };
    let view = visit.view();
    let body = html! {
        p { (visit.word("join-hint")) }
        @if pairs.has("other") { (ui::banner(&view, &ui::Banner { tone: ui::Tone::Error, title: visit.word("join-nobody"), ..ui::Banner::default() })) }
        form.form method="get" action={ (label::record_address(&object, id)) "/join" } {
            (ui::field(&view, &field, |control| ui::reference(&view, control, "/pick/profile", None)))
            div.form-actions { button.button data-kind="primary" data-submit { (visit.word("join-preview")) } }
        }
    };
    Ok(frame::dialog(&visit, visit.word("join"), false, body))
}

/// `POST /o/profile/{id}/join`
pub(crate) async fn do_join(Path(id): Path<String>, posted: Posted) -> Answer {
    let asked = join(&posted, &id, &posted.pairs)?;
    carry_out(&posted, asked).await
}

fn join(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Asked, RecordError> {
    let (object, id) = record::named(visit, PROFILE, id)?;
    may_decide(visit, &object)?;
    let (_, other) = record::named(visit, PROFILE, pairs.text("other"))?;
    let address = label::record_address(&object, id);
    Ok(Asked {
        decision: Decision::Join { profiles: vec![id, other] },
        pairs: vec![("other".to_owned(), other.typed("prf"))],
        word: "join",
        action: format!("{address}/join"),
        back: address,
    })
}

async fn preview(visit: &Visit, asked: Asked) -> Answer {
    let found = decide(&visit.space, &visit.ctx, Arc::clone(&visit.access), asked.decision.clone(), "", true).await;
    let effect = match found {
        Ok(effect) => effect,
        Err(error) if is_about_input(&error) => return Ok(refuse(visit, &asked, &error)),
        Err(error) => return Err(error.into()),
    };
    let follows = follows::draw(visit, &effect, &mut visit.space.store.read().await?).await?;
    Ok(page(visit, &asked, html! { (follows) (confirm(visit, &asked)) }))
}

fn page(visit: &Visit, asked: &Asked, body: Markup) -> Response {
    let name = visit.space.object(PROFILE).map(|object| label::many(visit, &object)).unwrap_or_default();
    let frame = Frame::titled(visit.word(&format!("{}-title", asked.word))).crumb(name, "/o/profile");
    frame::page(visit, frame.crumb(visit.word("profile"), &asked.back).at("/o/profile"), ui::page_body(body))
}

fn refuse(visit: &Visit, asked: &Asked, error: &RecordError) -> Response {
    let back = ui::Action { label: visit.word("back"), href: asked.back.clone(), ..ui::Action::default() };
    let banner = ui::Banner {
        tone: ui::Tone::Error,
        title: explain(visit, error),
        actions: vec![back],
        ..ui::Banner::default()
    };
    let mut response = page(visit, asked, ui::banner(&visit.view(), &banner));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

fn confirm(visit: &Visit, asked: &Asked) -> Markup {
    let field =
        ui::Field { label: visit.word("verdict-note"), control: ui::Control::new("note"), ..ui::Field::default() };
    html! {
        form.form method="post" action=(asked.action) {
            (visit.view().csrf_field())
            @for (name, value) in &asked.pairs { input type="hidden" name=(name) value=(value); }
            (ui::field(&visit.view(), &field, |control| ui::text(control, &ui::Text { max_length: Some(1_000), ..ui::Text::default() })))
            p.muted { (visit.word("verdict-undoable")) }
            div.form-actions {
                a.button data-kind="secondary" href=(asked.back) { (visit.view().words.cancel) }
                button.button data-kind="primary" data-submit { (visit.word(&format!("{}-confirm", asked.word))) }
            }
        }
    }
}

async fn carry_out(posted: &Posted, asked: Asked) -> Answer {
    let note = posted.pairs.text("note");
    let access = Arc::clone(&posted.access);
    match decide(&posted.space, &posted.ctx, access, asked.decision.clone(), note, false).await {
        Ok(effect) => {
            let said = if asked.word == "join" { "joined" } else { "separated" };
            Ok(frame::go_deciding(posted, &home(posted, &effect, &asked.back), said, effect.verdict))
        }
        Err(error) if is_about_input(&error) => Ok(refuse(posted, &asked, &error)),
        Err(error) => Err(error.into()),
    }
}

/// The page of the profile that a decision was about: the first that is still there.
fn home(visit: &Visit, effect: &Effect, otherwise: &str) -> String {
    let kept = effect.before.iter().map(|snapshot| snapshot.profile.id());
    let after: Vec<Id> = effect.after.iter().map(|snapshot| snapshot.profile.id()).collect();
    let id = kept.into_iter().find(|id| after.contains(id)).or(after.first().copied());
    match (id, visit.space.object(PROFILE)) {
        (Some(id), Ok(object)) => label::record_address(&object, id),
        _ => otherwise.to_owned(),
    }
}

/// `POST /verdict/{id}/undo`: a verdict does not count any more.
pub(crate) async fn undo(Path(id): Path<String>, posted: Posted) -> Answer {
    may_decide(&posted, &*posted.space.object(PROFILE)?)?;
    let verdict = Id::parse(&id, "vrd").map_err(|_| RecordError::unknown("verdict", &id))?;
    let access = Arc::clone(&posted.access);
    let effect = decide(&posted.space, &posted.ctx, access, Decision::TakeBack { verdict }, "", false).await?;
    if posted.htmx {
        // The page is shown anew, with the message on it.
        let mut response = frame::saying(&posted, StatusCode::OK.into_response(), "undone", None);
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
        return Ok(response);
    }
    let back = posted.pairs.text("back");
    let target = if back.starts_with("/review") { back.to_owned() } else { home(&posted, &effect, "/o/profile") };
    Ok(frame::go_saying(&posted, &target, "undone", None))
}
