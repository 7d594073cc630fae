//! Clock for tests.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::ports::Clock;

/// Clock that stands still until set or advanced.
#[derive(Debug)]
pub struct TestClock {
    microseconds: AtomicI64,
}

impl TestClock {
    /// Returns a clock that shows `now`, to the microsecond.
    pub fn at(now: Timestamp) -> Self {
        Self { microseconds: AtomicI64::new(now.as_microsecond()) }
    }

    /// Sets the clock to `now`, which may be earlier than before.
    pub fn set(&self, now: Timestamp) {
        self.microseconds.store(now.as_microsecond(), Ordering::Relaxed);
    }

    /// Advances the clock.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.microseconds.fetch_add(by, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let microseconds = self.microseconds.load(Ordering::Relaxed);
        Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
    }
}

/// Noon UTC of Monday, 2026-03-02.
impl Default for TestClock {
    fn default() -> Self {
        Self::at(Timestamp::constant(1_772_452_800, 0))
    }
}
