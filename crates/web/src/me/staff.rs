//! What those who answer rights requests do for a person: give a link, take it back, erase.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use customers::consent::ContactPoint;
use customers::erasure::{Kept, enqueue, preview};
use customers::person::{held, link, links, revoke};
use customers::right::PROFILE;
use kernel::Id;
use maud::{Markup, html};
use model::{Ident, Problem};
use records::{Action, RecordError};

use super::button;
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame::{self, Frame};
use crate::settings::table;
use crate::visit::{Signed, Visit};
use crate::{label, record};

/// Days for which a link is good.
const DAYS: i64 = 30;

/// Whether the reader answers rights requests.
pub(crate) fn answers(visit: &Visit) -> bool {
    visit.space.object("rights_request").is_ok_and(|object| visit.access.check(&object, Action::Update).is_ok())
}

fn named(visit: &Visit, id: &str) -> Result<Id, RecordError> {
    visit.access.check(&*visit.space.object("rights_request")?, Action::Update)?;
    record::named(visit, "profile", id).map(|(_, id)| id)
}

/// `GET /o/profile/{id}/links`
pub(crate) async fn gives(visit: Signed, Path(id): Path<String>) -> Answer {
    let profile = named(&visit, &id)?;
    let held = held(&visit.space, &visit.ctx, profile).await?;
    let body = html! { (giving(&visit, &id, &held.points)) (given(&visit, &id, profile).await?) };
    Ok(frame::page(&visit, Frame::titled(visit.word("me-links")), ui::page_body(body)))
}

fn giving(visit: &Visit, id: &str, points: &[ContactPoint]) -> Markup {
    let address = format!("/o/profile/{id}/links");
    let body = html! {
        @if points.is_empty() { p { (visit.word("me-no-point")) } }
        @for point in points {
            (button(visit, &address, &[("point", point.key())], &visit.say("me-link-for", &[("point", point.value().into())]), "secondary"))
        }
    };
    ui::panel(&visit.word("me-links"), Some(&visit.word("me-links-hint")), body)
}

async fn given(visit: &Visit, id: &str, profile: Id) -> Result<Markup, RecordError> {
    let all = links(&visit.space, &visit.access, profile).await?;
    let time = |at| visit.format().date_time(at, &visit.ctx.zone);
    let rows: Vec<Vec<Markup>> = (all.iter())
        .map(|link| {
            vec![
                html! { (link.point) },
                html! { (time(link.expires_at)) },
                html! { (visit.format().integer(link.opened)) },
                button(
                    visit,
                    &format!("/o/profile/{id}/links/revoke"),
                    &[("link", &link.hash)],
                    &visit.word("me-take-back"),
                    "secondary",
                ),
            ]
        })
        .collect();
    let heads = ["consent-point", "consent-expires", "me-opened", "me-change"].map(|key| visit.word(key));
    Ok(html! { @if !rows.is_empty() { (table(&visit.word("me-links"), &heads, &rows)) } })
}

/// `POST /o/profile/{id}/links`: the link is shown once.
pub(crate) async fn give(Path(id): Path<String>, posted: Posted) -> Answer {
    let profile = named(&posted, &id)?;
    let text = posted.pairs.text("point");
    let point = ContactPoint::parse(text).ok_or_else(|| RecordError::unknown("point", text))?;
    let secret = link(&posted.space, &posted.ctx, &posted.access, profile, &point, DAYS).await?;
    let body = html! {
        p { (posted.say("me-link-once", &[("point", point.value().into()), ("days", DAYS.into())])) }
        (ui::code_block(&posted.view(), &format!("/me/l/{}", secret.text)))
    };
    Ok(frame::page(&posted, Frame::titled(posted.word("me-links")), ui::page_body(body)))
}

/// `POST /o/profile/{id}/links/revoke`
pub(crate) async fn take_back(Path(id): Path<String>, posted: Posted) -> Answer {
    named(&posted, &id)?;
    revoke(&posted.space, &posted.access, posted.pairs.text("link")).await?;
    Ok(frame::go_saying(&posted, &format!("/o/profile/{id}/links"), "saved", None))
}

