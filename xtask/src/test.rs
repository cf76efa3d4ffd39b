pub(crate) mod install;
mod javascript;
mod mariadb;
pub(crate) mod postgres;
mod python;
mod server;
mod tally;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::postgres::Use;
use self::tally::{Runner, Tally};
use crate::workspace::Workspace;
use crate::{Result, command};

/// Names of the variables that tests read.
const POSTGRES: &str = "CLIENTELE_TEST_POSTGRES";
const POSTGRES_CA: &str = "CLIENTELE_TEST_POSTGRES_CA";
const MYSQL: &str = "CLIENTELE_TEST_MYSQL";
const MYSQL_CA: &str = "CLIENTELE_TEST_MYSQL_CA";
const CHROMIUM: &str = "CLIENTELE_TEST_CHROMIUM";
const BINARY: &str = "CLIENTELE_TEST_BINARY";

/// Sets up what the tests need, runs them all and ends in one line, `N passed, N failed`.
///
/// With arguments only nextest runs, with them. Errors when a test fails, or when something is missing that
/// cannot be installed; the sentence then says what to install.
pub(crate) fn run(arguments: &[&str]) -> Result {
    let workspace = Workspace::open()?;
    let chromium = install::chromium()?;
    let server = postgres::start(&install::postgres()?, Use::Tests)?;
    let other = mariadb::start(&install::mariadb()?)?;
    let mut environment = vec![
        (POSTGRES, OsString::from(postgres::address(&server))),
        (POSTGRES_CA, OsString::from(server.certificate())),
        (MYSQL, OsString::from(mariadb::address(&other))),
        (MYSQL_CA, OsString::from(other.certificate())),
        (CHROMIUM, OsString::from(chromium)),
    ];
    if let Some(binary) = build_binary(&workspace)? {
        environment.push((BINARY, binary.into()));
    }

    let mut run = Run { root: &workspace.root, environment, tally: Tally::default(), broken: Vec::new() };
    if command::succeeds(command::cargo(run.root).args(["nextest", "--version"])) {
        run.nextest(arguments);
    } else {
        run.cargo_test(arguments);
    }
    if arguments.is_empty() {
        run.doc_tests();
        for suite in javascript::suites(&workspace.root)? {
            run.javascript(&suite);
        }
        for suite in python::suites(&workspace.root)? {
            run.python(&suite, &workspace.target);
        }
    }
    server.stop()?;
    other.stop()?;
    run.end()
}

/// Builds the product for the suites that start it as a person would.
fn build_binary(workspace: &Workspace) -> Result<Option<PathBuf>> {
    if !workspace.has("clientele") {
        return Ok(None);
    }
    command::run(command::cargo(&workspace.root).args(["build", "--package", "clientele"]))?;
    Ok(Some(workspace.target.join("debug").join("clientele")))
}

/// One run of every suite: what it counted so far, and what could not run to its end.
struct Run<'a> {
    root: &'a Path,
    environment: Vec<(&'static str, OsString)>,
    tally: Tally,
    broken: Vec<String>,
}

impl Run<'_> {
    fn nextest(&mut self, arguments: &[&str]) {
        let mut command = command::cargo(self.root);
        command.args(["nextest", "run"]).args(scope(arguments)).args(arguments);
        self.suite(Runner::Nextest, &mut command);
    }

    fn cargo_test(&mut self, arguments: &[&str]) {
        let mut command = command::cargo(self.root);
        command.args(["test", "--no-fail-fast", "--all-targets"]).args(scope(arguments)).args(arguments);
        self.suite(Runner::Cargo, &mut command);
    }

    fn doc_tests(&mut self) {
        let mut command = command::cargo(self.root);
        command.args(["test", "--doc", "--workspace", "--no-fail-fast", "--quiet"]);
        self.suite(Runner::Cargo, &mut command);
    }

    fn javascript(&mut self, suite: &Path) {
        match javascript::prepare(suite) {
            Ok(mut command) => self.suite(Runner::Node, &mut command),
            Err(error) => self.broken.push(error.to_string()),
        }
    }

    fn python(&mut self, suite: &Path, target: &Path) {
        match python::prepare(suite, target) {
            Ok(mut command) => self.suite(Runner::Python, &mut command),
            Err(error) => self.broken.push(error.to_string()),
        }
    }

    fn suite(&mut self, runner: Runner, command: &mut Command) {
        let shown = command::shown(command);
        match command.get_current_dir().filter(|folder| *folder != self.root) {
            Some(folder) => println!("==> {shown}, in {}", folder.display()),
            None => println!("==> {shown}"),
        }
        if std::io::stdout().is_terminal() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        match tally::count(runner, command) {
            Ok((counted, succeeded)) => {
                if !succeeded && counted.failed == 0 {
                    self.broken.push(format!("{shown} failed before a test did"));
                }
                self.tally += counted;
            }
            Err(error) => self.broken.push(error.to_string()),
        }
    }

    fn end(mut self) -> Result {
        for broken in &self.broken {
            println!("FAIL  {broken}");
        }
        self.tally.failed += self.broken.len();
        println!("{}", self.tally);
        if self.tally.failed > 0 {
            return Err("not every test passed".into());
        }
        if self.tally.passed == 0 {
            return Err("no test ran".into());
        }
        Ok(())
    }
}

/// The whole workspace, unless the arguments name packages themselves.
fn scope(arguments: &[&str]) -> &'static [&'static str] {
    let names_packages = arguments.iter().any(|argument| {
        matches!(*argument, "--workspace" | "--all" | "--manifest-path")
            || argument.starts_with("-p")
            || argument.starts_with("--package")
    });
    if names_packages { &[] } else { &["--workspace"] }
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[test]
    fn the_whole_workspace_runs_unless_packages_are_named() {
        assert_eq!(scope(&[]), ["--workspace"]);
        assert_eq!(scope(&["paging"]), ["--workspace"]);
        assert!(scope(&["-p", "store"]).is_empty());
        assert!(scope(&["--package=store"]).is_empty());
    }
}
