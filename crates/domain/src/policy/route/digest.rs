//! Schedule of digests.

use std::fmt;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Schedule on which collected notifications are sent as a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Digest {
    /// At multiples of the period, aligned to midnight UTC if it divides a day.
    Every(SignedDuration),
    /// Once a day at a local time.
    Daily(Time, TimeZone),
}

impl Digest {
    /// Returns the first scheduled time after `now`.
    pub fn next(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(period) => {
                let period = period.as_secs().max(1);
                Timestamp::from_second((now.as_second().div_euclid(period) + 1) * period).unwrap_or(Timestamp::MAX)
            }
            Self::Daily(time, zone) => {
                let today = zone.to_datetime(now).date();
                let on = |date: jiff::civil::Date| zone.to_timestamp(date.to_datetime(*time)).ok();
                let days = [Some(today), today.tomorrow().ok()];
                days.into_iter().flatten().filter_map(on).find(|at| *at > now).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// Formats the schedule for people.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(period) => write!(f, "every {period:#}"),
            Self::Daily(time, zone) => {
                write!(f, "daily at {:02}:{:02} {}", time.hour(), time.minute(), zone.iana_name().unwrap_or("UTC"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_at_its_multiples_and_never_now() {
        let quarter = Digest::Every(SignedDuration::from_mins(15));
        assert_eq!(quarter.next(at("2026-03-02T09:07:00Z")), at("2026-03-02T09:15:00Z"));
        assert_eq!(quarter.next(at("2026-03-02T09:15:00Z")), at("2026-03-02T09:30:00Z"));
    }

    #[test]
    fn a_day_ends_at_its_time_in_its_zone() {
        let daily = Digest::Daily(Time::constant(8, 0, 0, 0), TimeZone::fixed(jiff::tz::offset(2)));
        assert_eq!(daily.next(at("2026-03-02T05:59:00Z")), at("2026-03-02T06:00:00Z"));
        assert_eq!(daily.next(at("2026-03-02T06:00:00Z")), at("2026-03-03T06:00:00Z"));
    }
}
