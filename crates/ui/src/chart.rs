//! Charts in SVG, drawn from numbers and texts alone. Colours come from the style sheet, so that they follow light, dark and
//! print.

use maud::{Markup, html};

/// What a mark stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// For, sure, the same.
    Good,
    /// To be looked at.
    Warn,
    /// Against, different.
    Bad,
}

impl Ink {
    fn class(self) -> &'static str {
        match self {
            Ink::Plain => "ink-plain",
            Ink::Good => "ink-good",
            Ink::Warn => "ink-warn",
            Ink::Bad => "ink-bad",
        }
    }
}

/// One column of a [`Columns`] chart.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its height, not negative.
    pub value: f64,
    /// What a pointer over it, or a screen reader, is told.
    pub tip: String,
    /// Its colour.
    pub ink: Ink,
}

/// A vertical line with a name, before the column of this number.
#[derive(Clone, Debug)]
pub struct Line {
    /// The place, in columns from the left.
    pub at: f64,
    /// The name.
    pub label: String,
}

/// Columns side by side.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// What the chart shows, for those who cannot see it.
    pub title: String,
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// Texts under the axis, each at a column's left edge.
    pub ticks: Vec<Line>,
    /// Lines across the chart.
    pub lines: Vec<Line>,
}

const WIDTH: f64 = 980.0;
const HEIGHT: f64 = 240.0;
const FOOT: f64 = 24.0;
const HEAD: f64 = 32.0;

/// Draws columns.
pub fn columns(chart: &Columns) -> Markup {
    let step = WIDTH / chart.columns.len().max(1) as f64;
    let highest = chart.columns.iter().map(|column| column.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let room = HEIGHT - FOOT - HEAD;
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(chart.title) {
            @for (index, column) in chart.columns.iter().enumerate() {
                @let height = column.value / highest * room;
                rect class=(column.ink.class()) x=(short(index as f64 * step + step * 0.08)) y=(short(HEIGHT - FOOT - height))
                    width=(short(step * 0.84)) height=(short(height)) { title { (column.tip) } }
            }
            line.axis x1="0" x2=(WIDTH) y1=(HEIGHT - FOOT) y2=(HEIGHT - FOOT) {}
            @for tick in &chart.ticks {
                text.tick x=(short(tick.at * step + step / 2.0)) y=(HEIGHT - 8.0) text-anchor="middle" { (tick.label) }
            }
            @for (index, line) in chart.lines.iter().enumerate() {
                @let x = line.at * step;
                @let y = 10.0 + 14.0 * (index % 2) as f64;
                line.mark x1=(short(x)) x2=(short(x)) y1=(y + 3.0) y2=(HEIGHT - FOOT) {}
                text.mark-label x=(short(x)) y=(y) text-anchor=(anchor(x)) { (line.label) }
            }
        }
    }
}

/// A part of a common scale as a bar: `from` and `to` lie between `low` and `high`, zero is marked.
pub fn span(low: f64, high: f64, from: f64, to: f64, ink: Ink) -> Markup {
    let wide = (high - low).max(f64::MIN_POSITIVE);
    let place = |value: f64| ((value - low) / wide * 100.0).clamp(0.0, 100.0);
    let (left, right) = (place(from.min(to)), place(from.max(to)));
    html! {
        svg.span viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            line.zero x1=(short(place(0.0))) x2=(short(place(0.0))) y1="0" y2="10" {}
            rect class=(ink.class()) x=(short(left)) y="2" width=(short((right - left).max(0.4))) height="6" {}
        }
    }
}

/// One line of a [`Curves`] chart.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its name.
    pub label: String,
    /// Its colour.
    pub ink: Ink,
    /// Points as (x, y), y from 0 to 1.
    pub points: Vec<(f64, f64)>,
}

/// Lines over a common axis, of shares from 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    /// What the chart shows, for those who cannot see it.
    pub title: String,
    /// The lines.
    pub curves: Vec<Curve>,
    /// Texts under the axis, by x.
    pub ticks: Vec<Line>,
    /// Texts at the left, by y.
    pub levels: Vec<Line>,
    /// Lines across the chart, by x.
    pub lines: Vec<Line>,
}

