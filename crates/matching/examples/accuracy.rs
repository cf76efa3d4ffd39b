//! Resolves files and compares the clusters with the truth.
//!
//! `accuracy ENTITY FILE [FILE…] [--truth COLUMN] [--pairs FILE] [--separator CHAR] [--distinct] [--threshold P] [--index] [--show]
//! [--explain ROW ROW]`

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use matching::{Column, Config, Entity, Options, Table, evaluate, resolve};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let entity = match arguments.next().as_deref() {
        Some("person") => Some(Entity::Person),
        Some("organisation") => Some(Entity::Organisation),
        Some("any") => Some(Entity::Any),
        _ => None,
    };
    let (mut files, mut truth, mut pairs, mut separator, mut show, mut distinct, mut index, mut threshold) =
        (Vec::new(), None, None, b',', false, false, false, None);
    let mut explained = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--truth" => truth = arguments.next(),
            "--pairs" => pairs = arguments.next(),
            "--separator" => separator = arguments.next().map_or(b',', |text| text.as_bytes()[0]),
            "--threshold" => threshold = arguments.next().and_then(|text| text.parse().ok()),
            "--index" => index = true,
            "--explain" => explained = arguments.by_ref().take(2).filter_map(|text| text.parse().ok()).collect(),
            "--show" => show = true,
            "--distinct" => distinct = true,
            _ => files.push(argument),
        }
    }
    let mut table = Table::default();
    for file in &files {
        read(&mut table, Path::new(file), separator)?;
    }
    let started = Instant::now();
    let mut config = Config::infer(&table, entity)?;
    if distinct {
        config.distinct_sources = table.sources().to_vec();
    }
    let cpu = std::sync::Mutex::new(vec![("start".to_owned(), cpu_seconds())]);
    let progress = |progress: matching::Progress| {
        if progress.done == 0.0
            && let Ok(mut cpu) = cpu.lock()
        {
            cpu.push((format!("{:?}", progress.stage), cpu_seconds()));
        }
        true
    };
    let found = resolve(&table, &config, &Options { progress: Some(&progress), threshold, ..Options::default() })?;
    let wall = started.elapsed();
    let mut cpu = cpu.into_inner()?;
    cpu.push(("end".to_owned(), cpu_seconds()));
    let stages: Vec<String> = cpu.windows(2).map(|two| format!("{} {:.2}", two[0].0, two[1].1 - two[0].1)).collect();
    let all = cpu[cpu.len() - 1].1 - cpu[0].1;
    println!("CPU seconds: {all:.2}: {}; reading {:.2}", stages.join(", "), cpu[0].1);
    if show {
        println!("{}", config.to_toml());
        for comparison in &found.model.comparisons {
            println!("{}", comparison.name);
            for level in &comparison.levels {
                println!(
                    "    {:32} m {:.5} u {:.7} related {:.5} weight {:+.2}",
                    level.name,
                    level.m,
                    level.u,
                    level.related,
                    level.weight()
                );
            }
        }
    }
    for rule in &found.blocking {
        println!(
            "{:60} rows {:8} groups {:8} largest {:6} divided {:5} pairs {:9} matches {:8}",
            rule.rule, rule.rows, rule.groups, rule.largest, rule.divided, rule.pairs, rule.matches
        );
    }
    println!(
        "prior {:.3e} related {:.3e} scored {} kept {} clusters {} expected precision {:.4}",
        found.model.prior,
        found.model.related,
        found.scored,
        found.pairs.len(),
        found.cluster_count,
        found.expected_precision
    );
    let within = found.pairs.iter().filter(|pair| pair.probability() > 0.9);
    let within = within.filter(|pair| table.source(pair.a as usize) == table.source(pair.b as usize)).count();
    println!(
        "links within a source {within} of {}",
        found.pairs.iter().filter(|pair| pair.probability() > 0.9).count()
    );
    let times: Vec<String> =
        found.timings.iter().map(|time| format!("{:?} {:.2}", time.stage, time.wall.as_secs_f64())).collect();
    println!("{} rows in {:.2} s: {}", table.rows(), wall.as_secs_f64(), times.join(", "));
    if index {
        insertions(&table, &found)?;
    }
    let truth = truth_of(&table, truth.as_deref(), pairs.as_deref(), separator)?;
    let judged = evaluate::clusters(&found.clusters, &truth);
    let true_pairs = true_pairs(&truth);
    for threshold in [0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99] {
        let taken = found.pairs.iter().filter(|pair| pair.probability() >= threshold).map(|pair| (pair.a, pair.b));
        let quality = evaluate::links(taken, &truth, true_pairs);
        println!("pairs at {threshold}: P {:.4} R {:.4} F1 {:.4}", quality.precision, quality.recall, quality.f1);
    }
    println!("clusters {judged:?}");
    if let [a, b] = explained[..] {
        print!("{}", matching::explain(&found.model, &table, a, b)?.to_text());
    }
    if show {
        errors(&table, &found, &truth);
    }
    Ok(())
}

