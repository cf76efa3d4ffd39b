//! Pairs of rows, side by side, with the reasons for their weight.

use matching::{Pair, Role, Waterfall};
use maud::{Markup, html};
use ui::chart::{Ink, span};

use super::columns::shortened;
use super::weights::{comparison_name, ink, level_name};
use super::{Told, Tongue};

/// Pairs that are shown on each side of the threshold.
const BORDERLINE: usize = 12;
/// Sure pairs that are shown, to see what those look like.
const SURE: usize = 4;

/// The pair that the person asked about.
pub fn asked(tongue: Tongue, told: &Told, a: usize, b: usize, waterfall: &Waterfall) -> Markup {
    html! {
        p { (verdict(tongue, told, waterfall.weight)) " "
            (tongue.with("pair-probability", "n", tongue.probability(waterfall.probability))) }
        (side_by_side(tongue, told, &[a, b]))
        (bars(tongue, told, waterfall))
    }
}

/// The pairs about which it was hardest to decide, and a few that were easy.
pub fn review(tongue: Tongue, told: &Told) -> Markup {
    let middle = told.resolution.match_weight;
    let weight = |pair: &Pair| f64::from(pair.weight);
    let mut near: Vec<&Pair> = told.resolution.review().collect();
    near.sort_by(|x, y| {
        let far = |pair: &Pair| (weight(pair) - middle).abs();
        far(x).total_cmp(&far(y)).then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    let (over, under): (Vec<&Pair>, Vec<&Pair>) = near.into_iter().partition(|pair| weight(pair) >= middle);
    let sure = told.resolution.pairs.iter().filter(|pair| weight(pair) > middle + 15.0).take(SURE).collect();
    let groups = [
        ("review-over", over.into_iter().take(BORDERLINE).collect::<Vec<_>>()),
        ("review-under", under.into_iter().take(BORDERLINE).collect()),
        ("review-sure", sure),
    ];
    html! {
        @for (key, pairs) in groups {
            @if !pairs.is_empty() {
                h3 { (tongue.word(key)) }
                @for pair in pairs { (foldable(tongue, told, pair)) }
            }
        }
    }
}

fn foldable(tongue: Tongue, told: &Told, pair: &Pair) -> Markup {
    let (a, b) = (pair.a as usize, pair.b as usize);
    let waterfall = matching::explain(&told.resolution.model, &told.input.table, a, b).ok();
    html! {
        details.pair {
            summary {
                span.who { (telling(told, a)) " ↔ " (telling(told, b)) }
                (verdict(tongue, told, pair.weight.into()))
                span.tag { (tongue.share(pair.probability())) }
            }
            div {
                (side_by_side(tongue, told, &[a, b]))
                @if let Some(waterfall) = &waterfall { (bars(tongue, told, waterfall)) }
            }
        }
    }
}

fn verdict(tongue: Tongue, told: &Told, weight: f64) -> Markup {
    let resolution = told.resolution;
    let sure = matching::weight_of(resolution.model.thresholds.sure);
    let (key, class) = if weight >= resolution.match_weight {
        if weight >= sure { ("verdict-same", "tag ink-good") } else { ("verdict-likely", "tag ink-warn") }
    } else if weight >= resolution.review_weight {
        ("verdict-unlikely", "tag ink-warn")
    } else {
        ("verdict-different", "tag ink-bad")
    };
    html! { span class=(class) { (tongue.word(key)) } }
}

/// The first values of a row that are compared, for a heading.
fn telling(told: &Told, row: usize) -> String {
    let compared = compared(told);
    let values: Vec<String> = compared
        .iter()
        .filter_map(|column| told.input.table.value(row, *column))
        .map(|value| shortened(value.trim()))
        .take(3)
        .collect();
    if values.is_empty() { told.ids.name(told.input, row) } else { values.join(" ") }
}

/// The columns that are compared, those of names before the others.
fn compared(told: &Told) -> Vec<usize> {
    let names = told.input.table.names();
    let role = |column: &usize| told.resolution.config.role(&names[*column]);
    let mut columns: Vec<usize> = (0..names.len()).filter(|column| role(column) != Role::Ignore).collect();
    let naming = |role: Role| match role {
        Role::FirstName => 0,
        Role::LastName | Role::FullName | Role::OrganisationName => 1,
        Role::Text => 2,
        _ => 3,
    };
    columns.sort_by_key(|column| naming(role(column)));
    columns
}

/// Rows as columns of a table; values that differ from the first row's are marked.
pub fn side_by_side(tongue: Tongue, told: &Told, rows: &[usize]) -> Markup {
    let table = &told.input.table;
    let Some(first) = rows.first() else { return html! {} };
    let same = |column: usize, row: usize| {
        let plain =
            |row| table.value(row, column).map(|value| value.trim().to_lowercase()).filter(|value| !value.is_empty());
        match (plain(*first), plain(row)) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    };
    html! {
        table {
            thead { tr {
                th scope="col" { (tongue.word("column-name")) }
                @for row in rows { th scope="col" { (told.ids.name(told.input, *row)) } }
            } }
            tbody { @for column in compared(told) { tr {
                th scope="row" { (table.names()[column]) }
                @for row in rows {
                    td.value { @match table.value(*row, column) {
                        Some(value) => span.differs[!same(column, *row)] { (shortened(value)) },
                        None => span.missing { "–" },
                    } }
                }
            } } }
        }
    }
}

/// The weights of a pair, one under the other, each starting where the one before ends.
pub fn bars(tongue: Tongue, told: &Told, waterfall: &Waterfall) -> Markup {
    let ends = || waterfall.bars.iter().map(|bar| bar.total);
    let (low, high) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    html! {
        h3 { (tongue.word("waterfall")) }
        table {
            thead { tr {
                th scope="col" { (tongue.word("waterfall-what")) }
                th scope="col" { (tongue.word("waterfall-outcome")) }
                th.number scope="col" { (tongue.word("level-weight")) }
                th scope="col" {}
            } }
            tbody {
                @for bar in &waterfall.bars { tr {
                    th scope="row" { (comparison_name(tongue, &bar.name))
                        @if let Some(columns) = columns_of(told, &bar.name) { " " span.hint { (columns) } } }
                    td.value { (level_name(tongue, &bar.level))
                        @if let Some(per) = bar.per_thousand { " " span.hint { (tongue.with("per-thousand", "n", per_mille(tongue, per))) } } }
                    td.number { (tongue.weight(bar.weight)) }
                    td.bar { (span(low, high, bar.total - bar.weight, bar.total, ink(bar.weight))) }
                } }
                tr.total {
                    th scope="row" { (tongue.word("waterfall-total")) }
                    td { (tongue.with("pair-probability", "n", tongue.probability(waterfall.probability))) }
                    td.number { (tongue.weight(waterfall.weight)) }
                    td.bar { (span(low, high, 0.0, waterfall.weight, Ink::Plain)) }
                }
            }
        }
    }
}

/// The columns that a comparison reads, unless its name says it.
fn columns_of(told: &Told, name: &str) -> Option<String> {
    let comparison = told.resolution.model.comparisons.iter().find(|held| held.name == name)?;
    let columns = comparison.columns.join(", ");
    (columns != name).then_some(columns)
}

fn per_mille(tongue: Tongue, share: f64) -> String {
    let decimals = if share >= 1.0 { 1 } else { 3 };
    tongue.fixed(share, decimals)
}
