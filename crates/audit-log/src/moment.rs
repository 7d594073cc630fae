//! Parses timestamps in the formats that occur in audit logs.

use std::borrow::Cow;
use std::ops::Range;

use jiff::civil::Date;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Accepted timestamps: year 2000 up to, but not including, 9999. Other dates mean no date, such as .NET's year 1.
const POSSIBLE: Range<Timestamp> = Timestamp::constant(946_684_800, 0)..Timestamp::constant(253_370_764_800, 0);

/// A timestamp, parsed if possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment<'a> {
    /// UTC, with nanosecond precision.
    At(Timestamp),
    /// Text that failed to parse, unchanged.
    Odd(Cow<'a, str>),
}

impl<'a> Moment<'a> {
    /// Parses a date with an optional time (default midnight) and an optional zone (default UTC). Returns `None` if the
    /// text is empty or the year is before 2000 or after 9998.
    pub fn read(text: Cow<'a, str>) -> Option<Self> {
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() {
            return None;
        }
        let civil = plain(trimmed.as_bytes()).or_else(|| Letters(trimmed.as_bytes()).date_and_time());
        let at = match civil {
            // The last days of 9999 exceed the range of `Timestamp`; treat the whole year as no date.
            Some(civil) if civil.year == 9999 => return None,
            Some(civil) => civil.timestamp(),
            None => DateTimeParser::new().parse_timestamp(trimmed).ok(),
        };
        match at {
            Some(at) if POSSIBLE.contains(&at) => Some(Self::At(at)),
            Some(_) => None,
            None => Some(Self::Odd(text)),
        }
    }

    /// Returns the timestamp, or `None` if it could not be parsed.
    pub fn known(&self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(*at),
            Self::Odd(_) => None,
        }
    }

    pub(crate) fn into_owned(self) -> Moment<'static> {
        match self {
            Self::At(at) => Moment::At(at),
            Self::Odd(text) => Moment::Odd(Cow::Owned(text.into_owned())),
        }
    }
}

/// Parts of a date, each in range; the day may exceed the length of the month.
#[derive(Debug, Clone, Copy, Default)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    /// Seconds since midnight.
    second: i64,
    nanosecond: i32,
    /// Seconds east of UTC.
    offset: i64,
}

impl Civil {
    /// Returns `None` if the month does not have the day.
    fn timestamp(self) -> Option<Timestamp> {
        let (year, month) = (i16::try_from(self.year).ok()?, i8::try_from(self.month).ok()?);
        let date = Date::new(year, month, i8::try_from(self.day).ok()?).ok()?;
        let midnight = Offset::UTC.to_timestamp(date.into()).ok()?;
        midnight.checked_add(SignedDuration::new(self.second - self.offset, self.nanosecond)).ok()
    }
}

/// Parses `2025-11-05T09:12:44.210Z` with up to nine fractional digits, the format of nearly all timestamps.
fn plain(text: &[u8]) -> Option<Civil> {
    let (fixed, rest) = text.split_first_chunk::<19>()?;
    let fraction = rest.strip_suffix(b"Z")?;
    let [b'-', b'-', b'T', b':', b':'] = [fixed[4], fixed[7], fixed[10], fixed[13], fixed[16]] else {
        return None;
    };
    let [hour, minute, second] = [two(fixed, 11)?, two(fixed, 14)?, two(fixed, 17)?];
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nanosecond = match fraction.split_first() {
        None => 0,
        Some((b'.', digits)) if (1..=9).contains(&digits.len()) => nanoseconds(digits)?,
        Some(_) => return None,
    };
    let year = two(fixed, 0)? * 100 + two(fixed, 2)?;
    let second = (hour * 60 + minute) * 60 + second;
    Some(Civil { year, month: two(fixed, 5)?, day: two(fixed, 8)?, second, nanosecond, offset: 0 })
}

fn two(text: &[u8; 19], at: usize) -> Option<i64> {
    let [tens, ones] = [text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0')];
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

/// Converts fractional digits to nanoseconds; digits after the ninth are dropped.
fn nanoseconds(digits: &[u8]) -> Option<i32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    let mut nanos = 0;
    for place in 0..9 {
        nanos = nanos * 10 + digits.get(place).map_or(Some(0), |byte| digit(*byte))?;
    }
    Some(nanos)
}

/// Unparsed rest of a date.
struct Letters<'a>(&'a [u8]);

