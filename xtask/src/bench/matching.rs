//! `clientele match` beside Splink: the same files, the same machine, the same run.

mod data;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use self::data::Set;
use super::figures;
use crate::workspace::Workspace;
use crate::{Result, command};

const RIVAL: &str = include_str!("matching/rival.py");
/// What the comparison was written for; other versions may need other words.
const PACKAGES: [&str; 4] = ["splink==5.0.0", "duckdb==2.0.0", "pyarrow==26.0.1", "pandas==3.1.1"];
/// The threshold that Splink's demonstrations cluster at.
const USUAL: &str = "0.95";

/// What is measured.
struct Wish {
    /// The largest table of French persons.
    rows: u64,
    /// Whether only growth is measured.
    growth: bool,
    rival: bool,
    /// A built program to measure instead of building one.
    binary: Option<PathBuf>,
}

impl Wish {
    fn read(arguments: &[&str]) -> Result<Self> {
        let mut wish = Self { rows: 1_000_000, growth: false, rival: true, binary: None };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--rows" => wish.rows = rest.next().ok_or("--rows needs a number")?.replace('_', "").parse()?,
                "--growth" => wish.growth = true,
                "--binary" => wish.binary = Some(rest.next().ok_or("--binary needs a file")?.into()),
                "--alone" => wish.rival = false,
                other => return Err(format!("bench matching does not know {other}").into()),
            }
        }
        Ok(wish)
    }
}

/// Measures, prints the table and writes it into `docs/benchmarks.md`.
///
/// Errors when the product or the other program cannot be built, installed or run.
pub(crate) fn run(arguments: &[&str]) -> Result {
    let wish = Wish::read(arguments)?;
    let workspace = Workspace::open()?;
    let binary = match &wish.binary {
        Some(binary) => binary.clone(),
        None => {
            command::run(command::cargo(&workspace.root).args(["build", "--release", "--package", "clientele"]))?;
            workspace.target.join("release").join("clientele")
        }
    };
    let folder = workspace.target.join("bench-matching");
    fs::create_dir_all(&folder)?;
    let python = environment(&folder)?;
    let document = workspace.root.join("docs").join("benchmarks.md");
    if wish.growth {
        let text = growth(&binary, &folder, &python, wish.rows)?;
        print!("{text}");
        return figures::write(&document, "matching-growth", &text);
    }
    let mut rows = Vec::new();
    for set in data::sets(&workspace.root, &folder, &python, wish.rows)? {
        eprintln!("==> {}", set.name);
        let ours = ours(&binary, &set)?;
        let rival = match set.rival {
            Some(kind) if wish.rival => Some(rival(&python, &folder, kind, &set)?),
            _ => None,
        };
        rows.push((set, ours, rival));
    }
    let text = table(&rows);
    print!("{text}");
    figures::write(&document, "matching", &text)
}

/// A Python environment with Splink in it, made once; its program.
fn environment(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("python");
    let python = home.join("bin").join("python");
    let there = Command::new(&python).args(["-c", "import splink, duckdb, pyarrow, pandas"]).output();
    if there.is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    let by_hand = "python3 with its venv module is needed (Debian, Ubuntu: sudo apt-get install python3-venv)";
    command::run(Command::new("python3").args(["-m", "venv"]).arg(&home))
        .map_err(|error| format!("{error}: {by_hand}"))?;
    command::run(Command::new(home.join("bin").join("pip")).args(["install", "--quiet"]).args(PACKAGES))?;
    Ok(python)
}

/// What a run cost and how good it was.
struct Outcome {
    rows: u64,
    cpu: f64,
    wall: f64,
    megabytes: f64,
    /// F1 of pairs in clusters, with precision and recall.
    quality: [f64; 3],
    /// The best F1 at any threshold, with that threshold; of the other program only.
    best: Option<(f64, f64)>,
}

