//! Ranges of numbers and times, times of day and days of the week.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

/// What lies between two bounds; one may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    /// The lower bound.
    pub over: Option<T>,
    /// The upper bound.
    pub under: Option<T>,
}

impl<T: PartialOrd> Range<T> {
    /// Whether a value lies between the bounds and is neither of them.
    pub fn holds(&self, value: &T) -> bool {
        self.over.as_ref().is_none_or(|over| value > over) && self.under.as_ref().is_none_or(|under| value < under)
    }

    /// Whether a value is the lower bound or above it, and below the upper one: how spans of time follow each other.
    pub fn holds_from(&self, value: &T) -> bool {
        self.over.as_ref().is_none_or(|from| value >= from) && self.under.as_ref().is_none_or(|to| value < to)
    }
}

/// A time of day in a zone, from one time up to another, over midnight where the second is the earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocked {
    /// When it begins.
    pub from: Time,
    /// When it ends; this time itself is outside.
    pub to: Time,
    /// Where the clock hangs.
    pub zone: TimeZone,
}

impl Clocked {
    /// Whether the clock shows a time within at this moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        let time = self.zone.to_datetime(at).time();
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

/// Days of the week in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekdays {
    /// The days.
    pub days: Vec<Weekday>,
    /// Where the calendar hangs.
    pub zone: TimeZone,
}

impl Weekdays {
    /// Whether it is one of these days at this moment.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.days.contains(&self.zone.to_datetime(at).weekday())
    }
}