/// Inserts copies of some rows into an index of all of them, and prints how long one takes.
fn insertions(table: &Table, found: &matching::Resolution) -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let mut index = matching::Index::of_resolution(table, found)?;
    println!("index of {} records in {:.2} s", index.len(), started.elapsed().as_secs_f64());
    let mut times = Vec::new();
    for row in (0..table.rows()).step_by((table.rows() / 5000).max(1)) {
        let cells: Vec<(&str, &str)> = table
            .names()
            .iter()
            .enumerate()
            .filter_map(|(column, name)| Some((name.as_str(), table.value(row, column)?)))
            .collect();
        let started = Instant::now();
        index.insert("new", &cells)?;
        times.push(started.elapsed());
    }
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_micros();
    println!("one insertion: median {} µs, p95 {} µs, p99 {} µs, longest {} µs", at(0.5), at(0.95), at(0.99), at(1.0));
    Ok(())
}

/// Processor time of this process so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(')').next().unwrap_or_default().split(' ').filter_map(|field| field.parse().ok()).collect();
    fields.get(10..12).map_or(0.0, |ticks| (ticks[0] + ticks[1]) / 100.0)
}

fn true_pairs(truth: &[u32]) -> u64 {
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for entity in truth.iter().filter(|entity| **entity != evaluate::UNKNOWN) {
        *sizes.entry(*entity).or_default() += 1;
    }
    sizes.values().map(|size| size * (size - 1) / 2).sum()
}

/// Prints some pairs that were wrongly linked and some that were missed.
fn errors(table: &Table, found: &matching::Resolution, truth: &[u32]) {
    let line = |row: u32| -> String {
        let cells = (0..table.names().len()).map(|column| table.value(row as usize, column).unwrap_or("-"));
        cells.map(|cell| cell.chars().take(60).collect::<String>()).collect::<Vec<_>>().join(" | ")
    };
    let scored: HashMap<(u32, u32), f32> = found.pairs.iter().map(|pair| ((pair.a, pair.b), pair.weight)).collect();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut entities: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, entity) in truth.iter().enumerate() {
        members.entry(found.clusters[row]).or_default().push(row as u32);
        entities.entry(*entity).or_default().push(row as u32);
    }
    let report = |groups: &HashMap<u32, Vec<u32>>, other: &[u32], what: &str| {
        let mut groups: Vec<_> = groups.values().filter(|rows| rows.len() > 1 && rows.len() < 50).collect();
        groups.sort();
        let mut shown = 0;
        for rows in groups {
            for (at, a) in rows.iter().enumerate() {
                for b in &rows[at + 1..] {
                    if other[*a as usize] != other[*b as usize] && shown < 4000 {
                        shown += 1;
                        println!("{what} {:?}\n    {}\n    {}", scored.get(&(*a, *b)), line(*a), line(*b));
                    }
                }
            }
        }
    };
    report(&members, truth, "wrong");
    report(&entities, &found.clusters, "missed");
}

fn truth_of(
    table: &Table,
    column: Option<&str>,
    pairs: Option<&str>,
    separator: u8,
) -> Result<Vec<u32>, Box<dyn std::error::Error>> {
    if let Some(pairs) = pairs {
        // Pairs of row numbers, one in each source; what is linked is one entity.
        let mut matched = Table::default();
        read(&mut matched, Path::new(pairs), separator)?;
        let second = table.source_rows(1).start;
        let mut truth: Vec<u32> = (0..table.rows() as u32).collect();
        for row in 0..matched.rows() {
            let number = |column| matched.value(row, column).and_then(|cell| cell.trim().parse::<usize>().ok());
            if let (Some(a), Some(b)) = (number(0), number(1)) {
                let (old, new) = (truth[second + b], truth[a]);
                truth.iter_mut().filter(|held| **held == old).for_each(|held| *held = new);
            }
        }
        return Ok(truth);
    }
    let name = column.unwrap_or("truth");
    let at = table.column(name).ok_or("no such column")?;
    let entity = |cell: &str| match name {
        // FEBRL: rec-1070-org and rec-1070-dup-0 are one person.
        "rec_id" => cell.split('-').nth(1).unwrap_or_default().to_owned(),
        _ => cell.to_owned(),
    };
    let names: Vec<Option<String>> = table.columns()[at].iter().map(|cell| cell.map(entity)).collect();
    Ok(evaluate::number(names.iter().map(Option::as_deref)))
}

/// Reads a CSV file with quotes.
fn read(table: &mut Table, path: &Path, separator: u8) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = std::fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut rows = Rows { text: &text, separator: separator as char };
    let header: Vec<String> = rows.next().unwrap_or_default().iter().map(|name| name.trim().to_owned()).collect();
    let mut columns: Vec<(String, Column)> = header.into_iter().map(|name| (name, Column::default())).collect();
    for row in rows {
        for (at, (_, column)) in columns.iter_mut().enumerate() {
            column.push(row.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()));
        }
    }
    let source = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(table.append(&source, columns)?)
}

struct Rows<'a> {
    text: &'a str,
    separator: char,
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.text.is_empty() {
            return None;
        }
        let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' => quoted = !quoted,
                '\n' if !quoted => {
                    row.push(cell);
                    self.text = &self.text[at + 1..];
                    return Some(row);
                }
                '\r' if !quoted => {}
                c if c == self.separator && !quoted => row.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        self.text = "";
        row.push(cell);
        Some(row)
    }
}
