//! Consents: a contact point looked up, with its history and why each decision is so; the policy; what a record's points may be used for.

pub(crate) mod of;
pub(crate) mod policy;

use axum::extract::RawQuery;
use customers::consent::{
    self, Audience, Channel, ContactPoint, Gate, Known, Line, Proof, State, Statement, check_lookup, known, record,
};
use maud::{Markup, html};
use model::Problem;
use records::RecordError;
use store::ConsentCount;

use crate::failure::{Answer, sentence};
use crate::form::{Pairs, Posted, problems_of};
use crate::frame::{self, Frame};
use crate::settings::{below, table};
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

/// Where the pages are.
const BASE: &str = "/settings/consents";

/// `GET /settings/consents?q=`: without an address, how much the ledger holds.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    check_lookup(&visit.space, &visit.access).await?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let text = asked.text("q");
    let view = visit.view();
    let point = ContactPoint::guess(text);
    let mut reader = visit.space.store.read().await?;
    let found = match &point {
        Some(point) => {
            let gate = Gate::open(&visit.space, &mut reader).await?;
            let known = known(&mut reader, std::slice::from_ref(point)).await?.remove(0);
            looked_up(&visit, &gate, &known)
        }
        None => overview(&visit, &reader.consent_counts().await.map_err(RecordError::from)?),
    };
    drop(reader);
    let wrong = (!text.is_empty() && point.is_none()).then(|| Problem::new("q", "consent-point").text("value", text));
    let field = ui::Field {
        label: visit.word("consent-point"),
        hint: Some(visit.word("consent-point-hint")),
        error: wrong.map(|problem| sentence(&visit, &problem)),
        control: ui::Control::new("q"),
        ..ui::Field::default()
    };
    let input = ui::Text { value: text.to_owned(), kind: Some("search"), ..ui::Text::default() };
    let asked_point = ui::field(&view, &field, |control| ui::text(control, &input));
    let body = html! {
        (tabs(&visit, ""))
        form.form action=(BASE) role="search" { (asked_point) }
        (found)
    };
    Ok(frame::page(&visit, titled(&visit), ui::page_body(body)))
}

fn titled(visit: &Visit) -> Frame {
    below(visit, visit.word("settings-consents"))
}

/// The tabs; `current` is the end of the page's address.
fn tabs(visit: &Visit, current: &str) -> Markup {
    let tab = |key: &str, href: String, current: bool| ui::Tab {
        label: visit.word(key),
        href,
        current,
        ..ui::Tab::default()
    };
    let own = |key: &str, end: &str| tab(key, format!("{BASE}{end}"), current == end);
    let purposes = tab("consent-tab-purposes", "/o/purpose".to_owned(), false);
    ui::tabs(
        &visit.word("settings-consents"),
        &[own("consent-tab-points", ""), own("consent-tab-policy", "/policy"), purposes],
    )
}

/// How much the ledger holds.
fn overview(visit: &Visit, counts: &[ConsentCount]) -> Markup {
    if counts.is_empty() {
        let none = ui::Empty {
            icon: Some(ui::Icon::Shield),
            title: visit.word("consent-none"),
            detail: Some(visit.word("consent-none-hint")),
            ..ui::Empty::default()
        };
        return ui::empty(&visit.view(), &none);
    }
    let rows: Vec<Vec<Markup>> = counts
        .iter()
        .map(|count| {
            let state = State::parse(&count.state).map(|state| state_tag(visit, state));
            vec![
                html! { @if count.purpose == "*" { (visit.word("consent-all-marketing")) } @else { code { (count.purpose) } } },
                html! { (channel_word(visit, Channel::parse(&count.channel))) },
                html! { @if let Some(tag) = state { (tag) } },
                html! { (visit.format().integer(count.lines)) },
            ]
        })
        .collect();
    let heads = ["consent-purpose", "consent-channel", "consent-state", "consent-lines"].map(|key| visit.word(key));
    ui::panel(
        &visit.word("consent-ledger"),
        Some(&visit.word("consent-ledger-hint")),
        table(&visit.word("consent-ledger"), &heads, &rows),
    )
}

fn looked_up(visit: &Visit, gate: &Gate, known: &Known) -> Markup {
    let decisions = of::by_audience(visit, gate, known, true);
    let history = html! {
        @if known.history.is_empty() { p.muted { (visit.word("consent-history-none")) } } @else { (history(visit, known)) }
        @if let Some(at) = known.last_action {
            p.muted { (visit.say("consent-last-action", &[("at", (&visit.format().date_time(at, &visit.ctx.zone)).into())])) }
        }
    };
    html! {
        (ui::panel(&visit.word("consent-decisions"), Some(known.point.value()), decisions))
        (ui::panel(&visit.word("consent-history"), Some(&visit.word("consent-history-hint")), history))
        (ui::panel(&visit.word("consent-note"), Some(&visit.word("consent-note-hint")), note_form(visit, gate, &known.point, &Pairs::default(), &[])))
    }
}

