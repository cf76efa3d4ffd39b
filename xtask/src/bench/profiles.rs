//! Records that become customer profiles and the events of their people: how fast they come in, and what one more costs among millions.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::events;
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
const PATIENCE: Duration = Duration::from_secs(7_200);

/// Gives a file of people and some events of each to a source, waits until they are profiles, then times single records, look-ups,
/// views and pages; writes the figures into `docs/benchmarks.md`.
///
/// Errors when the product cannot be built or started, and when a request is answered with anything but success.
pub(super) fn run(arguments: &[&str]) -> Result {
    let (file, events, rest) = match arguments {
        ["--file", file, "--events", events, rest @ ..] => (*file, events.replace('_', "").parse()?, rest),
        ["--file", file, rest @ ..] => (*file, 0, rest),
        _ => {
            return Err(
                "say a table of people, its first column their number: bench profiles --file people.csv [--events N]"
                    .into(),
            );
        }
    };
    let wish = Wish::read(rest)?;
    let workspace = Workspace::open()?;
    let binary = built(&wish, &workspace)?;
    let mut text = String::new();
    databases(&wish, |name, database, _| {
        text.push_str(&one(name, &Product::start(&binary, database)?, Path::new(file), events)?);
        Ok(())
    })?;
    print!("{text}");
    figures::write(&workspace.root.join("docs").join("benchmarks.md"), "profiles", &text)
}

/// The figures of one database.
fn one(name: &str, product: &Product, file: &Path, events: u64) -> Result<String> {
    let mut ask = Asker { client: Client::connect(&product.address)?, token: product.token.clone() };
    let source = ask.source("people", "soon")?;
    let step = |what: &str| eprintln!("==> {name}: {what}");
    step("giving records");
    let (begun, work) = (Instant::now(), product.spent());
    let given = give_file(&mut ask, &source, file)?;
    let kept = per_second(given.count, begun);
    step("resolving");
    ask.caught_up(&source)?;
    let resolved = per_second(given.count, begun);
    let spent = product.spent();
    let an_item = |seconds: f64, count: u64| seconds * 1e6 / count.max(1) as f64;
    let work = (an_item(spent.0 - work.0, given.count), an_item(spent.1 - work.1, given.count));
    let profiles = ask.count("profile")?;
    step("sending events");
    let key = ask.key(&source)?;
    let (begun, spent) = (Instant::now(), product.spent());
    events::send(product, &key, events, given.count)?;
    let (acknowledged, after) = (per_second(events, begun), product.spent());
    let event_work = (an_item(after.0 - spent.0, events), an_item(after.1 - spent.1, events));
    ask.caught_up(&source)?;
    let followed = per_second(events, begun);

    step("timing");
    let desk = ask.source("desk", "at_once")?;
    let sample = given.sample;
    let any = |n: u64| &sample[scatter(n) % sample.len()];
    let single = times(TIMED, |n| {
        let mut data = any(n).1.clone();
        data["seen"] = json!(n);
        ask.give(&desk, &[(format!("d{n}"), data)])
    })?;
    let look_up = times(TIMED, |n| ask.look_up(&source, &any(n).0).map(drop))?;
    let ids: Vec<String> = (0..TIMED).filter_map(|n| ask.look_up(&source, &any(n).0).ok()?).collect();
    let view = times(TIMED, |n| {
        ask.send("GET", &format!("/api/v1/profiles/lookup?id={}", ids[n as usize % ids.len()]), "").map(drop)
    })?;
    let page = times(TIMED, |n| {
        let path = format!("/o/profile/{}", ids[n as usize % ids.len()]);
        match ask.client.send(&Request::page(&path, &product.cookie))?.status {
            200 => Ok(()),
            status => Err(format!("{path} is answered with {status}").into()),
        }
    })?;
    let (memory, own) = product.memory()?;
    let mut out = format!(
        "### {name}, {} records, {} profiles, {} events\n\n",
        thousands(given.count),
        thousands(profiles),
        thousands(events)
    );
    out += "| in bulk | a second | CPU of one (database server's) |\n|---|---|---|\n";
    writeln!(out, "| records kept | {} | |", thousands(kept))?;
    writeln!(out, "| records kept and resolved | {} | {} |", thousands(resolved), micros(work))?;
    if events > 0 {
        writeln!(
            out,
            "| events acknowledged, a hundred a request | {} | {} |",
            thousands(acknowledged),
            micros(event_work)
        )?;
        writeln!(out, "| events acknowledged and added to profiles | {} | |", thousands(followed))?;
    }
    out += "\n| one at a time | p50 | p99 | bar of p99 |\n|---|---|---|---|\n";
    for (what, [median, late], bar) in [
        ("a record, resolved before it is acknowledged", single, "5 ms"),
        ("look-up by a source's key", look_up, ""),
        ("profile with all its records", view, "20 ms"),
        ("360° page", page, "20 ms"),
    ] {
        writeln!(out, "| {what} | {median:.1} ms | {late:.1} ms | {bar} |")?;
    }
    writeln!(out, "\nMemory of the server at the end: {memory} MB resident, {own} MB without mapped files.\n")?;
    Ok(out)
}