fn ours(binary: &Path, set: &Set) -> Result<Outcome> {
    let mut match_files = Command::new(binary);
    match_files.arg("match").args(&set.files).args(["--truth", &set.truth, "--json"]).args(set.options);
    let said: Value = serde_json::from_str(&command::output(&mut match_files)?)?;
    let pairs = &said["metrics"]["clusters"]["pairs"];
    Ok(Outcome {
        rows: said["rows"].as_u64().unwrap_or(0),
        cpu: number(&said["cpu_seconds"])?,
        wall: number(&said["wall_seconds"])?,
        megabytes: number(&said["peak_memory_bytes"])? / f64::from(1 << 20),
        quality: quality(pairs)?,
        best: None,
    })
}

fn rival(python: &Path, folder: &Path, kind: &str, set: &Set) -> Result<Outcome> {
    let script = folder.join("rival.py");
    fs::write(&script, RIVAL)?;
    let said = command::output(Command::new(python).arg(&script).arg(kind).args(&set.rival_files))?;
    let said: Value = serde_json::from_str(said.lines().last().unwrap_or_default())?;
    Ok(Outcome {
        rows: said["rows"].as_u64().unwrap_or(0),
        cpu: number(&said["cpu_seconds"])?,
        wall: number(&said["wall_seconds"])?,
        megabytes: number(&said["peak_mb"])?,
        quality: quality(&said["thresholds"][USUAL])?,
        best: Some((number(&said["best"]["f1"])?, number(&said["best"]["threshold"])?)),
    })
}

fn quality(figures: &Value) -> Result<[f64; 3]> {
    Ok([number(&figures["f1"])?, number(&figures["precision"])?, number(&figures["recall"])?])
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| "a figure is missing in what a program printed".into())
}

fn table(rows: &[(Set, Outcome, Option<Outcome>)]) -> String {
    let mut out = "| data | rows | F1 (precision, recall) | bar | CPU | memory | Splink's F1 at 0.95, at its best | its CPU | its memory | CPU ratio |\n\
        |---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (set, ours, rival) in rows {
        let [f1, precision, recall] = ours.quality;
        let bar = set
            .bar
            .map_or_else(String::new, |bar| if f1 >= bar { format!("{bar}") } else { format!("{bar}: **missed**") });
        let other = rival.as_ref().map_or_else(
            || "| | | | |".to_owned(),
            |other| {
                let (best, at) = other.best.unwrap_or_default();
                format!(
                    "| {:.4}, {best:.4} (at {at}) | {:.1} s | {:.0} MB | {:.0}× |",
                    other.quality[0],
                    other.cpu,
                    other.megabytes,
                    other.cpu / ours.cpu.max(0.01)
                )
            },
        );
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | **{f1:.4}** ({precision:.4}, {recall:.4}) | {bar} | {:.2} s | {:.0} MB {other}",
            set.name,
            figures::thousands(ours.rows),
            ours.cpu,
            ours.megabytes
        );
    }
    out
}

/// How cost grows with the number of rows, in steps of about three up to `most`.
fn growth(binary: &Path, folder: &Path, python: &Path, most: u64) -> Result<String> {
    let mut out = "| rows | wall | CPU | CPU a million rows | memory |\n|---|---|---|---|---|\n".to_owned();
    let sizes = (4..8).flat_map(|power| [10_u64.pow(power), 3 * 10_u64.pow(power)]).filter(|rows| *rows <= most);
    for rows in sizes {
        let set = data::people_to_grow(folder, python, rows)?;
        eprintln!("==> {} rows", figures::thousands(rows));
        let outcome = ours(binary, &set)?;
        let _ = writeln!(
            out,
            "| {} | {:.1} s | {:.1} s | {:.1} s | {:.0} MB |",
            figures::thousands(outcome.rows),
            outcome.wall,
            outcome.cpu,
            outcome.cpu * 1e6 / rows as f64,
            outcome.megabytes
        );
    }
    Ok(out)
}
