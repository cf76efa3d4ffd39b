//! A database that goes away in the middle of an import: a clear error, and the import goes on when it is back.

use std::io::Read;
use std::process::Stdio;

use crate::program::{Program, psql, said};

const ROWS: usize = 20_000;

#[test]
fn an_import_survives_the_loss_of_its_database() {
    let Some(program) = Program::on_postgres("gone") else { return };
    let server = std::env::var("CLIENTELE_TEST_POSTGRES").expect("a server");
    let url = program.database.clone().expect("a database");
    let database = url.rsplit('/').next().expect("a name").to_owned();
    let mut text = "name\n".to_owned();
    for n in 0..ROWS {
        text.push_str(&format!("Company {n}\n"));
    }
    let file = program.write("companies.csv", &text);
    let mut child = program
        .command(&["import", &file, "--object", "account", "--map", "name=name"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let name = said(&mut child, "import ");
    while psql(&url, "SELECT count(*) > 0 FROM t_main.account") != "t" {}
    psql(&server, &format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false"));
    psql(&server, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"));
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    assert_eq!(child.wait().expect("ended").code(), Some(1), "{said}");
    assert!(said.contains("the database does not answer"), "{said}");
    assert!(said.contains(&format!("--resume {name}")), "{said}");
    psql(&server, &format!("ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true"));
    let there = psql(&url, "SELECT count(*) FROM t_main.account");
    assert_eq!(there.parse::<usize>().expect("a number") % 1_000, 0, "no chunk is half there");
    let result = program.json(&["import", "--resume", &name]);
    assert_eq!((result["created"].as_u64(), result["state"].as_str()), (Some(ROWS as u64), Some("done")));
    assert_eq!(program.records("account", "name").len(), ROWS);
}
