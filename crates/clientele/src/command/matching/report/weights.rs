//! What was learnt: how much each outcome of each comparison speaks for or against a match.

use matching::{Comparison, Level, weight_of};
use maud::{Markup, html};
use ui::chart::{Ink, span};

use super::columns::key;
use super::{Told, Tongue};

pub fn section(tongue: Tongue, told: &Told) -> Markup {
    let model = &told.resolution.model;
    let weights =
        || model.comparisons.iter().flat_map(|held| &held.levels).map(Level::weight).filter(|w| w.is_finite());
    let low = weights().fold(-1.0, f64::min);
    let high = weights().fold(1.0, f64::max);
    html! {
        p { (tongue.with("prior", "n", tongue.probability(model.prior))) " "
            (tongue.with("prior-weight", "n", tongue.weight(weight_of(model.prior)))) }
        div.scroll { table {
            thead { tr {
                th scope="col" { (tongue.word("level")) }
                th.number scope="col" { (tongue.word("level-m")) }
                th.number scope="col" { (tongue.word("level-u")) }
                th.number scope="col" { (tongue.word("level-weight")) }
                th scope="col" { span.hint { (tongue.word("level-bar")) } }
            } }
            @for comparison in &model.comparisons { (group(tongue, comparison, low, high)) }
        } }
    }
}

fn group(tongue: Tongue, comparison: &Comparison, low: f64, high: f64) -> Markup {
    let columns = comparison.columns.join(", ");
    html! {
        tbody {
            tr.group { th colspan="5" scope="rowgroup" {
                (comparison_name(tongue, &comparison.name))
                @if columns != comparison.name { " " span.hint { (columns) } }
            } }
            @for level in &comparison.levels {
                @let weight = level.weight();
                tr {
                    th scope="row" {
                        (level_name(tongue, &level.name))
                        @if level.by_frequency { " " span.tag { (tongue.word("by-frequency")) } }
                    }
                    td.number { (tongue.probability(level.m)) }
                    td.number { (tongue.probability(level.u)) }
                    td.number { (tongue.weight(weight)) }
                    td.bar { (span(low, high, 0.0, weight, ink(weight))) }
                }
            }
        }
    }
}

/// The colour of a weight.
pub(super) fn ink(weight: f64) -> Ink {
    if weight.abs() < 0.05 {
        Ink::Plain
    } else if weight > 0.0 {
        Ink::Good
    } else {
        Ink::Bad
    }
}

/// An outcome in the reader's language, where it is one of the library's.
pub(super) fn level_name(tongue: Tongue, name: &str) -> String {
    tongue.word_or(&format!("level-{}", key(name)), name)
}

/// A comparison in the reader's language, where it is one of the library's. The library numbers comparisons of one kind:
/// `identifier`, `identifier_2`.
pub(super) fn comparison_name(tongue: Tongue, name: &str) -> String {
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let role = tongue.word_or(&format!("role-{kind}"), name);
    tongue.word_or(&format!("comparison-{}", key(kind)), &role)
}
