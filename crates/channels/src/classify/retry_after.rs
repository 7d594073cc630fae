use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

static HTTP_DATE: DateTimeParser = DateTimeParser::new();

/// Parses a `Retry-After` header: seconds, also with a fraction, or an HTTP date. Fractions are rounded up; a past
/// date yields zero. Returns `None` if the text is neither.
pub(super) fn parse(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    seconds(text).or_else(|| Some(until(text, now)?.max(SignedDuration::ZERO)))
}

fn seconds(text: &str) -> Option<SignedDuration> {
    // Parsing a float would also accept "inf", "nan" and signs.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let seconds: f64 = text.parse().ok()?;
    Some(SignedDuration::from_secs(seconds.ceil() as i64))
}

fn until(text: &str, now: Timestamp) -> Option<SignedDuration> {
    Some(HTTP_DATE.parse_timestamp(text).ok()?.duration_since(now))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wait(text: &str) -> Option<i64> {
        let now = "2026-03-02T09:12:44Z".parse().unwrap();
        parse(text, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_read_and_fractions_rounded_up() {
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("1.0"), Some(1));
        assert_eq!(wait("1.001"), Some(2));
        assert_eq!(wait(".5"), Some(1));
    }

    #[test]
    fn an_http_date_is_a_wait_from_now() {
        assert_eq!(wait("Mon, 02 Mar 2026 09:14:44 GMT"), Some(120));
        assert_eq!(wait("Mon, 02 Mar 2026 09:00:00 GMT"), Some(0));
    }

    #[test]
    fn an_absurd_count_is_a_very_long_wait() {
        assert_eq!(wait("99999999999999999999999999"), Some(i64::MAX));
        assert_eq!(wait(&"9".repeat(400)), Some(i64::MAX));
    }

    #[test]
    fn an_invalid_retry_after_is_ignored() {
        for text in ["", ".", "1.2.3", "-5", "+5", "inf", "nan", "1e9", "soon", "Tue, 02 Mar 2026 09:14:44 GMT"] {
            assert_eq!(wait(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_header_causes_a_negative_wait(text: String, second in -1_000_000_000i64..4_000_000_000) {
            let now = Timestamp::from_second(second).unwrap();
            prop_assert!(parse(&text, now).is_none_or(|wait| wait >= SignedDuration::ZERO));
        }
    }
}
