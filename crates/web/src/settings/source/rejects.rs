//! Events of a source that were refused, with the reasons; tried again or thrown away.

use axum::extract::{Path, RawQuery};
use customers::source;
use maud::{Markup, html};
use model::Problem;
use records::Action;
use store::Reject;

use super::{address, named, of_source};
use crate::failure::{Answer, sentence};
use crate::form::{Pairs, Posted};
use crate::frame;
use crate::settings::table;
use crate::visit::{Signed, Visit};

const PAGE: usize = 50;

/// `GET /settings/sources/{id}/rejects?before=`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let source = named(&visit, &id, Action::Read).await?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let before = asked.text("before").parse().ok();
    let rejects = visit.space.store.read().await?.rejects(source.id(), before, PAGE as u32 + 1).await?;
    let (mut frame, tabs) = of_source(&visit, &source, "/rejects");
    let base = format!("{}/rejects", address(source.id()));
    if !rejects.is_empty() {
        frame.actions.push(discard_action(&visit, "source-discard-all", &base, ""));
        frame.actions.push(ui::Action {
            kind: ui::ActionKind::Primary,
            ..replay_action(&visit, "source-replay-all", &base, "")
        });
    }
    let rows: Vec<Vec<Markup>> = rejects.iter().take(PAGE).map(|reject| row(&visit, &base, reject)).collect();
    let heads = ["source-received", "source-reason", "source-content", "source-replay", "source-discard"];
    let heads = heads.map(|k| visit.word(k));
    let view = visit.view();
    let none = ui::Empty {
        icon: Some(ui::Icon::CircleCheck),
        title: visit.word("source-rejects-none"),
        ..ui::Empty::default()
    };
    let next = (rejects.len() > PAGE).then(|| format!("{base}?before={}", rejects[PAGE - 1].seq));
    let body = html! {
        (tabs)
        @if rows.is_empty() { (ui::empty(&view, &none)) }
        @else {
            p.muted { (visit.word("source-rejects-hint")) }
            (table(&visit.word("source-tab-rejects"), &heads, &rows))
        }
        @if let Some(next) = &next { (ui::pager(&view, None, Some(next), "")) }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn row(visit: &Visit, base: &str, reject: &Reject) -> Vec<Markup> {
    let problem: Problem =
        serde_json::from_str(&reject.problem).unwrap_or_else(|_| Problem::new("", "event-unreadable"));
    let one = format!("?one={}", reject.seq);
    let view = visit.view();
    vec![
        html! { (visit.format().date_time(reject.received_at, &visit.ctx.zone)) },
        html! { (sentence(visit, &problem)) },
        html! { details { summary { (summary(visit, reject)) } (ui::code_block(&view, &shown(&reject.payload))) } },
        ui::action(&view, &replay_action(visit, "source-replay", base, &one)),
        ui::action(&view, &discard_action(visit, "source-discard", base, &one)),
    ]
}

/// What was refused in a word: an event's message, a record's key.
fn summary(visit: &Visit, reject: &Reject) -> String {
    let named = reject.message.clone().filter(|name| !name.is_empty());
    named.unwrap_or_else(|| visit.word(&format!("source-refused-{}", reject.kind.as_str())))
}

/// JSON in lines, or the text as it came.
fn shown(payload: &str) -> String {
    let read = serde_json::from_str::<serde_json::Value>(payload);
    read.ok().and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| payload.to_owned())
}

fn replay_action(visit: &Visit, word: &str, base: &str, which: &str) -> ui::Action {
    ui::Action {
        label: visit.word(word),
        icon: Some(ui::Icon::RefreshCw),
        href: format!("{base}/replay{which}"),
        method: ui::Method::Post,
        ..ui::Action::default()
    }
}

fn discard_action(visit: &Visit, word: &str, base: &str, which: &str) -> ui::Action {
    ui::Action {
        label: visit.word(word),
        icon: Some(ui::Icon::Trash),
        href: format!("{base}/discard{which}"),
        method: ui::Method::Post,
        kind: ui::ActionKind::Danger,
        confirm: which.is_empty().then(|| visit.word("source-discard-sure")),
        ..ui::Action::default()
    }
}

fn one(query: Option<String>) -> Option<i64> {
    Pairs::read(query.unwrap_or_default().as_bytes()).text("one").parse().ok()
}

/// `POST /settings/sources/{id}/rejects/replay?one=`: without a number, all of them.
pub(crate) async fn replay(Path(id): Path<String>, RawQuery(query): RawQuery, posted: Posted) -> Answer {
    let found = named(&posted, &id, Action::Update).await?;
    source::replay(&posted.space, &posted.ctx, found.id(), one(query)).await?;
    Ok(frame::go_saying(&posted, &format!("{}/rejects", address(found.id())), "replayed", None))
}

/// `POST /settings/sources/{id}/rejects/discard?one=`: without a number, all of them.
pub(crate) async fn discard(Path(id): Path<String>, RawQuery(query): RawQuery, posted: Posted) -> Answer {
    let found = named(&posted, &id, Action::Update).await?;
    source::discard(&posted.space, &posted.ctx, found.id(), one(query)).await?;
    Ok(frame::go_saying(&posted, &format!("{}/rejects", address(found.id())), "discarded", None))
}
