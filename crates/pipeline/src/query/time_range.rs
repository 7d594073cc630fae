//! Time range of a query.

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// An id carries the time of the recording's first event or listing, so it is never long before the creation. Storage
/// clocks differ by seconds; a day is a safe margin and costs the entries of one day.
const CLOCKS_DISAGREE_BY_LESS_THAN: SignedDuration = SignedDuration::from_hours(24);

/// Times from `from`, inclusive, to `to`, exclusive. `None` leaves that side open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// First moment of the range.
    pub from: Option<Timestamp>,
    /// First moment after the range.
    pub to: Option<Timestamp>,
}

/// Text that is neither a date nor a time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither a date (2026-03-02) nor an RFC 3339 time (2026-03-02T09:12:44Z)")]
pub struct NotATime(pub String);

/// Parses the start of a range: a time, or the first moment of a UTC date.
pub fn range_begin(text: &str) -> Result<Timestamp, NotATime> {
    read(text, &TimeZone::UTC, Ok)
}

/// Like [`range_begin`], with dates in a time zone.
pub fn range_begin_in(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    read(text, zone, Ok)
}

/// Like [`range_end`], with dates in a time zone.
pub fn range_end_in(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    read(text, zone, Date::tomorrow)
}

/// Parses the exclusive end of a range: a time, or the first moment after a UTC date, so that the date is included.
pub fn range_end(text: &str) -> Result<Timestamp, NotATime> {
    read(text, &TimeZone::UTC, Date::tomorrow)
}

fn read(text: &str, zone: &TimeZone, edge: impl Fn(Date) -> Result<Date, jiff::Error>) -> Result<Timestamp, NotATime> {
    // A date-time without offset would parse as a date and lose its hours.
    let read = if text.len() == DATE_LENGTH {
        let midnight = |date: Date| edge(date).and_then(|date| date.to_zoned(zone.clone()));
        // `tomorrow` fails after the last date that can be represented; the end is then open.
        text.parse::<Date>().map(|date| midnight(date).map_or(Timestamp::MAX, |start| start.timestamp()))
    } else {
        text.parse::<Timestamp>().or_else(|error| behind_all(text).ok_or(error))
    };
    read.map_err(|_| NotATime(text.to_owned()))
}

/// Returns the maximum timestamp for a time in the year 9999 beyond it.
fn behind_all(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let is_moment = pieces.time().is_some() && pieces.offset().is_some();
    (is_moment && pieces.date().year() == 9999).then_some(Timestamp::MAX)
}

const DATE_LENGTH: usize = "2026-03-02".len();

impl TimeRange {
    /// Returns the lowest id an entry in the range can have.
    ///
    /// There is no highest id: the first event of an old recording can be a delete or a tier change.
    pub(super) fn lowest_id(&self) -> Option<RecordingId> {
        let from = self.from?.saturating_sub(CLOCKS_DISAGREE_BY_LESS_THAN).ok()?;
        Some(RecordingId::first_at(from))
    }

    /// Returns the part of this range that lies in the other one.
    pub(super) fn and(self, other: Self) -> Self {
        let to = [self.to, other.to].into_iter().flatten().min();
        Self { from: self.from.max(other.from), to }
    }

    /// Returns true if the recording was created in the range. If its creation is unknown, its first event counts.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        if *self == Self::default() {
            return true;
        }
        let first_received = || entry.life.blob_events.events().first().map(|event| event.at);
        let Some(at) = entry.created_at().or_else(first_received) else { return false };
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
