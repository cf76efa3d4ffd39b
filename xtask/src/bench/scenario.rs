//! The requests that are measured, each never twice the same in a row.

use std::sync::atomic::{AtomicU64, Ordering};

use super::load::{Client, Request};
use super::product::Product;
use crate::Result;

/// One kind of request.
pub(super) struct Scenario<'a> {
    pub(super) name: &'static str,
    /// What is asked of it.
    pub(super) bars: &'static str,
    /// The request with a number.
    pub(super) request: Box<dyn Fn(u64) -> Request + Sync + 'a>,
}

/// Records whose identifiers are known beforehand.
const KNOWN: u64 = 4_000;
const LIFECYCLES: [&str; 4] = ["prospect", "new_customer", "loyal", "advocate"];
/// A list page with the condition that its filter builder makes.
const FILTERED: &str = "/o/contact?sort=name&filter=%7B%22is%22%3A%7B%22field%22%3A%22lifecycle%22%2C%22op%22%3A%22eq%22%2C%22operand%22%3A%22LIFECYCLE%22%7D%7D";
const WORDS: [&str; 8] = ["martin", "bernard", "duran", "le gall", "petit marie", "dupont", "moreau", "lefevre"];

/// All kinds.
pub(super) fn all(product: &Product, contacts: u64) -> Result<Vec<Scenario<'_>>> {
    let ids = known(product, contacts)?;
    let pages = ids.clone();
    let token = product.token.as_str();
    let cookie = product.cookie.as_str();
    let get = move |path: &str| Request::api("GET", path, token, "");
    let page = move |path: &str| Request::page(path, cookie);
    let lifecycle = |n: u64| LIFECYCLES[(n % 4) as usize];
    let fresh = AtomicU64::new(0);
    Ok(vec![
        Scenario {
            name: "API list: 50 rows, filter and sort",
            bars: "0.5 ms, 3,000/s, p95 20 ms",
            request: Box::new(move |n| {
                let order = ["name", "updated_at.desc"][(n / 4 % 2) as usize];
                get(&format!("/api/v1/contact?lifecycle=eq.{}&order={order}&limit=50", lifecycle(n)))
            }),
        },
        Scenario {
            name: "API read",
            bars: "0.15 ms",
            request: Box::new(move |n| get(&format!("/api/v1/contact/{}", ids[scatter(n) % ids.len()]))),
        },
        Scenario {
            name: "API create",
            bars: "0.4 ms",
            request: Box::new(move |_| {
                let n = fresh.fetch_add(1, Ordering::Relaxed);
                let body = format!(
                    "{{\"name\":{{\"first\":\"Jeanne\",\"last\":\"Arrivée {n}\"}},\"emails\":[{{\"value\":\"arrivee.{n}@new.example\"}}],\"external_id\":\"new-{n}\"}}"
                );
                Request::api("POST", "/api/v1/contact", token, &body)
            }),
        },
        Scenario {
            name: "API search",
            bars: "p95 20 ms",
            request: Box::new(move |n| {
                get(&format!("/api/v1/search?q={}", WORDS[(n % 8) as usize].replace(' ', "%20")))
            }),
        },
        Scenario {
            name: "list page",
            bars: "1 ms, p95 20 ms",
            request: Box::new(move |n| page(&FILTERED.replace("LIFECYCLE", lifecycle(n)))),
        },
        Scenario {
            name: "record page",
            bars: "1 ms, p95 20 ms",
            request: Box::new(move |n| page(&format!("/o/contact/{}", pages[scatter(n) % pages.len()]))),
        },
    ])
}

/// A number far from its neighbours', so that no two requests in a row meet the same page of the file.
pub(super) fn scatter(n: u64) -> usize {
    (n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

/// The identifiers of records all over the table.
fn known(product: &Product, contacts: u64) -> Result<Vec<String>> {
    let mut client = Client::connect(&product.address)?;
    let mut ids = Vec::new();
    let step = (contacts / KNOWN).max(1);
    let keys: Vec<String> = (0..contacts).step_by(step as usize).map(demo_key).collect();
    for chunk in keys.chunks(200) {
        let path = format!("/api/v1/contact?select=id&external_id=in.({})", chunk.join(","));
        let answer = client.send(&Request::api("GET", &path, &product.token, ""))?;
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&answer.body)?;
        ids.extend(rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)));
    }
    if ids.is_empty() { Err("no contact that was imported is found".into()) } else { Ok(ids) }
}

fn demo_key(number: u64) -> String {
    demo::Company::new(demo::Plan::new(1, jiff::civil::date(2026, 1, 1))).record("contact", number).key
}
