//! What is worth remembering of statements on a SQLite file: which plan to choose, where an old answer costs time and never truth; and
//! counts, which are forgotten with the next write of this process, and after two seconds because of other processes.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::sql::Sql;

const PLAN: Duration = Duration::from_secs(60);
const COUNT: Duration = Duration::from_secs(2);
const MOST: usize = 4_096;

/// Answers to statements that were asked not long ago.
#[derive(Default)]
pub(crate) struct Hints {
    plans: Mutex<HashMap<u64, (Instant, bool)>>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    known: HashMap<u64, (Instant, i64)>,
    /// How many writes there were: a count made before the latest is not kept.
    writes: u64,
}

impl Hints {
    /// Whether a filter leaves many records.
    pub(crate) fn plan(&self, sql: &Sql) -> Option<bool> {
        let (at, answer) = *self.plans.lock().expect("not poisoned").get(&key(sql))?;
        (at.elapsed() < PLAN).then_some(answer)
    }

    pub(crate) fn keep_plan(&self, sql: &Sql, answer: bool) {
        keep(&mut self.plans.lock().expect("not poisoned"), sql, answer);
    }

    pub(crate) fn writes(&self) -> u64 {
        self.counts.lock().expect("not poisoned").writes
    }

    pub(crate) fn count(&self, sql: &Sql) -> Option<i64> {
        let counts = self.counts.lock().expect("not poisoned");
        let (at, n) = *counts.known.get(&key(sql))?;
        (at.elapsed() < COUNT).then_some(n)
    }

    /// Keeps a count that was made on a snapshot as old as `writes`.
    pub(crate) fn keep_count(&self, sql: &Sql, n: i64, writes: u64) {
        let mut counts = self.counts.lock().expect("not poisoned");
        if counts.writes == writes {
            keep(&mut counts.known, sql, n);
        }
    }

    /// A write was committed.
    pub(crate) fn forget_counts(&self) {
        let mut counts = self.counts.lock().expect("not poisoned");
        counts.known.clear();
        counts.writes += 1;
    }
}

fn keep<T>(known: &mut HashMap<u64, (Instant, T)>, sql: &Sql, answer: T) {
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(key(sql), (Instant::now(), answer));
}

fn key(sql: &Sql) -> u64 {
    let mut hasher = DefaultHasher::new();
    sql.text.hash(&mut hasher);
    format!("{:?}", sql.args).hash(&mut hasher);
    hasher.finish()
}
