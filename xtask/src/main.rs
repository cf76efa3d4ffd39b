//! The repository's own commands, run as `cargo xtask <command>`.

mod bench;
mod check;
mod command;
mod finding;
mod new;
mod schemathesis;
mod test;
mod workspace;

use std::process::ExitCode;

use self::check::Extent;

const USAGE: &str = "\
cargo xtask <command>

  check              format, lints, docs, dependencies, layers, tidy rules, words, snapshots
  check --quick      what of these needs no compilation
  test [-- ARGS]     every test, on SQLite, on PostgreSQL and in a browser;
                     ARGS go to cargo nextest, and then only it runs
  bench [--contacts N] [--seconds S] [sqlite] [postgres]
                     the product under load with a million contacts, on both databases; the figures go to
                     docs/benchmarks.md
  bench events [--seconds S] [--binary PATH] [sqlite] [postgres]
                     events in batches of a hundred, on both databases; the figures go to docs/events.md
  bench profiles --file PEOPLE.csv [--binary PATH] [sqlite] [postgres]
                     people given to a source until they are profiles, then one more; the figures go to docs/benchmarks.md
  bench matching [--rows N] [--growth] [--alone] [--binary FILE]
                     `clientele match` beside Splink, which is installed from PyPI into the target folder
  new object APP NAME
                     the folder of a new object
  schemathesis [-- ARGS]
                     the API against its OpenAPI document, with requests made up by Schemathesis
";

/// What a command of this tool returns; the error is a sentence for the person at the terminal.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => check::run(Extent::Everything),
        ["check", "--quick"] => check::run(Extent::Quick),
        ["test"] => test::run(&[]),
        ["test", "--", rest @ ..] => test::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["new", "object", app, name] => new::object(app, name),
        ["schemathesis"] => schemathesis::run(&[]),
        ["schemathesis", "--", rest @ ..] => schemathesis::run(rest),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("no such command: {}\n\n{USAGE}", other.join(" ")).into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
