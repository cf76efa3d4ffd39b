//! `kill -9` at random moments of writes over the API: every acknowledged record is there, once, and nothing else is half there.

use std::collections::HashSet;

use serde_json::json;

use crate::program::Program;
use crate::server::{Server, acknowledged_through_kills, ask};

const KILLS: u64 = 25;
const WRITERS: u64 = 4;

fn kill(program: &Program) {
    program
        .command(&["user", "create", "ada@acme.example", "--name", "Ada", "--role", "admin"])
        .output()
        .expect("made");
    let token = program.run(&["token", "create", "--user", "ada@acme.example", "--name", "test"]).trim().to_owned();
    let bearer = token.clone();
    let acknowledged = acknowledged_through_kills(program, KILLS, WRITERS, move |address, name| {
        match ask(address, "localhost", "POST", "/api/v1/account", &bearer, Some(&json!({ "name": name }))) {
            Some(answer) if answer.status == 201 => true,
            Some(answer) => panic!("{}: {}", answer.status, answer.body),
            None => false,
        }
    });
    let records = program.records("account", "name");
    let names: HashSet<&str> = records.iter().filter_map(|r| r["name"].as_str()).collect();
    assert!(acknowledged.len() > 50, "only {} writes were acknowledged", acknowledged.len());
    assert!(acknowledged.iter().all(|name| names.contains(name.as_str())), "an acknowledged record is missing");
    assert_eq!(names.len(), records.len(), "a record is there twice");
    // What was under way when the server died may be there or not: at most one record a writer and kill.
    assert!(names.len() <= acknowledged.len() + (WRITERS * KILLS) as usize);
    let server = Server::start(program);
    let history = ask(
        &server.address(),
        "localhost",
        "GET",
        &format!("/api/v1/account/{}/history", id(&server, &token)),
        &token,
        None,
    );
    assert_eq!(history.expect("an answer").status, 200);
}

fn id(server: &Server, token: &str) -> String {
    let list = ask(&server.address(), "localhost", "GET", "/api/v1/account?select=id&limit=1", token, None)
        .expect("an answer")
        .json();
    list[0]["id"].as_str().expect("an account").to_owned()
}

#[test]
fn acknowledged_writes_survive_kills_on_files() {
    kill(&Program::on_files());
}

#[test]
fn acknowledged_writes_survive_kills_on_postgres() {
    if let Some(program) = Program::on_postgres("writes") {
        kill(&program);
    }
}
