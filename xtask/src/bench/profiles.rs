//! Records that become customer profiles: how fast they are resolved, and what one more costs among a million.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::figures::{self, thousands};
use super::load::{Client, Request};
use super::product::Product;
use super::scenario::scatter;
use super::{Wish, built, databases};
use crate::Result;
use crate::workspace::Workspace;

/// Records in a request of the first load.
const GIVEN: usize = 1_000;
/// Requests of each sort that are timed one by one.
const TIMED: u64 = 500;
/// How long the worker may take to resolve what was given.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Gives a file of people to a source, waits until they are profiles, then times single records, look-ups and views; writes the
/// figures into `docs/benchmarks.md`.
///
/// Errors when the product cannot be built or started, and when a request is answered with anything but success.
pub(super) fn run(arguments: &[&str]) -> Result {
    let (file, rest) = match arguments {
        ["--file", file, rest @ ..] => (*file, rest),
        _ => {
            return Err("say a table of people, its first column their number: bench profiles --file people.csv".into());
        }
    };
    let wish = Wish::read(rest)?;
    let workspace = Workspace::open()?;
    let binary = built(&wish, &workspace)?;
    let mut text = "| database | records | profiles | kept/s | resolved/s | one record, resolved at once: p50 / p99 | look-up: p50 / p99 | profile with all its records: p50 / p99 | memory |\n|---|---|---|---|---|---|---|---|---|\n".to_owned();
    databases(&wish, |name, database, _| {
        let product = Product::start(&binary, database)?;
        let mut ask = Asker { client: Client::connect(&product.address)?, token: product.token.clone() };
        let source = ask.source("people", "soon")?;
        let begun = Instant::now();
        let last = give_file(&mut ask, &source, Path::new(file))?;
        let kept = last.count as f64 / begun.elapsed().as_secs_f64();
        while ask.look_up(&source, &last.key)?.is_none() {
            if begun.elapsed() > PATIENCE {
                return Err("the records are not resolved after an hour".into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let resolved = last.count as f64 / begun.elapsed().as_secs_f64();
        let profiles = ask.count("profile")?;
        let desk = ask.source("desk", "at_once")?;
        let sample = last.sample;
        let single = times(TIMED, |n| {
            let mut data = sample[scatter(n) % sample.len()].1.clone();
            data["seen"] = json!(n);
            ask.give(&desk, &[(format!("d{n}"), data)])
        })?;
        let look_ups = times(TIMED, |n| ask.look_up(&source, &sample[scatter(n) % sample.len()].0).map(drop))?;
        let ids: Vec<String> =
            (0..TIMED).filter_map(|n| ask.look_up(&source, &sample[scatter(n) % sample.len()].0).ok()?).collect();
        let views = times(TIMED, |n| {
            ask.send("GET", &format!("/api/v1/profiles/lookup?id={}", ids[n as usize % ids.len()]), "").map(drop)
        })?;
        let show = |[median, late]: [f64; 2]| format!("{median:.1} / {late:.1} ms");
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} MB |",
            thousands(last.count as u64),
            thousands(profiles),
            thousands(kept as u64),
            thousands(resolved as u64),
            show(single),
            show(look_ups),
            show(views),
            product.memory()?.1,
        )?;
        Ok(())
    })?;
    print!("{text}");
    figures::write(&workspace.root.join("docs").join("benchmarks.md"), "profiles", &text)
}

/// What was given.
struct Last {
    count: usize,
    key: String,
    /// Some of the records.
    sample: Vec<(String, Value)>,
}

/// Gives the rows of a CSV file of simple cells, without quotes.
fn give_file(ask: &mut Asker, source: &str, file: &Path) -> Result<Last> {
    use std::io::BufRead;
    let mut lines = std::io::BufReader::new(std::fs::File::open(file)?).lines();
    let names: Vec<String> = lines.next().ok_or("the file is empty")??.split(',').map(str::to_owned).collect();
    let mut last = Last { count: 0, key: String::new(), sample: Vec::new() };
    let mut some: Vec<(String, Value)> = Vec::with_capacity(GIVEN);
    for line in lines {
        let line = line?;
        let mut cells = line.split(',');
        last.key = cells.next().unwrap_or_default().to_owned();
        let said = names[1..].iter().zip(cells).filter(|(name, cell)| *name != "truth" && !cell.is_empty());
        let data: Value = said.map(|(name, cell)| (name.clone(), Value::from(cell))).collect();
        last.count += 1;
        if last.count.is_multiple_of(997) && last.sample.len() < 2_000 {
            last.sample.push((last.key.clone(), data.clone()));
        }
        some.push((last.key.clone(), data));
        if some.len() == GIVEN {
            ask.give(source, &std::mem::take(&mut some))?;
        }
    }
    if !some.is_empty() {
        ask.give(source, &some)?;
    }
    Ok(last)
}

/// The median and the 99th percentile, in milliseconds.
fn times(count: u64, mut run: impl FnMut(u64) -> Result) -> Result<[f64; 2]> {
    let mut times = Vec::with_capacity(count as usize);
    for n in 0..count {
        let begun = Instant::now();
        run(n)?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok([times[times.len() / 2], times[times.len() * 99 / 100]])
}

struct Asker {
    client: Client,
    token: String,
}

impl Asker {
    fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Value> {
        let answer = self.client.send(&Request::api(method, path, &self.token, body))?;
        let text = String::from_utf8_lossy(&answer.body);
        if !(200..300).contains(&answer.status) {
            return Err(format!("{path} is answered with {}: {text}", answer.status).into());
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    fn source(&mut self, name: &str, resolve: &str) -> Result<String> {
        let body = json!({ "name": name, "kind": "api", "resolve": resolve }).to_string();
        self.send("POST", "/api/v1/source", &body)?;
        let found = self.send("GET", &format!("/api/v1/source?select=id&name=eq.{name}"), "")?;
        Ok(found[0]["id"].as_str().ok_or("the source is not there")?.to_owned())
    }

    fn give(&mut self, source: &str, records: &[(String, Value)]) -> Result {
        let records: Vec<Value> = records.iter().map(|(key, data)| json!({ "key": key, "data": data })).collect();
        let body = json!({ "records": records }).to_string();
        self.send("POST", &format!("/api/v1/source/{source}/records"), &body).map(drop)
    }

    /// The profile of a record; none before it is resolved.
    fn look_up(&mut self, source: &str, key: &str) -> Result<Option<String>> {
        let path = format!("/api/v1/profiles/lookup?source={source}&key={key}");
        let answer = self.client.send(&Request::api("GET", &path, &self.token, ""))?;
        if answer.status == 404 {
            return Ok(None);
        }
        let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let id = json.pointer("/profile/id").or_else(|| json.pointer("/id")).and_then(Value::as_str);
        Ok(id.map(str::to_owned))
    }

    fn count(&mut self, object: &str) -> Result<u64> {
        let found = self.send("GET", &format!("/api/v1/{object}?select=count()"), "")?;
        Ok(found[0]["count"].as_u64().unwrap_or(0))
    }
}
