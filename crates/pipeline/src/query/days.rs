//! Words for days: `today`, `tue`, `last tuesday`, `this week`, `last month`, `w42`, `7d`, `2026-11`,
//! `2026-11-17..2026-11-20`.

mod parse;

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;

use self::parse::{count, dates, range, week, weekday};
use super::TimeRange;

/// Day or range of days, relative to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayWord {
    /// `today`.
    Today,
    /// `yesterday`.
    Yesterday,
    /// Most recent such day, today included.
    Weekday(Weekday),
    /// Most recent such day before today.
    LastWeekday(Weekday),
    /// Week from Monday to Sunday, this many weeks ago.
    WeeksAgo(u8),
    /// Calendar month, this many months ago.
    MonthsAgo(u8),
    /// Most recent week with this number that has begun.
    Week(i8),
    /// From the day this many days ago until today.
    Since(u16),
    /// Dates, or a range of dates.
    Between(Days),
}

/// First and last day; `None` leaves that side open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
}

/// Reason why a word that is written like a day is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDays {
    /// The calendar has no such day or month, or there are no days.
    Missing,
    /// The range ends before it begins.
    Reversed,
}

impl DayWord {
    /// Parses words for one name of days, ignoring case. Returns `None` if they are not written like a day.
    pub fn parse(words: &str) -> Option<Result<Self, NotDays>> {
        let folded = words.to_lowercase();
        let mut words = folded.split_whitespace();
        match (words.next()?, words.next(), words.next()) {
            (word, None, None) => Self::read(word),
            (first, Some(second), None) => Self::two(first, second).map(Ok),
            _ => None,
        }
    }

    /// Parses a word in lower case. Returns `None` if it is not written like a day.
    pub(super) fn read(word: &str) -> Option<Result<Self, NotDays>> {
        match word {
            "today" => return Some(Ok(Self::Today)),
            "yesterday" => return Some(Ok(Self::Yesterday)),
            _ => {}
        }
        weekday(word).map(|day| Ok(Self::Weekday(day))).or_else(|| count(word)).or_else(|| week(word)).or_else(|| {
            let days = match word.split_once("..") {
                Some((first, last)) => range(first, last)?,
                None => dates(word)?,
            };
            Some(days.map(Self::Between))
        })
    }

    /// Parses two words in lower case: `last tuesday`, `this week`, `last month`.
    pub(super) fn two(first: &str, second: &str) -> Option<Self> {
        match (first, second) {
            ("this", "week") => Some(Self::WeeksAgo(0)),
            ("last", "week") => Some(Self::WeeksAgo(1)),
            ("this", "month") => Some(Self::MonthsAgo(0)),
            ("last", "month") => Some(Self::MonthsAgo(1)),
            ("last", day) => weekday(day).map(Self::LastWeekday),
            _ => None,
        }
    }

    /// Returns the first and the last day.
    pub fn days(self, today: Date) -> Days {
        let before = |days: i32| today.saturating_sub(Span::new().days(days));
        let since = |day: Weekday| i32::from(day.until(today.weekday()));
        match self {
            Self::Today => Days::one(today),
            Self::Yesterday => Days::one(before(1)),
            Self::Weekday(day) => Days::one(before(since(day))),
            Self::LastWeekday(day) if day == today.weekday() => Days::one(before(7)),
            Self::LastWeekday(day) => Days::one(before(since(day))),
            Self::WeeksAgo(count) => Days::week_of(before(7 * i32::from(count))),
            Self::MonthsAgo(count) => Days::month_of(today.saturating_sub(Span::new().months(count))),
            Self::Week(number) => Days::week_before(number, today),
            Self::Since(count) => Days { first: Some(before(i32::from(count))), last: Some(today) },
            Self::Between(days) => days,
        }
    }
}

impl Days {
    fn one(day: Date) -> Self {
        Self { first: Some(day), last: Some(day) }
    }

    /// Returns the week of a day, from Monday to Sunday.
    fn week_of(day: Date) -> Self {
        let first = day.saturating_sub(Span::new().days(i32::from(day.weekday().to_monday_zero_offset())));
        Self { first: Some(first), last: Some(first.saturating_add(Span::new().days(6))) }
    }

    fn month_of(day: Date) -> Self {
        Self { first: Some(day.first_of_month()), last: Some(day.last_of_month()) }
    }

    /// Returns the most recent ISO week with this number that has begun.
    fn week_before(number: i8, today: Date) -> Self {
        let year = today.iso_week_date().year();
        let mondays = (0..=MOST_YEARS).filter_map(|ago| monday(year.checked_sub(ago)?, number));
        mondays.into_iter().find(|monday| *monday <= today).map_or(Self::one(today), Self::week_of)
    }

    /// Returns the time from the first moment of the first day to the end of the last one.
    pub fn range(self, zone: &TimeZone) -> TimeRange {
        let begin = |day: Date| day.to_zoned(zone.clone()).ok().map(|begin| begin.timestamp());
        let behind = |day: Date| day.tomorrow().ok().and_then(begin);
        TimeRange { from: self.first.and_then(begin), to: self.last.and_then(behind) }
    }

    pub(super) fn explained(self) -> String {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => first.strftime("%A %Y-%m-%d").to_string(),
            (Some(first), Some(last)) => format!("{first} to {last}"),
            (Some(first), None) => format!("from {first}"),
            (None, Some(last)) => format!("until {last}"),
            (None, None) => "any day".to_owned(),
        }
    }
}

/// Years between two weeks 53, at most.
const MOST_YEARS: i16 = 7;

/// Returns the first day of a week; `None` if the year has no such week.
fn monday(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(ISOWeekDate::date)
}
