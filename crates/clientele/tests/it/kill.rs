//! `kill -9` at random moments of imports: what was acknowledged is there, once, and the next start needs no repair.

use std::collections::HashSet;
use std::process::Stdio;
use std::time::Duration;

use crate::program::{Program, said};

/// Kills of each of the four tests.
const KILLS: u32 = 25;
const ROWS: usize = 5_000;

/// Moments that are the same in every run of the test, though not on every machine.
struct Moments(u64);

impl Moments {
    fn next(&mut self, below: u64) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis((self.0 >> 33) % below)
    }
}

fn kill(seed: u64) {
    let program = Program::on_files();
    let mut moments = Moments(seed);
    let (mut kills, mut round) = (0, 0);
    while kills < KILLS {
        let mut text = "name,city,founded\n".to_owned();
        for n in 0..ROWS {
            text.push_str(&format!("R{round} N{n},Lille,{}\n", if n % 500 == 250 { "never" } else { "1999" }));
        }
        let file = program.write(&format!("round-{round}.csv"), &text);
        let rejects = program.write(&format!("rejected-{round}.csv"), "");
        let first = [
            "import",
            &file,
            "--object",
            "account",
            "--map",
            "name=name",
            "--map",
            "founded=founded",
            "--rejects",
            &rejects,
        ];
        let mut child = program.command(&first).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let name = said(&mut child, "import ");
        // After some kills an import is left to end, so that there are several imports.
        for _ in 0..10 {
            std::thread::sleep(moments.next(600));
            if child.try_wait().expect("its state").is_some() {
                break;
            }
            child.kill().expect("killed");
            child.wait().expect("ended");
            kills += 1;
            let again = ["import", "--resume", &name];
            child = program.command(&again).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        }
        assert!(child.wait().expect("ended").success(), "{name} of round {round}");
        let records = program.records("account", "name");
        let names: HashSet<&str> = records.iter().filter_map(|r| r["name"].as_str()).collect();
        round += 1;
        let wanted = (ROWS - ROWS / 500) * round;
        assert_eq!((records.len(), names.len()), (wanted, wanted), "after import {round} and {kills} kills");
        assert_eq!(std::fs::read_to_string(&rejects).expect("there").lines().count(), ROWS / 500 + 1);
        if kills >= KILLS {
            let out = program.run(&["undo", &name]);
            assert!(out.contains(&format!("{} removed", ROWS - ROWS / 500)), "{out}");
            assert_eq!(program.records("account", "name").len(), wanted - (ROWS - ROWS / 500));
        }
    }
}

#[test]
fn kills_at_random_moments_lose_nothing_and_double_nothing() {
    kill(1);
}

#[test]
fn kills_at_other_moments_lose_nothing_and_double_nothing() {
    kill(2);
}

#[test]
fn kills_at_more_moments_lose_nothing_and_double_nothing() {
    kill(3);
}

#[test]
fn kills_at_still_more_moments_lose_nothing_and_double_nothing() {
    kill(4);
}
