//! The policy: which rule holds for each channel, and where it is written.

use customers::consent::{Audience, Channel, Mode, Policy, Rule, check_lookup};
use maud::{Markup, html};
use model::Problem;

use super::{BASE, audience_word, channel_word, tabs, titled};
use crate::failure::Answer;
use crate::form::{Pairs, Posted, PostedByAdministrator, problems_of};
use crate::frame;
use crate::settings::table;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};

const MODES: [(Mode, &str); 3] = [(Mode::OptIn, "opt_in"), (Mode::OptOut, "opt_out"), (Mode::Never, "never")];

/// `GET /settings/consents/policy`
pub(crate) async fn show(visit: Signed) -> Answer {
    check_lookup(&visit.space, &visit.access).await?;
    let policy = Policy::load(&mut visit.space.store.read().await?).await?;
    let rules = html! {
        p { (visit.say("policy-months-said", &[("months", i64::from(policy.months).into())])) " " span.muted { (policy.months_law) } }
        (rules(&visit, &policy))
    };
    let mut frame = titled(&visit);
    if visit.administers() {
        frame.actions.push(ui::Action {
            label: visit.word("policy-reset"),
            icon: Some(ui::Icon::Undo2),
            href: format!("{BASE}/policy/reset"),
            method: ui::Method::Post,
            confirm: Some(visit.word("policy-reset-sure")),
            ..ui::Action::default()
        });
    }
    let body = html! {
        (tabs(&visit, "/policy"))
        (ui::panel(&visit.word("consent-tab-policy"), Some(&visit.word("policy-hint")), rules))
        @if visit.administers() { (ui::panel(&visit.view().words.edit, None, form(&visit, &policy, &pairs_of(&policy), &[]))) }
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn rules(visit: &Visit, policy: &Policy) -> Markup {
    let rows: Vec<Vec<Markup>> = policy
        .rules
        .iter()
        .map(|rule| {
            let hue = if rule.mode == Mode::OptOut { ui::Hue::Blue } else { ui::Hue::Amber };
            vec![
                html! { (channel_word(visit, Some(rule.channel))) },
                html! { (audience_word(visit, rule.audience)) },
                html! { (ui::tag(&ui::Tag::new(visit.word(&format!("policy-{}", name_of(rule.mode))), hue))) },
                html! { @if let Some(day) = rule.from { (visit.format().date(day)) } },
                html! { (rule.law) },
            ]
        })
        .collect();
    let heads =
        ["consent-channel", "policy-audience", "policy-mode", "policy-from", "policy-law"].map(|key| visit.word(key));
    table(&visit.word("consent-tab-policy"), &heads, &rows)
}

fn name_of(mode: Mode) -> &'static str {
    MODES.iter().find(|(known, _)| *known == mode).map_or("never", |(_, name)| name)
}

fn pairs_of(policy: &Policy) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.push("months", policy.months.to_string());
    pairs.push("months_law", policy.months_law.clone());
    for (i, rule) in policy.rules.iter().enumerate() {
        pairs.push(format!("mode-{i}"), name_of(rule.mode));
        pairs.push(format!("law-{i}"), rule.law.clone());
    }
    pairs
}

fn form(visit: &Visit, policy: &Policy, pairs: &Pairs, problems: &[Problem]) -> Markup {
    let modes: Vec<(String, String)> =
        MODES.iter().map(|(_, name)| ((*name).to_owned(), visit.word(&format!("policy-{name}")))).collect();
    let mut form = Simple::new(visit, &format!("{BASE}/policy"), pairs, problems)
        .text("months", "policy-months", true)
        .text("months_law", "policy-law", true);
    for (i, rule) in policy.rules.iter().enumerate() {
        form = form
            .section_called(heading(visit, rule))
            .choice(&format!("mode-{i}"), "policy-mode", &modes, None)
            .text(&format!("law-{i}"), "policy-law", true);
    }
    form.draw("save")
}

fn heading(visit: &Visit, rule: &Rule) -> String {
    let (channel, audience): (Channel, Audience) = (rule.channel, rule.audience);
    let title = format!("{} · {}", channel_word(visit, Some(channel)), audience_word(visit, audience));
    match rule.from {
        Some(day) => format!("{title} · {} {}", visit.word("policy-from"), visit.format().date(day)),
        None => title,
    }
}

/// `POST /settings/consents/policy`
pub(crate) async fn save(PostedByAdministrator(posted): PostedByAdministrator) -> Answer {
    let kept = Policy::load(&mut posted.space.store.read().await?).await?;
    let pairs = &posted.pairs;
    let mut policy = Policy {
        months: pairs.text("months").parse().unwrap_or_default(),
        months_law: pairs.text("months_law").to_owned(),
        ..kept.clone()
    };
    for (i, rule) in policy.rules.iter_mut().enumerate() {
        let mode = pairs.text(&format!("mode-{i}"));
        if let Some((mode, _)) = MODES.iter().find(|(_, name)| *name == mode) {
            rule.mode = *mode;
        }
        rule.law = pairs.text(&format!("law-{i}")).to_owned();
    }
    match policy.save(&posted.space, &posted.ctx).await {
        Ok(()) => Ok(frame::go_saying(&posted, &format!("{BASE}/policy"), "saved", None)),
        Err(error) => Ok(frame::refused(form(&posted, &kept, pairs, &problems_of(error)?))),
    }
}

/// `POST /settings/consents/policy/reset`: the French rules again.
pub(crate) async fn reset(posted: Posted) -> Answer {
    Policy::default().save(&posted.space, &posted.ctx).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}/policy"), "saved", None))
}
