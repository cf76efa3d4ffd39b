//! The pairs of records that wait for an answer, the most worthwhile first, one at a time. `Y` same, `N` different, `S` skip, `U` undo,
//! `J` and `K` to go from pair to pair.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::RawQuery;
use customers::identity::{Decision, decide};
use customers::profile::{Member, members};
use kernel::Id;
use matching::probability;
use maud::{Markup, html};
use records::RecordError;
use store::{Doubt, Reader, Verdict};

use super::{PROFILE, Waiting, hue_of_share, may_decide, pair, percent};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame::{self, Frame};
use crate::visit::{Signed, Undo, Visit};

/// Pairs listed at once.
const LISTED: u32 = 12;
/// Latest verdicts among which the reader's own are looked for.
const LATEST: u32 = 50;

/// Where the list starts: after this pair.
#[derive(Clone, Copy)]
struct After(f64, Id, Id);

impl After {
    fn of(doubt: &Doubt) -> After {
        After(doubt.worth, doubt.a, doubt.b)
    }

    fn read(text: &str) -> Option<After> {
        let mut parts = text.split('~');
        let worth = f64::from_bits(u64::from_str_radix(parts.next()?, 16).ok()?);
        let mut id = || Id::parse(parts.next()?, "rec").ok();
        Some(After(worth, id()?, id()?))
    }

    fn text(self) -> String {
        format!("{:x}~{}~{}", self.0.to_bits(), self.1.typed("rec"), self.2.typed("rec"))
    }
}

/// A pair as addresses name it.
fn name_of(a: Id, b: Id) -> String {
    format!("{}~{}", a.typed("rec"), b.typed("rec"))
}

fn read_pair(text: &str) -> Option<(Id, Id)> {
    let (a, b) = text.split_once('~')?;
    Some((Id::parse(a, "rec").ok()?, Id::parse(b, "rec").ok()?))
}

/// The address of a pair in the list that starts after another.
fn address(from: Option<After>, pair: Option<(Id, Id)>) -> String {
    let mut pairs = Pairs::default();
    if let Some(from) = from {
        pairs.push("from", from.text());
    }
    if let Some((a, b)) = pair {
        pairs.push("pair", name_of(a, b));
    }
    if pairs.0.is_empty() { "/review".to_owned() } else { format!("/review?{}", pairs.query()) }
}

/// `GET /review?from=&pair=`
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    may_decide(&visit, &*visit.space.object(PROFILE)?)?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let from = After::read(asked.text("from"));
    let waiting = visit.space.kept::<Waiting>().renew(&visit, true).await?;
    let mut reader = visit.space.store.read().await?;
    let after = from.map(|After(worth, a, b)| (worth, a, b));
    let mut listed = reader.doubts(None, after, LISTED + 1).await?;
    let more = listed.len() > LISTED as usize;
    listed.truncate(LISTED as usize);
    let mine = last(&visit, &mut reader).await?;
    if listed.is_empty() {
        return Ok(frame::page(&visit, around(&visit), nothing(&visit, from.is_some(), mine.last())));
    }
    let ids: Vec<Id> = listed.iter().flat_map(|doubt| [doubt.a, doubt.b]).collect();
    let known: HashMap<Id, Member> = members(&visit.space, &visit.access, &ids, &mut reader)
        .await?
        .into_iter()
        .map(|member| (member.record.record, member))
        .collect();
    let wanted = read_pair(asked.text("pair"));
    let at = listed.iter().position(|doubt| Some((doubt.a, doubt.b)) == wanted).unwrap_or(0);
    let doubt = &listed[at];
    let two = pair::two(&visit, doubt.a, doubt.b, &mut reader).await?;
    let drawn = pair::draw(&visit, &two, &mut reader, None).await?;
    let statements = reader.statements();
    drop(reader);
    let near = |at: usize| listed.get(at).map(|doubt| address(from, Some((doubt.a, doubt.b))));
    let next = near(at + 1).or_else(|| more.then(|| address(listed.last().map(After::of), None)));
    let places = Places { previous: at.checked_sub(1).and_then(near), next };
    let body = html! {
        div.review {
            (queue(&visit, &listed, at, from, more, &known))
            section.review-pair aria-label=(visit.word("pair")) {
                (progress(&visit, doubt, &listed, waiting, mine.len()))
                (drawn)
                (actions(&visit, doubt, from, &places, mine.last()))
            }
        }
    };
    Ok(frame::page_of(&visit, around(&visit), body, statements))
}

