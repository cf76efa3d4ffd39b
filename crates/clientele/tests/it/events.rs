//! `kill -9` at random moments while events come in: every acknowledged event is there exactly once.

use std::collections::HashSet;

use kernel::Id;
use serde_json::{Value as Json, json};
use store::{Control, Store};

use crate::program::Program;
use crate::server::{Server, acknowledged_through_kills, ask};

const KILLS: u64 = 50;
const WRITERS: u64 = 3;
const BATCH: u64 = 20;

/// The events of one request: every second one says something about a person.
fn batch(name: &str) -> Json {
    let events = (0..BATCH).map(|n| match n % 2 {
        0 => json!({"type": "track", "messageId": format!("{name} {n}"), "userId": "u", "event": "Clicked"}),
        _ => {
            let traits = json!({"from": name, "n": n});
            json!({"type": "identify", "messageId": format!("{name} {n}"), "userId": name, "traits": traits})
        }
    });
    json!({ "batch": events.collect::<Vec<_>>() })
}

/// The message identifiers of all events of a source, and how many versions its records have together.
fn kept(program: &Program, source: Id) -> (Vec<String>, i64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let control = match &program.database {
            Some(url) => Control::in_database(url).await,
            None => Control::in_folder(&program.path("data")).await,
        };
        let store = Store::open(&control.expect("opened").place("main")).await.expect("opened");
        let mut reader = store.read().await.expect("a reader");
        let (mut messages, mut before) = (Vec::new(), None);
        loop {
            let events = reader.events_from(source, before, 1_000).await.expect("read");
            let Some(last) = events.last() else { break };
            before = Some(last.seq);
            let message = |payload: &str| serde_json::from_str::<Json>(payload).expect("JSON")["messageId"].clone();
            messages.extend(events.iter().map(|e| message(&e.payload).as_str().expect("a text").to_owned()));
        }
        let (mut versions, mut after) = (0, None);
        loop {
            let records = reader.source_records(source, after.as_deref(), 1_000).await.expect("read");
            let Some(last) = records.last() else { break };
            after = Some(last.key.clone());
            versions += records.iter().map(|r| r.version).sum::<i64>();
        }
        (messages, versions)
    })
}

fn kill(program: &Program) {
    let source = program.run(&["source", "create", "Site"]);
    let source = Id::parse(source.trim(), "src").expect("an identifier");
    let key = program.run(&["source", "key", "Site"]).trim().to_owned();
    let bearer = key.clone();
    let acknowledged = acknowledged_through_kills(program, KILLS, WRITERS, move |address, name| {
        let mut body = batch(name);
        body["writeKey"] = json!(bearer);
        match ask(address, "localhost", "POST", "/v1/batch", "", Some(&body)) {
            Some(answer) if answer.status == 200 => {
                let json = answer.json();
                assert_eq!(json["accepted"], BATCH, "{json}");
                true
            }
            Some(answer) => panic!("{}: {}", answer.status, answer.body),
            None => false,
        }
    });
    assert!(acknowledged.len() > 20, "only {} requests were acknowledged", acknowledged.len());
    let (messages, versions) = kept(program, source);
    let seen: HashSet<&str> = messages.iter().map(String::as_str).collect();
    assert_eq!(seen.len(), messages.len(), "an event is there twice");
    let of = |name: &String| (0..BATCH).map(|n| format!("{name} {n}")).collect::<Vec<_>>();
    assert!(acknowledged.iter().flat_map(of).all(|m| seen.contains(m.as_str())), "an acknowledged event is missing");
    assert_eq!(messages.len() as u64 % BATCH, 0, "a request is half there");
    assert!(messages.len() <= (acknowledged.len() + (WRITERS * KILLS) as usize) * BATCH as usize);
    // What events say about people is there with them.
    assert_eq!(versions as u64, messages.len() as u64 / 2);
    // What is kept is not kept again.
    let server = Server::start(program);
    let mut body = batch(&acknowledged[0]);
    body["writeKey"] = json!(key);
    let answer = ask(&server.address(), "localhost", "POST", "/v1/batch", "", Some(&body)).expect("an answer").json();
    assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(0), &json!(BATCH)));
}

#[test]
fn acknowledged_events_survive_kills_on_files() {
    kill(&Program::on_files());
}

#[test]
fn acknowledged_events_survive_kills_on_postgres() {
    if let Some(program) = Program::on_postgres("events") {
        kill(&program);
    }
}
