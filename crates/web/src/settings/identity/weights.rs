//! What a model learnt: for each comparison, how its outcomes speak for and against two records being the same.

use matching::{Level, Model};
use maud::{Markup, html};

use crate::customer::side::signed;
use crate::visit::Visit;

/// The comparisons in the order of the model, each with a bar for every outcome on one scale.
pub(super) fn draw(visit: &Visit, model: &Model) -> Markup {
    let levels = || model.comparisons.iter().flat_map(|comparison| &comparison.levels).map(Level::weight);
    let (low, high) = (levels().fold(0.0, f64::min), levels().fold(0.0, f64::max));
    let heads = ["waterfall-what", "waterfall-outcome", "weights-same", "weights-others", "waterfall-weight"];
    let title = visit.word("weights");
    let table = html! {
        div.table-scroll tabindex="0" role="region" aria-label=(title) { table.plain.weights {
            thead { tr { @for head in heads { th scope="col" { (visit.word(head)) } } } }
            @for comparison in &model.comparisons { tbody { @for (at, level) in comparison.levels.iter().enumerate() { tr {
                @if at == 0 { th scope="rowgroup" rowspan=(comparison.levels.len()) { (visit.word(&format!("compared-{}", comparison.name))) } }
                td.outcome { (outcome(visit, level)) }
                td { span.number { (share(visit, level.m)) } }
                td { span.number { (share(visit, level.u)) } }
                td { div.weight {
                    @let ink = if level.weight() < 0.0 { ui::chart::Ink::Bad } else { ui::chart::Ink::Good };
                    (ui::chart::span(low, high, 0.0, level.weight(), ink))
                    span.number { (signed(visit, level.weight())) }
                } }
            } } } }
        } }
    };
    let random = visit.format().number((1.0 / model.prior.max(f64::MIN_POSITIVE)).round());
    let hint = visit.say("weights-hint", &[("random", (&random).into())]);
    ui::panel(&title, Some(&hint), table)
}

fn outcome(visit: &Visit, level: &Level) -> String {
    let text = visit.word(&format!("level-{}", level.name.replace(' ', "-")));
    if level.by_frequency { format!("{text} {}", visit.word("weights-by-frequency")) } else { text }
}

/// A share from 0 to 1 with two figures that count.
fn share(visit: &Visit, share: f64) -> String {
    let percent = share * 100.0;
    let digits = if percent <= 0.0 { 0 } else { (1 - percent.log10().floor() as i32).clamp(0, 6) };
    let scale = 10_f64.powi(digits);
    visit.format().percent((percent * scale).round() / scale)
}
