//! Words for days: `today`, `tue`, `last tuesday`, `7d`, `2026-11`, `2026-11-17..2026-11-20`.

use jiff::Span;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

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
            ("last", Some(day), None) => Self::last(day).map(Ok),
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
        weekday(word).map(|day| Ok(Self::Weekday(day))).or_else(|| count(word)).or_else(|| {
            let days = match word.split_once("..") {
                Some((first, last)) => range(first, last)?,
                None => dates(word)?,
            };
            Some(days.map(Self::Between))
        })
    }

    /// Parses the second word of `last tuesday`.
    pub(super) fn last(word: &str) -> Option<Self> {
        weekday(word).map(Self::LastWeekday)
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
            Self::Since(count) => Days { first: Some(before(i32::from(count))), last: Some(today) },
            Self::Between(days) => days,
        }
    }
}

impl Days {
    fn one(day: Date) -> Self {
        Self { first: Some(day), last: Some(day) }
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

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// Parses `7d` or `2w`.
fn count(word: &str) -> Option<Result<DayWord, NotDays>> {
    let (number, days) = match (word.strip_suffix('d'), word.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => return None,
    };
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u16 = number.parse().ok().filter(|_| is_number)?;
    Some(if number == 0 {
        Err(NotDays::Missing)
    } else {
        Ok(DayWord::Since(number * days))
    })
}

/// Parses the two sides of a range, of which one may be empty. `None` unless a side is written like a date.
fn range(first: &str, last: &str) -> Option<Result<Days, NotDays>> {
    let (begin, end) = (dates(first), dates(last));
    if begin.is_none() && end.is_none() {
        return None;
    }
    let edge = |text: &str, days: Option<Result<Days, NotDays>>| match days {
        Some(days) => days,
        None if text.is_empty() => Ok(Days { first: None, last: None }),
        None => Err(NotDays::Missing),
    };
    let both = edge(first, begin).and_then(|begin| {
        let days = Days { first: begin.first, last: edge(last, end)?.last };
        let is_reversed = days.first.zip(days.last).is_some_and(|(first, last)| last < first);
        if is_reversed { Err(NotDays::Reversed) } else { Ok(days) }
    });
    Some(both)
}

/// Parses `2026-11-17` or `2026-11`.
fn dates(text: &str) -> Option<Result<Days, NotDays>> {
    let mut parts = text.split('-');
    let lengths = [parts.next(), parts.next(), parts.next(), parts.next()].map(|part| part.map_or(0, str::len));
    let is_written_so = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = |text: &str| text.parse::<Date>().map_err(|_| NotDays::Missing);
    match lengths {
        [4, 2, 2, 0] if is_written_so => Some(date(text).map(Days::one)),
        [4, 2, 0, 0] if is_written_so => Some(date(&format!("{text}-01")).map(|first| {
            let last = first.last_of_month();
            Days { first: Some(first), last: Some(last) }
        })),
        _ => None,
    }
}
