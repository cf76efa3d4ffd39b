//! The records that a profile is made of: what holds them together, what each says, and what people decided about them.

use std::collections::{HashMap, HashSet};

use axum::extract::Path;
use customers::identity::Understood;
use kernel::Id;
use matching::probability;
use maud::{Markup, html};
use model::Ident;
use store::{Link, Step, Verdict};

use super::page::{around, head, tabs};
use super::{PROFILE, Seen, decides, key, moment, percent, sees_all, side};
use crate::failure::Answer;
use crate::form::Pairs;
use crate::frame;
use crate::names::{Names, Wanted};
use crate::settings::table;
use crate::timeline;
use crate::visit::{Signed, Undo, Visit};

/// Records that are drawn as a graph and side by side.
const DRAWN: usize = 12;

/// `GET /o/profile/{id}/records`
pub(crate) async fn show(visit: Signed, Path(id): Path<String>) -> Answer {
    let mut reader = visit.space.store.read().await?;
    let seen = Seen::read(&visit, &id, &mut reader).await?;
    if seen.view.redirected {
        return Ok(frame::go_saying(&visit, &seen.address("/records"), "profile-followed", None));
    }
    let mut wanted = Wanted::default();
    wanted.users(seen.view.verdicts.iter().filter_map(|verdict| verdict.actor));
    wanted.users(seen.view.lineage.iter().filter_map(|step| step.actor));
    for step in &seen.view.lineage {
        wanted.one(Ident::of(PROFILE), other_of(&seen, step));
    }
    let names = wanted.read(&visit, &mut reader).await?;
    let statements = reader.statements();
    drop(reader);
    let content = html! {
        (bonds(&visit, &seen))
        (side_by_side(&visit, &seen))
        (verdicts(&visit, &seen, &names))
        (lineage(&visit, &seen, &names))
    };
    let wide = ui::record_wide(&head(&visit, &seen), &tabs(&visit, &seen, true), &content);
    Ok(frame::page_of(&visit, around(&visit, &seen), wide, statements))
}

/// A link between two drawn records.
struct Bond {
    a: usize,
    b: usize,
    share: f64,
    tie: ui::Tie,
}

/// The links between the first records, the strongest first: those of the strongest tree hold the records together, and the weakest of them
/// gives way first (Kruskal, 1956). What a person decided is stronger than any.
fn bonds_of(records: &[Understood], links: &[Link], verdicts: &[Verdict]) -> Vec<Bond> {
    let place: HashMap<Id, usize> =
        records.iter().take(DRAWN).enumerate().map(|(at, record)| (record.record, at)).collect();
    let mut found: Vec<Bond> = Vec::new();
    for verdict in verdicts.iter().filter(|verdict| verdict.same) {
        let sides = [0, 1].map(|side| verdict.sides[side].iter().find_map(|id| place.get(id).copied()));
        if let [Some(a), Some(b)] = sides {
            found.push(Bond { a, b, share: 1.0, tie: ui::Tie::Decided });
        }
    }
    let mut compared: Vec<Bond> = (links.iter())
        .filter_map(|link| {
            let (a, b) = (*place.get(&link.a)?, *place.get(&link.b)?);
            Some(Bond { a, b, share: probability(link.weight), tie: ui::Tie::Extra })
        })
        .collect();
    compared.sort_by(|x, y| y.share.total_cmp(&x.share));
    found.extend(compared);
    let mut group: Vec<usize> = (0..place.len()).collect();
    let mut last = None;
    for (at, bond) in found.iter_mut().enumerate() {
        let (one, other) = (group[bond.a], group[bond.b]);
        if one != other {
            group.iter_mut().filter(|held| **held == other).for_each(|held| *held = one);
            if bond.tie == ui::Tie::Extra {
                bond.tie = ui::Tie::Holds;
                last = Some(at);
            }
        }
    }
    if let Some(at) = last {
        found[at].tie = ui::Tie::Weakest;
    }
    found
}

