//! Nothing crosses from one tenant to another.

use serde_json::json;

use crate::program::Program;
use crate::server::{Server, ask};

fn isolated(program: &Program) {
    let mut tokens = Vec::new();
    for name in ["north", "south"] {
        let host = format!("{name}.example");
        program.run(&["tenant", "create", name, "--host", &host]);
        let email = format!("ada@{host}");
        program.run(&["user", "create", &email, "--name", "Ada", "--role", "admin", "--tenant", name]);
        tokens.push(
            program.run(&["token", "create", "--user", &email, "--name", "t", "--tenant", name]).trim().to_owned(),
        );
    }
    let [north, south] = <[String; 2]>::try_from(tokens).expect("two");
    let server = Server::start(program);
    let at = server.address();
    let made = ask(&at, "north.example", "POST", "/api/v1/account", &north, Some(&json!({"name": "Secret"})))
        .expect("an answer");
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json();
    let id = made["id"].as_str().or_else(|| made[0]["id"].as_str()).expect("an id").to_owned();

    let status =
        |host: &str, path: &str, token: &str| ask(&at, host, "GET", path, token, None).expect("an answer").status;
    assert_eq!(status("north.example", &format!("/api/v1/account/{id}"), &north), 200);
    // The same record under the other host, with either key, and with the other's key under the first host.
    assert_eq!(status("south.example", &format!("/api/v1/account/{id}"), &south), 404);
    assert_eq!(status("south.example", &format!("/api/v1/account/{id}"), &north), 401);
    assert_eq!(status("north.example", &format!("/api/v1/account/{id}"), &south), 401);
    let list = ask(&at, "south.example", "GET", "/api/v1/account", &south, None).expect("an answer");
    assert_eq!(list.json(), json!([]));
    let found = ask(&at, "south.example", "GET", "/api/v1/search?q=secret", &south, None).expect("an answer");
    assert!(!found.body.contains("Secret"), "{}", found.body);
    // A reference to the other tenant's record points to nothing.
    let contact = json!({"name": {"last": "Spy"}, "account": id});
    let refused = ask(&at, "south.example", "POST", "/api/v1/contact", &south, Some(&contact)).expect("an answer");
    assert_eq!(refused.status, 422, "{}", refused.body);
    // An object added in one is not in the other.
    let ship = r#"{"name":"ship","icon":"ship","title":"name","label":{"en":"Ship"},"fields":[{"name":"name","type":"text","max":50,"label":{"en":"Name"}}]}"#;
    let file = program.write("ship.json", ship);
    program.run(&["object", "define", &file, "--tenant", "north"]);
    assert_eq!(status("south.example", "/api/v1/ship", &south), 404);

    program.run(&["tenant", "suspend", "north"]);
    let list = program.run(&["tenant", "list"]);
    assert!(list.contains("suspended since"), "{list}");
    drop(server);
    let server = Server::start(program);
    let at = server.address();
    let status =
        |host: &str, path: &str, token: &str| ask(&at, host, "GET", path, token, None).expect("an answer").status;
    assert_eq!(status("north.example", "/api/v1/account", &north), 403);
    assert_eq!(status("south.example", "/api/v1/account", &south), 200);
    program.run(&["tenant", "resume", "north"]);
    drop(server);
    program.run(&["tenant", "erase", "north", "--confirm", "north"]);
    let server = Server::start(program);
    assert_eq!(
        ask(&server.address(), "north.example", "GET", "/api/v1/account", &north, None).expect("an answer").status,
        404
    );
    assert_eq!(
        ask(&server.address(), "south.example", "GET", "/api/v1/account", &south, None).expect("an answer").status,
        200
    );
}

#[test]
fn tenants_in_files_are_isolated() {
    isolated(&Program::on_files());
}

#[test]
fn tenants_in_schemas_are_isolated() {
    if let Some(program) = Program::on_postgres("tenants") {
        isolated(&program);
    }
}

#[test]
fn a_tenant_cannot_take_another_s_name_or_host() {
    let program = Program::on_files();
    program.run(&["tenant", "create", "north", "--host", "north.example"]);
    for args in
        [["north", "--host", "x.example"], ["other", "--host", "north.example"], ["No Name", "--host", "y.example"]]
    {
        let out = program.command(&[&["tenant", "create"][..], &args[..]].concat()).output().expect("ran");
        assert_eq!(out.status.code(), Some(2), "{args:?}");
    }
    let out = program.command(&["tenant", "erase", "north", "--confirm", "nord"]).output().expect("ran");
    assert_eq!(out.status.code(), Some(2));
    assert!(program.run(&["tenant", "list"]).contains("north.example"));
}
