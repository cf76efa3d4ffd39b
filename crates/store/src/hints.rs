//! What is worth remembering of statements for a while: answers that only choose a plan, so that an old one costs time, never truth.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::sql::Sql;

const REMEMBERED: Duration = Duration::from_secs(60);
const MOST: usize = 4_096;

/// Yes or no for statements that were asked not long ago.
#[derive(Default)]
pub(crate) struct Hints(Mutex<HashMap<u64, (Instant, bool)>>);

impl Hints {
    pub(crate) fn get(&self, sql: &Sql) -> Option<bool> {
        let (at, answer) = *self.0.lock().expect("not poisoned").get(&key(sql))?;
        (at.elapsed() < REMEMBERED).then_some(answer)
    }

    pub(crate) fn put(&self, sql: &Sql, answer: bool) {
        let mut known = self.0.lock().expect("not poisoned");
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key(sql), (Instant::now(), answer));
    }
}

fn key(sql: &Sql) -> u64 {
    let mut hasher = DefaultHasher::new();
    sql.text.hash(&mut hasher);
    format!("{:?}", sql.args).hash(&mut hasher);
    hasher.finish()
}