impl Letters<'_> {
    fn date_and_time(mut self) -> Option<Civil> {
        let mut civil = self.date()?;
        if self.0.is_empty() {
            return Some(civil);
        }
        self.separator()?;
        (civil.second, civil.nanosecond) = self.time()?;
        self.blanks();
        civil.offset = self.zone()?;
        self.0.is_empty().then_some(civil)
    }

    /// Parses year, month, day; with slashes also month, day, year.
    fn date(&mut self) -> Option<Civil> {
        let (first, digits) = self.number()?;
        let mark = self.one_of(b"-/.")?;
        let (second, _) = self.number()?;
        self.one_of(&[mark])?;
        let (third, last_digits) = self.number()?;
        let [year, month, day] = match (digits, mark, last_digits) {
            (4, _, 1..=2) => [first, second, third],
            (1..=2, b'/', 4) => [third, first, second],
            _ => return None,
        };
        let in_range = (1..=12).contains(&month) && (1..=31).contains(&day);
        in_range.then_some(Civil { year, month, day, ..Civil::default() })
    }

    fn separator(&mut self) -> Option<()> {
        if self.one_of(b"Tt").is_none() {
            let _ = self.one_of(b",");
            self.one_of(b" ")?;
            self.blanks();
        }
        Some(())
    }

    /// Returns seconds since midnight and nanoseconds, from a 24-hour time or a 12-hour time with `AM` or `PM`.
    fn time(&mut self) -> Option<(i64, i32)> {
        let ((hour, _), _) = (self.number()?, self.one_of(b":")?);
        let (minute, _) = self.number()?;
        let (mut second, mut nanosecond) = (0, 0);
        if self.one_of(b":").is_some() {
            second = self.number()?.0;
            if self.one_of(b".,").is_some() {
                let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (fraction, rest) = self.0.split_at(digits);
                nanosecond = nanoseconds(fraction).filter(|_| digits > 0)?;
                self.0 = rest;
            }
        }
        let hour = self.half_day(hour)?;
        // `Timestamp` has no leap seconds; second 60 becomes 59.
        (hour < 24 && minute < 60 && second <= 60).then_some(((hour * 60 + minute) * 60 + second.min(59), nanosecond))
    }

    fn half_day(&mut self, hour: i64) -> Option<i64> {
        let text = self.0.trim_ascii_start();
        let Some((half, rest)) = text.split_first_chunk::<2>() else {
            return Some(hour);
        };
        let noon = match half.to_ascii_uppercase().as_slice() {
            b"AM" => 0,
            b"PM" => 12,
            _ => return Some(hour),
        };
        self.0 = rest;
        (1..=12).contains(&hour).then_some(hour % 12 + noon)
    }

    /// Returns the offset in seconds east of UTC.
    fn zone(&mut self) -> Option<i64> {
        let rest = std::mem::take(&mut self.0);
        if [&b""[..], b"Z", b"UTC", b"GMT"].iter().any(|name| rest.eq_ignore_ascii_case(name)) {
            return Some(0);
        }
        let (sign, digits) = rest.split_first()?;
        let sign = match sign {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let digits: Vec<u8> = match digits {
            [a, b, b':', c, d] | [a, b, c, d] => vec![*a, *b, *c, *d],
            [a, b] => vec![*a, *b, b'0', b'0'],
            _ => return None,
        };
        let number: i64 =
            digits.iter().all(u8::is_ascii_digit).then(|| str::from_utf8(&digits).ok()?.parse().ok())??;
        (number / 100 < 24 && number % 100 < 60).then_some(sign * (number / 100 * 60 + number % 100) * 60)
    }

    /// Returns a number of one to four digits and its digit count.
    fn number(&mut self) -> Option<(i64, usize)> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        let value = number.iter().fold(0, |value, digit| (value * 10 + i64::from(digit - b'0')).min(100_000));
        (1..=4).contains(&digits).then_some((value, digits))
    }

    fn one_of(&mut self, letters: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        letters.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    fn at(text: &str) -> Option<String> {
        Moment::read(text.into()).and_then(|moment| moment.known()).map(|at| at.to_string())
    }

    #[test]
    fn dates_in_every_layout_are_parsed() {
        for (text, expected) in [
            ("2025-11-05T09:12:44.210Z", "2025-11-05T09:12:44.21Z"),
            ("2025-11-05T09:12:44Z", "2025-11-05T09:12:44Z"),
            ("2025-11-05T09:12:44.123456789Z", "2025-11-05T09:12:44.123456789Z"),
            ("2025-11-05T09:12:44.1234567891Z", "2025-11-05T09:12:44.123456789Z"),
            ("2025-11-05T09:12:44,5", "2025-11-05T09:12:44.5Z"),
            ("2025-11-05T09:12:44.5000000+00:00", "2025-11-05T09:12:44.5Z"),
            ("2025-11-05T09:12:44-0530", "2025-11-05T14:42:44Z"),
            ("2025-11-05T09:12:44 +02", "2025-11-05T07:12:44Z"),
            ("2025-11-5t9:12:44z", "2025-11-05T09:12:44Z"),
            ("2019-1-1T12:00:00.0000Z", "2019-01-01T12:00:00Z"),
            ("2025-11-05 09:12:44", "2025-11-05T09:12:44Z"),
            ("2025-11-05 09:12:44 UTC", "2025-11-05T09:12:44Z"),
            ("2025/11/05 09:12", "2025-11-05T09:12:00Z"),
            ("11/5/2025, 9:12:44.210 PM", "2025-11-05T21:12:44.21Z"),
            ("11/5/2025 12:12:44 am", "2025-11-05T00:12:44Z"),
            ("2025-11-05", "2025-11-05T00:00:00Z"),
            ("2024-02-29T23:59:60Z", "2024-02-29T23:59:59Z"),
            ("Wed, 05 Nov 2025 09:12:44 GMT", "2025-11-05T09:12:44Z"),
        ] {
            assert_eq!(at(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn placeholder_dates_are_no_date() {
        for text in ["", "  ", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1/1/0001 12:00:00 AM"] {
            assert_eq!(Moment::read(text.into()), None, "{text}");
        }
        for text in [
            "Wed, 05 Nov 0025 09:12:44 GMT",
            "2000-01-01T00:00:00+05:00",
            "1601-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
        ] {
            assert_eq!(Moment::read(text.into()), None, "{text}");
        }
    }

    #[test]
    fn unparsable_text_is_kept_unchanged() {
        let odd = ["yesterday", "2025-02-30T00:00:00Z", "2025-13-01", "2025-11-05T24:00:00Z", "2025-11-05T09:12:44X"];
        let odder = ["5.11.2025", "2025-11/05", "2025-11-05T09:12:44.Z", "13:00 PM", "2025-11-05T9", "99999-1-1", "é"];
        for text in odd.into_iter().chain(odder) {
            assert_eq!(Moment::read(text.into()), Some(Moment::Odd(text.into())), "{text}");
        }
    }
}
