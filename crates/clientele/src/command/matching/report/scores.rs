//! How pairs were found, what they scored, and the clusters that came of them.

use matching::{Resolution, weight_of};
use maud::{Markup, html};
use ui::chart::{self, Columns, Ink, Line};

use super::{Told, Tongue};
use crate::command::matching::summary::Sizes;

/// The largest clusters that are shown, and how many of their rows.
const CLUSTERS: usize = 3;
const MEMBERS: usize = 8;
/// Sizes from here on share one column of the chart.
const LAST_SIZE: u32 = 12;

pub fn blocking(tongue: Tongue, told: &Told) -> Markup {
    let rules = &told.resolution.blocking;
    let most = rules.iter().map(|rule| rule.pairs).max().unwrap_or(1).max(1) as f64;
    let all = told.input.table.rows() as f64;
    let possible = (all * (all - 1.0) / 2.0).max(1.0);
    html! {
        p { (tongue.with("blocking-share", "n", tongue.probability(told.resolution.scored as f64 / possible))) }
        div.scroll { table {
            thead { tr {
                th scope="col" { (tongue.word("rule")) }
                th.number scope="col" { (tongue.word("rule-groups")) }
                th.number scope="col" { (tongue.word("rule-largest")) }
                th.number scope="col" { (tongue.word("rule-pairs")) }
                th.number scope="col" { (tongue.word("rule-matches")) }
                th scope="col" { span.hint { (tongue.word("rule-bar")) } }
            } }
            tbody { @for rule in rules { tr {
                th scope="row" { code { (rule.rule) }
                    @if rule.divided > 0 { " " span.tag.ink-warn { (tongue.count("rule-divided", rule.divided)) } } }
                td.number { (tongue.integer(rule.groups)) }
                td.number { (tongue.integer(rule.largest)) }
                td.number { (tongue.integer(rule.pairs)) }
                td.number { (tongue.integer(rule.matches)) }
                td.bar { (chart::span(0.0, most, 0.0, rule.pairs as f64, Ink::Plain)) }
            } } }
        } }
        h3 { (tongue.word("stages")) }
        (stages(tongue, told.resolution))
    }
}

fn stages(tongue: Tongue, resolution: &Resolution) -> Markup {
    let longest = resolution.timings.iter().map(|time| time.wall.as_secs_f64()).fold(0.001, f64::max);
    html! {
        table { tbody { @for time in &resolution.timings {
            @let name = serde_json::to_value(time.stage).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
            @let seconds = time.wall.as_secs_f64();
            tr {
                th.narrow scope="row" { (tongue.word(&format!("stage-{name}"))) }
                td.number.narrow { (tongue.fixed(seconds, 2)) " s" }
                td.bar { (chart::span(0.0, longest, 0.0, seconds, Ink::Plain)) }
            }
        } } }
    }
}

pub fn section(tongue: Tongue, told: &Told) -> Markup {
    let resolution = told.resolution;
    let histogram = &resolution.histogram;
    let sure = weight_of(resolution.model.thresholds.sure);
    let (first, last) = filled(&histogram.counts);
    let start = histogram.start + first as i32;
    let columns = histogram.counts.get(first..last).unwrap_or_default().iter().enumerate().map(|(index, pairs)| {
        let weight = f64::from(start) + index as f64;
        let ink = if weight + 0.5 >= sure.max(resolution.match_weight) {
            Ink::Good
        } else if weight + 0.5 >= resolution.review_weight {
            Ink::Warn
        } else {
            Ink::Plain
        };
        let tip = format!("{}: {}", tongue.weight(weight), tongue.count("pairs", *pairs));
        // Counts differ by orders of magnitude: heights are logarithms, so that a handful is still seen.
        chart::Column { value: (*pairs as f64 + 1.0).log10(), tip, ink }
    });
    let place = |weight: f64| weight - f64::from(start);
    let count = last.saturating_sub(first) as f64;
    let lines =
        [("line-review", resolution.review_weight), ("line-match", resolution.match_weight), ("line-sure", sure)];
    let inside = |place: f64| (0.0..=count).contains(&place);
    let ticks = (start..start + count as i32).filter(|weight| weight % 10 == 0);
    let chart = Columns {
        title: tongue.word("scores"),
        columns: columns.collect(),
        ticks: ticks.map(|weight| Line { at: place(weight.into()) - 0.5, label: tongue.tick(weight.into()) }).collect(),
        lines: lines
            .into_iter()
            .filter(|(_, weight)| inside(place(*weight)))
            .map(|(key, weight)| Line { at: place(weight), label: tongue.word(key) })
            .collect(),
    };
    html! {
        (chart::columns(&chart))
        ul.legend {
            li.ink-good { (tongue.word("band-sure")) }
            li.ink-warn { (tongue.word("band-review")) }
            li { (tongue.word("band-different")) }
        }
    }
}

