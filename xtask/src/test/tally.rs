use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::AddAssign;
use std::process::{Command, Stdio};
use std::thread;

use crate::Result;
use crate::command::shown;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Whose closing lines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Nextest,
    Cargo,
    Node,
    Python,
}

/// Runs a test command, shows what it prints as it comes, and counts.
///
/// Returns the count and whether the command succeeded; errors when it cannot be started.
pub(super) fn count(runner: Runner, command: &mut Command) -> Result<(Tally, bool)> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{shown} cannot be started: {error}"))?;
    let (Some(output), Some(errors)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(format!("{shown} has no output to read").into());
    };
    let other = thread::spawn(move || pass_on(runner, errors, std::io::stderr()));
    let mut tally = pass_on(runner, output, std::io::stdout())?;
    tally += other.join().map_err(|_| format!("{shown}: its output could not be read"))??;
    Ok((tally, child.wait()?.success()))
}

fn pass_on(runner: Runner, from: impl Read, mut to: impl Write) -> std::io::Result<Tally> {
    let mut tally = Tally::default();
    for line in BufReader::new(from).split(b'\n') {
        let line = line?;
        to.write_all(&line)?;
        to.write_all(b"\n")?;
        tally += read(runner, &plain(&String::from_utf8_lossy(&line)));
    }
    Ok(tally)
}

/// What one line of a runner's output adds to the count.
fn read(runner: Runner, line: &str) -> Tally {
    let line = line.trim();
    match runner {
        Runner::Nextest => match line.strip_prefix("Summary [") {
            Some(summary) => Tally {
                passed: before(summary, "passed"),
                failed: before(summary, "failed") + before(summary, "timed out"),
                skipped: before(summary, "skipped"),
            },
            None => Tally::default(),
        },
        Runner::Cargo => match line.strip_prefix("test result: ") {
            Some(result) => Tally {
                passed: before(result, "passed"),
                failed: before(result, "failed"),
                skipped: before(result, "ignored"),
            },
            None => Tally::default(),
        },
        Runner::Node => {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [_, name, number] = words.as_slice() else {
                return Tally::default();
            };
            let number = number.parse().unwrap_or(0);
            match *name {
                "pass" => Tally { passed: number, ..Tally::default() },
                "fail" | "cancelled" => Tally { failed: number, ..Tally::default() },
                "skipped" => Tally { skipped: number, ..Tally::default() },
                _ => Tally::default(),
            }
        }
        Runner::Python => match line.rsplit_once(" ... ").map(|(_, outcome)| outcome) {
            Some("ok") => Tally { passed: 1, ..Tally::default() },
            Some("FAIL" | "ERROR") => Tally { failed: 1, ..Tally::default() },
            Some(outcome) if outcome.starts_with("skipped") => Tally { skipped: 1, ..Tally::default() },
            _ => Tally::default(),
        },
    }
}

/// The number that stands before a word, as 3 in `12 passed, 3 failed`; none is zero.
fn before(line: &str, word: &str) -> usize {
    let Some((left, _)) = line.split_once(&format!(" {word}")) else {
        return 0;
    };
    left.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The line without the terminal's colour codes.
fn plain(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(runner: Runner, text: &str) -> String {
        pass_on(runner, text.as_bytes(), Vec::new()).unwrap().to_string()
    }

    #[test]
    fn nextest() {
        let line = "     Summary [   0.114s] 122 tests run: 119 passed (2 slow), 2 failed, 1 timed out, 4 skipped\n";
        assert_eq!(counted(Runner::Nextest, line), "119 passed, 3 failed, 4 skipped");
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m5\u{1b}[0m tests run: \u{1b}[1m5\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped\n";
        assert_eq!(counted(Runner::Nextest, coloured), "5 passed, 0 failed");
    }

    #[test]
    fn cargo() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(counted(Runner::Cargo, text), "4 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn node() {
        let text = "✔ selects (3ms)\nℹ tests 9\nℹ pass 7\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n";
        assert_eq!(counted(Runner::Node, text), "7 passed, 2 failed");
    }

    #[test]
    fn python() {
        let text = "test_a (suite.Library.test_a) ... ok\ntest_b (suite.Library.test_b) ... FAIL\n\
                    test_c (suite.Library.test_c) ... skipped 'no server'\n\nRan 3 tests in 0.1s\nFAILED (failures=1, skipped=1)\n";
        assert_eq!(counted(Runner::Python, text), "1 passed, 1 failed, 1 skipped");
    }
}
