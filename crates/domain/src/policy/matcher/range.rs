//! Ranges of numbers and times, times of day, and days of the week.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

/// Range between two optional bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    /// Lower bound.
    pub over: Option<T>,
    /// Upper bound.
    pub under: Option<T>,
}

impl<T: PartialOrd> Range<T> {
    /// True if the value lies strictly between the bounds.
    pub fn holds(&self, value: &T) -> bool {
        self.over.as_ref().is_none_or(|over| value > over) && self.under.as_ref().is_none_or(|under| value < under)
    }

    /// True if the value is at or above the lower and below the upper bound, so consecutive time spans do not overlap.
    pub fn holds_from(&self, value: &T) -> bool {
        self.over.as_ref().is_none_or(|from| value >= from) && self.under.as_ref().is_none_or(|to| value < to)
    }
}

/// Range of the time of day in a time zone; spans midnight if `from` is after `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocked {
    /// Beginning, inclusive.
    pub from: Time,
    /// End, exclusive.
    pub to: Time,
    /// Time zone of the clock.
    pub zone: TimeZone,
}

impl Clocked {
    /// True if the local time at `at` lies in the range.
    pub fn holds(&self, at: Timestamp) -> bool {
        let time = self.zone.to_datetime(at).time();
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

/// Days of the week in a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekdays {
    /// Days of the week.
    pub days: Vec<Weekday>,
    /// Time zone of the calendar.
    pub zone: TimeZone,
}

impl Weekdays {
    /// True if `at` falls on one of these days.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.days.contains(&self.zone.to_datetime(at).weekday())
    }
}