/// The bins between the first and the last that hold something.
fn filled(counts: &[u64]) -> (usize, usize) {
    let first = counts.iter().position(|count| *count > 0).unwrap_or(0);
    let last = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    (first, last)
}

pub fn clusters(tongue: Tongue, told: &Told) -> Markup {
    let sizes = Sizes::new(told.resolution);
    let mut bins: Vec<(String, u64)> = Vec::new();
    for (size, count) in &sizes.counts {
        if *size < LAST_SIZE {
            bins.push((tongue.integer((*size).into()), *count));
        } else if let Some(last) = bins.last_mut().filter(|last| last.0.ends_with('+')) {
            last.1 += count;
        } else {
            bins.push((format!("{LAST_SIZE}+"), *count));
        }
    }
    let most = bins.iter().map(|bin| bin.1).max().unwrap_or(1).max(1) as f64;
    html! {
        div.scroll { table {
            thead { tr {
                th.narrow scope="col" { (tongue.word("cluster-rows")) }
                th.number.narrow scope="col" { (tongue.word("cluster-count")) }
                th scope="col" {}
            } }
            tbody { @for (size, count) in &bins { tr {
                th.narrow scope="row" { (size) }
                td.number.narrow { (tongue.integer(*count)) }
                td.bar { (chart::span(0.0, most, 0.0, *count as f64, Ink::Plain)) }
            } } }
        } }
        @if sizes.largest > 2 {
            h3 { (tongue.word("largest")) }
            p.hint { (tongue.word("largest.hint")) }
            @for cluster in largest(told.resolution) { (members(tongue, told, cluster)) }
        }
    }
}

/// The numbers of the largest clusters, the largest first.
fn largest(resolution: &Resolution) -> Vec<u32> {
    let mut sizes: Vec<(u32, u32)> = (0..resolution.cluster_count as u32).map(|cluster| (0, cluster)).collect();
    for cluster in &resolution.clusters {
        sizes[*cluster as usize].0 += 1;
    }
    sizes.sort_unstable_by_key(|(size, cluster)| (std::cmp::Reverse(*size), *cluster));
    sizes.into_iter().take(CLUSTERS).take_while(|(size, _)| *size > 2).map(|(_, cluster)| cluster).collect()
}

fn members(tongue: Tongue, told: &Told, cluster: u32) -> Markup {
    let rows = |row: &usize| told.resolution.clusters[*row] == cluster;
    let all: Vec<usize> = (0..told.input.table.rows()).filter(rows).collect();
    html! {
        details.pair {
            summary {
                span.who { (tongue.with("cluster-name", "n", cluster.to_string())) }
                span.tag { (tongue.count("rows", all.len() as u64)) }
                @if all.len() > MEMBERS { span.hint { (tongue.count("cluster-first", MEMBERS as u64)) } }
            }
            div { (super::pairs::side_by_side(tongue, told, &all[..all.len().min(MEMBERS)])) }
        }
    }
}