/// The records on one side of the weakest bond: those that leave when it is cut, the smaller side of the two.
fn beyond_weakest(count: usize, bonds: &[Bond]) -> Vec<usize> {
    let Some(weakest) = bonds.iter().find(|bond| bond.tie == ui::Tie::Weakest) else { return Vec::new() };
    let mut reached = HashSet::from([weakest.b]);
    let holds = |bond: &&Bond| matches!(bond.tie, ui::Tie::Holds | ui::Tie::Decided);
    loop {
        let before = reached.len();
        for bond in bonds.iter().filter(holds) {
            if reached.contains(&bond.a) || reached.contains(&bond.b) {
                reached.extend([bond.a, bond.b]);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    let other = 2 * reached.len() > count;
    (0..count).filter(|at| reached.contains(at) != other).collect()
}

fn bonds(visit: &Visit, seen: &Seen) -> Markup {
    let records = &seen.view.records;
    let shown = records.len().min(DRAWN);
    if shown < 2 {
        return html! { p.muted { (visit.word("records-single")) } };
    }
    let bonds = bonds_of(records, &seen.view.links, &seen.view.verdicts);
    let all = sees_all(visit, &seen.object);
    let name = |at: usize| match all {
        true => format!("{} {}", records[at].source_name, key(&records[at].key)),
        false => records[at].source_name.clone(),
    };
    let nodes = records.iter().take(shown).map(|record| ui::Node {
        name: record.source_name.clone(),
        detail: if all { key(&record.key) } else { String::new() },
        hue: ui::hue_of(&record.source_name),
    });
    let text = |bond: &Bond| match bond.tie {
        ui::Tie::Decided => visit.word("bond-decided"),
        _ => percent(visit, bond.share),
    };
    let edges = bonds.iter().map(|bond| ui::Edge { a: bond.a, b: bond.b, label: text(bond), tie: bond.tie });
    let graph = ui::Graph { title: visit.word("bonds"), nodes: nodes.collect(), edges: edges.collect() };
    let rows: Vec<Vec<Markup>> = (bonds.iter().filter(|bond| bond.tie != ui::Tie::Decided))
        .map(|bond| {
            let pair = [&records[bond.a], &records[bond.b]].map(|record| record.record.typed("rec"));
            let why = ui::Action {
                label: visit.word("why"),
                href: format!("/review/pair?a={}&b={}", pair[0], pair[1]),
                method: ui::Method::Overlay,
                kind: ui::ActionKind::Quiet,
                ..ui::Action::default()
            };
            vec![
                html! { (name(bond.a)) " — " (name(bond.b)) },
                html! { span.number { (percent(visit, bond.share)) } },
                html! { @match bond.tie {
                    ui::Tie::Weakest => (ui::tag(&ui::Tag::new(visit.word("bond-weakest"), ui::Hue::Amber))),
                    ui::Tie::Holds => (visit.word("bond-holds")),
                    _ => span.muted { (visit.word("bond-extra")) },
                } },
                html! { @if decides(visit) { (ui::action(&visit.view(), &why)) } },
            ]
        })
        .collect();
    let leaving = beyond_weakest(shown, &bonds);
    let cut = Pairs(leaving.iter().map(|at| ("record".to_owned(), records[*at].record.typed("rec"))).collect());
    let heads = ["bond-between", "bond-share", "bond-kind", "why"].map(|word| visit.word(word));
    ui::panel(
        &visit.word("bonds"),
        Some(&visit.word("bonds-hint")),
        html! {
            (ui::graph(&graph))
            @if records.len() > shown { p.muted { (visit.say("records-drawn", &[("n", (shown as i64).into())])) } }
            @if !rows.is_empty() { (table(&visit.word("bonds"), &heads, &rows)) }
            @if decides(visit) && !leaving.is_empty() {
                (ui::button_bar(&visit.view(), &[ui::Action {
                    label: visit.word("separate-weakest"),
                    icon: Some(ui::Icon::Workflow),
                    href: format!("{}?{}", seen.address("/separate"), cut.query()),
                    ..ui::Action::default()
                }]))
            }
        },
    )
}

fn side_by_side(visit: &Visit, seen: &Seen) -> Markup {
    let records: Vec<&Understood> = seen.view.records.iter().take(DRAWN).collect();
    if records.is_empty() {
        return html! {};
    }
    let chooses = decides(visit) && seen.view.records.len() > 1;
    let all = sees_all(visit, &seen.object);
    let compared = side::comparison(visit, &records, |_, record, side| ui::Side {
        select: chooses.then(|| ("record".to_owned(), record.record.typed("rec"))),
        detail: if all { side.detail } else { super::day(visit, record.received_at) },
        ..side
    });
    let drawn = ui::comparison(&visit.view(), &compared, &visit.word("differs"));
    ui::panel(
        &visit.word("records-side-by-side"),
        chooses.then(|| visit.word("separate-hint")).as_deref(),
        html! {
            @if chooses {
                form.form method="get" action=(seen.address("/separate")) {
                    (drawn)
                    div.chosen-actions {
                        button.button data-kind="primary" { (ui::icon(ui::Icon::Workflow)) span { (visit.word("separate")) } }
                    }
                }
            } @else { (drawn) }
        },
    )
}

fn verdicts(visit: &Visit, seen: &Seen, names: &Names) -> Markup {
    if seen.view.verdicts.is_empty() {
        return html! {};
    }
    let undo = |verdict: &Verdict| ui::Action {
        label: visit.view().words.undo.clone(),
        icon: Some(ui::Icon::Undo2),
        href: Undo::Verdict(verdict.id).address(),
        method: ui::Method::Post,
        kind: ui::ActionKind::Quiet,
        ..ui::Action::default()
    };
    let rows: Vec<Vec<Markup>> = (seen.view.verdicts.iter().rev())
        .map(|verdict| {
            let sides = [0, 1].map(|side| called(visit, seen, &verdict.sides[side]));
            let word = if verdict.same { "verdict-same" } else { "verdict-different" };
            vec![
                html! { (moment(visit, verdict.at)) },
                html! { (timeline::actor(visit, verdict.actor, names).name) },
                html! { (visit.say(word, &[("one", (&sides[0]).into()), ("other", (&sides[1]).into())]))
                @if !verdict.note.is_empty() { div.muted { (verdict.note) } } },
                html! { @if decides(visit) { (ui::action(&visit.view(), &undo(verdict))) } },
            ]
        })
        .collect();
    let heads = ["lineage-when", "lineage-who", "verdict", "undo-verdict"].map(|word| visit.word(word));
    ui::panel(
        &visit.word("verdicts"),
        Some(&visit.word("verdicts-hint")),
        table(&visit.word("verdicts"), &heads, &rows),
    )
}

/// Records of a side of a verdict by the names of their sources.
fn called(visit: &Visit, seen: &Seen, ids: &[Id]) -> String {
    let all = sees_all(visit, &seen.object);
    let known = ids.iter().filter_map(|id| seen.view.records.iter().find(|record| record.record == *id));
    let mut names: Vec<String> = known
        .map(
            |record| {
                if all { format!("{} {}", record.source_name, key(&record.key)) } else { record.source_name.clone() }
            },
        )
        .collect();
    if names.len() < ids.len() {
        names.push(visit.say("records-elsewhere", &[("n", ((ids.len() - names.len()) as i64).into())]));
    }
    names.join(", ")
}

fn other_of(seen: &Seen, step: &Step) -> Id {
    if step.profile == seen.id() { step.other } else { step.profile }
}

fn lineage(visit: &Visit, seen: &Seen, names: &Names) -> Markup {
    if seen.view.lineage.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = (seen.view.lineage.iter())
        .map(|step| {
            let other = other_of(seen, step);
            let name = names.get(other).map_or_else(|| visit.word("stream-nameless"), str::to_owned);
            let word = match (step.kind.as_str(), step.profile == seen.id()) {
                ("merge", _) => "stream-merged",
                (_, true) => "stream-lost",
                (_, false) => "stream-came",
            };
            let args = [("name", (&name).into()), ("n", (step.records.len() as i64).into())];
            let who = match step.actor {
                Some(_) => timeline::actor(visit, step.actor, names).name,
                None => visit.word("lineage-model"),
            };
            vec![
                html! { (moment(visit, step.at)) },
                html! { (who) },
                html! { (visit.say(word, &args)) },
                html! { code { (other.typed("prf")) } },
            ]
        })
        .collect();
    let heads = ["lineage-when", "lineage-who", "lineage-what", "lineage-former"].map(|word| visit.word(word));
    ui::panel(&visit.word("lineage"), Some(&visit.word("lineage-hint")), table(&visit.word("lineage"), &heads, &rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bond(a: usize, b: usize, tie: ui::Tie) -> Bond {
        Bond { a, b, share: 0.9, tie }
    }

    #[test]
    fn the_smaller_side_leaves() {
        let bonds = [bond(0, 1, ui::Tie::Holds), bond(1, 2, ui::Tie::Weakest), bond(0, 2, ui::Tie::Extra)];
        assert_eq!(beyond_weakest(3, &bonds), [2]);
        let bonds = [bond(0, 1, ui::Tie::Weakest), bond(1, 2, ui::Tie::Holds), bond(2, 3, ui::Tie::Decided)];
        assert_eq!(beyond_weakest(4, &bonds), [0]);
        assert!(beyond_weakest(2, &[bond(0, 1, ui::Tie::Decided)]).is_empty());
    }
}