/// Where the keys lead.
struct Places {
    previous: Option<String>,
    next: Option<String>,
}

pub(super) fn around(visit: &Visit) -> Frame {
    let link = |word: &str, href: &str, icon| ui::Action {
        label: visit.word(word),
        icon: Some(icon),
        href: href.to_owned(),
        ..ui::Action::default()
    };
    let actions = vec![
        link("review-quality", "/review/quality", ui::Icon::ChartColumn),
        link("review-bulk", "/review/bulk", ui::Icon::ListChecks),
    ];
    let frame = Frame { icon: Some(ui::Icon::ListChecks), actions, ..Frame::titled(visit.word("review")) };
    frame.at("/review")
}

fn nothing(visit: &Visit, further: bool, mine: Option<&Verdict>) -> Markup {
    let first = ui::Action { label: visit.word("review-first"), href: "/review".to_owned(), ..ui::Action::default() };
    let none = ui::Empty {
        icon: Some(ui::Icon::CircleCheck),
        title: visit.word(if further { "review-end" } else { "review-none" }),
        detail: (!further).then(|| visit.word("review-none-hint")),
        actions: if further { vec![first] } else { Vec::new() },
    };
    html! { div.page-body { (ui::empty(&visit.view(), &none)) @if let Some(verdict) = mine { div.buttons { (undo(visit, verdict)) } } } }
}

/// The reader's own verdicts of today that count, oldest first.
async fn last(visit: &Visit, reader: &mut Reader) -> Result<Vec<Verdict>, RecordError> {
    let today = visit.ctx.today();
    let mut mine: Vec<Verdict> = reader.latest_verdicts(None, LATEST).await?;
    mine.retain(|verdict| {
        verdict.actor == visit.me()
            && verdict.undone_at.is_none()
            && verdict.at.to_zoned(visit.ctx.zone.clone()).date() == today
    });
    mine.sort_by_key(|verdict| verdict.seq);
    Ok(mine)
}

/// What a record says of its name, for the list.
fn telling(member: Option<&Member>) -> String {
    let Some(member) = member else { return "—".to_owned() };
    let of = |name: &str| member.record.attributes.first(name);
    let full = match (of("first_name"), of("last_name")) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, last) => first.or(last).map(str::to_owned),
    };
    let other = || ["full_name", "name", "email", "phone"].into_iter().find_map(of).map(str::to_owned);
    full.or_else(other).unwrap_or_else(|| super::key(&member.record.key))
}

fn queue(
    visit: &Visit,
    listed: &[Doubt],
    at: usize,
    from: Option<After>,
    more: bool,
    known: &HashMap<Id, Member>,
) -> Markup {
    html! {
        nav.review-queue aria-label=(visit.word("review-queue")) {
            h2 { (visit.word("review-queue")) }
            ol { @for (place, doubt) in listed.iter().enumerate() {
                @let current = (place == at).then_some("true");
                @let share = percent(visit, probability(doubt.weight));
                li { a href=(address(from, Some((doubt.a, doubt.b)))) aria-current=[current] {
                    span { (telling(known.get(&doubt.a))) " · " (telling(known.get(&doubt.b))) }
                    span.muted.number { (visit.say("review-share", &[("share", (&share).into())])) }
                } }
            } }
            div.buttons {
                @if from.is_some() { a.button data-kind="quiet" href="/review" { (visit.word("review-first")) } }
                @if more { a.button data-kind="quiet" href=(address(listed.last().map(After::of), None)) { (visit.word("review-more")) } }
            }
        }
    }
}

