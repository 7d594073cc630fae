//! Formats values for people and encodes path segments.

use domain::words;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Placeholder of an unknown value.
pub(crate) const UNKNOWN: &str = "–";

/// Characters to escape in a path segment. Dots are escaped too, because a segment `.` or `..` would change the path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Formats a UTC time to the minute: `2026-03-02 09:12`.
pub(crate) fn minute(at: Timestamp) -> String {
    let mut text = second(at);
    text.truncate(text.len() - ":44".len());
    text
}

/// Formats a UTC time to the second.
pub(crate) fn second(at: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(at);
    let year = at.year().unsigned_abs();
    let rest = [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(|part| part.unsigned_abs().into());
    // Formatted by hand: pages contain many times, and a format pattern took a tenth of the rendering time.
    let mut text = *b"0000-00-00 00:00:00";
    for (part, place) in [year / 100, year % 100].into_iter().chain(rest).zip([0, 2, 5, 8, 11, 14, 17]) {
        let [_, tens] = (part / 10).to_be_bytes();
        let [_, ones] = (part % 10).to_be_bytes();
        text[place] += tens;
        text[place + 1] += ones;
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Formats the UTC date: `2026-03-02`.
pub(crate) fn date(at: Timestamp) -> String {
    let mut text = second(at);
    text.truncate("2026-03-02".len());
    text
}

/// Formats the UTC time of day to the second: `09:12:44`.
pub(crate) fn clock(at: Timestamp) -> String {
    let mut text = second(at);
    text.split_off(text.len() - "09:12:44".len())
}

/// Formats a time to the minute, or the placeholder if it is unknown.
pub(crate) fn minute_if(at: Option<Timestamp>) -> String {
    at.map_or_else(unknown, minute)
}

/// Formats a duration given in milliseconds, or the placeholder if it is unknown.
pub(crate) fn length(millis: Option<u64>) -> String {
    millis.map_or_else(unknown, words::duration)
}

/// Formats a size in bytes, or the placeholder if it is unknown.
pub(crate) fn size(bytes: Option<u64>) -> String {
    bytes.map_or_else(unknown, words::size)
}

/// Formats a count with separated thousands: `12 345`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join("\u{202f}")
}

/// Turns a stored name into words: `recording_off` becomes `recording off`.
pub(crate) fn spoken(name: &str) -> String {
    name.replace('_', " ")
}

/// Capitalises the first letter and adds a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Percent-encodes a text as one path segment.
pub(crate) fn segment(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, SEGMENT)
}

/// Returns the path of a person's page.
pub(crate) fn person_path(person: &str) -> String {
    format!("/ui/people/{}", segment(person))
}

/// Returns the path of a machine's page.
pub(crate) fn machine_path(machine: &str) -> String {
    format!("/ui/machines/{}", segment(machine))
}

fn unknown() -> String {
    UNKNOWN.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_truncated_to_the_minute_or_second() {
        for at in ["2026-03-02T09:12:44Z", "2026-03-02T09:12:44.9991Z"] {
            let at = at.parse().unwrap();
            assert_eq!([minute(at), second(at)], ["2026-03-02 09:12", "2026-03-02 09:12:44"]);
            assert_eq!(clock(at), "09:12:44");
        }
        assert_eq!(second("0007-11-30T23:59:05Z".parse().unwrap()), "0007-11-30 23:59:05");
    }

    #[test]
    fn thousands_are_separated() {
        let shown = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1\u{202f}000", "1\u{202f}234\u{202f}567"]);
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_ends_with_a_stop() {
        assert_eq!(sentence("look for it"), "Look for it.");
    }

    #[test]
    fn a_segment_of_a_path_names_no_other_place() {
        let shown = ["..", "a/b", "5f0c-1c1e", "a?b#c", "ä"].map(|text| segment(text).to_string());
        assert_eq!(shown, ["%2E%2E", "a%2Fb", "5f0c-1c1e", "a%3Fb%23c", "%C3%A4"]);
    }
}
