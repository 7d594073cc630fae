//! Days as people write them: `today`, `last tuesday`, `7d`, `2026-11`, `2026-11-17..yesterday`.
//!
//! The functions are pure. The caller passes the present date in its time zone, and turns the days into times.

use jiff::Span;
use jiff::civil::{Date, Weekday};
use thiserror::Error;

/// Days from `first` to `last`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// First day of the range.
    pub first: Date,
    /// Last day of the range.
    pub last: Date,
}

/// Text that names no days.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotDays {
    /// The text is no word for a day.
    #[error("{0:?} names no day; write {EXAMPLES}")]
    Unknown(String),
    /// The range ends before it begins.
    #[error("{0:?} ends before it begins")]
    Backwards(String),
}

/// Examples of all forms, for messages.
pub const EXAMPLES: &str = "today, yesterday, tuesday, last tuesday, 7d, 2w, 2026-11-17 or 2026-11";

/// Parses words for one or several days, ignoring case.
///
/// - `today`, `yesterday`, `2026-11-17`: that day
/// - `tue`, `tuesday`: the most recent one, today included; `last tuesday`: the most recent one before today
/// - `7d`, `2w`: from the day that many days or weeks ago until today
/// - `2026-11`: the whole month
/// - `A..B`: from the first day of A to the last day of B; here `7d` is a single day
pub fn day_range(words: &str, today: Date) -> Result<DayRange, NotDays> {
    if let Some((begin, end)) = words.split_once("..") {
        let range = DayRange { first: first_day(begin, today)?, last: last_day(end, today)? };
        return if range.first > range.last {
            Err(NotDays::Backwards(words.trim().to_owned()))
        } else {
            Ok(range)
        };
    }
    let days = named(words, today)?;
    Ok(if days.is_ago { DayRange { last: today, ..days.range } } else { days.range })
}

/// Parses the first day of a range: like [`day_range`], but without `A..B`; `7d` is the day seven days ago.
pub fn first_day(words: &str, today: Date) -> Result<Date, NotDays> {
    named(words, today).map(|days| days.range.first)
}

/// Parses the last day of a range: like [`first_day`], but `2026-11` is the last day of the month.
pub fn last_day(words: &str, today: Date) -> Result<Date, NotDays> {
    named(words, today).map(|days| days.range.last)
}

/// Days under one name.
struct NamedDays {
    range: DayRange,
    /// True for `7d` and `2w`, which alone stand for all days since.
    is_ago: bool,
}

fn named(words: &str, today: Date) -> Result<NamedDays, NotDays> {
    let lower = words.to_lowercase();
    let parts: Vec<&str> = lower.split_whitespace().collect();
    let found = match parts.as_slice() {
        [word] => one_word(word, today),
        ["last", name] => weekday(name).and_then(|day| before(today, day)).map(single),
        _ => None,
    };
    found.ok_or_else(|| NotDays::Unknown(words.trim().to_owned()))
}

fn one_word(word: &str, today: Date) -> Option<NamedDays> {
    match word {
        "today" => Some(single(today)),
        "yesterday" => today.yesterday().ok().map(single),
        _ => since_weekday(word, today).or_else(|| ago(word, today)).or_else(|| calendar(word)),
    }
}

fn single(day: Date) -> NamedDays {
    NamedDays { range: DayRange { first: day, last: day }, is_ago: false }
}

fn since_weekday(word: &str, today: Date) -> Option<NamedDays> {
    let day = weekday(word)?;
    if today.weekday() == day {
        Some(single(today))
    } else {
        before(today, day).map(single)
    }
}

/// Returns the most recent such weekday before `today`.
fn before(today: Date, day: Weekday) -> Option<Date> {
    today.nth_weekday(-1, day).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// Reads `7d` and `2w`.
fn ago(word: &str, today: Date) -> Option<NamedDays> {
    let (number, days) = match word.strip_suffix('d') {
        Some(number) => (number, 1),
        None => (word.strip_suffix('w')?, 7),
    };
    let count = digits(number)?.checked_mul(days)?;
    let day = today.checked_sub(Span::new().try_days(count).ok()?).ok()?;
    Some(NamedDays { is_ago: true, ..single(day) })
}

/// Reads `2026-11-17` and `2026-11`.
fn calendar(word: &str) -> Option<NamedDays> {
    let mut numbers = word.split('-');
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next());
    let day_length = day.map_or(2, str::len);
    if numbers.next().is_some() || (year.len(), month.len(), day_length) != (4, 2, 2) {
        return None;
    }
    let number = |text: &str| digits(text).and_then(|number| i16::try_from(number).ok());
    let part = |text: &str| digits(text).and_then(|number| i8::try_from(number).ok());
    let first = Date::new(number(year)?, part(month)?, day.map_or(Some(1), part)?).ok()?;
    let last = if day.is_some() { first } else { first.last_of_month() };
    Some(NamedDays { range: DayRange { first, last }, is_ago: false })
}

