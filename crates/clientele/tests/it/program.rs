use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

use serde_json::Value as Json;

/// The program on an instance of its own.
pub struct Program {
    pub folder: tempfile::TempDir,
    /// The database, when it is not a file in the folder.
    pub database: Option<String>,
}

impl Program {
    /// With SQLite files in a new folder.
    pub fn on_files() -> Program {
        Program { folder: tempfile::tempdir().expect("a folder"), database: None }
    }

    /// With a PostgreSQL database made for it; `None` where there is no server.
    pub fn on_postgres(name: &str) -> Option<Program> {
        let Ok(url) = std::env::var("CLIENTELE_TEST_POSTGRES") else {
            eprintln!("CLIENTELE_TEST_POSTGRES is not set: PostgreSQL is not tested");
            return None;
        };
        let name = format!("clientele_{name}_{}", std::process::id());
        psql(&url, &format!("CREATE DATABASE {name}"));
        let (server, _) = url.rsplit_once('/').expect("an address ends in a database");
        Some(Program { folder: tempfile::tempdir().expect("a folder"), database: Some(format!("{server}/{name}")) })
    }

    /// A command of the program, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clientele"));
        command.current_dir(self.folder.path()).env_remove("CLIENTELE_DATA").env_remove("CLIENTELE_DATABASE");
        match &self.database {
            None => command.env("CLIENTELE_DATA", self.folder.path().join("data")),
            Some(url) => command.env("CLIENTELE_DATABASE", url),
        };
        command.args(args);
        command
    }

    /// What a command prints; it must succeed.
    pub fn run(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(args).output().expect("the program starts");
        let out = String::from_utf8_lossy(&stdout).into_owned();
        assert!(status.success(), "{args:?}: {out}{}", String::from_utf8_lossy(&stderr));
        out
    }

    /// The last line that a command prints, as JSON.
    pub fn json(&self, args: &[&str]) -> Json {
        let out = self.run(&[args, &["--json"]].concat());
        serde_json::from_str(out.lines().last().unwrap_or_default()).unwrap_or_else(|e| panic!("{e}: {out}"))
    }

    /// Some fields of all records of an object.
    pub fn records(&self, object: &str, fields: &str) -> Vec<Json> {
        let path = self.path(&format!("{object}-export.jsonl"));
        self.run(&["export", object, "--fields", fields, "--out", path.to_str().expect("a plain path")]);
        let text = std::fs::read_to_string(path).expect("exported");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("written");
        text_of(&path)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let (Some(url), Ok(server)) = (&self.database, std::env::var("CLIENTELE_TEST_POSTGRES")) {
            let name = url.rsplit('/').next().unwrap_or_default();
            psql(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// What follows `start` in the first line of what a program prints that begins so. The rest is read so that it never waits for a full pipe.
pub fn said(child: &mut Child, start: &str) -> String {
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let found = lines.find_map(|line| line.expect("text").strip_prefix(start).map(str::to_owned));
    std::thread::spawn(move || lines.for_each(drop));
    found.unwrap_or_else(|| panic!("it does not say “{start}”"))
}

pub fn text_of(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

/// What a statement answers, as bare text.
pub fn psql(url: &str, statement: &str) -> String {
    let output = Command::new("psql").args(["-qAt", "-d", url, "-c", statement]).output().expect("psql is installed");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
