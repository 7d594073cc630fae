//! Validates stored times: a time ahead of now was written with a wrong clock and counts as absent.

use jiff::{SignedDuration, Timestamp};

/// Maximum difference between two clocks that both count as correct.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// True if `at` lies further ahead of `now` than correct clocks differ.
pub fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now) > SKEW
}

/// Returns `mark` unless it lies [ahead](is_ahead) of `now`.
pub fn past(mark: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    mark.filter(|at| !is_ahead(*at, now))
}

/// True if `at` lies further ahead than the longest possible wait, and was therefore set with a wrong clock.
pub fn is_beyond(at: Timestamp, longest: SignedDuration, now: Timestamp) -> bool {
    at.duration_since(now) > longest.saturating_add(SKEW)
}

/// Returns the due time of something scheduled for `at`: `now` if `at` is [beyond](is_beyond) the longest wait.
pub fn due_at(at: Timestamp, longest: SignedDuration, now: Timestamp) -> Timestamp {
    if is_beyond(at, longest, now) { now } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_time_beyond_the_clock_skew_is_ignored() {
        assert_eq!(past(Some(at(1_000)), at(2_000)), Some(at(1_000)));
        assert_eq!(past(Some(at(1_000)), at(1_000 - SKEW.as_secs())), Some(at(1_000)));
        assert_eq!(past(Some(at(1_000)), at(999 - SKEW.as_secs())), None);
    }

    #[test]
    fn a_wait_beyond_the_maximum_has_ended() {
        let hour = SignedDuration::from_hours(1);
        assert_eq!(due_at(at(3_600), hour, at(0)), at(3_600));
        assert_eq!(due_at(at(3_601 + SKEW.as_secs()), hour, at(0)), at(0));
        assert_eq!(due_at(Timestamp::MAX, SignedDuration::MAX, at(0)), Timestamp::MAX);
    }
}
