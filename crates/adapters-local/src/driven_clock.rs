//! A clock moved by hand, so a day passes as fast as its work is done.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Clock;

/// Clock that stands still until it is moved and never goes back. Resolution: microseconds.
#[derive(Debug)]
pub struct DrivenClock {
    microseconds: AtomicI64,
}

impl DrivenClock {
    /// Creates a clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { microseconds: AtomicI64::new(now.as_microsecond()) }
    }

    /// Moves the clock forward to `to`; an earlier time has no effect.
    pub fn advance_to(&self, to: Timestamp) {
        self.microseconds.fetch_max(to.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the clock forward by this duration; a negative one has no effect.
    pub fn advance(&self, by: SignedDuration) {
        let target = self.now().saturating_add(by.max(SignedDuration::ZERO));
        if let Ok(target) = target {
            self.advance_to(target);
        }
    }
}

impl Clock for DrivenClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.microseconds.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: Timestamp = Timestamp::constant(1_772_431_200, 0);

    #[test]
    fn the_clock_stands_still_until_it_is_moved() {
        let clock = DrivenClock::at(SIX);
        assert_eq!((clock.now(), clock.now()), (SIX, SIX));
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clock.now(), SIX + SignedDuration::from_mins(5));
    }

    #[test]
    fn the_clock_never_goes_back() {
        let clock = DrivenClock::at(SIX);
        clock.advance_to(SIX - SignedDuration::from_secs(1));
        clock.advance(SignedDuration::from_secs(-1));
        assert_eq!(clock.now(), SIX);
    }

    #[test]
    fn the_clock_stops_at_the_end_of_time() {
        let clock = DrivenClock::at(SIX);
        clock.advance(SignedDuration::MAX);
        assert!(clock.now() > SIX);
    }
}
