//! How far matching is, on a terminal.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use matching::Stage;

const EVERY: Duration = Duration::from_millis(100);
const WIDTH: usize = 24;

/// What is being done, with the share of the whole time that it usually takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Read,
    Match(Stage),
    Write,
}

const STEPS: [(Step, &str, f64); 7] = [
    (Step::Read, "reading", 0.15),
    (Step::Match(Stage::Normalise), "normalising", 0.20),
    (Step::Match(Stage::Block), "finding candidates", 0.20),
    (Step::Match(Stage::Learn), "learning", 0.10),
    (Step::Match(Stage::Score), "comparing", 0.20),
    (Step::Match(Stage::Cluster), "grouping", 0.05),
    (Step::Write, "writing", 0.10),
];

/// A line on standard error that is written over again and again; silent where that is no terminal.
pub struct Bar {
    started: Instant,
    shown: Option<Mutex<Instant>>,
    stop: &'static AtomicBool,
}

impl Bar {
    pub fn new(stop: &'static AtomicBool) -> Self {
        let now = Instant::now();
        let shown = std::io::stderr().is_terminal().then(|| Mutex::new(now));
        Self { started: now, shown, stop }
    }

    /// Shows how much of a step is done, from 0 to 1. False once the person has asked to stop.
    pub fn show(&self, step: Step, done: f64) -> bool {
        if let Some(shown) = &self.shown
            && let Ok(mut last) = shown.try_lock()
            && last.elapsed() >= EVERY
        {
            *last = Instant::now();
            eprint!("\r{}\x1b[K", line(step, done, self.started.elapsed()));
            // A terminal that cannot be written to is no reason to stop.
            let _ = std::io::stderr().flush();
        }
        !self.stop.load(Ordering::Relaxed)
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown.is_some() {
            eprint!("\r\x1b[K");
            let _ = std::io::stderr().flush();
        }
    }
}

fn line(step: Step, done: f64, elapsed: Duration) -> String {
    let before: f64 = STEPS.iter().take_while(|(other, _, _)| *other != step).map(|(_, _, share)| share).sum();
    let (name, share) = STEPS.iter().find(|held| held.0 == step).map_or(("", 0.0), |held| (held.1, held.2));
    let whole = (before + share * done.clamp(0.0, 1.0)).clamp(0.0, 1.0);
    let full = (whole * WIDTH as f64) as usize;
    let bar: String = (0..WIDTH).map(|place| if place < full { '█' } else { '░' }).collect();
    let left = elapsed.as_secs_f64() * (1.0 - whole) / whole.max(0.001);
    let left = if whole < 0.05 { String::new() } else { format!(", about {} left", span(left)) };
    format!("{bar} {:>3.0} %  {name}{left}", whole * 100.0)
}

fn span(seconds: f64) -> String {
    match seconds.ceil() as u64 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_the_step_and_what_is_left() {
        let shown = line(Step::Match(Stage::Learn), 0.5, Duration::from_secs(60));
        assert_eq!(shown, "██████████████░░░░░░░░░░  60 %  learning, about 40 s left");
        assert_eq!(line(Step::Read, 0.0, Duration::ZERO), "░░░░░░░░░░░░░░░░░░░░░░░░   0 %  reading");
        assert_eq!(span(61.2), "1 min 2 s");
    }

    #[test]
    fn steps_make_up_the_whole() {
        assert!((STEPS.iter().map(|(_, _, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
