//! Counts failures of a handler.

use jiff::{SignedDuration, Timestamp};

/// Failure count, reset after half an hour without a failure.
#[derive(Debug, Default)]
pub(super) struct Failures {
    count: u32,
    last: Option<Timestamp>,
}

const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(30);

impl Failures {
    /// Number of failures after which the handler is given up.
    pub(super) const TOO_MANY: u32 = 3;

    /// Counts a failure and returns the new count.
    pub(super) fn one_more(&mut self, now: Timestamp) -> u32 {
        if self.last.is_some_and(|last| now.duration_since(last) > FORGOTTEN_AFTER) {
            self.count = 0;
        }
        self.last = Some(now);
        self.count += 1;
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_without_failures_resets_the_count() {
        let mut failures = Failures::default();
        let at = |minutes| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let counts = [0, 30, 61, 91].map(|minutes| failures.one_more(at(minutes)));
        assert_eq!(counts, [1, 2, 1, 2]);
    }
}
