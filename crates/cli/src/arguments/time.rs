//! Options that take a time: a moment, or words for a day in the chosen time zone.

use domain::address::Printable;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use pipeline::query::days::{DayWord, Days};
use pipeline::query::{TimeRange, range_begin};

use crate::CliError;

/// Time of an option. Words for a day depend on the present time and the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeArg {
    /// A moment.
    At(Timestamp),
    /// Words for a day or a month.
    Day(DayWord),
}

/// Examples of all words, for messages.
const EXAMPLES: &str =
    "today, yesterday, tuesday, last tuesday, this week, last month, w42, 7d, 2w, 2026-11-17 or 2026-11";

impl TimeArg {
    /// Parses a moment or words for a day.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(Ok(day)) = DayWord::parse(text).filter(|_| !text.contains("..")) {
            return Ok(Self::Day(day));
        }
        range_begin(text)
            .map(Self::At)
            .map_err(|_| format!("{text:?} is neither a day ({EXAMPLES}) nor an RFC 3339 time (2026-03-02T09:12:44Z)"))
    }

    /// Returns the first moment; `None` if the calendar begins later.
    pub(crate) fn begin(self, now: &Zoned) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(day) => day.days(now.date()).range(now.time_zone()).from,
        }
    }

    /// Returns the first moment after the day or month; a moment stays as it is. `7d` is one day here. `None` if the
    /// calendar ends before.
    pub(crate) fn end(self, now: &Zoned) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Day(day) => {
                let days = day.days(now.date());
                let days = if matches!(day, DayWord::Since(_)) {
                    Days { last: days.first, ..days }
                } else {
                    days
                };
                days.range(now.time_zone()).to
            }
        }
    }
}

/// Returns the range of `--from` and `--to`.
///
/// # Errors
/// The range has both ends and is empty. Days are so if `--from` is after `--to`.
pub(crate) fn range(from: Option<&TimeArg>, to: Option<&TimeArg>, now: &Zoned) -> Result<TimeRange, CliError> {
    let (from, to) = (from.and_then(|from| from.begin(now)), to.and_then(|to| to.end(now)));
    match (from, to) {
        (Some(begin), Some(end)) if begin >= end => {
            Err(CliError::Problems(format!("--from is after --to: {begin} is not before {end}")))
        }
        _ => Ok(TimeRange { from, to }),
    }
}

/// Parses a time zone of the IANA database.
pub fn parse_zone(name: &str) -> Result<TimeZone, String> {
    configuration::time_zone(name)
}

/// Returns the short name of a zone for a table header: `UTC`, `Berlin`.
pub(crate) fn zone_name(zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("local");
    Printable(name.rsplit('/').next().unwrap_or(name)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    /// A Tuesday, in a zone in which it is Wednesday already.
    fn now(zone: &str) -> Zoned {
        at("2026-11-17T15:30:00Z").unwrap().to_zoned(parse_zone(zone).unwrap())
    }

    fn ends(text: &str, zone: &str) -> (Option<Timestamp>, Option<Timestamp>) {
        let arg = TimeArg::parse(text).unwrap();
        (arg.begin(&now(zone)), arg.end(&now(zone)))
    }

    #[test]
    fn a_day_has_the_bounds_of_the_zone() {
        assert_eq!(ends("2026-03-02", "UTC"), (at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z")));
        assert_eq!(ends("2026-03-02", "Europe/Berlin"), (at("2026-03-01T23:00:00Z"), at("2026-03-02T23:00:00Z")));
        assert_eq!(ends("today", "Asia/Tokyo"), (at("2026-11-17T15:00:00Z"), at("2026-11-18T15:00:00Z")));
    }

    #[test]
    fn a_day_of_a_clock_change_is_shorter_or_longer() {
        let (begin, end) = ends("2026-10-25", "Europe/Berlin");
        assert_eq!(begin.unwrap().duration_until(end.unwrap()), jiff::SignedDuration::from_hours(25));
    }

    #[test]
    fn a_moment_is_the_same_in_every_zone() {
        let moment = at("2026-03-02T09:12:44Z");
        assert_eq!(ends("2026-03-02T10:12:44+01:00", "Asia/Tokyo"), (moment, moment));
    }

    #[test]
    fn the_last_date_there_is_leaves_nothing_out() {
        assert_eq!(ends("9999-12-31", "UTC").1, None);
    }

    #[test]
    fn an_empty_range_is_a_problem() {
        let between = |from: &str, to: &str| {
            range(Some(&TimeArg::parse(from).unwrap()), Some(&TimeArg::parse(to).unwrap()), &now("UTC"))
        };
        assert!(between("today", "today").is_ok());
        let moment = "2026-11-17T00:00:00Z";
        for (from, to, end) in [("today", "yesterday", moment), ("today", "2d", "2026-11-16T00:00:00Z")] {
            let error = between(from, to).unwrap_err().to_string();
            assert_eq!(error, format!("--from is after --to: {moment} is not before {end}"));
        }
        assert!(between(moment, moment).is_err(), "`--to` excludes its moment");
    }

    #[test]
    fn counted_days_are_the_day_that_many_days_ago() {
        assert_eq!(ends("7d", "UTC"), (at("2026-11-10T00:00:00Z"), at("2026-11-11T00:00:00Z")));
    }

    #[test]
    fn other_words_are_refused_with_the_forms() {
        let error = TimeArg::parse("someday").unwrap_err();
        assert!(error.contains("neither a day (today, yesterday") && error.contains("RFC 3339"), "{error}");
        assert!(TimeArg::parse("2026-03-01..2026-03-02").is_err(), "a range is no end of a range");
        assert!(TimeArg::parse("2026-03-02T09:12:44").is_err(), "a time without an offset names no moment");
    }
}
