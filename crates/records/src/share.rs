//! How those who follow the log share a SQLite file's one writer with everybody else: a fifth of its time is theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::BoxFuture;

use crate::{Cx, RecordError, Space};

/// So many times as long as it worked a follower lets others write before its next turn.
const REST: u32 = 4;
/// The longest rest.
const LONGEST_REST: Duration = Duration::from_secs(1);
/// Parts of what a follower takes up in one write where nobody waits.
const WHOLE: u32 = 8;

/// How much followers take up in one write.
pub(crate) struct Share {
    /// Of [`WHOLE`].
    parts: AtomicU32,
}

/// What a follower's write took.
struct Turn {
    /// Until the writer was free for it, and until it was on disk.
    waited: Duration,
    worked: Duration,
    /// Whether others wrote meanwhile.
    others: bool,
}

impl Turn {
    /// How long to rest after it, and how much to take up the next time, after so many parts of the whole.
    fn next(&self, parts: u32) -> (Duration, u32) {
        if !self.others {
            return (Duration::ZERO, WHOLE);
        }
        let due = self.worked * REST;
        // While it waited, others wrote. Who waits longer than it would have to rest takes more at a time, so that it never falls behind.
        let parts = if self.waited > due { parts * 2 } else { parts / 2 };
        (due.saturating_sub(self.waited).min(LONGEST_REST), parts.clamp(1, WHOLE))
    }
}

impl Default for Share {
    fn default() -> Share {
        Share { parts: AtomicU32::new(WHOLE) }
    }
}

impl Space {
    /// A follower's write, in the product's own name. `work` is told how much of `most` to take up; where others write too, this
    /// returns after a rest.
    pub async fn take_up<T, F>(self: &Arc<Space>, most: u32, work: F) -> Result<T, RecordError>
    where
        T: Send + 'static,
        F: for<'a, 'w> FnOnce(&'a mut Cx<'w>, u32) -> BoxFuture<'a, Result<T, RecordError>> + Send + 'static,
    {
        let parts = self.share.parts.load(Ordering::Relaxed);
        let worked = Arc::new(AtomicU64::new(0));
        let (begun, before) = (Instant::now(), self.store.writes_asked());
        let system = self.system_ctx();
        let done = self.transact(&system, {
            let worked = Arc::clone(&worked);
            move |cx| {
                Box::pin(async move {
                    let begun = Instant::now();
                    let done = work(cx, (most * parts).div_ceil(WHOLE)).await;
                    worked.store(begun.elapsed().as_nanos() as u64, Ordering::Relaxed);
                    done
                })
            }
        });
        let done = done.await?;
        let worked = Duration::from_nanos(worked.load(Ordering::Relaxed));
        let others = before.zip(self.store.writes_asked()).is_some_and(|(before, after)| after > before + 1);
        let (rest, parts) = Turn { waited: begun.elapsed().saturating_sub(worked), worked, others }.next(parts);
        self.share.parts.store(parts, Ordering::Relaxed);
        tokio::time::sleep(rest).await;
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn turn(waited: u64, worked: u64, others: bool) -> Turn {
        Turn { waited: Duration::from_millis(waited), worked: Duration::from_millis(worked), others }
    }

    #[test]
    fn followers_take_a_fifth_of_the_time_while_others_write() {
        assert_eq!(turn(0, 50, false).next(1), (Duration::ZERO, WHOLE), "nobody else wrote");
        assert_eq!(turn(0, 50, true).next(8), (Duration::from_millis(200), 4));
        assert_eq!(turn(80, 50, true).next(4), (Duration::from_millis(120), 2), "others had 80 ms already");
        assert_eq!(turn(0, 9_000, true).next(1), (LONGEST_REST, 1));
        assert_eq!(turn(100, 10, true).next(1), (Duration::ZERO, 2), "a turn is long in coming: it is used");
        assert_eq!(turn(1_000, 10, true).next(8), (Duration::ZERO, WHOLE));
    }
}
