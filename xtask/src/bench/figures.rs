//! Figures as Markdown, between marks in a document.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::load::Outcome;
use super::product::Cost;
use crate::Result;

/// Everything measured on one database.
pub(super) struct Report {
    pub(super) name: &'static str,
    pub(super) contacts: u64,
    pub(super) imports: Vec<Import>,
    pub(super) results: Vec<Outcome>,
    /// Megabytes resident, and of these not a mapped file.
    pub(super) memory: (u64, u64),
}

/// A file imported.
pub(super) struct Import {
    pub(super) object: &'static str,
    pub(super) rows: u64,
    pub(super) cost: Cost,
}

impl Report {
    /// The tables.
    pub(super) fn markdown(&self) -> String {
        let mut out = format!("### {}, {} contacts\n\n", self.name, thousands(self.contacts));
        out += "| request | requests/s | p50 | p95 | p99 | CPU a request (database server's) | bars |\n|---|---|---|---|---|---|---|\n";
        for Outcome { name, per_second, times: [p50, p95, p99], work, bars } in &self.results {
            let database = if work.1 > 0.0 { format!(" ({:.2} ms)", work.1) } else { String::new() };
            let per_second = thousands(per_second.round() as u64);
            let _ = writeln!(
                out,
                "| {name} | {per_second} | {p50:.1} ms | {p95:.1} ms | {p99:.1} ms | {:.2} ms{database} | {bars} |",
                work.0
            );
        }
        out += "\n| import | rows | wall | rows/s | CPU (database server's) |\n|---|---|---|---|---|\n";
        for Import { object, rows, cost } in &self.imports {
            let wall = cost.wall.as_secs_f64();
            let database = if cost.database > 0.0 { format!(" ({:.1} s)", cost.database) } else { String::new() };
            let speed = thousands((*rows as f64 / wall) as u64);
            let rows = thousands(*rows);
            let _ = writeln!(out, "| {object} | {rows} | {wall:.1} s | {speed} | {:.1} s{database} |", cost.product);
        }
        let (all, own) = self.memory;
        let _ =
            writeln!(out, "\nMemory of the server after the load: {all} MB resident, {own} MB without mapped files.\n");
        out
    }
}

/// A number with commas between its thousands.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a document.
///
/// Errors when the marks are missing.
pub(super) fn write(document: &Path, name: &str, text: &str) -> Result {
    let whole = fs::read_to_string(document)?;
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let start = whole.find(&open).ok_or_else(|| format!("{} has no mark {open}", document.display()))? + open.len();
    let end = whole[start..].find(&close).ok_or_else(|| format!("{} has no mark {close}", document.display()))? + start;
    fs::write(document, format!("{}\n{}\n{}", &whole[..start], text.trim(), &whole[end..]))?;
    Ok(())
}
