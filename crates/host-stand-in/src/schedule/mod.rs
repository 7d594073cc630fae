//! Timer schedules: `{second} {minute} {hour} {day} {month} {weekday}`, as the host reads them, in UTC.

mod field;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use field::{FieldRange, ScheduleField};

/// Times at which a timer fires.
///
/// A day must match the day, the month *and* the weekday. Weekdays count from 0, Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerSchedule {
    seconds: ScheduleField,
    minutes: ScheduleField,
    hours: ScheduleField,
    days: ScheduleField,
    months: ScheduleField,
    weekdays: ScheduleField,
}

/// Reason why a text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// The text does not have six fields.
    #[error("schedule {schedule:?} has {count} fields instead of 6")]
    Count {
        /// Whole text.
        schedule: String,
        /// Number of fields.
        count: usize,
    },
    /// A field cannot be parsed.
    #[error("schedule {schedule:?} has {text:?} for the {field}")]
    Field {
        /// Whole text.
        schedule: String,
        /// Name of the field.
        field: &'static str,
        /// Text of the field.
        text: String,
    },
    /// No day matches.
    #[error("schedule {0:?} never fires")]
    Never(String),
}

const RANGES: [FieldRange; 6] = [
    FieldRange { name: "second", first: 0, last: 59, names: &[] },
    FieldRange { name: "minute", first: 0, last: 59, names: &[] },
    FieldRange { name: "hour", first: 0, last: 23, names: &[] },
    FieldRange { name: "day", first: 1, last: 31, names: &[] },
    FieldRange { name: "month", first: 1, last: 12, names: &MONTHS },
    FieldRange { name: "weekday", first: 0, last: 6, names: &WEEKDAYS },
];

const MONTHS: [&str; 12] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Number of days in which every possible match occurs: 29 February falls on each weekday within 40 years.
const DAYS_TO_LOOK: usize = 40 * 366;

impl TimerSchedule {
    /// Parses a schedule.
    ///
    /// # Errors
    /// Returns an error if a field is missing or malformed, or if no day matches.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let texts: Vec<&str> = text.split_ascii_whitespace().collect();
        let texts: [&str; 6] = texts
            .try_into()
            .map_err(|texts: Vec<&str>| ScheduleError::Count { schedule: text.to_owned(), count: texts.len() })?;
        let field = |place: usize| {
            let (range, field) = (&RANGES[place], texts[place]);
            ScheduleField::parse(field, range).ok_or_else(|| ScheduleError::Field {
                schedule: text.to_owned(),
                field: range.name,
                text: field.to_owned(),
            })
        };
        let (seconds, minutes, hours) = (field(0)?, field(1)?, field(2)?);
        let (days, months, weekdays) = (field(3)?, field(4)?, field(5)?);
        let schedule = Self { seconds, minutes, hours, days, months, weekdays };
        if schedule.next_after(Timestamp::UNIX_EPOCH) == Timestamp::MAX {
            return Err(ScheduleError::Never(text.to_owned()));
        }
        Ok(schedule)
    }

    /// Returns the first time after `now`, or the end of time if there is none.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        let whole = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let from = whole.saturating_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX);
        let from = from.to_zoned(TimeZone::UTC).datetime();
        let today = self.time_from(from.time()).filter(|_| self.has_day(from.date())).map(|time| (from.date(), time));
        let later = || {
            let day =
                from.date().series(jiff::Span::new().days(1)).skip(1).take(DAYS_TO_LOOK).find(|day| self.has_day(*day));
            day.zip(self.time_from(Time::midnight()))
        };
        today
            .or_else(later)
            .and_then(|(date, time)| TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok())
            .unwrap_or(Timestamp::MAX)
    }

    fn has_day(&self, date: Date) -> bool {
        let weekday = date.weekday().to_sunday_zero_offset();
        self.months.contains(date.month()) && self.days.contains(date.day()) && self.weekdays.contains(weekday)
    }

    /// Returns the first time of a day at `from` or later.
    fn time_from(&self, from: Time) -> Option<Time> {
        self.hours.from(from.hour()).find_map(|hour| {
            let minute = if hour == from.hour() { from.minute() } else { 0 };
            self.minutes.from(minute).find_map(|minute| {
                let started = hour == from.hour() && minute == from.minute();
                let second = self.seconds.from(if started { from.second() } else { 0 }).next()?;
                Time::new(hour, minute, second, 0).ok()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schedule: &str, now: &str, expected: &[&str]) {
        let schedule = TimerSchedule::parse(schedule).unwrap();
        let mut at: Timestamp = now.parse().unwrap();
        for expected in expected {
            at = schedule.next_after(at);
            assert_eq!(at.to_string(), *expected);
        }
    }

    #[test]
    fn every_minute_is_the_next_full_minute() {
        check("0 * * * * *", "2026-03-02T06:00:00Z", &["2026-03-02T06:01:00Z", "2026-03-02T06:02:00Z"]);
        check("0 * * * * *", "2026-03-02T06:00:59.999Z", &["2026-03-02T06:01:00Z"]);
        check("0 * * * * *", "2026-12-31T23:59:00Z", &["2027-01-01T00:00:00Z"]);
    }

    #[test]
    fn a_schedule_step_counts_from_the_start_of_its_range() {
        check("0 */20 * * * *", "2026-03-02T06:41:00Z", &["2026-03-02T07:00:00Z", "2026-03-02T07:20:00Z"]);
        check("0 10/20 * * * *", "2026-03-02T06:31:00Z", &["2026-03-02T06:50:00Z", "2026-03-02T07:10:00Z"]);
        check(
            "0 0 8-12/2 * * *",
            "2026-03-02T08:30:00Z",
            &["2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", "2026-03-03T08:00:00Z"],
        );
    }

    #[test]
    fn lists_and_names_are_understood() {
        check("30 5,35 9 * jan,Mar mon-FRI", "2026-03-06T09:05:30Z", &["2026-03-06T09:35:30Z", "2026-03-09T09:05:30Z"]);
    }

    #[test]
    fn day_and_weekday_must_both_hold() {
        check("0 0 0 13 * 5", "2026-03-13T00:00:00Z", &["2026-11-13T00:00:00Z"]);
    }

    #[test]
    fn a_leap_day_is_found_over_the_years() {
        check("0 0 12 29 2 *", "2026-03-02T00:00:00Z", &["2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"]);
        check("0 0 12 29 2 0", "2076-03-02T00:00:00Z", &["2088-02-29T12:00:00Z"]);
    }

    #[test]
    fn an_unreadable_schedule_is_rejected() {
        for text in ["", "0 * * * *", "0 * * * * * *", "00:05:00", "%SCHEDULE%"] {
            assert!(matches!(TimerSchedule::parse(text), Err(ScheduleError::Count { .. })), "{text}");
        }
        for text in [
            "60 * * * * *", "0 5-1 * * * *", "0 */0 * * * *", "0 0 0 0 * *", "0 0 0 * * 7", "0 0 0 * ja *",
            "0 , * * * *",
        ] {
            assert!(matches!(TimerSchedule::parse(text), Err(ScheduleError::Field { .. })), "{text}");
        }
        assert!(matches!(TimerSchedule::parse("0 0 0 30 2 *"), Err(ScheduleError::Never(_))));
    }
}