/// `GET /o/profile/{id}/erasure?request=`: what would go and what stays.
pub(crate) async fn erasure(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let request = Pairs::read(query.unwrap_or_default().as_bytes()).text("request").to_owned();
    confirmation(&visit, &id, &request, None).await
}

/// The page on which an erasure is confirmed, with what was wrong with the confirmation.
async fn confirmation(visit: &Visit, id: &str, request: &str, wrong: Option<&str>) -> Answer {
    let profile = named(visit, id)?;
    let plan = preview(&visit.space, &visit.ctx, &visit.access, profile).await?;
    let number = |n: usize| visit.format().integer(n as i64);
    let mut goes: Vec<(String, usize)> = vec![
        (visit.word("erasure-records"), plan.records),
        (visit.word("erasure-versions"), plan.versions),
        (visit.word("erasure-identifiers"), plan.identifiers),
        (visit.word("erasure-consents"), plan.consents),
        (visit.word("erasure-files"), plan.files),
    ];
    for (name, n) in &plan.objects {
        goes.push((
            visit.space.object(name.as_str()).map_or(name.to_string(), |object| label::many(visit, &object)),
            *n,
        ));
    }
    let rows: Vec<Vec<Markup>> = goes.iter().map(|(what, n)| vec![html! { (what) }, html! { (number(*n)) }]).collect();
    let heads = ["me-what", "erasure-how-many"].map(|key| visit.word(key));
    let kept = |kept: &Kept| match kept {
        Kept::Request => visit.word("erasure-kept-request"),
        Kept::Objection => visit.word("erasure-kept-objection"),
        Kept::Tombstones => visit.word("erasure-kept-tombstones"),
    };
    let sure = visit.word("erasure-word");
    let body = html! {
        (ui::panel(&visit.word("erasure-goes"), Some(&visit.word("erasure-goes-hint")), table(&visit.word("erasure-goes"), &heads, &rows)))
        (ui::panel(&visit.word("erasure-stays"), Some(&visit.word("erasure-no-law")), html! { ul { @for each in &plan.kept { li { (kept(each)) } } } }))
        form.form method="post" action=(format!("/o/profile/{id}/erasure")) {
            input type="hidden" name="_csrf" value=(visit.csrf);
            input type="hidden" name="request" value=(request);
            label { (visit.say("erasure-type", &[("word", (&sure).into())])) " "
                input.input #sure name="sure" autocomplete="off" required autofocus[wrong.is_some()] aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| "sure-wrong")];
            }
            @if let Some(wrong) = wrong { p.error #sure-wrong role="alert" { (wrong) } }
            button.button type="submit" data-kind="danger" { (visit.word("erasure-run")) }
        }
    };
    let page = frame::page(visit, Frame::titled(visit.word("erasure-title")), ui::page_body(body));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page).into_response())
}

/// `POST /o/profile/{id}/erasure`
pub(crate) async fn erase(Path(id): Path<String>, posted: Posted) -> Answer {
    let profile = named(&posted, &id)?;
    if posted.pairs.text("sure").to_lowercase() != posted.word("erasure-word") {
        let wrong = posted.say("erasure-unsure", &[("word", posted.word("erasure-word").as_str().into())]);
        return confirmation(&posted, &id, posted.pairs.text("request"), Some(&wrong)).await;
    }
    let text = posted.pairs.text("request");
    let request = if text.is_empty() { None } else { Some(record::named(&posted, "rights_request", text)?.1) };
    if let Some(request) = request {
        let mut reader = posted.space.store.read().await?;
        let object = Ident::of("rights_request");
        let found = posted.space.get_as(&posted.access, &object, request, &mut reader).await?;
        if found.get(PROFILE).as_deref() != Some(profile.typed("prf").as_str()) {
            return Err(Problem::new("request", "erasure-other-profile").into());
        }
    }
    enqueue(&posted.space, &posted.ctx, &posted.access, profile, request).await?;
    Ok(frame::go_saying(&posted, "/o/rights_request", "erasing", None))
}
