//! Times of the pages: in the configured time zone, with UTC and the distance from today on hover.

use std::fmt;

use askama::filters::HtmlSafe;
use askama::{FastWritable, Values};
use domain::address::Printable;
use domain::words;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use crate::text;

/// Current time and time zone of a page.
#[derive(Debug, Clone)]
pub struct PageClock {
    now: Timestamp,
    zone: TimeZone,
    today: Date,
}

/// Time in a page, as a `time` element; a dash if it is unknown.
#[derive(Default)]
pub(crate) struct PageTime {
    at: Option<Timestamp>,
    shown: String,
    title: String,
}

impl PageClock {
    /// Creates a clock that shows times in this zone.
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        let today = zone.to_datetime(now).date();
        Self { now, zone, today }
    }

    /// Current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Current day in the time zone.
    pub(crate) fn today(&self) -> Date {
        self.today
    }

    /// Name of the time zone.
    pub(crate) fn zone_name(&self) -> String {
        self.zone.iana_name().map_or_else(|| "local time".to_owned(), |name| Printable(name).to_string())
    }

    pub(crate) fn is_utc(&self) -> bool {
        self.zone.iana_name().is_some_and(|name| name == "UTC" || name == "Etc/UTC")
    }

    fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// Day of a time.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// Text to the minute, for sentences: `2026-03-02 09:12`.
    pub(crate) fn minute(&self, at: Timestamp) -> String {
        text::minute_of(self.local(at))
    }

    /// Text to the second, for sentences.
    pub(crate) fn second(&self, at: Timestamp) -> String {
        text::second_of(self.local(at))
    }

    /// Time of day to the second.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        self.second(at).split_off("2026-03-02 ".len())
    }

    /// Text to the minute, or the placeholder of an unknown value.
    pub(crate) fn minute_if(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(|| text::UNKNOWN.to_owned(), |at| self.minute(at))
    }

    /// Text to the second, or the placeholder of an unknown value.
    pub(crate) fn second_if(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(|| text::UNKNOWN.to_owned(), |at| self.second(at))
    }

    /// Time to the minute, with UTC and the distance from today on hover.
    pub(crate) fn time(&self, at: Timestamp) -> PageTime {
        PageTime { at: Some(at), shown: self.minute(at), title: self.hover(at) }
    }

    /// Time to the minute; a dash if it is unknown.
    pub(crate) fn time_if(&self, at: Option<Timestamp>) -> PageTime {
        at.map(|at| self.time(at)).unwrap_or_default()
    }

    /// Distance from now, as in `12 min ago`, with the time on hover.
    pub(crate) fn age(&self, at: Timestamp) -> PageTime {
        let millis = u64::try_from(self.now.duration_since(at).as_millis()).unwrap_or(0);
        let shown = match millis / 60_000 {
            0 => "just now".to_owned(),
            _ => format!("{} ago", largest_unit(millis)),
        };
        PageTime { at: Some(at), shown, title: format!("{}; {}", self.minute(at), self.hover(at)) }
    }

    /// Distance from today, and UTC if the zone is another one.
    pub(crate) fn hover(&self, at: Timestamp) -> String {
        let day = self.relative(self.day(at));
        if self.is_utc() { day } else { format!("{day}; {} UTC", text::second(at)) }
    }

    /// Returns the weekday and the distance from today: `Tuesday, 7 days ago`.
    pub(crate) fn relative(&self, day: Date) -> String {
        format!("{}, {}", day.strftime("%A"), self.distance(day))
    }

    /// Returns the distance from today: `yesterday`, `in 3 days`.
    pub(crate) fn distance(&self, day: Date) -> String {
        let days = self.today.until((Unit::Day, day)).map_or(0, |span| span.get_days());
        match days {
            0 => "today".to_owned(),
            -1 => "yesterday".to_owned(),
            1 => "tomorrow".to_owned(),
            ..0 => format!("{} ago", words::count(days.unsigned_abs().into(), "day")),
            _ => format!("in {}", words::count(days.unsigned_abs().into(), "day")),
        }
    }
}

/// Formats a duration by its largest unit: `3 h`, `12 d`.
fn largest_unit(millis: u64) -> String {
    let text = words::duration(millis);
    text.split_inclusive(' ').take(2).collect::<String>().trim_end().to_owned()
}

impl fmt::Display for PageTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at: Some(at), shown, title } = self else {
            return f.write_str(text::UNKNOWN);
        };
        // The texts are made from numbers and the names of days, so they need no escaping.
        write!(f, "<time datetime=\"{at}\" title=\"{title}\">{shown}</time>")
    }
}

impl FastWritable for PageTime {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(write!(dest, "{self}")?)
    }
}

impl HtmlSafe for PageTime {}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> PageClock {
        PageClock::new("2026-11-24T12:00:00Z".parse().unwrap(), TimeZone::fixed(jiff::tz::offset(1)))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_local_with_utc_on_hover() {
        let shown = berlin().time(at("2026-11-17T23:30:05Z")).to_string();
        let title = "Wednesday, 6 days ago; 2026-11-17 23:30:05 UTC";
        let expected = format!("<time datetime=\"2026-11-17T23:30:05Z\" title=\"{title}\">2026-11-18 00:30</time>");
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_clock_of_utc_does_not_repeat_the_time() {
        let clock = PageClock::new(at("2026-11-24T12:00:00Z"), TimeZone::UTC);
        assert!(clock.time(at("2026-11-23T12:00:00Z")).to_string().contains("title=\"Monday, yesterday\""));
    }

    #[test]
    fn an_age_has_its_largest_unit() {
        let times = ["2026-11-24T11:59:40Z", "2026-11-24T11:20:00Z", "2026-11-24T08:59:00Z", "2026-11-12T08:00:00Z"];
        let ages = times.map(|time| berlin().age(at(time)).shown);
        assert_eq!(ages, ["just now", "40 min ago", "3 h ago", "12 d ago"]);
    }

    #[test]
    fn days_are_told_by_their_distance_from_today() {
        let told = ["2026-11-24", "2026-11-23", "2026-11-25", "2026-11-01", "2026-12-24"];
        let told = told.map(|day| berlin().distance(day.parse().unwrap()));
        assert_eq!(told, ["today", "yesterday", "tomorrow", "23 days ago", "in 30 days"]);
    }
}
