//! Days and ranges of days.

use jiff::tz::TimeZone;

use super::{NOW, explained, search_at};
use crate::query::{SearchText, TimeRange};

const UTC: &str = "UTC0";
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
/// The clock goes from midnight to one o'clock.
const SANTIAGO: &str = "<-04>4<-03>,M9.1.6/24,M4.1.6/24";

/// Returns begin and end of the creation times, or `None` for an open side.
fn range_at(text: &str, now: &str, zone: &str) -> [Option<String>; 2] {
    let search = search_at(text, now, &TimeZone::posix(zone).unwrap());
    let TimeRange { from, to } = search.created(TimeRange::default());
    [from, to].map(|at| at.map(|at| at.to_string()))
}

/// Asserts that each text means the days from one date to another, on a Tuesday in UTC.
fn assert_days(cases: &[(&str, &str, &str)]) {
    for (text, first, behind) in cases {
        let expected = [first, behind].map(|day| Some(format!("{day}T00:00:00Z")));
        assert_eq!(range_at(text, NOW, UTC), expected, "{text}");
    }
}

#[test]
fn a_weekday_is_the_most_recent_one_today_included() {
    assert_days(&[
        ("today", "2026-11-24", "2026-11-25"),
        ("Yesterday", "2026-11-23", "2026-11-24"),
        ("tue", "2026-11-24", "2026-11-25"),
        ("MON", "2026-11-23", "2026-11-24"),
        ("wednesday", "2026-11-18", "2026-11-19"),
        ("sun", "2026-11-22", "2026-11-23"),
    ]);
}

#[test]
fn the_last_weekday_is_before_today() {
    assert_days(&[
        ("last tuesday", "2026-11-17", "2026-11-18"),
        ("Last  mon", "2026-11-23", "2026-11-24"),
        ("last wed", "2026-11-18", "2026-11-19"),
    ]);
    assert_eq!(explained("last x"), ["Person, machine or name: last", "Person, machine or name: x"]);
    assert_eq!(explained("last"), ["Person, machine or name: last"]);
}

#[test]
fn a_week_begins_on_monday_and_a_month_on_its_first() {
    assert_days(&[
        ("this week", "2026-11-23", "2026-11-30"),
        ("Last  Week", "2026-11-16", "2026-11-23"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last month", "2026-10-01", "2026-11-01"),
    ]);
    assert_eq!(explained("this x"), ["Person, machine or name: this", "Person, machine or name: x"]);
    let of = |text, now| range_at(text, now, UTC).map(|at| at.map(|at| at[..10].to_owned()).unwrap_or_default());
    assert_eq!(of("last month", "2026-03-31T12:00:00Z"), ["2026-02-01", "2026-03-01"]);
    assert_eq!(of("last week", "2026-03-01T12:00:00Z"), ["2026-02-16", "2026-02-23"], "on a Sunday");
}

#[test]
fn a_numbered_week_is_the_most_recent_one_that_has_begun() {
    assert_days(&[
        ("w42", "2026-10-12", "2026-10-19"),
        ("W48", "2026-11-23", "2026-11-30"),
        ("w49", "2025-12-01", "2025-12-08"),
        ("w53", "2020-12-28", "2021-01-04"),
        ("2026-w53", "2026-12-28", "2027-01-04"),
        ("2026-w01", "2025-12-29", "2026-01-05"),
    ]);
}

#[test]
fn counted_days_end_today() {
    assert_days(&[
        ("1d", "2026-11-23", "2026-11-25"),
        ("7d", "2026-11-17", "2026-11-25"),
        ("2w", "2026-11-10", "2026-11-25"),
    ]);
}

#[test]
fn dates_months_and_ranges_include_their_ends() {
    assert_days(&[
        ("2026-11-17", "2026-11-17", "2026-11-18"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-11-17..2026-11-20", "2026-11-17", "2026-11-21"),
        ("2026-01..2026-02-03", "2026-01-01", "2026-02-04"),
        ("2026-11 2026-11-17..", "2026-11-17", "2026-12-01"),
    ]);
    assert_eq!(range_at("..2026-11-20", NOW, UTC), [None, Some("2026-11-21T00:00:00Z".to_owned())]);
    assert_eq!(range_at("9999-12", NOW, UTC)[1], None, "after the last date there is no end");
}

#[test]
fn a_day_is_that_of_the_time_zone() {
    let at = |now| range_at("today", now, BERLIN);
    let times = |from: &str, to: &str| [from, to].map(|at| Some(at.to_owned()));
    assert_eq!(at("2026-11-24T22:59:59Z"), times("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"));
    assert_eq!(at("2026-11-24T23:00:00Z"), times("2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z"));
}

#[test]
fn a_day_of_a_clock_change_has_its_own_length() {
    let of = |day: &str, zone: &str| range_at(day, NOW, zone);
    let times = |from: &str, to: &str| [from, to].map(|at| Some(at.to_owned()));
    assert_eq!(of("2026-03-29", BERLIN), times("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
    assert_eq!(of("2026-10-25", BERLIN), times("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
    assert_eq!(of("2026-09-06", SANTIAGO), times("2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"));
}

#[test]
fn days_are_explained_with_their_dates() {
    assert_eq!(
        explained("tue 7d 2026-11"),
        ["Tuesday 2026-11-24", "2026-11-17 to 2026-11-24", "2026-11-01 to 2026-11-30"]
    );
    assert_eq!(explained("2026-11-17.. ..2026-11-17"), ["from 2026-11-17", "until 2026-11-17"]);
}

#[test]
fn a_day_that_does_not_exist_is_an_error() {
    for text in [
        "2026-13-40", "2026-02-30", "2026-13", "2026-00", "0d", "000w", "w00", "w54", "2025-w53", "2026-11-17..soon",
        "x..2026-11",
    ] {
        let error = SearchText::parse(&format!("anna {text}")).unwrap_err();
        assert_eq!(error.problem(), "has a day that does not exist", "{text}");
        assert!(error.to_string().contains(&format!("instead of {text:?}")), "{error}");
    }
    let error = SearchText::parse("2026-11-20..2026-11-17").unwrap_err();
    assert_eq!(error.problem(), "has a range that ends before it begins");
}

#[test]
fn words_that_only_resemble_days_are_parts_of_names() {
    for text in [
        "7days", "d", "w2", "w123", "2026-w2", "x-w12", "7", "1234d", "2026", "2026-1-1", "2026-11-17x", "vm..2",
        "tues",
    ] {
        assert_eq!(explained(text), [format!("Person, machine or name: {text}")]);
    }
}
