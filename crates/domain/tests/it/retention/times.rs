//! Tests ranges at their bounds, times of day across midnight, and weekdays in a time zone.

use domain::policy::matcher::{Clocked, Range, Weekdays};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Central European time: UTC+1, in summer UTC+2.
fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn clock(from: &str, to: &str, zone: TimeZone) -> Clocked {
    let time = |text: &str| text.parse::<Time>().unwrap();
    Clocked { from: time(from), to: time(to), zone }
}

#[test]
fn a_range_excludes_its_bounds() {
    let range = Range { over: Some(1), under: Some(4) };
    assert_eq!([0, 1, 2, 3, 4, 5].map(|value| range.holds(&value)), [false, false, true, true, false, false]);
    assert_eq!([1, 4].map(|value| Range { over: None, under: Some(4) }.holds(&value)), [true, false]);
    assert_eq!([1, 4].map(|value| Range { over: Some(1), under: None }.holds(&value)), [false, true]);
    assert!(Range::<u64> { over: None, under: None }.holds(&u64::MAX));
}

#[test]
fn spans_of_time_follow_each_other_without_a_gap() {
    let quarter = |from: &str, to: &str| Range { over: Some(at(from)), under: Some(at(to)) };
    let first = quarter("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z");
    let second = quarter("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z");
    for (text, expected) in [
        ("2025-12-31T23:59:59.999999999Z", (false, false)),
        ("2026-01-01T00:00:00Z", (true, false)),
        ("2026-03-31T23:59:59.999999999Z", (true, false)),
        ("2026-04-01T00:00:00Z", (false, true)),
        ("2026-07-01T00:00:00Z", (false, false)),
    ] {
        assert_eq!((first.holds_from(&at(text)), second.holds_from(&at(text))), expected, "{text}");
    }
}

#[test]
fn a_time_of_day_may_span_midnight() {
    let night = clock("18:00", "07:00", TimeZone::UTC);
    let day = clock("07:00", "18:00", TimeZone::UTC);
    for (text, is_night) in [
        ("2026-03-02T06:59:59.999Z", true),
        ("2026-03-02T07:00:00Z", false),
        ("2026-03-02T17:59:59.999Z", false),
        ("2026-03-02T18:00:00Z", true),
        ("2026-03-02T23:59:59Z", true),
        ("2026-03-03T00:00:00Z", true),
    ] {
        assert_eq!((night.holds(at(text)), day.holds(at(text))), (is_night, !is_night), "{text}");
    }
}

#[test]
fn up_to_midnight_is_up_to_the_beginning_of_the_day() {
    let evening = clock("18:00", "00:00", TimeZone::UTC);
    assert!(evening.holds(at("2026-03-02T23:59:59.999999999Z")) && !evening.holds(at("2026-03-03T00:00:00Z")));
    let whole = clock("00:00", "00:00", TimeZone::UTC);
    assert!(!whole.holds(at("2026-03-03T00:00:00Z")), "a range from a time to the same time is empty");
}

#[test]
fn the_clock_is_that_of_the_zone_in_summer_and_winter() {
    let night = clock("18:00", "07:00", berlin());
    assert!(night.holds(at("2026-01-15T05:59:59Z")) && !night.holds(at("2026-01-15T06:00:00Z")));
    assert!(night.holds(at("2026-07-15T04:59:59Z")) && !night.holds(at("2026-07-15T05:00:00Z")));
    // The hour that occurs twice, and the one that is skipped.
    let twice = clock("02:00", "03:00", berlin());
    let hours = ["2026-10-24T23:59:59Z", "2026-10-25T00:00:00Z", "2026-10-25T01:59:59Z", "2026-10-25T02:00:00Z"];
    assert_eq!(hours.map(|text| twice.holds(at(text))), [false, true, true, false]);
    let never = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"];
    assert_eq!(never.map(|text| twice.holds(at(text))), [false, false]);
}

#[test]
fn a_day_of_the_week_is_that_of_the_zone() {
    let saturday = Weekdays { days: vec![Weekday::Saturday], zone: berlin() };
    for (text, is_saturday) in [
        ("2026-07-03T21:59:59Z", false),
        ("2026-07-03T22:00:00Z", true),
        ("2026-07-04T21:59:59Z", true),
        ("2026-07-04T22:00:00Z", false),
    ] {
        assert_eq!(saturday.holds(at(text)), is_saturday, "{text}");
    }
    assert!(!Weekdays { days: Vec::new(), zone: TimeZone::UTC }.holds(at("2026-07-04T12:00:00Z")));
}
