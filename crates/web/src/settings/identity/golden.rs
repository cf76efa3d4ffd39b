//! Which value is believed where sources differ: a rule for each attribute, tried on one profile before it is kept.

use axum::extract::RawQuery;
use customers::identity::{Kind, vocabulary};
use customers::profile::{Golden, Rule, Rules, rules, set_rules, try_rules};
use kernel::Id;
use maud::{Markup, html};
use model::Record;

use super::{BASE, check, renewal, tabs, titled};
use crate::customer::{attribute, values};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame;
use crate::settings::table;
use crate::visit::{Signed, Visit};

/// The end of the page's address.
const HERE: &str = "/golden";
/// Attributes that follow one rule, for they are taken from one record; the first one gives the name.
const UNITS: [&[&str]; 2] = [
    &["first_name", "last_name"],
    &["address", "street_number", "street", "address_line", "postcode", "city", "region", "country"],
];

/// The attributes that have a rule of their own, each with those that follow it.
fn units() -> Vec<Vec<&'static str>> {
    let mut found: Vec<Vec<&'static str>> = Vec::new();
    for name in Kind::ALL.iter().flat_map(|kind| vocabulary(*kind)).map(|attribute| attribute.name) {
        let unit = UNITS.iter().find(|unit| unit.contains(&name)).map_or_else(|| vec![name], |unit| unit.to_vec());
        if name != "stage" && !found.contains(&unit) {
            found.push(unit);
        }
    }
    found
}

/// The rules that a form asks for; attributes that it does not name keep theirs.
fn asked(pairs: &Pairs, kept: &Rules) -> Rules {
    let mut rules = kept.clone();
    for unit in units() {
        if let Some(rule) = Rule::parse(pairs.text(&format!("rule-{}", unit[0]))) {
            unit.iter().for_each(|attribute| rules.set(attribute, rule));
        }
    }
    rules
}

/// `GET /settings/identity/golden?profile=&rule-email=`: the rules, and what those asked for would make of a profile.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    check(&visit)?;
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let (kept, _) = rules(&visit.space, &visit.access).await?;
    let wanted = asked(&pairs, &kept);
    let profile = Id::parse(pairs.text("profile"), "prf").ok();
    let mut reader = visit.space.store.read().await?;
    let tried = try_rules(&visit.space, &visit.ctx, &visit.access, profile, &wanted, &mut reader).await?;
    let named = tried.as_ref().map(|(profile, ..)| reference(&visit, profile));
    drop(reader);
    let body = html! {
        (tabs(&visit, HERE))
        (renewal(&visit).await?)
        (ui::panel(&visit.word("rules"), Some(&visit.word("rules-hint")), form(&visit, &wanted, named.as_ref())))
        @if let Some((profile, now, then)) = &tried { (preview(&visit, profile, now, then)) }
        @if wanted != kept { (keep(&visit, &wanted)) }
    };
    Ok(frame::page(&visit, titled(&visit), ui::page_body(body)))
}

fn reference(visit: &Visit, profile: &Record) -> ui::Reference {
    let label = visit.space.object("profile").map(|object| crate::names::title_text(&object, profile));
    ui::Reference { value: profile.id().typed("prf"), label: label.unwrap_or_default() }
}

fn form(visit: &Visit, rules: &Rules, profile: Option<&ui::Reference>) -> Markup {
    let view = visit.view();
    let rows: Vec<Vec<Markup>> = units().iter().map(|unit| row(visit, rules, unit)).collect();
    let heads = ["rules-attribute", "rules-rule"].map(|key| visit.word(key));
    let field =
        ui::Field { label: visit.word("rules-profile"), control: ui::Control::new("profile"), ..ui::Field::default() };
    html! {
        form.form action={ (BASE) (HERE) } {
            (table(&visit.word("rules"), &heads, &rows))
            (ui::field(&view, &field, |control| ui::reference(&view, control, "/pick/profile", profile)))
            div.form-actions { button.button data-kind="secondary" { (visit.word("rules-try")) } }
        }
    }
}

fn row(visit: &Visit, rules: &Rules, unit: &[&'static str]) -> Vec<Markup> {
    let word = if unit.len() == 2 { visit.word("rules-names") } else { attribute(visit, unit[0]) };
    let choices: Vec<ui::Choice> = (Rule::ALL.iter().filter(|rule| rule.suits(unit[0])))
        .map(|rule| ui::Choice {
            value: rule.as_str().to_owned(),
            label: visit.word(&format!("rule-{}", rule.as_str())),
            ..ui::Choice::default()
        })
        .collect();
    let rule = visit.word("rules-rule");
    let control = ui::Control {
        label: Some(visit.say("field-part", &[("field", (&rule).into()), ("part", (&word).into())])),
        ..ui::Control::new(format!("rule-{}", unit[0]))
    };
    vec![html! { (word) }, ui::choice(&control, &choices, rules.of(unit[0]).as_str(), None)]
}

/// The golden values of a profile now and by other rules; what would change is marked.
fn preview(visit: &Visit, profile: &Record, now: &Golden, then: &Golden) -> Markup {
    let name = reference(visit, profile).label;
    let order = now.0.iter().map(|chosen| chosen.attribute);
    let missing = then.0.iter().map(|chosen| chosen.attribute).filter(|name| now.all(name).is_empty());
    let rows = order.chain(missing).map(|name| {
        let of = |golden: &Golden| -> Vec<String> {
            let candidates = golden.all(name);
            let shown = if values::keeps_several(name) { candidates.len() } else { candidates.len().min(1) };
            candidates[..shown].iter().map(|candidate| values::with_state(visit, name, candidate)).collect()
        };
        let (before, after) = (of(now), of(then));
        let differs = before != after;
        ui::Compared { label: attribute(visit, name), cells: vec![(before, false), (after, differs)] }
    });
    let side =
        |word: &str| ui::Side { avatar: ui::Avatar::person(&name), detail: visit.word(word), ..ui::Side::default() };
    let sides = vec![side("rules-now"), side("rules-then")];
    let compared = ui::Comparison { title: visit.word("rules-preview"), sides, rows: rows.collect() };
    let drawn = ui::comparison(&visit.view(), &compared, &visit.word("follows-changes"));
    ui::panel(&visit.word("rules-preview"), Some(&name), drawn)
}

fn keep(visit: &Visit, rules: &Rules) -> Markup {
    html! {
        form.form method="post" action={ (BASE) (HERE) } {
            (visit.view().csrf_field())
            @for unit in units() { input type="hidden" name={ "rule-" (unit[0]) } value=(rules.of(unit[0]).as_str()); }
            p.muted { (visit.word("renew-hint")) }
            div.form-actions { button.button data-kind="primary" data-submit { (visit.word("rules-keep")) } }
        }
    }
}

/// `POST /settings/identity/golden`
pub(crate) async fn save(posted: Posted) -> Answer {
    check(&posted)?;
    let (kept, _) = rules(&posted.space, &posted.access).await?;
    let wanted = asked(&posted.pairs, &kept);
    set_rules(&posted.space, &posted.ctx, &posted.access, &wanted).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}{HERE}"), "rules-kept", None))
}