fn per_second(count: u64, begun: Instant) -> u64 {
    (count as f64 / begun.elapsed().as_secs_f64()) as u64
}

fn micros((own, database): (f64, f64)) -> String {
    if database > 0.0 { format!("{own:.0} µs ({database:.0} µs)") } else { format!("{own:.0} µs") }
}

/// What was given.
struct Given {
    count: u64,
    /// Some of the records.
    sample: Vec<(String, Value)>,
}

/// Gives the rows of a CSV file of simple cells, without quotes, under the keys that an `identify` of the same people would have.
fn give_file(ask: &mut Asker, source: &str, file: &Path) -> Result<Given> {
    use std::io::BufRead;
    let mut lines = std::io::BufReader::new(std::fs::File::open(file)?).lines();
    let names: Vec<String> = lines.next().ok_or("the file is empty")??.split(',').map(str::to_owned).collect();
    let mut given = Given { count: 0, sample: Vec::new() };
    let mut some: Vec<(String, Value)> = Vec::with_capacity(GIVEN);
    for line in lines {
        let line = line?;
        let mut cells = line.split(',');
        let key = format!("user/{}", cells.next().unwrap_or_default());
        let said = names[1..].iter().zip(cells).filter(|(name, cell)| *name != "truth" && !cell.is_empty());
        let data: Value = said.map(|(name, cell)| (name.clone(), Value::from(cell))).collect();
        given.count += 1;
        if given.count.is_multiple_of(997) && given.sample.len() < 2_000 {
            given.sample.push((key.clone(), data.clone()));
        }
        some.push((key, data));
        if some.len() == GIVEN {
            ask.give(source, &std::mem::take(&mut some))?;
        }
    }
    if !some.is_empty() {
        ask.give(source, &some)?;
    }
    Ok(given)
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

    /// A write key of a source.
    fn key(&mut self, source: &str) -> Result<String> {
        let key =
            self.send("POST", &format!("/api/v1/source/{source}/keys"), &json!({ "name": "bench" }).to_string())?;
        Ok(key["key"].as_str().ok_or("the key is not shown")?.to_owned())
    }

    /// Waits until what was given is in profiles.
    fn caught_up(&mut self, source: &str) -> Result {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let health = self.send("GET", &format!("/api/v1/source/{source}/health"), "")?;
            if health["waiting"] == json!({ "records": 0, "events": 0 }) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err("what was given is not in profiles after two hours".into())
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
        let id = json.pointer("/0/profile/id").and_then(Value::as_str);
        Ok(id.map(str::to_owned))
    }

    fn count(&mut self, object: &str) -> Result<u64> {
        let found = self.send("GET", &format!("/api/v1/{object}?select=count()"), "")?;
        Ok(found[0]["count"].as_u64().unwrap_or(0))
    }
}
