use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::{Timestamp, civil, tz::TimeZone as Zone};

/// Where the time comes from. The system's clock is read here and nowhere else.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test sets, in microseconds.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `now`.
    pub fn fixed(now: Timestamp) -> Clock {
        Clock::Fixed(Arc::new(AtomicI64::new(now.as_microsecond())))
    }

    /// The time, to the microsecond: what both databases keep.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            Clock::System => Timestamp::now().as_microsecond(),
            Clock::Fixed(at) => at.load(Ordering::Relaxed),
        };
        Timestamp::from_microsecond(micros).expect("a clock within jiff's range")
    }

    /// Moves a fixed clock; the system's clock cannot be moved.
    pub fn advance(&self, by: jiff::SignedDuration) {
        if let Clock::Fixed(at) = self {
            at.fetch_add(by.as_micros() as i64, Ordering::Relaxed);
        }
    }
}
