//! A backup put back does not bring back who was erased after it was made.

use serde_json::Value as Json;

use crate::program::Program;
use crate::server::Server;

const PEOPLE: &str = "number,first name,last name,email
1,Zephyrine,Quillfeather,zephyrine@exemple-mail.fr
2,Anselme,Brouillard,anselme@exemple-mail.fr
";

fn profiles(program: &Program) -> Vec<Json> {
    let mut found = program.records("profile", "id,name");
    found.sort_by_key(|profile| profile["name"].to_string());
    found
}

fn names(program: &Program) -> Vec<String> {
    profiles(program).iter().map(|profile| profile["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn a_backup_is_put_back(program: &Program) {
    let file = program.write("people.csv", PEOPLE);
    program.run(&["source", "create", "People", "--kind", "file"]);
    program.run(&["source", "load", "People", &file, "--key", "number"]);
    let server = Server::start(program);
    while profiles(program).len() < 2 {}
    drop(server);
    let copy = program.path("copy.db").display().to_string();
    program.run(&["backup", "--out", &copy]);

    let person = profiles(program).remove(1);
    assert_eq!(person["name"], "Zephyrine Quillfeather");
    let id = person["id"].as_str().expect("an identifier");
    let unsure = program.command(&["erasure", "run", id]).output().expect("runs");
    assert_eq!(unsure.status.code(), Some(2), "not without --yes");
    assert_eq!(names(program).len(), 2);
    program.run(&["erasure", "run", id, "--yes"]);
    assert_eq!(names(program), ["Anselme Brouillard"]);
    let stones = program.path("stones.json").display().to_string();
    program.run(&["erasure", "export", "--out", &stones]);
    let text = std::fs::read_to_string(&stones).expect("written");
    assert!(!text.contains("zephyrine"), "hashes only");

    let wrong = program.write("wrong.json", "{}");
    let refused = program.command(&["restore", "--from", &copy, "--tombstones", &wrong]).output().expect("runs");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("everything is as before"), "{refused:?}");
    assert_eq!(names(program), ["Anselme Brouillard"]);
    let said = program.run(&["restore", "--from", &copy]);
    assert!(said.contains("people erased anew: 1"), "{said}");
    assert_eq!(names(program), ["Anselme Brouillard"], "the copy is from before the erasure");
    program.run(&["source", "load", "People", &file, "--key", "number"]);
    assert_eq!(names(program), ["Anselme Brouillard"], "and still kept out");

    let lifted = program.run(&["erasure", "lift", "zephyrine@exemple-mail.fr"]);
    assert!(lifted.contains("let in again"), "{lifted}");
}

#[test]
fn a_backup_of_a_file_is_put_back() {
    let program = Program::on_files();
    a_backup_is_put_back(&program);

    let there = program.path("data").join("tenants");
    let kept = || {
        let names = std::fs::read_dir(&there).expect("a folder").map(|file| file.expect("a file").file_name());
        names.filter(|name| name.to_string_lossy().contains(".before-")).count()
    };
    let before = kept();
    let wrong = program.write("wrong.db", "no database");
    let refused = program.command(&["restore", "--from", &wrong]).output().expect("runs");
    assert!(!refused.status.success(), "no database of ours");
    assert_eq!(names(&program), ["Anselme Brouillard"], "what was there is there");
    assert_eq!(kept(), before, "and nothing more beside it");

    let copy = program.path("copy.db").display().to_string();
    let _server = Server::start(&program);
    let busy = program.command(&["restore", "--from", &copy]).output().expect("runs");
    assert!(String::from_utf8_lossy(&busy.stderr).contains("in use"), "{busy:?}");
}

#[test]
fn a_backup_of_a_schema_is_put_back() {
    let Some(program) = Program::on_postgres("restore") else { return };
    a_backup_is_put_back(&program);
}