/// Draws lines with their names.
pub fn curves(chart: &Curves) -> Markup {
    let all = || chart.curves.iter().flat_map(|curve| &curve.points);
    let low = all().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let high = all().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    let left = 44.0;
    let x = |value: f64| left + (value - low) / (high - low).max(f64::MIN_POSITIVE) * (WIDTH - left - 10.0);
    let y = |value: f64| HEAD + (1.0 - value) * (HEIGHT - FOOT - HEAD);
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(chart.title) {
            @for level in &chart.levels {
                line.grid x1=(left) x2=(WIDTH) y1=(short(y(level.at))) y2=(short(y(level.at))) {}
                text.tick x=(left - 6.0) y=(short(y(level.at) + 4.0)) text-anchor="end" { (level.label) }
            }
            @for tick in chart.ticks.iter().filter(|tick| tick.at >= low && tick.at <= high) {
                text.tick x=(short(x(tick.at))) y=(HEIGHT - 8.0) text-anchor="middle" { (tick.label) }
            }
            @for line in chart.lines.iter().filter(|line| line.at >= low && line.at <= high) {
                line.mark x1=(short(x(line.at))) x2=(short(x(line.at))) y1="14" y2=(HEIGHT - FOOT) {}
                text.mark-label x=(short(x(line.at))) y="10" text-anchor=(anchor(x(line.at))) { (line.label) }
            }
            @for curve in &chart.curves {
                @let points: Vec<String> =
                    curve.points.iter().map(|point| format!("{},{}", short(x(point.0)), short(y(point.1)))).collect();
                polyline class={ "curve " (curve.ink.class()) } points=(points.join(" ")) { title { (curve.label) } }
            }
        }
        ul.legend {
            @for curve in &chart.curves { li class=(curve.ink.class()) { (curve.label) } }
        }
    }
}

fn anchor(x: f64) -> &'static str {
    if x < WIDTH * 0.12 {
        "start"
    } else if x > WIDTH * 0.88 {
        "end"
    } else {
        "middle"
    }
}

/// A coordinate with as many decimals as can be seen.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_scale_to_the_highest() {
        let column = |value: f64, tip: &str| Column { value, tip: tip.into(), ink: Ink::Good };
        let chart = Columns {
            title: "Scores <all>".into(),
            columns: vec![column(2.0, "two"), column(4.0, "<four>")],
            ticks: vec![Line { at: 1.0, label: "0".into() }],
            lines: vec![Line { at: 0.5, label: "match".into() }],
        };
        insta::assert_snapshot!(columns(&chart).into_string(), @r#"<svg class="chart" viewBox="0 0 980 240" role="img" aria-label="Scores &lt;all&gt;"><rect class="ink-good" x="39.2" y="124" width="411.6" height="92"><title>two</title></rect><rect class="ink-good" x="529.2" y="32" width="411.6" height="184"><title>&lt;four&gt;</title></rect><line class="axis" x1="0" x2="980" y1="216" y2="216"></line><text class="tick" x="735" y="232" text-anchor="middle">0</text><line class="mark" x1="245" x2="245" y1="13" y2="216"></line><text class="mark-label" x="245" y="10" text-anchor="middle">match</text></svg>"#);
    }

    #[test]
    fn spans_stay_on_their_scale() {
        insta::assert_snapshot!(span(-10.0, 10.0, 0.0, -25.0, Ink::Bad).into_string(), @r#"<svg class="span" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><line class="zero" x1="50" x2="50" y1="0" y2="10"></line><rect class="ink-bad" x="0" y="2" width="50" height="6"></rect></svg>"#);
    }

    #[test]
    fn curves_are_drawn_inside_the_chart() {
        let curve = Curve { label: "recall".into(), ink: Ink::Plain, points: vec![(0.0, 0.0), (10.0, 1.0)] };
        let lines = vec![Line { at: 40.0, label: "far".into() }];
        insta::assert_snapshot!(curves(&Curves { curves: vec![curve], lines, ..Curves::default() }).into_string(), @r#"<svg class="chart" viewBox="0 0 980 240" role="img" aria-label=""><polyline class="curve ink-plain" points="44,216 970,32"><title>recall</title></polyline></svg><ul class="legend"><li class="ink-plain">recall</li></ul>"#);
    }
}
