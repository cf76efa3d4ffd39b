//! How good the result is, where the truth is known.

use matching::evaluate::Quality;
use maud::{Markup, html};
use ui::chart::{self, Curve, Curves, Ink, Line};

use super::{Told, Tongue};
use crate::command::matching::summary::Metrics;

pub fn section(tongue: Tongue, told: &Told, metrics: &Metrics) -> Markup {
    let clusters = &metrics.clusters;
    let views = [
        ("quality-clusters", clusters.pairs),
        ("quality-b-cubed", clusters.b_cubed),
        ("quality-exact", clusters.exact),
        ("quality-links", metrics.links),
    ];
    html! {
        p { (tongue.with("quality-column", "column", metrics.column.clone())) " "
            (tongue.count("quality-entities", clusters.entities)) " " (tongue.count("quality-pairs", clusters.true_pairs)) }
        div.scroll { table {
            thead { tr {
                th scope="col" {}
                th.number scope="col" { (tongue.word("precision")) }
                th.number scope="col" { (tongue.word("recall")) }
                th.number scope="col" { "F1" }
            } }
            tbody { @for (key, quality) in views { tr {
                th scope="row" { (tongue.word(key)) " " span.hint { (tongue.word(&format!("{key}.hint"))) } }
                td.number { (tongue.fixed(quality.precision, 4)) }
                td.number { (tongue.fixed(quality.recall, 4)) }
                td.number { (tongue.fixed(quality.f1, 4)) }
            } } }
        } }
        @if metrics.curve.len() > 1 {
            h3 { (tongue.word("curve")) }
            p.hint { (tongue.word("curve.hint")) }
            (curve(tongue, told, metrics))
        }
    }
}

fn curve(tongue: Tongue, told: &Told, metrics: &Metrics) -> Markup {
    let line = |key: &str, ink: Ink, value: fn(&Quality) -> f64| Curve {
        label: tongue.word(key),
        ink,
        points: metrics.curve.iter().map(|point| (point.weight, value(&point.quality))).collect(),
    };
    let weights = || metrics.curve.iter().map(|point| point.weight as i64);
    let (low, high) = (weights().min().unwrap_or(0), weights().max().unwrap_or(0));
    let step = ((high - low) / 60 + 1) * 10;
    let ticks = (low..=high).filter(|weight| weight % step == 0);
    chart::curves(&Curves {
        title: tongue.word("curve"),
        curves: vec![
            line("precision", Ink::Good, |quality| quality.precision),
            line("recall", Ink::Warn, |quality| quality.recall),
            line("f1", Ink::Plain, |quality| quality.f1),
        ],
        ticks: ticks.map(|weight| Line { at: weight as f64, label: tongue.tick(weight as f64) }).collect(),
        levels: [0.0, 0.5, 1.0].map(|level| Line { at: level, label: tongue.fixed(level, 1) }).to_vec(),
        lines: vec![Line { at: told.resolution.match_weight, label: tongue.word("line-match") }],
    })
}
