//! Parses the words for days.

use jiff::civil::{Date, Weekday};

use super::{DayWord, Days, NotDays, monday};

/// Parses `w42` or `2026-w42`.
pub(super) fn week(word: &str) -> Option<Result<DayWord, NotDays>> {
    let (year, number) = match word.split_once("-w") {
        Some((year, number)) => (Some(year), number),
        None => (None, word.strip_prefix('w')?),
    };
    let is_number = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(number, 2) || year.is_some_and(|year| !is_number(year, 4)) {
        return None;
    }
    let number: i8 = number.parse().ok()?;
    let Some(year) = year else {
        return Some(if (1..=53).contains(&number) {
            Ok(DayWord::Week(number))
        } else {
            Err(NotDays::Missing)
        });
    };
    let monday = monday(year.parse().ok()?, number).ok_or(NotDays::Missing);
    Some(monday.map(|monday| DayWord::Between(Days::week_of(monday))))
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
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
pub(super) fn count(word: &str) -> Option<Result<DayWord, NotDays>> {
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
pub(super) fn range(first: &str, last: &str) -> Option<Result<Days, NotDays>> {
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
pub(super) fn dates(text: &str) -> Option<Result<Days, NotDays>> {
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
