//! Formats values for people; `-` stands for an unknown value.

use std::borrow::Cow;

use domain::address::Printable;
use indicatif::HumanBytes;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use unicode_width::UnicodeWidthStr;

use crate::arguments::time::zone_name;

/// Escapes characters that would act on the terminal. For text from outside.
pub(crate) fn text(text: &str) -> String {
    Printable(text).to_string()
}

/// Like [`text`], with `-` for `None`.
pub(crate) fn optional(chosen: Option<&str>) -> String {
    chosen.map_or_else(unknown, text)
}

/// Time to the minute, in the zone of the table.
pub(crate) fn minute(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(unknown, |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
}

/// Header of a column of times, with the zone: `created (UTC)`.
pub(crate) fn in_zone(header: &str, zone: &TimeZone) -> String {
    format!("{header} ({})", zone_name(zone))
}

/// Time as RFC 3339, in full precision.
pub(crate) fn second(at: Option<Timestamp>) -> String {
    at.map_or_else(unknown, |at| at.to_string())
}

/// Duration in full precision: `27m 18s`.
pub(crate) fn duration(milliseconds: Option<u64>) -> String {
    let exact = milliseconds.and_then(|count| i64::try_from(count).ok()).map(SignedDuration::from_millis);
    exact.map_or_else(unknown, |exact| format!("{exact:#}"))
}

/// Duration in whole seconds: `27m 18s`.
pub(crate) fn length(duration: Option<SignedDuration>) -> String {
    duration.map_or_else(unknown, |exact| format!("{:#}", SignedDuration::from_secs(exact.as_secs())))
}

/// Size in binary units: `45.98 MiB`.
pub(crate) fn size(bytes: Option<u64>) -> String {
    bytes.map_or_else(unknown, |bytes| HumanBytes(bytes).to_string())
}

/// Number of recordings, in words.
pub(crate) fn recordings(count: u64) -> String {
    if count == 1 {
        "1 recording".to_owned()
    } else {
        format!("{count} recordings")
    }
}

/// Shortens `text` to at most `width` columns. The middle is cut, because the end distinguishes the
/// recordings of one machine and account.
pub(crate) fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let places = || text.char_indices().map(|(at, _)| at);
    let end = places().rev().take_while(|at| text[*at..].width() <= width / 3).last().unwrap_or(text.len());
    let room = width.saturating_sub(1 + text[end..].width());
    let beginning = places().take_while(|at| text[..*at].width() <= room).last().unwrap_or(0);
    Cow::Owned(format!("{}…{}", &text[..beginning], &text[end..]))
}

fn unknown() -> String {
    "-".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_in_common_units() {
        let shown = [Some(0), Some(42_000), Some(1_638_000), Some(10_801_000), Some(u64::MAX), None].map(duration);
        assert_eq!(shown, ["0s", "42s", "27m 18s", "3h 1s", "-", "-"]);
    }

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!([Some(0), Some(1024), Some(48_211_234), None].map(size), ["0 B", "1.00 KiB", "45.98 MiB", "-"]);
    }

    #[test]
    fn a_long_text_is_shortened_in_the_middle_to_its_columns() {
        assert_eq!(shortened("vm-web-01-azureadmin.3", 22), "vm-web-01-azureadmin.3");
        assert_eq!(shortened("vm-web-01-azureadmin.3", 21), "vm-web-01-azu…admin.3");
        assert_eq!(shortened("製造ライン端末.12", 11), "製造ラ….12");
        for text in ["vm-web-01-azureadmin.3", "製造ライン端末-第三工場.12", "e\u{301}e\u{301}e\u{301}e\u{301}"]
        {
            for width in 1..=30 {
                assert!(shortened(text, width).width() <= width, "{text} in {width}");
            }
        }
    }

    #[test]
    fn a_hostile_text_cannot_act_on_the_terminal() {
        assert_eq!(text("a\u{1b}[2J\u{202e}b\n"), "a\\u{1b}[2J\\u{202e}b\\u{a}");
    }
}
