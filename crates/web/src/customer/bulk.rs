//! Accepting all pairs that are at least so sure: counted first, decided one by one, taken back together.

use axum::extract::RawQuery;
use axum::response::IntoResponse;
use customers::profile::{Accepted, accept};
use kernel::Id;
use matching::weight_of;
use maud::{Markup, html};

use super::{PROFILE, Waiting, may_decide};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame::{self, Frame};
use crate::visit::{Signed, Undo, Visit};

/// Pairs decided in one request; the page goes on by itself.
const CHUNK: u32 = 40;
/// Pairs are counted up to this number.
const COUNTED: u32 = 10_000;
/// The probability that is proposed, in per cent.
const PROPOSED: u32 = 95;

/// `GET /review/bulk?share=`: how many pairs that would be.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    may_decide(&visit, &*visit.space.object(PROFILE)?)?;
    let share = share_of(&Pairs::read(query.unwrap_or_default().as_bytes()));
    let count = visit.space.store.read().await?.count_doubts_above(weight(share), COUNTED).await?;
    let view = visit.view();
    let control = ui::Control { required: true, ..ui::Control::new("share") };
    let field = ui::Field { label: visit.word("bulk-share"), control, ..ui::Field::default() };
    let found = visit.say("bulk-found", &[("n", count.into()), ("share", i64::from(share).into())]);
    let body = html! {
        form.form method="get" action="/review/bulk" {
            (ui::field(&view, &field, |control| ui::number(control, &share.to_string(), true, Some("%"))))
            div.form-actions { button.button data-kind="secondary" { (visit.word("bulk-count")) } }
        }
        (ui::panel(&found, Some(&visit.word("bulk-hint")), html! {
            @if count > 0 {
                form.form method="post" action="/review/bulk" {
                    (view.csrf_field())
                    input type="hidden" name="share" value=(share);
                    div.form-actions { button.button data-kind="primary" { (visit.say("bulk-accept", &[("n", count.into())])) } }
                }
            }
        }))
    };
    Ok(frame::page(&visit, around(&visit), ui::page_body(body)))
}

fn around(visit: &Visit) -> Frame {
    Frame::titled(visit.word("review-bulk")).crumb(visit.word("review"), "/review").at("/review")
}

/// The probability asked for, in per cent: what is less likely than not is never accepted in bulk.
fn share_of(pairs: &Pairs) -> u32 {
    pairs.text("share").parse().unwrap_or(PROPOSED).clamp(50, 99)
}

fn weight(share: u32) -> f64 {
    weight_of(f64::from(share) / 100.0)
}

/// `POST /review/bulk`: decides the next pairs. The page posts again until none is left.
pub(crate) async fn go_on(posted: Posted) -> Answer {
    may_decide(&posted, &*posted.space.object(PROFILE)?)?;
    let share = share_of(&posted.pairs);
    let batch = Id::parse(posted.pairs.text("batch"), "bat").ok();
    let note = posted.say("bulk-note", &[("share", i64::from(share).into())]);
    let label = posted.word("review-bulk");
    let (space, access) = (&posted.space, &posted.access);
    let accepted = accept(space, &posted.ctx, access, batch, &label, weight(share), CHUNK, &note).await?;
    posted.space.kept::<Waiting>().renew(&posted, true).await?;
    let drawn = progress(&posted, &accepted, share);
    if posted.htmx {
        return Ok(drawn.into_response());
    }
    Ok(frame::page(&posted, around(&posted), ui::page_body(drawn)))
}

fn progress(visit: &Visit, accepted: &Accepted, share: u32) -> Markup {
    let n = ("n", (accepted.done as i64).into());
    let undo = ui::Action {
        label: visit.view().words.undo.clone(),
        icon: Some(ui::Icon::Undo2),
        href: Undo::Batch(accepted.batch.id).address(),
        method: ui::Method::Post,
        ..ui::Action::default()
    };
    let next = ui::Action {
        label: visit.word("review"),
        href: "/review".to_owned(),
        kind: ui::ActionKind::Primary,
        ..ui::Action::default()
    };
    let view = visit.view();
    html! { div.bulk-run aria-live="polite" {
        @if accepted.over {
            @let actions = if accepted.done > 0 { vec![undo, next] } else { vec![next] };
            (ui::banner(&view, &ui::Banner { tone: ui::Tone::Success, title: visit.say("bulk-done", &[n]), detail: None, actions }))
        } @else {
            (ui::banner(&view, &ui::Banner { title: visit.say("bulk-running", &[n]), ..ui::Banner::default() }))
            form.form method="post" action="/review/bulk" hx-post="/review/bulk" hx-trigger="load, submit" hx-target="closest .bulk-run" hx-swap="outerHTML" {
                (view.csrf_field())
                input type="hidden" name="share" value=(share);
                input type="hidden" name="batch" value=(accepted.batch.id.typed("bat"));
                div.form-actions { button.button data-kind="primary" { (visit.word("bulk-continue")) } }
            }
        }
    } }
}
