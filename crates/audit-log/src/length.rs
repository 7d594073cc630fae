//! Parses the duration of a session.

use std::borrow::Cow;

use jiff::SignedDuration;

/// Maximum of the log table's column, in milliseconds; this and larger values mean no duration.
const NONE_FROM: i64 = i32::MAX as i64;

/// A duration, parsed if possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length<'a> {
    /// A duration greater than zero.
    Of(SignedDuration),
    /// Text that failed to parse, unchanged.
    Odd(Cow<'a, str>),
}

impl<'a> Length<'a> {
    /// Parses milliseconds or `[days.]hours:minutes:seconds`. Returns `None` if the text is empty, or if the value is
    /// zero, negative, or at least `i32::MAX` milliseconds.
    pub fn read(text: Cow<'a, str>) -> Option<Self> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return None;
        }
        match milliseconds(trimmed).or_else(|| span(trimmed)) {
            Some(millis) if millis > 0 && millis < NONE_FROM => Some(Self::Of(SignedDuration::from_millis(millis))),
            Some(_) => None,
            None => Some(Self::Odd(text)),
        }
    }

    /// Returns the duration, or `None` if it could not be parsed.
    pub fn known(&self) -> Option<SignedDuration> {
        match self {
            Self::Of(length) => Some(*length),
            Self::Odd(_) => None,
        }
    }

    pub(crate) fn into_owned(self) -> Length<'static> {
        match self {
            Self::Of(length) => Length::Of(length),
            Self::Odd(text) => Length::Odd(Cow::Owned(text.into_owned())),
        }
    }
}

fn milliseconds(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let millis: f64 = text.parse().ok().filter(|_| is_number)?;
        // A cast from a float saturates at the bounds of `i64`.
        Some(millis.round() as i64)
    })
}

fn span(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let whole = |text: &str, limit: i64| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| digits && *number < limit)
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    whole(fraction, i64::MAX)?;
    let millis = whole(&format!("{fraction:0<3}")[..3], 1000)?;
    let hours = whole(days, 20_000_000)? * 24 + whole(hours, 24)?;
    let millis = ((hours * 60 + whole(minutes, 60)?) * 60 + whole(seconds, 60)?) * 1000 + millis;
    Some(if negative { -millis } else { millis })
}

#[cfg(test)]
mod tests {
    use super::Length;

    fn millis(text: &str) -> Option<i128> {
        Length::read(text.into()).and_then(|length| length.known()).map(|length| length.as_millis())
    }

    #[test]
    fn milliseconds_and_spans_are_understood() {
        for (text, expected) in [
            ("505290", 505_290),
            (" 505290 ", 505_290),
            ("505290.0", 505_290),
            ("5.0529e5", 505_290),
            ("00:08:25.29", 505_290),
            ("00:08:25.2900000", 505_290),
            ("1.00:00:01", 86_401_000),
        ] {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn placeholder_values_are_no_duration() {
        for text in ["", " ", "0", "-1", "0.0", "00:00:00", "2147483647", "4294967295", "-2147483648"] {
            assert_eq!(Length::read(text.into()), None, "{text}");
        }
        for text in ["9223372036854775807", "9999999999999999999999", "10675199.02:48:05.4775807"] {
            assert_eq!(Length::read(text.into()), None, "{text}");
        }
    }

    #[test]
    fn unparsable_text_is_kept_unchanged() {
        for text in ["8 min", "NaN", "inf", "1:2", "00:61:00", "a.00:00:01", "00:00:01.x", "00:00:01.é", "--1"] {
            assert_eq!(Length::read(text.into()), Some(Length::Odd(text.into())), "{text}");
        }
    }
}
