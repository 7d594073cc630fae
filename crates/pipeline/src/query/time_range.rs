//! The range of creation times that a query asks for.

use domain::catalogue::Entry;
use domain::recording_id::RecordingId;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// An id carries the time of what first told of the recording, so never one long before its creation. The
/// clocks of storage disagree by seconds; a day is on the safe side and costs a day's entries.
const CLOCKS_DISAGREE_BY_LESS_THAN: SignedDuration = SignedDuration::from_hours(24);

/// Creation times from `from` on and before `to`; an end that is none is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// The first moment of the range.
    pub from: Option<Timestamp>,
    /// The first moment after the range.
    pub to: Option<Timestamp>,
}

/// The text is neither a date nor a time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither a date (2026-03-02) nor an RFC 3339 time (2026-03-02T09:12:44Z)")]
pub struct NotATime(pub String);

/// Reads the beginning of a range: a moment, or the first one of a UTC date.
pub fn range_begin(text: &str) -> Result<Timestamp, NotATime> {
    read(text, Ok)
}

/// Reads the end of a range, the first moment after it: a moment, or the first one after a UTC date, so
/// that the date belongs to the range.
pub fn range_end(text: &str) -> Result<Timestamp, NotATime> {
    read(text, Date::tomorrow)
}

fn read(text: &str, edge: impl Fn(Date) -> Result<Date, jiff::Error>) -> Result<Timestamp, NotATime> {
    // A date-time without its offset would also read as a date, and lose its hours.
    let read = if text.len() == DATE_LENGTH {
        let midnight = |date: Date| edge(date).and_then(|date| date.to_zoned(TimeZone::UTC));
        // Behind the last moment that can be written there is nothing to leave out.
        text.parse::<Date>().map(|date| midnight(date).map_or(Timestamp::MAX, |start| start.timestamp()))
    } else {
        text.parse::<Timestamp>().or_else(|error| behind_all(text).ok_or(error))
    };
    read.map_err(|_| NotATime(text.to_owned()))
}

/// A moment of the year 9999 that is behind the last one that can be kept: it is taken for that one.
fn behind_all(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let is_moment = pieces.time().is_some() && pieces.offset().is_some();
    (is_moment && pieces.date().year() == 9999).then_some(Timestamp::MAX)
}

const DATE_LENGTH: usize = "2026-03-02".len();

impl TimeRange {
    /// Below which id no entry of the range lies.
    ///
    /// There is no highest id: a delete or a tier change can be the first word of a recording made long ago.
    pub(super) fn lowest_id(&self) -> Option<RecordingId> {
        let from = self.from?.saturating_sub(CLOCKS_DISAGREE_BY_LESS_THAN).ok()?;
        Some(RecordingId::first_at(from))
    }

    /// Whether the recording was created in the range; where its creation is not known, the first event heard
    /// of it counts.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        if *self == Self::default() {
            return true;
        }
        let first_heard = || entry.life.marks.events().first().map(|event| event.at);
        let Some(at) = entry.created_at().or_else(first_heard) else { return false };
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_belongs_to_the_range_at_both_ends() {
        assert_eq!(range_begin("2026-03-02"), Ok(at("2026-03-02T00:00:00Z")));
        assert_eq!(range_end("2026-03-02"), Ok(at("2026-03-03T00:00:00Z")));
    }

    #[test]
    fn a_moment_is_taken_as_it_is_in_any_offset() {
        assert_eq!(range_begin("2026-03-02T10:12:44+01:00"), Ok(at("2026-03-02T09:12:44Z")));
        assert_eq!(range_end("2026-03-02T09:12:44.5Z"), Ok(at("2026-03-02T09:12:44.5Z")));
    }

    #[test]
    fn the_last_date_there_is_leaves_nothing_out() {
        assert_eq!(range_end("9999-12-31"), Ok(Timestamp::MAX));
        assert_eq!(range_begin("9999-12-31T23:59:60-23:00"), Ok(Timestamp::MAX));
    }

    #[test]
    fn another_text_is_refused_by_name() {
        for text in
            ["", "yesterday", "2026-02-30", "2026-03-02T09:12:44", "9999-12-31T23:59:59", "20260302", "9999-12-32"]
        {
            assert_eq!(range_begin(text), Err(NotATime(text.to_owned())));
        }
    }
}
