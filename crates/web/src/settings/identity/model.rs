//! One model: what it was learnt from, what it would change, and what its comparisons weigh.

use std::sync::Arc;

use axum::extract::Path;
use customers::identity::{Choice, Comparison, Example, Kind, adopt, examples, model_of, refuse};
use kernel::Id;
use maud::{Markup, html};
use records::RecordError;

use super::{BASE, check, weights};
use crate::customer::{PROFILE, percent, side};
use crate::failure::Answer;
use crate::form::Posted;
use crate::settings::below;
use crate::visit::{Signed, Visit};
use crate::{frame, label};

/// The address of a model's page.
pub(super) fn address(choice: Choice) -> String {
    match choice {
        Choice::Starting(kind) => format!("{BASE}/models/starting-{}", kind.as_str()),
        Choice::Learnt(id) => format!("{BASE}/models/{}", id.typed("mdl")),
    }
}

fn read(text: &str) -> Result<Choice, RecordError> {
    let kind = text.strip_prefix("starting-").and_then(Kind::parse);
    let learnt = || Id::parse(text, "mdl").map(Choice::Learnt);
    kind.map(Choice::Starting).map_or_else(learnt, Ok).map_err(|_| RecordError::unknown("model", text))
}

/// `GET /settings/identity/models/{id}`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    check(&visit)?;
    let choice = read(&id)?;
    let (kind, model, kept) = model_of(&visit.space, &visit.access, choice).await?;
    let mut reader = visit.space.store.read().await?;
    let current = reader.current_model(kind.as_str()).await.map_err(RecordError::from)?;
    let state = kept.as_ref().map_or(if current.is_none() { "current" } else { "retired" }, |kept| kept.state.as_str());
    let told = kept.as_ref().map(Comparison::of);
    let [merged, split] = match choice {
        Choice::Learnt(id) if state == "candidate" => examples(&visit.space, &visit.access, id, &mut reader).await?,
        _ => Default::default(),
    };
    drop(reader);
    let title = kept
        .as_ref()
        .map_or_else(|| visit.word("model-starting"), |kept| visit.format().date_time(kept.made_at, &visit.ctx.zone));
    let list = format!("{BASE}?kind={}", kind.as_str());
    let mut frame = below(&visit, title).crumb(visit.word("settings-identity"), list);
    frame.actions = actions(&visit, choice, state);
    let body = html! {
        div.buttons { (super::state(&visit, state)) span.muted { (visit.word(&format!("model-{state}-hint"))) } }
        @if let Some(told) = &told { (figures(&visit, told, state)) }
        (changes(&visit, choice, "model-merged-examples", &merged))
        (changes(&visit, choice, "model-split-examples", &split))
        (weights::draw(&visit, &model))
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

/// What can be done with a model in its state.
fn actions(visit: &Visit, choice: Choice, state: &str) -> Vec<ui::Action> {
    let post = |word: &str, verb: &str, kind: ui::ActionKind| ui::Action {
        label: visit.word(word),
        href: format!("{}/{verb}", address(choice)),
        method: ui::Method::Post,
        kind,
        ..ui::Action::default()
    };
    let sure = |action: ui::Action| ui::Action { confirm: Some(visit.word("model-adopt-sure")), ..action };
    match state {
        "current" => Vec::new(),
        "candidate" => vec![
            post("model-refuse", "refuse", ui::ActionKind::Secondary),
            sure(post("model-adopt", "adopt", ui::ActionKind::Primary)),
        ],
        _ => vec![sure(post("model-return", "adopt", ui::ActionKind::Secondary))],
    }
}

fn figures(visit: &Visit, told: &Comparison, state: &str) -> Markup {
    let number = |n: u64| visit.format().integer(n as i64);
    let tile = |key: &str, value: String, detail: Option<String>| ui::Tile {
        label: visit.word(key),
        value,
        detail,
        ..ui::Tile::default()
    };
    let part = (told.records < told.of).then(|| visit.say("model-part", &[("of", told.of.into())]));
    let after = visit.say("model-clusters", &[("n", (told.clusters as u64).into())]);
    let mut tiles = vec![
        tile("model-records", number(told.records), part),
        tile("model-verdicts", number(told.verdicts as u64), None),
        tile("model-profiles", number(told.profiles as u64), Some(after)),
    ];
    if state == "candidate" {
        tiles.push(tile("model-merges", number(told.merges as u64), None));
        tiles.push(tile("model-splits", number(told.splits as u64), None));
    }
    ui::tiles(&tiles)
}

/// Examples side by side, each with the comparison that decides.
fn changes(visit: &Visit, choice: Choice, word: &str, found: &[Example]) -> Markup {
    if found.is_empty() {
        return html! {};
    }
    let drawn = html! { @for example in found { (one(visit, choice, example)) } };
    ui::panel(&visit.word(word), Some(&visit.word(&format!("{word}-hint"))), drawn)
}

fn one(visit: &Visit, choice: Choice, example: &Example) -> Markup {
    let Ok(object) = visit.space.object(PROFILE) else { return html! {} };
    let records: Vec<_> = example.members.iter().map(|member| &member.record).collect();
    let compared = side::comparison(visit, &records, |at, _, side| ui::Side {
        href: Some(label::record_address(&object, example.members[at].profile)),
        detail: visit.say("model-group", &[("n", (example.groups[at] as u64).into())]),
        ..side
    });
    html! {
        div.model-example {
            (ui::comparison(&visit.view(), &compared, &visit.word("differs")))
            @if let (Some((a, b, share)), Choice::Learnt(id)) = (example.deciding, choice) {
                @let ids = [a, b].map(|at| records[at].record.typed("rec"));
                p.muted {
                    (visit.say("model-deciding", &[("share", (&percent(visit, share)).into())])) " "
                    (ui::action(&visit.view(), &ui::Action {
                        label: visit.word("why"),
                        href: format!("/review/pair?a={}&b={}&model={}", ids[0], ids[1], id.typed("mdl")),
                        method: ui::Method::Overlay,
                        kind: ui::ActionKind::Quiet,
                        ..ui::Action::default()
                    }))
                }
            }
        }
    }
}

/// `POST /settings/identity/models/{id}/adopt`
pub(crate) async fn put_to_use(Path(id): Path<String>, posted: Posted) -> Answer {
    check(&posted)?;
    let choice = read(&id)?;
    let (kind, ..) = model_of(&posted.space, &posted.access, choice).await?;
    adopt(&posted.space, &posted.ctx, Arc::clone(&posted.access), choice).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}?kind={}", kind.as_str()), "model-adopted", None))
}

/// `POST /settings/identity/models/{id}/refuse`
pub(crate) async fn put_aside(Path(id): Path<String>, posted: Posted) -> Answer {
    check(&posted)?;
    let Choice::Learnt(model) = read(&id)? else { return Err(RecordError::unknown("model", &id).into()) };
    let (kind, ..) = model_of(&posted.space, &posted.access, Choice::Learnt(model)).await?;
    refuse(&posted.space, &posted.ctx, Arc::clone(&posted.access), model).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}?kind={}", kind.as_str()), "model-refused", None))
}
