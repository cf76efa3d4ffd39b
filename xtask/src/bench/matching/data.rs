//! The files of the matching benchmark, made or brought into a form that says the truth in a column.

use std::collections::HashMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, command};

/// Files to match, and what is expected of it.
pub(super) struct Set {
    pub(super) name: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) truth: String,
    pub(super) options: &'static [&'static str],
    /// The F1 of pairs in clusters that must be reached.
    pub(super) bar: Option<f64>,
    /// What the other program calls this kind of data; none where it is not asked.
    pub(super) rival: Option<&'static str>,
    pub(super) rival_files: Vec<PathBuf>,
}

/// Rows of one made file of people: more come as several files.
const PART: u64 = 1_000_000;

/// Every set whose data is on this machine.
pub(super) fn sets(root: &Path, folder: &Path, python: &Path, most: u64) -> Result<Vec<Set>> {
    let mut sets = vec![organisations(folder, 100_000)?];
    let Some(data) = data_folder(root) else {
        eprintln!(
            "CLIENTELE_DATA is not set and there is no shared/data beside the repository: only made-up data is measured"
        );
        return Ok(sets);
    };
    let er = data.join("er");
    let febrl = |name: &str| er.join("febrl").join(name);
    sets.push(numbered(folder, "FEBRL 3", &[febrl("dataset3.csv")], 0.997, "febrl3")?);
    sets.push(numbered(
        folder,
        "FEBRL 4 (two files)",
        &[febrl("dataset4a.csv"), febrl("dataset4b.csv")],
        0.9995,
        "febrl4",
    )?);
    let plain = |name: &str, file: PathBuf, truth: &str, bar: f64, rival| Set {
        name: name.to_owned(),
        files: vec![file.clone()],
        truth: truth.to_owned(),
        options: &[],
        bar: Some(bar),
        rival: Some(rival),
        rival_files: vec![file],
    };
    sets.push(plain("fake_1000", er.join("fake_1000.csv"), "cluster", 0.93, "fake_1000"));
    sets.push(plain("French people", er.join("french_100k.parquet"), "truth", 0.955, "french"));
    if most > 100_000 {
        let file = people(data.as_path(), folder, python, most, 2)?;
        sets.push(plain("French people", file, "truth", 0.945, "french"));
    }
    for (name, pair, separator, bar) in [
        ("DBLP-ACM (two files)", ["dblp_acm/dblp.csv", "dblp_acm/acm.csv"], '%', Some(0.97)),
        ("Abt-Buy (two files)", ["abt_buy/abt.csv", "abt_buy/buy.csv"], '|', None),
        ("Amazon-Google (two files)", ["amazon_google/amazon.csv", "amazon_google/gp.csv"], '#', None),
    ] {
        sets.push(linked(folder, name, &er.join("tables"), pair, separator, bar)?);
    }
    Ok(sets)
}

/// About `rows` French people, for how cost grows; the truth is not to be looked at, for every file numbers anew.
pub(super) fn people_to_grow(folder: &Path, python: &Path, rows: u64) -> Result<Set> {
    let root = folder.ancestors().find(|above| above.join("Cargo.toml").exists()).unwrap_or(folder);
    let data = data_folder(root).ok_or("set CLIENTELE_DATA: the people are made by a program beside the data")?;
    let sizes =
        std::iter::repeat_n(PART, (rows / PART) as usize).chain((!rows.is_multiple_of(PART)).then_some(rows % PART));
    let files = sizes.enumerate().map(|(seed, size)| people(&data, folder, python, size, seed as u64 + 1));
    let files = files.collect::<Result<Vec<_>>>()?;
    Ok(Set {
        name: "French people".to_owned(),
        files,
        truth: "truth".to_owned(),
        options: &[],
        bar: None,
        rival: None,
        rival_files: Vec::new(),
    })
}

fn data_folder(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("CLIENTELE_DATA").map(PathBuf::from);
    let beside = root.join("../shared/data");
    named.into_iter().chain([beside]).find(|folder| folder.join("er").is_dir())
}