/// Reads a number without a sign.
fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Tuesday.
    const TODAY: Date = date(2026, 11, 17);

    #[track_caller]
    fn assert_days(words: &str, first: Date, last: Date) {
        assert_eq!(day_range(words, TODAY), Ok(DayRange { first, last }), "{words:?}");
    }

    #[test]
    fn a_word_for_a_day_is_that_day() {
        for (words, day) in [
            ("today", TODAY),
            ("yesterday", date(2026, 11, 16)),
            ("2026-03-02", date(2026, 3, 2)),
            ("2024-02-29", date(2024, 2, 29)),
        ] {
            assert_days(words, day, day);
        }
    }

    #[test]
    fn a_weekday_is_the_most_recent_one_and_may_be_today() {
        for (words, day) in [("tuesday", 17), ("tue", 17), ("mon", 16), ("sunday", 15), ("wed", 11), ("Thurs", 12)] {
            assert_days(words, date(2026, 11, day), date(2026, 11, day));
        }
    }

    #[test]
    fn a_last_weekday_is_before_today() {
        for (words, day) in [("last tuesday", 10), ("last tue", 10), ("last monday", 16), ("last  wed", 11)] {
            assert_days(words, date(2026, 11, day), date(2026, 11, day));
        }
    }

    #[test]
    fn a_number_of_days_or_weeks_reaches_until_today() {
        assert_days("7d", date(2026, 11, 10), TODAY);
        assert_days("2w", date(2026, 11, 3), TODAY);
        assert_days("0d", TODAY, TODAY);
        assert_days("365d", date(2025, 11, 17), TODAY);
    }

    #[test]
    fn a_month_has_all_its_days() {
        assert_days("2026-11", date(2026, 11, 1), date(2026, 11, 30));
        assert_days("2024-02", date(2024, 2, 1), date(2024, 2, 29));
    }

    #[test]
    fn a_range_reaches_from_its_first_day_to_its_last() {
        assert_days("2026-11-02..2026-11-09", date(2026, 11, 2), date(2026, 11, 9));
        assert_days("2026-09..2026-10", date(2026, 9, 1), date(2026, 10, 31));
        assert_days("last monday .. today", date(2026, 11, 16), TODAY);
        assert_days("30d..7d", date(2026, 10, 18), date(2026, 11, 10));
    }

    #[test]
    fn case_and_spaces_around_do_not_count() {
        assert_days(" Yesterday ", date(2026, 11, 16), date(2026, 11, 16));
        assert_days("Last TUESDAY", date(2026, 11, 10), date(2026, 11, 10));
        assert_days("7D", date(2026, 11, 10), TODAY);
    }

    #[test]
    fn an_end_of_a_range_is_one_day() {
        assert_eq!(
            (first_day("2026-02", TODAY), last_day("2026-02", TODAY)),
            (Ok(date(2026, 2, 1)), Ok(date(2026, 2, 28)))
        );
        assert_eq!((first_day("7d", TODAY), last_day("7d", TODAY)), (Ok(date(2026, 11, 10)), Ok(date(2026, 11, 10))));
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_refused() {
        assert_eq!(day_range("today..yesterday", TODAY), Err(NotDays::Backwards("today..yesterday".to_owned())));
    }

    #[test]
    fn other_words_are_refused_by_name() {
        for words in [
            "", " ", "tomorrow", "last", "last today", "tuesday last", "2026-13", "2026-02-30", "2026-1-1", "2026",
            "2026-11-17-1", "+026-11-17", "2026-11-17T09:00:00Z", "7", "d", "-7d", "7.5d", "99999999999999999999d",
            "99999999d", "vm-web-01", "7é",
        ] {
            let refused = Err(NotDays::Unknown(words.trim().to_owned()));
            assert_eq!(day_range(words, TODAY), refused, "{words:?}");
        }
        for words in ["..", "today..", "..today", "today...yesterday", "1d..2d..3d"] {
            assert!(day_range(words, TODAY).is_err(), "{words:?}");
        }
    }

    #[test]
    fn the_message_names_the_words_and_the_forms() {
        let message = day_range("someday", TODAY).unwrap_err().to_string();
        assert!(message.starts_with("\"someday\" names no day; write today, yesterday"), "{message}");
    }

    #[test]
    fn the_edges_of_the_calendar_are_no_panic() {
        assert!(day_range("yesterday", Date::MIN).is_err());
        assert!(day_range("last monday", Date::MIN).is_err());
        assert!(day_range("9999-12", Date::MAX).is_ok());
    }
}
