//! What is believed of a profile, with its reasons; a steward fixes a value by hand.

use axum::extract::Path;
use customers::identity::vocabulary;
use customers::profile::{self, Candidate, Chosen, PointState};
use maud::{Markup, html};

use super::{PROFILE, Seen, attribute, day, decides};
use crate::failure::Answer;
use crate::form::Posted;
use crate::visit::Visit;
use crate::{frame, label, record};

/// Attributes of which all values are kept, the best first.
const SEVERAL: [&str; 3] = ["email", "phone", "identifier"];
/// Values that are shown of an attribute without unfolding it.
const SHOWN: usize = 3;
/// Attributes by which somebody is reached.
const CONTACT: [&str; 11] = [
    "email",
    "phone",
    "website",
    "street_number",
    "street",
    "address",
    "address_line",
    "postcode",
    "city",
    "region",
    "country",
];

/// The golden values under their headings.
pub(super) fn draw(visit: &Visit, seen: &Seen) -> Markup {
    let of = |contact: bool| -> Vec<ui::Golden> {
        let ours = |chosen: &&Chosen| CONTACT.contains(&chosen.attribute) == contact;
        seen.view.golden.0.iter().filter(ours).map(|chosen| one(visit, seen, chosen)).collect()
    };
    let view = visit.view();
    html! {
        (ui::golden(&view, &visit.word("golden-identity"), &of(false)))
        (ui::golden(&view, &visit.word("golden-contact"), &of(true)))
    }
}

fn one(visit: &Visit, seen: &Seen, chosen: &Chosen) -> ui::Golden {
    let several = SEVERAL.contains(&chosen.attribute);
    let best = &chosen.candidates[0];
    let fixes = decides(visit) && seen.view.profile.deleted_at().is_none();
    let shown = if several { SHOWN } else { 1 };
    let mut values: Vec<String> = chosen.candidates.iter().take(shown).map(|c| value(visit, chosen, c)).collect();
    if several && chosen.candidates.len() > shown {
        values.push(format!("+ {}", chosen.candidates.len() - shown));
    }
    let others = &chosen.candidates[1..];
    let rule = match (best.pinned, chosen.candidates.len()) {
        (true, _) => "golden-rule-pinned".to_owned(),
        (_, 1) => "golden-rule-only".to_owned(),
        _ => format!("golden-rule-{}", chosen.rule.as_str()),
    };
    let candidate = |other: &Candidate| ui::Candidate {
        value: value(visit, chosen, other),
        said: said(visit, other),
        choose: (fixes && !other.pinned).then(|| choose(visit, seen, chosen, other)),
    };
    ui::Golden {
        label: attribute(visit, chosen.attribute),
        values,
        pinned: best.pinned.then(|| visit.word("golden-pinned")),
        others: (!several && !others.is_empty())
            .then(|| visit.say("golden-others", &[("n", (others.len() as i64).into())])),
        why: vec![
            visit.say(
                "golden-from",
                &[("source", (&source(visit, best)).into()), ("day", (&day(visit, best.at)).into())],
            ),
            visit.word(&rule),
        ],
        heading: visit.word(if several { "golden-also" } else { "golden-rejected" }),
        candidates: others.iter().map(candidate).collect(),
        fix: fixes.then(|| fix(visit, seen, chosen, several)),
    }
}

fn value(visit: &Visit, chosen: &Chosen, candidate: &Candidate) -> String {
    with_state(visit, chosen.attribute, candidate)
}

/// A value as the reader writes it, with the state of an address or number of which something is known.
pub(crate) fn with_state(visit: &Visit, attribute: &str, candidate: &Candidate) -> String {
    let text = written(visit, attribute, &candidate.value);
    match candidate.state {
        None | Some(PointState::Unconfirmed) => text,
        Some(state) => format!("{text} · {}", visit.word(&format!("point-{}", state.as_str()))),
    }
}

