//! Parses and adds calendar periods.

use std::fmt;

use jiff::Span;
use jiff::civil::Date;
use thiserror::Error;

/// Period in calendar years, months, weeks and days: `P1Y`, `P18M`, `P90D`.
#[derive(Debug, Clone, Copy)]
pub struct Period(Span);

/// Error in the text of a period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// The text is not an ISO 8601 duration.
    #[error("{0:?} is not a period; write years, months, weeks or days as P1Y, P18M, P6W or P90D")]
    NoPeriod(String),
    /// The text has hours, minutes or seconds, but retention counts whole days.
    #[error("{0:?} has a time of day; retention counts whole days")]
    TimeOfDay(String),
    /// The period is negative.
    #[error("{0:?} is negative")]
    Negative(String),
}

impl Period {
    /// Parses an ISO 8601 duration of whole days or longer units. Returns an error for any other text.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let span: Span = text.parse().map_err(|_| PeriodError::NoPeriod(text.to_owned()))?;
        // The library also accepts a format of its own, such as "1 year".
        if !text.trim_start_matches(['-', '+']).starts_with('P') || text.starts_with('+') {
            return Err(PeriodError::NoPeriod(text.to_owned()));
        }
        if span.is_negative() || text.starts_with('-') {
            return Err(PeriodError::Negative(text.to_owned()));
        }
        let is_of_days = span.get_hours() == 0
            && span.get_minutes() == 0
            && span.get_seconds() == 0
            && span.get_milliseconds() == 0
            && span.get_microseconds() == 0
            && span.get_nanoseconds() == 0;
        is_of_days.then_some(Self(span)).ok_or_else(|| PeriodError::TimeOfDay(text.to_owned()))
    }

    /// Returns the date one period later. A missing day becomes the last day of the month, and the result is capped at
    /// the last supported date.
    pub fn after(self, date: Date) -> Date {
        date.saturating_add(self.0)
    }

    /// Returns true if the period is empty.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Returns true if the period never ends before `other` for any common start day. May return false if only the
    /// start day decides.
    pub fn is_never_shorter_than(self, other: Self) -> bool {
        let is_so_in_both = self.months() >= other.months() && self.days() >= other.days();
        is_so_in_both || self.least_days() >= other.months() * 31 + other.days()
    }

    fn months(self) -> i64 {
        i64::from(self.0.get_years()) * 12 + i64::from(self.0.get_months())
    }

    fn days(self) -> i64 {
        i64::from(self.0.get_weeks()) * 7 + i64::from(self.0.get_days())
    }

    /// Smallest length in days over all start days.
    pub fn least_days(self) -> i64 {
        let months = self.months();
        // A year has at least 365 days. Among fewer than twelve consecutive months, only one February is shorter than
        // 30 days.
        let years = months / 12 * 365;
        let rest = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334][usize::try_from(months % 12).unwrap_or(0)];
        years + rest + self.days()
    }
}

/// Writes the ISO 8601 form.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The library writes an empty span as zero seconds, which is not a valid period here.
        if self.is_zero() { f.write_str("P0D") } else { self.0.fmt(f) }
    }
}

/// Compares the written forms: `P12M` differs from `P1Y`, although both end on the same day.
impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl Eq for Period {}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(period: &str, date: &str) -> String {
        Period::parse(period).unwrap().after(date.parse().unwrap()).to_string()
    }

    #[test]
    fn months_and_years_are_those_of_the_calendar() {
        assert_eq!(after("P1Y", "2028-02-29"), "2029-02-28");
        assert_eq!(after("P1M", "2026-01-31"), "2026-02-28");
        assert_eq!(after("P7Y", "2026-03-02"), "2033-03-02");
        assert_eq!(after("P90D", "2026-03-02"), "2026-05-31");
        assert_eq!(after("P9999Y", "2026-03-02"), "9999-12-31");
    }

    #[test]
    fn an_invalid_period_of_days_is_rejected() {
        for (text, problem) in [
            ("1 year", PeriodError::NoPeriod("1 year".to_owned())),
            ("P", PeriodError::NoPeriod("P".to_owned())),
            ("", PeriodError::NoPeriod(String::new())),
            ("PT12H", PeriodError::TimeOfDay("PT12H".to_owned())),
            ("-P1D", PeriodError::Negative("-P1D".to_owned())),
            ("+P1D", PeriodError::NoPeriod("+P1D".to_owned())),
        ] {
            assert_eq!(Period::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_period_reported_as_no_shorter_never_ends_earlier() {
        let texts =
            ["P0D", "P28D", "P30D", "P31D", "P1M", "P1M1D", "P2M", "P90D", "P3M", "P365D", "P12M", "P1Y", "P366D"];
        let periods = texts.map(|text| Period::parse(text).unwrap());
        let mut told = 0;
        for (one, other) in periods.iter().flat_map(|one| periods.iter().map(move |other| (*one, *other))) {
            let mut from: Date = "2027-01-01".parse().unwrap();
            let mut is_so = true;
            for _ in 0..800 {
                is_so &= one.after(from) >= other.after(from);
                from = from.tomorrow().unwrap();
            }
            assert!(is_so || !one.is_never_shorter_than(other), "{one} {other}");
            told += usize::from(is_so && !one.is_never_shorter_than(other));
        }
        // Undetected cases: few pairs of months and days.
        assert!(told <= 4, "{told}");
    }

    #[test]
    fn the_minimum_days_never_exceed_a_period() {
        for period in ["P1M", "P2M", "P3M", "P5M", "P7M", "P11M", "P1Y", "P18M", "P4Y", "P6W", "P1Y2M3D"] {
            let period = Period::parse(period).unwrap();
            let days = |from: Date| period.after(from).since(from).unwrap().get_days();
            let mut from: Date = "2026-01-01".parse().unwrap();
            let mut least = i32::MAX;
            for _ in 0..1_500 {
                least = least.min(days(from));
                from = from.tomorrow().unwrap();
            }
            assert!(i64::from(least) >= period.least_days(), "{period}: {least} < {}", period.least_days());
        }
    }
}