fn progress(visit: &Visit, doubt: &Doubt, listed: &[Doubt], waiting: i64, mine: usize) -> Markup {
    let share = probability(doubt.weight);
    let most = listed.iter().map(|doubt| doubt.worth).fold(f64::MIN_POSITIVE, f64::max);
    let worth = visit.format().number((doubt.worth * 100.0).round() / 100.0);
    let text = Waiting::text(visit, waiting);
    let done = ui::Progress {
        label: visit.say("review-waiting", &[("n", (&text).into()), ("of", waiting.into())]),
        value: Some(mine as u64),
        total: mine as u64 + waiting.max(0) as u64,
        detail: visit.say("review-done", &[("n", (mine as i64).into())]),
    };
    html! {
        (ui::progress(&done))
        div.review-head {
            h2 { (visit.word("review-question")) }
            (ui::tag(&ui::Tag::new(percent(visit, share), hue_of_share(share))))
            span.muted title=(visit.word("review-worth-hint")) {
                (visit.say("review-worth", &[("worth", (&worth).into())])) " "
                @if doubt.worth >= most { "· " (visit.word("review-worth-most")) }
            }
        }
    }
}

fn actions(visit: &Visit, doubt: &Doubt, from: Option<After>, places: &Places, mine: Option<&Verdict>) -> Markup {
    let next = places.next.clone().unwrap_or_else(|| "/review".to_owned());
    let answer = |same: &str, word: &str, kind: &str, icon, key: &str| {
        html! {
            form.inline method="post" action="/review" {
                (visit.view().csrf_field())
                input type="hidden" name="pair" value=(name_of(doubt.a, doubt.b));
                input type="hidden" name="same" value=(same);
                input type="hidden" name="next" value=(next);
                @if let Some(from) = from { input type="hidden" name="from" value=(from.text()); }
                button.button data-kind=(kind) data-key=(key) { (ui::icon(icon)) span { (visit.word(word)) } kbd aria-hidden="true" { (key.to_uppercase()) } }
            }
        }
    };
    let link = |href: &str, word: &str, icon, key: &str| {
        html! { a.button data-kind="quiet" href=(href) data-key=(key) { (ui::icon(icon)) span { (visit.word(word)) } kbd aria-hidden="true" { (key.to_uppercase()) } } }
    };
    html! {
        div.review-actions role="group" aria-label=(visit.word("review-answer")) {
            (answer("true", "review-same", "primary", ui::Icon::Check, "y"))
            (answer("false", "review-different", "secondary", ui::Icon::X, "n"))
            (link(&next, "review-skip", ui::Icon::ArrowRight, "s"))
            @if let Some(verdict) = mine { (undo(visit, verdict)) }
            @if let Some(previous) = &places.previous { (link(previous, "review-previous", ui::Icon::ChevronUp, "k")) }
            @if let Some(next) = &places.next { (link(next, "review-next", ui::Icon::ChevronDown, "j")) }
        }
    }
}

/// Takes the reader's last verdict back.
fn undo(visit: &Visit, verdict: &Verdict) -> Markup {
    html! {
        form.inline method="post" action=(Undo::Verdict(verdict.id).address()) {
            (visit.view().csrf_field())
            input type="hidden" name="back" value="/review";
            button.button data-kind="quiet" data-key="u" { (ui::icon(ui::Icon::Undo2)) span { (visit.word("review-undo")) } kbd aria-hidden="true" { "U" } }
        }
    }
}

/// `POST /review`: an answer about a pair, then the next one.
pub(crate) async fn answer(posted: Posted) -> Answer {
    may_decide(&posted, &*posted.space.object(PROFILE)?)?;
    let pair = posted.pairs.text("pair");
    let (a, b) = read_pair(pair).ok_or_else(|| RecordError::unknown("pair", pair))?;
    let decision = Decision::Pair { a, b, same: posted.pairs.is_on("same") };
    let access = Arc::clone(&posted.access);
    let effect = decide(&posted.space, &posted.ctx, access, decision, posted.pairs.text("note"), false).await?;
    let next = posted.pairs.text("next");
    let next = if next.starts_with("/review") { next } else { "/review" };
    let said = if posted.pairs.is_on("same") { "answered-same" } else { "answered-different" };
    Ok(frame::go_deciding(&posted, next, said, effect.verdict))
}
