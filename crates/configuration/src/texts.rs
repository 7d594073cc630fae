//! Parses texts of retention and conditions into domain types.

use std::net::IpAddr;

use domain::policy::matcher::Network;
use domain::policy::retention::{Period, StartsAt};
use domain::policy::review::DueWithin;
use domain::record::notification::{Event, Severity};
use domain::record::retention::{Executor, Then};
use domain::record::review::{NO_REVIEW, ReviewOutcome};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::fault::TextProblem;

/// Parses an address or CIDR.
pub fn network(text: &str) -> Result<Network, TextProblem> {
    let remedy = "write it as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32";
    Network::parse(text).ok_or_else(|| TextProblem::new("is not an address or CIDR", remedy))
}

/// Parses a duration of hours, minutes and seconds only: a day has no fixed length, and the friendly form
/// is not ISO 8601.
pub fn duration(text: &str) -> Result<SignedDuration, TextProblem> {
    let what = "is not an ISO 8601 duration of hours, minutes and seconds";
    let read = text.starts_with("PT").then(|| text.parse().ok()).flatten();
    read.ok_or_else(|| TextProblem::new(what, "write it as PT5M or PT12H"))
}

/// Parses a period of years, months, weeks and days.
pub fn period(text: &str) -> Result<Period, TextProblem> {
    let what = "is not a period of years, months, weeks or days";
    Period::parse(text).map_err(|_| TextProblem::new(what, "write it as P1Y, P18M, P6W or P90D"))
}

/// Parses the time for a review: a period of whole days, or a duration of hours. Not empty.
pub fn due_within(text: &str) -> Result<DueWithin, TextProblem> {
    let hours = || duration(text).ok().filter(SignedDuration::is_positive).map(DueWithin::Hours);
    let days = Period::parse(text).ok().filter(|period| !period.is_zero()).map(DueWithin::Days);
    let what = "is neither a period of days nor a duration of hours";
    days.or_else(hours).ok_or_else(|| TextProblem::new(what, "write it as P7D or PT48H"))
}

/// Checks the outcome of a review.
pub fn review_outcome(text: &str) -> Result<(), TextProblem> {
    let is_known = text == NO_REVIEW || ReviewOutcome::parse(text).is_some();
    if is_known {
        Ok(())
    } else {
        Err(TextProblem::new("is not the outcome of a review", "write none, ok or finding"))
    }
}

/// Parses a number of days, the only unit counted by the platform.
pub fn days(text: &str) -> Result<u32, TextProblem> {
    let remedy = "write it as P90D or P12W, up to P36500D: the platform counts days, not months and years";
    let read = Period::parse(text).ok().filter(|_| !text.contains(['Y', 'M', 'y', 'm', 'T', 't']));
    let days = read.and_then(|period| u32::try_from(period.least_days()).ok()).filter(|days| *days <= 36_500);
    days.ok_or_else(|| TextProblem::new("is not a number of days", remedy))
}

/// Parses a time of day: hours and minutes, optionally seconds.
pub fn time_of_day(text: &str) -> Result<Time, TextProblem> {
    let shaped =
        text.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() });
    let read = (shaped && [5, 8].contains(&text.len())).then(|| text.parse().ok()).flatten();
    read.ok_or_else(|| TextProblem::new("is not a time of day", "write it as \"18:00\", midnight as \"00:00\""))
}

/// Parses a time, or a date as its beginning in `zone`.
pub fn date_or_time(text: &str, zone: &TimeZone) -> Result<Timestamp, TextProblem> {
    let date = || if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    let began = |date: Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp());
    let is_time = text.len() > 10 && text.as_bytes()[10].eq_ignore_ascii_case(&b't');
    let time = || if is_time { text.parse::<Timestamp>().ok() } else { None };
    let remedy = "write it as 2026-01-31 or 2026-01-31T12:00:00Z";
    date().and_then(began).or_else(time).ok_or_else(|| TextProblem::new("is not a date or an RFC 3339 time", remedy))
}

/// Parses an RFC 3339 time.
pub fn time(text: &str) -> Result<Timestamp, TextProblem> {
    let is_time = text.len() > 10;
    let read = is_time.then(|| date_or_time(text, &TimeZone::UTC).ok()).flatten();
    read.ok_or_else(|| TextProblem::new("is not an RFC 3339 time", "write it as 2026-01-31T12:00:00Z"))
}

/// Parses an IP address.
pub fn address(text: &str) -> Result<IpAddr, TextProblem> {
    text.parse().map_err(|_| TextProblem::new("is not an address", "write it as 10.1.2.3 or 2001:db8::1"))
}

const UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1000),
    ("MB", 1000 * 1000),
    ("GB", 1000 * 1000 * 1000),
    ("TB", 1000 * 1000 * 1000 * 1000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Parses a number of bytes with its unit, ignoring case and a blank between them.
pub fn size(text: &str) -> Result<u64, TextProblem> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim_start()));
    let bytes = unit.and_then(|(_, factor)| number.parse::<u64>().ok()?.checked_mul(*factor));
    bytes.ok_or_else(|| {
        TextProblem::new(
            "is not a size",
            "write whole bytes, or a whole number with kB, MB, GB, TB, KiB, MiB, GiB or TiB, as in 10MiB",
        )
    })
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Parses a day of the week.
pub fn weekday(text: &str) -> Result<Weekday, TextProblem> {
    let known = WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day);
    known.ok_or_else(|| TextProblem::new("is not a day of the week", "write mon, tue, wed, thu, fri, sat or sun"))
}

/// Checks the name of a `domain::record::join::Match`.
pub fn match_name(text: &str) -> Result<(), TextProblem> {
    let known = ["pending", "matched", "ambiguous", "unmatched"].contains(&text);
    let remedy = "write pending, matched, ambiguous or unmatched";
    if known { Ok(()) } else { Err(TextProblem::new("is not a match", remedy)) }
}

/// Parses a kind of notification.
pub fn event(text: &str) -> Result<Event, TextProblem> {
    Event::parse(text).ok_or_else(|| {
        let known = Event::ALL.map(Event::name).join(", ");
        TextProblem::new("is not a notification", format!("write one of {known}"))
    })
}

/// Parses a severity.
pub fn severity(text: &str) -> Result<Severity, TextProblem> {
    let known = [Severity::Info, Severity::Warning, Severity::Critical].into_iter().find(|it| it.name() == text);
    known.ok_or_else(|| TextProblem::new("is not a severity", "write info, warning or critical"))
}

/// Parses the action after the last day.
pub fn then(text: &str) -> Result<Then, TextProblem> {
    Then::parse(text).ok_or_else(|| TextProblem::new("is not an action", "write delete, review or keep"))
}

/// Parses the start of periods.
pub fn clock(text: &str) -> Result<StartsAt, TextProblem> {
    match text {
        "session_end" => Ok(StartsAt::SessionEnd),
        "created" => Ok(StartsAt::Created),
        _ => Err(TextProblem::new("is not a clock", "write session_end or created")),
    }
}

/// Parses the executor of deletions.
pub fn executor(text: &str) -> Result<Executor, TextProblem> {
    match text {
        "archivist" => Ok(Executor::Archivist),
        "lifecycle" => Ok(Executor::Lifecycle),
        _ => Err(TextProblem::new("is not an executor", "write archivist or lifecycle")),
    }
}

/// Parses a time zone of the IANA database.
pub fn time_zone(text: &str) -> Result<TimeZone, TextProblem> {
    if text == "UTC" {
        return Ok(TimeZone::UTC);
    }
    let remedy = "write a name of the IANA time zone database, as Europe/Berlin or UTC";
    TimeZone::get(text).map_err(|_| TextProblem::new("is not a time zone", remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("0B", 0), ("10MiB", 10 << 20), ("10 mib", 10 << 20), ("3kB", 3000), ("1TiB", 1 << 40)] {
            assert_eq!(size(text).unwrap(), bytes, "{text}");
        }
        for text in ["", "10", "MiB", "-1MiB", "1.5MiB", "10M", "99999999999TiB", "10 Mi B", "٣MiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_begins_in_the_configured_time_zone() {
        let berlin = time_zone("Europe/Berlin").unwrap();
        for (text, at) in [
            ("2026-01-31", "2026-01-30T23:00:00Z"),
            ("2026-07-01", "2026-06-30T22:00:00Z"),
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
            ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
        ] {
            assert_eq!(date_or_time(text, &berlin).unwrap().to_string(), at);
        }
        for text in ["", "2026-02-30", "20260131", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "yesterday"] {
            assert!(date_or_time(text, &berlin).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_has_hours_and_minutes() {
        assert_eq!(time_of_day("07:30").unwrap(), Time::constant(7, 30, 0, 0));
        assert_eq!(time_of_day("23:59:59").unwrap(), Time::constant(23, 59, 59, 0));
        for text in ["", "7:30", "07", "24:00", "07:60", "07:30:", "T07:30", "0730", "07:30:00.5"] {
            assert!(time_of_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_accepted_and_months_rejected() {
        assert_eq!((days("P90D").unwrap(), days("P2W").unwrap(), days("P0D").unwrap()), (90, 14, 0));
        for text in ["P3M", "P1Y", "PT24H", "90", "P36501D", "P1Y30D"] {
            assert!(days(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_zone_is_known_on_any_machine() {
        assert!(["Europe/Berlin", "America/New_York", "UTC", "Etc/UTC"].iter().all(|name| time_zone(name).is_ok()));
        assert!(["", "Berlin", "Europe/Atlantis", "+02:00"].iter().all(|name| time_zone(name).is_err()));
    }
}
