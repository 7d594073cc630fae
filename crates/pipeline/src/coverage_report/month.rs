//! Calendar month of a report, in UTC.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use thiserror::Error;

/// Calendar month in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportMonth(Date);

/// Error for the report of a month that has not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{month} {}; write {}", Self::PROBLEM, self.advice())]
pub struct MonthNotBegun {
    month: ReportMonth,
    latest: ReportMonth,
}

impl MonthNotBegun {
    /// The problem, without the month.
    pub const PROBLEM: &str = "has not begun";

    /// What to write instead.
    pub fn advice(self) -> String {
        format!("a month up to {}", self.latest)
    }
}

impl ReportMonth {
    /// Returns the month to report: the requested one, or else the last one that is over. Returns an error if the month
    /// has not begun.
    pub fn requested(month: Option<Self>, now: Timestamp) -> Result<Self, MonthNotBegun> {
        let latest = Self::at(now);
        match month {
            Some(month) if month > latest => Err(MonthNotBegun { month, latest }),
            Some(month) => Ok(month),
            None => Ok(latest.previous()),
        }
    }

    /// Returns the month of a time.
    pub fn at(time: Timestamp) -> Self {
        Self(TimeZone::UTC.to_datetime(time).date().first_of_month())
    }

    /// Parses a month as `2026-10`. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let month = Self(format!("{text}-01").parse().ok()?);
        (month.to_string() == text).then_some(month)
    }

    /// First day.
    pub fn first(self) -> Date {
        self.0
    }

    /// Last day.
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// Returns the month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(Span::new().months(1)).first_of_month())
    }

    /// Returns the month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(Span::new().months(1)).first_of_month())
    }

    /// Time at which the month begins.
    pub fn begin(self) -> Timestamp {
        self.0.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |begin| begin.timestamp())
    }

    /// Time at which the next month begins.
    pub fn end(self) -> Timestamp {
        let after = self.last().tomorrow().and_then(|day| day.to_zoned(TimeZone::UTC));
        after.map_or(Timestamp::MAX, |end| end.timestamp())
    }

    /// Returns true if the time lies in the month.
    pub fn holds(self, time: Timestamp) -> bool {
        (self.begin()..self.end()).contains(&time)
    }
}

/// Writes the month as `2026-10`.
impl fmt::Display for ReportMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_as_it_is_parsed() {
        for text in ["2026-10", "2024-02", "0001-01"] {
            assert_eq!(ReportMonth::parse(text).map(|month| month.to_string()).as_deref(), Some(text));
        }
        for text in ["", "2026", "2026-13", "2026-1", "2026-10-01", "+2026-10", " 2026-10", "2026-10T"] {
            assert_eq!(ReportMonth::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_ends_when_the_next_one_begins() {
        let month = ReportMonth::parse("2026-12").unwrap();
        assert_eq!((month.end(), month.next().previous()), (month.next().begin(), month));
        assert_eq!(month.next().to_string(), "2027-01");
        assert!(month.holds(month.begin()) && !month.holds(month.end()));
        assert_eq!(ReportMonth::at(month.end()), month.next());
    }

    #[test]
    fn a_month_that_has_not_begun_is_refused_and_the_last_one_is_the_default() {
        let month = ReportMonth::parse("2026-12").unwrap();
        assert_eq!(ReportMonth::requested(None, month.begin()), Ok(month.previous()));
        assert_eq!(ReportMonth::requested(Some(month), month.begin()), Ok(month));
        let refused = ReportMonth::requested(Some(month.next()), month.begin()).unwrap_err();
        assert_eq!(refused.to_string(), "2027-01 has not begun; write a month up to 2026-12");
    }
}
