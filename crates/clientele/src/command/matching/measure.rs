//! What a run cost, as the system counts it.

use std::time::Instant;

/// Ticks a second in `/proc`, the same on every Linux machine (`USER_HZ`, proc(5)).
const TICKS: f64 = 100.0;

/// Starts when it is made.
pub struct Cost {
    started: Instant,
}

/// Seconds and bytes; none where the system does not tell.
#[derive(Clone, Copy)]
pub struct Spent {
    pub wall_seconds: f64,
    pub cpu_seconds: Option<f64>,
    pub peak_bytes: Option<u64>,
}

impl Cost {
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// What was spent since the start; the CPU time and the memory are those of the whole program.
    pub fn spent(&self) -> Spent {
        Spent {
            wall_seconds: self.started.elapsed().as_secs_f64(),
            cpu_seconds: std::fs::read_to_string("/proc/self/stat").ok().and_then(|text| cpu_seconds(&text)),
            peak_bytes: std::fs::read_to_string("/proc/self/status").ok().and_then(|text| peak_bytes(&text)),
        }
    }
}

/// User and system time: fields 14 and 15, counted after the name, which may hold anything between parentheses.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}

fn peak_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_understood() {
        assert_eq!(cpu_seconds("7 (a (b) c) S 1 7 7 0 -1 4194304 1 0 0 0 250 50 0 0 20 0"), Some(3.0));
        assert_eq!(peak_bytes("Name:\tx\nVmHWM:\t   2048 kB\n"), Some(2 << 20));
        assert_eq!((cpu_seconds("nothing"), peak_bytes("nothing")), (None, None));
    }
}