fn history(visit: &Visit, known: &Known) -> Markup {
    let time = |at| visit.format().date_time(at, &visit.ctx.zone);
    let rows: Vec<Vec<Markup>> = known
        .history
        .iter()
        .rev()
        .map(|line| {
            vec![
                html! { (time(line.at)) },
                html! { (state_tag(visit, line.state)) },
                html! { @match &line.purpose { Some(key) => code { (key) }, None => (visit.word("consent-all-marketing")) } },
                html! { (channel_word(visit, line.channel)) },
                html! { (proof(visit, line)) },
                html! { @if let Some(at) = line.expires_at { (time(at)) } },
                html! { (visit.word(&format!("consent-via-{}", line.via))) },
            ]
        })
        .collect();
    let heads = ["said", "state", "purpose", "channel", "proof", "expires", "via"]
        .map(|key| visit.word(&format!("consent-{key}")));
    table(&visit.word("consent-history"), &heads, &rows)
}

fn proof(visit: &Visit, line: &Line) -> Markup {
    let Proof { wording, version, place, address, by } = &line.proof;
    html! {
        @if line.is_proven() { (ui::tag(&ui::Tag::new(visit.word("consent-proven"), ui::Hue::Green))) " " }
        @if !wording.is_empty() { q { (wording) } " " }
        @for part in [version, place, address].into_iter().filter(|text| !text.is_empty()) { span.muted { (part) } " " }
        @if by == "person" { span.muted { (visit.word("consent-by-person")) } } @else { span.muted { (by) } }
    }
}

fn note_form(visit: &Visit, gate: &Gate, point: &ContactPoint, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let states: Vec<(String, String)> = [State::Objected, State::Withdrawn, State::Denied, State::Granted]
        .map(|state| (state.as_str().to_owned(), state_word(visit, state)))
        .into();
    let channels: Vec<(String, String)> = point
        .kind()
        .channels()
        .iter()
        .map(|channel| (channel.as_str().to_owned(), channel_word(visit, Some(*channel))))
        .collect();
    let purposes: Vec<(String, String)> = gate
        .purposes
        .sorted()
        .iter()
        .map(|purpose| (purpose.key.clone(), purpose.name(visit.ctx.locale).to_owned()))
        .collect();
    Simple::new(visit, BASE, pairs, problems)
        .hidden("point", point.key())
        .choice("state", "consent-state", &states, None)
        .choice("channel", "consent-channel", &channels, Some(&visit.word("consent-every-channel")))
        .choice("purpose", "consent-purpose", &purposes, Some(&visit.word("consent-all-marketing")))
        .long("wording", "consent-wording", false)
        .text("where", "consent-where", false)
        .switch("person", "consent-person")
        .draw("consent-note")
}

/// `POST /settings/consents`: notes what somebody said.
pub(crate) async fn note(posted: Posted) -> Answer {
    check_lookup(&posted.space, &posted.access).await?;
    let pairs = &posted.pairs;
    let wrong = || RecordError::from(Problem::new("point", "consent-point").text("value", pairs.text("point")));
    let point = ContactPoint::parse(pairs.text("point")).ok_or_else(wrong)?;
    let by = if pairs.is_on("person") { "person".to_owned() } else { posted.name() };
    let statement = Statement {
        point: point.clone(),
        channel: Channel::parse(pairs.text("channel")),
        purpose: Some(pairs.text("purpose").to_owned()).filter(|key| !key.is_empty()),
        state: State::parse(pairs.text("state")).unwrap_or(State::Objected),
        basis: None,
        proof: Proof {
            wording: pairs.text("wording").to_owned(),
            place: pairs.text("where").to_owned(),
            by,
            ..Proof::default()
        },
        source: None,
        at: None,
        expires_at: None,
    };
    match record(&posted.space, &posted.ctx, &posted.access, &[statement]).await {
        Ok(_) => {
            let query = Pairs(vec![("q".to_owned(), point.key().to_owned())]).query();
            Ok(frame::go_saying(&posted, &format!("{BASE}?{query}"), "saved", None))
        }
        Err(error) => {
            let gate = Gate::open(&posted.space, &mut posted.space.store.read().await?).await?;
            Ok(frame::refused(note_form(&posted, &gate, &point, pairs, &problems_of(error)?)))
        }
    }
}

fn state_word(visit: &Visit, state: State) -> String {
    visit.word(&format!("consent-{}", state.as_str()))
}

fn state_tag(visit: &Visit, state: State) -> Markup {
    let hue = if state.restricts() { ui::Hue::Red } else { ui::Hue::Green };
    ui::tag(&ui::Tag::new(state_word(visit, state), hue))
}

fn channel_word(visit: &Visit, channel: Option<Channel>) -> String {
    let name = channel.map_or("every-channel", consent::Channel::as_str);
    if channel.is_none() { visit.word("consent-every-channel") } else { visit.word(&format!("consent-channel-{name}")) }
}

fn audience_word(visit: &Visit, audience: Audience) -> String {
    visit.word(if audience == Audience::Consumer { "consent-consumer" } else { "consent-professional" })
}
