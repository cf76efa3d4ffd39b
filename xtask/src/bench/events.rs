//! Events by the Segment specification, a hundred a request, on each database.

use std::fmt::Write;

use serde_json::{Value, json};

use super::figures::{self, thousands};
use super::load::{self, Client, Request};
use super::product::Product;
use super::scenario::{Scenario, scatter};
use super::{Wish, built, databases};
use crate::Result;
use crate::workspace::Workspace;

/// Events in a request.
const BATCH: u64 = 100;
/// People who do what is told of.
const PEOPLE: u64 = 50_000;
const NAMES: [&str; 4] = ["Product Viewed", "Products Searched", "Product Added", "Checkout Started"];
/// Of so many things people do, one is an order.
const AN_ORDER_IN: usize = 50;

/// Puts the door for events under load and writes the figures into `docs/events.md`.
///
/// Errors when the product cannot be built or started, and when a request is answered with anything but success.
pub(super) fn run(arguments: &[&str]) -> Result {
    let wish = Wish::read(arguments)?;
    let workspace = Workspace::open()?;
    let binary = built(&wish, &workspace)?;
    let mut text = "| database | events/s | requests/s | p50 | p95 | p99 | CPU an event (database server's) | memory |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    databases(&wish, |name, database, _| {
        let product = Product::start(&binary, database)?;
        let key = write_key(&product)?;
        let scenario = Scenario {
            name: "events",
            bars: "10,000 events/s",
            request: Box::new(move |n| Request::api("POST", "/v1/batch", "", &batch(&key, n, PEOPLE))),
        };
        eprintln!("==> {name}: {}", scenario.name);
        let outcome = load::run(&product, &scenario, wish.seconds)?;
        let [p50, p95, p99] = outcome.times;
        let an_event = |request: f64| request * 1_000.0 / BATCH as f64;
        let database =
            if outcome.work.1 > 0.0 { format!(" ({:.0} µs)", an_event(outcome.work.1)) } else { String::new() };
        writeln!(
            text,
            "| {name} | {} | {} | {p50:.0} ms | {p95:.0} ms | {p99:.0} ms | {:.0} µs{database} | {} MB |",
            thousands((outcome.per_second * BATCH as f64) as u64),
            thousands(outcome.per_second as u64),
            an_event(outcome.work.0),
            product.memory()?.1,
        )?;
        Ok(())
    })?;
    print!("{text}");
    figures::write(&workspace.root.join("docs").join("events.md"), "load", &text)
}

/// Sends events of people who are known by the numbers up to `people`, a hundred a request, on all connections.
pub(super) fn send(product: &Product, key: &str, events: u64, people: u64) -> Result {
    load::all(product, events / BATCH, |n| Request::api("POST", "/v1/batch", "", &batch(key, n, people)))
}

/// Makes a source with a write key.
fn write_key(product: &Product) -> Result<String> {
    let mut client = Client::connect(&product.address)?;
    let mut ask = |method: &str, path: &str, body: &str| -> Result<Value> {
        let answer = client.send(&Request::api(method, path, &product.token, body))?;
        let text = String::from_utf8_lossy(&answer.body);
        if !(200..300).contains(&answer.status) {
            return Err(format!("{path} is answered with {}: {text}", answer.status).into());
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    };
    ask("POST", "/api/v1/source", &json!({ "name": "bench" }).to_string())?;
    let sources = ask("GET", "/api/v1/source?select=id", "")?;
    let id = sources[0]["id"].as_str().ok_or("the source is not there")?;
    let key = ask("POST", &format!("/api/v1/source/{id}/keys"), &json!({ "name": "bench" }).to_string())?;
    Ok(key["key"].as_str().ok_or("the key is not shown")?.to_owned())
}

/// A request's body: what a shop tells of its visitors, with the context that the SDKs give.
fn batch(key: &str, number: u64, people: u64) -> String {
    let mut out = String::with_capacity(BATCH as usize * 700);
    let _ = write!(out, "{{\"writeKey\":\"{key}\",\"sentAt\":\"2026-11-22T12:00:01.000Z\",\"batch\":[");
    for n in number * BATCH..(number + 1) * BATCH {
        let (person, random) = (scatter(n) as u64 % people, scatter(n.wrapping_add(1 << 40)));
        let name = if random % AN_ORDER_IN == 0 { "Order Completed" } else { NAMES[random % NAMES.len()] };
        let comma = if n % BATCH == 0 { "" } else { "," };
        let head = format!(
            "{comma}{{\"messageId\":\"{random:08x}-{n:016x}\",\"timestamp\":\"2026-11-22T12:00:00.000Z\",\"userId\":\"{person}\",\"anonymousId\":\"a-{person}\""
        );
        let context = "\"context\":{\"library\":{\"name\":\"bench\",\"version\":\"1.0.0\"},\"ip\":\"192.0.2.7\",\"locale\":\"fr-FR\",\"page\":{\"path\":\"/p\",\"referrer\":\"https://search.example/\",\"title\":\"Produit\",\"url\":\"https://shop.example/p\"},\"userAgent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\"}";
        // One event in fifty says something about the person.
        let _ = if n % 50 == 0 {
            write!(
                out,
                "{head},\"type\":\"identify\",\"traits\":{{\"email\":\"p{person}@shop.example\",\"city\":\"Lille\"}},{context}}}"
            )
        } else {
            write!(
                out,
                "{head},\"type\":\"track\",\"event\":\"{name}\",\"properties\":{{\"product_id\":\"{}\",\"price\":{}.5,\"quantity\":{},\"total\":{}.5,\"currency\":\"EUR\"}},{context}}}",
                random % 9_000,
                random % 300,
                random % 4 + 1,
                random % 300 * (random % 4 + 1)
            )
        };
    }
    out.push_str("]}");
    out
}
