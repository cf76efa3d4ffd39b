//! What came out, as JSON and as text.

use std::fmt::Write;

use kernel::{Format, Locale};
use matching::evaluate::{self, Clusters, Point, Quality};
use matching::{Config, Resolution, Role};
use serde_json::{Map, Value as Json, json};

use super::measure::Spent;
use super::read::Input;

/// How good the resolution is against a truth column.
pub struct Metrics {
    pub column: String,
    /// The linked pairs, before they became clusters.
    pub links: Quality,
    pub clusters: Clusters,
    pub curve: Vec<Point>,
}

impl Metrics {
    /// Judges a resolution by a column of the table.
    pub fn new(input: &Input, column: usize, resolution: &Resolution) -> Self {
        let truth = evaluate::number(input.table.columns()[column].iter());
        let clusters = evaluate::clusters(&resolution.clusters, &truth);
        let linked = resolution.pairs.iter().filter(|pair| f64::from(pair.weight) >= resolution.match_weight);
        let links = evaluate::links(linked.map(|pair| (pair.a, pair.b)), &truth, clusters.true_pairs);
        let scored = resolution.pairs.iter().map(|pair| (pair.a, pair.b, f64::from(pair.weight), pair.probability()));
        let curve = evaluate::curve(scored, &truth, clusters.true_pairs);
        Self { column: input.table.names()[column].clone(), links, clusters, curve }
    }
}

/// Sizes of clusters and how many rows belong to one of several.
pub struct Sizes {
    /// For each size how many clusters have it, the smallest first.
    pub counts: Vec<(u32, u64)>,
    pub largest: u32,
}

impl Sizes {
    /// Counts the clusters.
    pub fn new(resolution: &Resolution) -> Self {
        let mut members = vec![0_u32; resolution.cluster_count];
        for cluster in &resolution.clusters {
            members[*cluster as usize] += 1;
        }
        members.sort_unstable();
        let counts = members.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u64)).collect();
        Self { counts, largest: members.last().copied().unwrap_or(0) }
    }

    fn of_several(&self) -> u64 {
        self.counts.iter().filter(|(size, _)| *size > 1).map(|(_, clusters)| clusters).sum()
    }
}

/// The summary as JSON. Times are in seconds, memory in bytes, weights in bits.
pub fn to_json(input: &Input, resolution: &Resolution, metrics: Option<&Metrics>, spent: Spent) -> Json {
    let sizes = Sizes::new(resolution);
    let sources = input.sources.iter().map(|source| {
        let path = source.path.display().to_string();
        json!({ "name": source.name, "file": path, "rows": source.rows, "rejected": source.rejected })
    });
    let stages =
        resolution.timings.iter().map(|time| json!({ "stage": time.stage, "seconds": time.wall.as_secs_f64() }));
    let counts: Map<String, Json> = sizes.counts.iter().map(|(size, n)| (size.to_string(), json!(n))).collect();
    let thresholds = resolution.model.thresholds;
    let mut out = json!({
        "rows": input.table.rows(),
        "sources": sources.collect::<Vec<_>>(),
        "entity": resolution.config.entity,
        "columns": resolution.config.columns,
        "pairs_scored": resolution.scored,
        "pairs_kept": resolution.pairs.len(),
        "clusters": resolution.cluster_count,
        "clusters_of_several": sizes.of_several(),
        "largest_cluster": sizes.largest,
        "cluster_sizes": counts,
        "review": resolution.review().count(),
        "thresholds": {
            "matched": thresholds.matched, "sure": thresholds.sure, "review": thresholds.review,
            "match_weight": resolution.match_weight, "review_weight": resolution.review_weight,
        },
        "expected_precision": resolution.expected_precision,
        "blocking": resolution.blocking,
        "stages": stages.collect::<Vec<_>>(),
        "wall_seconds": spent.wall_seconds,
        "cpu_seconds": spent.cpu_seconds,
        "peak_memory_bytes": spent.peak_bytes,
    });
    if let Some(metrics) = metrics {
        out["metrics"] = json!({
            "column": metrics.column, "links": metrics.links, "clusters": metrics.clusters, "curve": metrics.curve,
        });
    }
    out
}

/// The summary for a terminal.
pub fn to_text(input: &Input, resolution: &Resolution, metrics: Option<&Metrics>, spent: Spent) -> String {
    let format = Format(Locale::En);
    let number = |n: u64| format.integer(i64::try_from(n).unwrap_or(i64::MAX));
    let sizes = Sizes::new(resolution);
    let mut text = columns_text(&resolution.config);
    let mut line = |name: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<18} {value}");
    };
    let files = if input.sources.len() == 1 { String::new() } else { format!(" in {} files", input.sources.len()) };
    line("rows", format!("{}{files}", number(input.table.rows() as u64)));
    line("pairs compared", number(resolution.scored));
    let several = number(sizes.of_several());
    line(
        "clusters",
        format!(
            "{}, {several} of several rows, the largest of {}",
            number(resolution.cluster_count as u64),
            sizes.largest
        ),
    );
    line("to review", format!("{} pairs", number(resolution.review().count() as u64)));
    let share = |quality: Quality| {
        format!("precision {:.4}, recall {:.4}, F1 {:.4}", quality.precision, quality.recall, quality.f1)
    };
    if let Some(metrics) = metrics {
        line("pairs linked", share(metrics.links));
        line("pairs in clusters", share(metrics.clusters.pairs));
        line("B-cubed", share(metrics.clusters.b_cubed));
        line("whole clusters", share(metrics.clusters.exact));
    } else {
        line("expected precision", format!("{:.1} %", resolution.expected_precision * 100.0));
    }
    let cpu = spent.cpu_seconds.map_or_else(String::new, |cpu| format!(", {cpu:.1} s of CPU"));
    let memory = spent.peak_bytes.map_or_else(String::new, |bytes| format!(", at most {} MB of memory", bytes >> 20));
    line("time", format!("{:.1} s{cpu}{memory}", spent.wall_seconds));
    text
}

fn columns_text(config: &Config) -> String {
    let mut text = String::new();
    for column in config.columns.iter().filter(|column| column.role != Role::Ignore) {
        let because = if column.because.is_empty() { String::new() } else { format!("  ({})", column.because) };
        let _ = writeln!(text, "{:<18} {}{because}", column.name, role_name(column.role));
    }
    text
}

/// The role as it is written in a configuration.
pub fn role_name(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
