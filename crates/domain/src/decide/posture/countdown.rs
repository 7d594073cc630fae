//! Counts down to the end of an access and schedules its warnings.

use jiff::{SignedDuration, Timestamp};

/// Days before the end at which warnings are sent.
pub const WARNED_AT: [i64; 4] = [30, 14, 7, 1];

/// Returns the whole days until `until`; negative afterwards.
pub fn days_left(until: Timestamp, now: Timestamp) -> i64 {
    until.duration_since(now).as_secs().div_euclid(SignedDuration::from_hours(24).as_secs())
}

/// Returns the latest of the [warnings](WARNED_AT) already due; 0 after the end. `None` if none is due yet.
pub fn stage(until: Timestamp, now: Timestamp) -> Option<i64> {
    if until <= now {
        return Some(0);
    }
    let left = until.duration_since(now);
    WARNED_AT.into_iter().rev().find(|days| left <= SignedDuration::from_hours(days * 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_expiry_warning_is_due_at_its_time() {
        let until: Timestamp = "2027-02-01T00:00:00Z".parse().unwrap();
        let before = |hours: i64| until.checked_sub(SignedDuration::from_hours(hours)).unwrap();
        let stages = [31 * 24, 30 * 24, 14 * 24 + 1, 14 * 24, 7 * 24, 25, 24, 1, 0, -24]
            .map(|hours| stage(until, before(hours)));
        assert_eq!(stages, [None, Some(30), Some(30), Some(14), Some(7), Some(7), Some(1), Some(1), Some(0), Some(0)]);
        assert_eq!([25, 23, 0, -1].map(|hours| days_left(until, before(hours))), [1, 0, 0, -1]);
    }
}
