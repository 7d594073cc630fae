//! Formats values for people and encodes path segments.

use domain::words;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Placeholder of an unknown value.
pub(crate) const UNKNOWN: &str = "–";

/// Characters to escape in a path segment. Dots are escaped too, because a segment `.` or `..` would change the path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Formats a UTC time to the second: `2026-03-02 09:12:44`.
pub(crate) fn second(at: Timestamp) -> String {
    second_of(TimeZone::UTC.to_datetime(at))
}

/// Formats a time to the minute.
pub(crate) fn minute_of(at: DateTime) -> String {
    let mut text = second_of(at);
    text.truncate("2026-03-02 09:12".len());
    text
}

/// Formats a time to the second.
pub(crate) fn second_of(at: DateTime) -> String {
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
pub(crate) fn readable(name: &str) -> String {
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

/// Letters of a shortened recording id, as on the command line.
const ID_SHOWN: usize = 6;
/// Letters of a shortened tunnel id.
const TUNNEL_SHOWN: usize = 8;

/// Shortens a recording id: `rec_…6hk7hq`.
pub(crate) fn short_id(id: &str) -> String {
    format!("rec_…{}", id.get(id.len().saturating_sub(ID_SHOWN)..).unwrap_or(id))
}

/// Shortens a tunnel id to its last letters, if it is long.
pub(crate) fn short_tunnel(tunnel: &str) -> String {
    let end = tunnel.char_indices().rev().nth(TUNNEL_SHOWN - 1).map_or(0, |(at, _)| at);
    if end > TUNNEL_SHOWN {
        format!("…{}", &tunnel[end..])
    } else {
        tunnel.to_owned()
    }
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
            let at: Timestamp = at.parse().unwrap();
            let minute = minute_of(TimeZone::UTC.to_datetime(at));
            assert_eq!([minute, second(at)], ["2026-03-02 09:12", "2026-03-02 09:12:44"]);
        }
        assert_eq!(second("0007-11-30T23:59:05Z".parse().unwrap()), "0007-11-30 23:59:05");
    }

    #[test]
    fn an_id_is_shortened_to_its_last_letters() {
        assert_eq!(short_id("rec_01kjqrzbhrb6j35y686jz68gad"), "rec_…z68gad");
        assert_eq!(short_tunnel("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"), "…c3d2e1f0");
        assert_eq!(short_tunnel("t-1"), "t-1");
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
