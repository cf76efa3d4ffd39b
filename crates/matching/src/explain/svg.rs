//! A waterfall as a picture.

use std::fmt::Write;

use super::Waterfall;

const ROW: f64 = 26.0;
const LABELS: f64 = 330.0;
const CHART: f64 = 420.0;
const VALUES: f64 = 250.0;

/// The picture: for each bar its name and outcome, the bar itself, and the values.
pub(super) fn waterfall(waterfall: &Waterfall) -> String {
    let ends = waterfall.bars.iter().flat_map(|bar| [bar.total, bar.total - bar.weight]);
    let (low, high) = ends.fold((-1.0f64, 1.0f64), |(low, high), end| (low.min(end), high.max(end)));
    let x = |weight: f64| LABELS + (weight - low) / (high - low) * CHART;
    let (width, height) = (LABELS + CHART + VALUES, ROW * (waterfall.bars.len() as f64 + 2.0));
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"match weight {:+.2} bits\">",
        waterfall.weight
    );
    let _ = write!(
        svg,
        "<line x1=\"{0:.1}\" y1=\"0\" x2=\"{0:.1}\" y2=\"{1}\" stroke=\"#999\" stroke-dasharray=\"3 3\"/>",
        x(0.0),
        ROW * (waterfall.bars.len() as f64 + 1.0)
    );
    for (at, bar) in waterfall.bars.iter().enumerate() {
        let (top, middle) = (at as f64 * ROW, at as f64 * ROW + 17.0);
        let (from, to) = (x(bar.total - bar.weight), x(bar.total));
        let colour = if bar.weight >= 0.0 { "#2f855a" } else { "#c53030" };
        let mut label = bar.name.replace('_', " ");
        if !bar.level.is_empty() {
            let _ = write!(label, ": {}", bar.level);
        }
        text(&mut svg, 4.0, middle, "start", &label);
        let _ = write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\" fill=\"{colour}\" rx=\"2\"/>",
            from.min(to),
            top + 5.0,
            (to - from).abs().max(1.0)
        );
        let values = if bar.a == bar.b { bar.a.clone() } else { format!("{} / {}", bar.a, bar.b) };
        text(&mut svg, LABELS + CHART + 8.0, middle, "start", &format!("{:+.1}  {values}", bar.weight));
    }
    let end = waterfall.bars.len() as f64 * ROW + 17.0;
    let sum = format!("total {:+.2} bits, probability {:.4}", waterfall.weight, waterfall.probability);
    text(&mut svg, 4.0, end + 8.0, "start", &sum);
    svg.push_str("</svg>");
    svg
}

/// Texts longer than this are cut.
const LONGEST: usize = 52;

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, content: &str) {
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">");
    for (at, c) in content.chars().enumerate() {
        match c {
            _ if at >= LONGEST => {
                svg.push('…');
                break;
            }
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '&' => svg.push_str("&amp;"),
            '"' => svg.push_str("&quot;"),
            c if c.is_control() => svg.push(' '),
            c => svg.push(c),
        }
    }
    svg.push_str("</text>");
}