/// Runs the maker of French people that lies beside the data, once for each size and seed.
fn people(data: &Path, folder: &Path, python: &Path, rows: u64, seed: u64) -> Result<PathBuf> {
    let file = folder.join(format!("people_{rows}_{seed}.parquet"));
    if !file.exists() {
        let maker = data.join("../tools/french_persons.py");
        command::run(Command::new(python).arg(maker).arg(rows.to_string()).arg(&file).arg(seed.to_string()))?;
    }
    Ok(file)
}

fn organisations(folder: &Path, rows: u64) -> Result<Set> {
    let file = folder.join(format!("organisations_{rows}.csv"));
    let mut out = BufWriter::new(fs::File::create(&file)?);
    writeln!(out, "{}", demo::ORGANISATION_COLUMNS.join(","))?;
    for row in demo::organisations(rows, 1) {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()?;
    Ok(Set {
        name: "organisations".to_owned(),
        files: vec![file],
        truth: "truth".to_owned(),
        options: &[],
        bar: Some(0.95),
        rival: None,
        rival_files: Vec::new(),
    })
}

/// Febrl's files name the person in the number of the record: `rec-1070-dup-0` is person 1070.
fn numbered(folder: &Path, name: &str, files: &[PathBuf], bar: f64, rival: &'static str) -> Result<Set> {
    let person = |line: &str| line.split('-').nth(1).unwrap_or_default().to_owned();
    let with_truth = files.iter().map(|file| append(folder, file, ", ", |line, _| person(line)));
    Ok(Set {
        name: name.to_owned(),
        files: with_truth.collect::<Result<Vec<_>>>()?,
        truth: "truth".to_owned(),
        options: &[],
        bar: Some(bar),
        rival: Some(rival),
        rival_files: files.to_vec(),
    })
}

/// Two tables whose true pairs are in a third: rows that are joined by pairs are one thing.
fn linked(folder: &Path, name: &str, tables: &Path, pair: [&str; 2], separator: char, bar: Option<f64>) -> Result<Set> {
    let [left, right] = pair.map(|file| tables.join(file));
    let pairs = fs::read_to_string(left.with_file_name("gt.csv"))?;
    let mut groups: HashMap<String, String> = HashMap::new();
    for line in pairs.lines().skip(1) {
        let (a, b) = line.split_once(separator).ok_or_else(|| format!("{name}: {line:?} is no pair"))?;
        let (a, b) = (format!("l{}", a.trim()), format!("r{}", b.trim()));
        let (from, to) = (find(&groups, &a), find(&groups, &b));
        groups.insert(from, to.clone());
        groups.entry(to.clone()).or_insert(to);
    }
    let mut files = Vec::new();
    for (file, side) in [(&left, "l"), (&right, "r")] {
        let truth = |line: &str, _: usize| {
            let id = line.split(separator).next().unwrap_or_default();
            find(&groups, &format!("{side}{id}"))
        };
        files.push(append(folder, file, &separator.to_string(), truth)?);
    }
    Ok(Set {
        name: name.to_owned(),
        files,
        truth: "truth".to_owned(),
        options: &["--entity", "any"],
        bar,
        rival: None,
        rival_files: Vec::new(),
    })
}

/// The last of a chain of names.
fn find(groups: &HashMap<String, String>, name: &str) -> String {
    let mut name = name.to_owned();
    while let Some(next) = groups.get(&name).filter(|next| **next != name) {
        name.clone_from(next);
    }
    name
}

/// A copy of a file with a column `truth` at the end of each line.
fn append(folder: &Path, file: &Path, separator: &str, truth: impl Fn(&str, usize) -> String) -> Result<PathBuf> {
    let name = file.file_name().ok_or("a data file has no name")?;
    let copy = folder.join(name);
    let text = fs::read(file)?;
    let text = String::from_utf8_lossy(&text);
    let mut out = BufWriter::new(fs::File::create(&copy)?);
    for (number, line) in text.lines().enumerate() {
        let value = if number == 0 { "truth".to_owned() } else { truth(line, number) };
        writeln!(out, "{line}{separator}{value}")?;
    }
    out.flush()?;
    Ok(copy)
}
