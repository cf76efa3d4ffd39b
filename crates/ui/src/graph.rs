//! A few things and what holds them together, drawn on a ring.

use std::f64::consts::TAU;

use maud::{Markup, html};

use crate::{Hue, initials};

/// A thing of a [`Graph`].
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its name, whose initials it shows.
    pub name: String,
    /// A second line below the name.
    pub detail: String,
    /// Its colour.
    pub hue: Hue,
}

/// How a line of a [`Graph`] is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    /// One that holds the things together.
    #[default]
    Holds,
    /// One without which they would still hang together.
    Extra,
    /// The one that would give way first.
    Weakest,
    /// One that a person drew.
    Decided,
}

impl Tie {
    fn name(self) -> &'static str {
        match self {
            Tie::Holds => "holds",
            Tie::Extra => "extra",
            Tie::Weakest => "weakest",
            Tie::Decided => "decided",
        }
    }
}

/// A line between two things.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// The number of a thing.
    pub a: usize,
    /// The number of the other one.
    pub b: usize,
    /// What stands on it.
    pub label: String,
    /// How it is drawn.
    pub tie: Tie,
}

/// Things and lines between them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What it shows, for those who cannot see it.
    pub title: String,
    /// The things.
    pub nodes: Vec<Node>,
    /// The lines; those that name no thing are left out.
    pub edges: Vec<Edge>,
}

const WIDTH: f64 = 720.0;
const MARK: f64 = 20.0;
/// Characters of a name that fit below its mark.
const LONGEST: usize = 24;

/// Draws a graph.
pub fn graph(graph: &Graph) -> Markup {
    let count = graph.nodes.len();
    let height = if count < 3 { 130.0 } else { 180.0 + 14.0 * count.min(12) as f64 };
    let places: Vec<(f64, f64)> = (0..count).map(|at| place(at, count, height)).collect();
    let known = |edge: &&Edge| edge.a < count && edge.b < count;
    html! {
        svg.graph viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(graph.title) {
            @for edge in graph.edges.iter().filter(known) {
                @let ((x1, y1), (x2, y2)) = (places[edge.a], places[edge.b]);
                line.tie data-tie=(edge.tie.name()) x1=(whole(x1)) y1=(whole(y1)) x2=(whole(x2)) y2=(whole(y2)) { title { (edge.label) } }
            }
            @for edge in graph.edges.iter().filter(known).filter(|edge| edge.tie != Tie::Extra && !edge.label.is_empty()) {
                @let ((x1, y1), (x2, y2)) = (places[edge.a], places[edge.b]);
                @let (x, y) = ((x1 + x2) / 2.0, (y1 + y2) / 2.0);
                @let wide = 10.0 + 7.0 * edge.label.chars().count() as f64;
                rect.tie-label data-tie=(edge.tie.name()) x=(whole(x - wide / 2.0)) y=(whole(y - 10.0)) width=(whole(wide)) height="20" rx="10" {}
                text x=(whole(x)) y=(whole(y + 4.0)) text-anchor="middle" { (edge.label) }
            }
            @for (node, (x, y)) in graph.nodes.iter().zip(&places) {
                g data-hue=(node.hue.name()) {
                    circle cx=(whole(*x)) cy=(whole(*y)) r=(MARK) {}
                    text.mark x=(whole(*x)) y=(whole(y + 4.5)) text-anchor="middle" { (initials(&node.name)) }
                    text.name x=(whole(*x)) y=(whole(y + MARK + 15.0)) text-anchor="middle" { (cut(&node.name)) }
                    text.detail x=(whole(*x)) y=(whole(y + MARK + 29.0)) text-anchor="middle" { (cut(&node.detail)) }
                }
            }
        }
    }
}

fn place(at: usize, count: usize, height: f64) -> (f64, f64) {
    let middle = (WIDTH / 2.0, height / 2.0 - 14.0);
    match count {
        1 => middle,
        2 => (if at == 0 { WIDTH * 0.22 } else { WIDTH * 0.78 }, middle.1),
        _ => {
            let angle = TAU * at as f64 / count as f64 - TAU / 4.0;
            (middle.0 + angle.cos() * (WIDTH / 2.0 - 110.0), middle.1 + angle.sin() * (middle.1 - MARK - 8.0))
        }
    }
}

fn whole(value: f64) -> i64 {
    value.round() as i64
}

fn cut(name: &str) -> String {
    match name.chars().count() > LONGEST {
        true => name.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stand_apart_and_lines_between_them() {
        let node = |name: &str| Node { name: name.into(), detail: "<1>".into(), hue: Hue::Blue };
        let edges = vec![
            Edge { a: 0, b: 1, label: "98 %".into(), tie: Tie::Weakest },
            Edge { a: 0, b: 7, label: "nowhere".into(), tie: Tie::Holds },
        ];
        let drawn = graph(&Graph { title: "Two".into(), nodes: vec![node("Shop"), node("Help desk")], edges });
        let drawn = drawn.into_string();
        assert_eq!(drawn.matches("<line").count(), 1, "{drawn}");
        assert!(drawn.contains(r#"data-tie="weakest" x1="158""#) && drawn.contains(">HD<"), "{drawn}");
        assert!(drawn.contains("&lt;1&gt;"));
    }
}