/// A value of an attribute as the reader writes it.
pub(crate) fn written(visit: &Visit, attribute: &str, value: &str) -> String {
    let stage = attribute == "stage" && profile::STAGES.iter().any(|(known, _)| *known == value);
    match attribute {
        "stage" if stage => visit.word(&format!("profile.stage-{value}")),
        "birth_date" => value.parse().map_or_else(|_| value.to_owned(), |day| visit.format().date(day)),
        _ => value.to_owned(),
    }
}

/// The name of a candidate's source; what a steward fixed has none.
fn source(visit: &Visit, candidate: &Candidate) -> String {
    if candidate.pinned { visit.word("golden-steward") } else { candidate.source_name.clone() }
}

fn said(visit: &Visit, candidate: &Candidate) -> String {
    let (source, day) = (source(visit, candidate), day(visit, candidate.at));
    let args = [("source", (&source).into()), ("day", (&day).into()), ("n", (candidate.records as i64).into())];
    visit.say("golden-said", &args)
}

fn choose(visit: &Visit, seen: &Seen, chosen: &Chosen, candidate: &Candidate) -> Markup {
    let address = seen.address("/values");
    let label = visit.say("golden-choose", &[("value", (&candidate.value).into())]);
    html! {
        form.inline method="post" action=(address) hx-post=(address) hx-swap="none" {
            (visit.view().csrf_field())
            input type="hidden" name="attribute" value=(chosen.attribute);
            input type="hidden" name="values" value=(candidate.value);
            button.icon-button aria-label=(label) title=(label) { (ui::icon(ui::Icon::Lock)) }
        }
    }
}

fn fix(visit: &Visit, seen: &Seen, chosen: &Chosen, several: bool) -> Markup {
    let address = seen.address("/values");
    let pinned = chosen.candidates.iter().any(|candidate| candidate.pinned);
    let id = format!("fix-{}", chosen.attribute);
    let label = if several { "golden-fix-several" } else { "golden-fix" };
    html! {
        form method="post" action=(address) hx-post=(address) hx-swap="none" {
            (visit.view().csrf_field())
            input type="hidden" name="attribute" value=(chosen.attribute);
            label for=(id) { (visit.word(label)) }
            @if several {
                @let held: Vec<&str> = chosen.candidates.iter().map(|candidate| candidate.value.as_str()).collect();
                textarea.input id=(id) name="values" rows="3" { (held.join("\n")) }
            } @else {
                input.input id=(id) name="values" value=(chosen.candidates[0].value) autocomplete="off";
            }
            div.buttons {
                button.button data-kind="secondary" { (ui::icon(ui::Icon::Lock)) span { (visit.word("golden-pin")) } }
                @if pinned {
                    button.button data-kind="quiet" name="release" value="true" { (ui::icon(ui::Icon::RotateCcw)) span { (visit.word("golden-release")) } }
                }
            }
        }
    }
}

/// `POST /o/profile/{id}/values`: fixes the values of an attribute, or lets the sources speak again.
pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, PROFILE, &id)?;
    super::may_decide(&posted, &object)?;
    let attribute = posted.pairs.text("attribute");
    let release = posted.pairs.is_on("release");
    let values: Vec<String> = match release {
        true => Vec::new(),
        false => posted.pairs.all("values").flat_map(str::lines).map(str::to_owned).collect(),
    };
    profile::fix(&posted.space, &posted.ctx, std::sync::Arc::clone(&posted.access), id, attribute, values).await?;
    let said = if release { "value-released" } else { "value-fixed" };
    Ok(frame::go_saying(&posted, &label::record_address(&object, id), said, None))
}

/// The order of attributes on pages.
pub(super) fn order(kind: customers::identity::Kind) -> impl Iterator<Item = &'static str> {
    vocabulary(kind).iter().map(|attribute| attribute.name)
}

/// Whether all values of an attribute are kept.
pub(crate) fn keeps_several(attribute: &str) -> bool {
    SEVERAL.contains(&attribute)
}
