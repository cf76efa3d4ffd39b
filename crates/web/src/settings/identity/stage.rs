//! Where the stages of a customer's life begin, tried on a sample of profiles before they are kept.

use axum::extract::RawQuery;
use customers::profile::{Lifecycle, rules, set_lifecycle, try_lifecycle};
use maud::{Markup, html};
use model::Problem;

use super::{BASE, check, renewal, tabs, titled};
use crate::failure::{Answer, sentence};
use crate::form::{Pairs, Posted};
use crate::frame;
use crate::settings::table;
use crate::visit::{Signed, Visit};

/// The end of the page's address.
const HERE: &str = "/stages";
/// The limits by name, in the order of a customer's life.
const LIMITS: [&str; 4] = ["prospect_events", "loyal_orders", "advocate_praise", "inactive_days"];

fn value(lifecycle: &Lifecycle, name: &str) -> i64 {
    match name {
        "prospect_events" => lifecycle.prospect_events,
        "loyal_orders" => lifecycle.loyal_orders,
        "advocate_praise" => lifecycle.advocate_praise,
        _ => lifecycle.inactive_days,
    }
}

/// The limits that a form asks for; 0, which is refused, where it says no number.
fn asked(pairs: &Pairs, kept: Lifecycle) -> Lifecycle {
    let number = |name: &str, kept: i64| match pairs.get(name) {
        Some(text) => text.trim().parse().unwrap_or_default(),
        None => kept,
    };
    Lifecycle {
        prospect_events: number("prospect_events", kept.prospect_events),
        loyal_orders: number("loyal_orders", kept.loyal_orders),
        advocate_praise: number("advocate_praise", kept.advocate_praise),
        inactive_days: number("inactive_days", kept.inactive_days),
    }
}

/// `GET /settings/identity/stages?loyal_orders=`: the limits, and how many profiles would stand where by those asked for.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    check(&visit)?;
    let (_, kept) = rules(&visit.space, &visit.access).await?;
    let pairs = Pairs::read(query.unwrap_or_default().as_bytes());
    let wanted = asked(&pairs, kept);
    let problem = wanted.check().err();
    let tried = match &problem {
        None => Some(preview(&visit, kept, wanted).await?),
        Some(_) => None,
    };
    let body = html! {
        (tabs(&visit, HERE))
        (renewal(&visit).await?)
        (ui::panel(&visit.word("stages"), Some(&visit.word("stages-hint")), form(&visit, &pairs, &wanted, problem.as_ref())))
        @if let Some(tried) = tried { (tried) }
        @if wanted != kept && problem.is_none() { (keep(&visit, &wanted)) }
    };
    Ok(frame::page(&visit, titled(&visit), ui::page_body(body)))
}

fn form(visit: &Visit, pairs: &Pairs, wanted: &Lifecycle, problem: Option<&Problem>) -> Markup {
    let view = visit.view();
    let field = |name: &'static str| ui::Field {
        label: visit.word(&format!("stages-{name}")),
        hint: Some(visit.word(&format!("stages-{name}-hint"))),
        error: problem.filter(|problem| problem.field == name).map(|problem| sentence(visit, problem)),
        control: ui::Control { required: true, ..ui::Control::new(name) },
        ..ui::Field::default()
    };
    html! {
        form.form action={ (BASE) (HERE) } {
            @for name in LIMITS {
                @let text = pairs.get(name).map_or_else(|| value(wanted, name).to_string(), str::to_owned);
                (ui::field(&view, &field(name), |control| ui::number(control, &text, true, None)))
            }
            p.muted { (visit.word("stages-side")) }
            div.form-actions { button.button data-kind="secondary" { (visit.word("rules-try")) } }
        }
    }
}

async fn preview(visit: &Visit, kept: Lifecycle, wanted: Lifecycle) -> Result<Markup, records::RecordError> {
    let mut reader = visit.space.store.read().await?;
    let (counts, of) = try_lifecycle(&visit.space, &visit.ctx, &visit.access, [kept, wanted], &mut reader).await?;
    let number = |n: usize| html! { span.number { (visit.format().integer(n as i64)) } };
    let rows: Vec<Vec<Markup>> = (counts.iter())
        .map(|(stage, [now, then])| {
            let change = *then as i64 - *now as i64;
            let sign = if change > 0 { "+" } else { "−" };
            vec![
                html! { (visit.word(&format!("profile.stage-{stage}"))) },
                number(*now),
                number(*then),
                html! { @if change != 0 { span.number { (sign) (visit.format().integer(change.abs())) } } },
            ]
        })
        .collect();
    let heads = ["profile.stage", "rules-now", "rules-then", "stages-change"].map(|key| visit.word(key));
    let title = visit.word("stages-preview");
    let hint = visit.say("stages-sample", &[("n", (of as u64).into())]);
    Ok(ui::panel(&title, Some(&hint), table(&title, &heads, &rows)))
}

fn keep(visit: &Visit, wanted: &Lifecycle) -> Markup {
    html! {
        form.form method="post" action={ (BASE) (HERE) } {
            (visit.view().csrf_field())
            @for name in LIMITS { input type="hidden" name=(name) value=(value(wanted, name)); }
            p.muted { (visit.word("renew-hint")) }
            div.form-actions { button.button data-kind="primary" data-submit { (visit.word("rules-keep")) } }
        }
    }
}

/// `POST /settings/identity/stages`
pub(crate) async fn save(posted: Posted) -> Answer {
    check(&posted)?;
    let (_, kept) = rules(&posted.space, &posted.access).await?;
    let wanted = asked(&posted.pairs, kept);
    set_lifecycle(&posted.space, &posted.ctx, &posted.access, wanted).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}{HERE}"), "rules-kept", None))
}
