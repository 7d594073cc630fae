//! Query for everything that happened on one day.

use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use domain::record::session::SessionState;
use futures_util::future::try_join;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Cursor, FoundSession, Page, Query, SessionPage, SessionQuery, TimeRange, recordings, sessions};
use crate::ports::Fault;
use crate::reading::CatalogueReader;

/// Maximum number of sessions, and of recordings.
const MOST: usize = 500;
/// Time before the day in which the sessions and recordings begin that go on over midnight.
const BEGUN_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Time within which the first event of a recording arrives. Limits the read to the days around the requested one.
const RECEIVED_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Maximum number of pages of recordings. The read begins a day later than the day and ends a day earlier, so on a busy
/// estate many pages hold no recording of the day.
const MOST_PAGES: usize = 10;

/// Sessions and recordings of a day: those that began on it, and those of the day before that went on over midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfActivity {
    /// First moment of the day.
    pub begin: Timestamp,
    /// First moment after the day.
    pub end: Timestamp,
    /// Bastion that was asked for; all if `None`.
    pub bastion: Option<BastionName>,
    /// Newest sessions of the day, failed logins included, then those of the day before.
    pub sessions: SessionPage,
    /// Newest recordings of the day, then those of the day before, and a cursor if there may be more.
    pub recordings: Page,
}

/// Reads the newest 500 sessions and recordings of a day in the time zone, optionally of one bastion. Of those that began
/// in the 24 hours before, the newest 500 are read, and those that ended before the day are left out. Returns `None` for
/// a day that has no end.
///
/// Bounded like the [queries](super) for sessions and recordings: at most 40 reads of sessions, and 400 of recordings.
pub async fn activity_of(
    reading: &CatalogueReader<'_>,
    day: Date,
    bastion: Option<BastionName>,
) -> Result<Option<DayOfActivity>, Fault> {
    let midnight = |day: Date| day.to_zoned(reading.time_zone.clone()).ok().map(|start| start.timestamp());
    let Some((begin, end)) = midnight(day).zip(day.tomorrow().ok().and_then(midnight)) else {
        return Ok(None);
    };
    let range = TimeRange { from: Some(begin), to: Some(end) };
    let earlier = TimeRange { from: begin.saturating_sub(BEGUN_WITHIN).ok(), to: Some(begin) };
    let ((mut sessions, mut recordings), (sessions_before, recordings_before)) =
        try_join(begun_in(reading, range, bastion.as_ref()), begun_in(reading, earlier, bastion.as_ref())).await?;
    let is_today = begin <= reading.now && reading.now < end;
    let is_on = |found: &FoundSession| {
        let session = found.entry.session();
        let runs = is_today && session.state == SessionState::Open;
        runs || session.facts.ended_at.is_some_and(|ended| begin < ended)
    };
    sessions.items.extend(sessions_before.items.into_iter().filter(is_on));
    sessions.next_cursor = sessions.next_cursor.or(sessions_before.next_cursor);
    let is_written = |entry: &Entry| entry.life.last_modified().is_some_and(|written| begin < written);
    recordings.items.extend(recordings_before.items.into_iter().filter(is_written));
    recordings.next_cursor = recordings.next_cursor.or(recordings_before.next_cursor);
    Ok(Some(DayOfActivity { begin, end, bastion, sessions, recordings }))
}

/// Reads the newest sessions and recordings that began in a range.
async fn begun_in(
    reading: &CatalogueReader<'_>,
    range: TimeRange,
    bastion: Option<&BastionName>,
) -> Result<(SessionPage, Page), Fault> {
    let bastion = bastion.cloned();
    let of_sessions = SessionQuery { began: range, bastion: bastion.clone(), limit: MOST, ..SessionQuery::default() };
    let first_received = range.to.and_then(|end| end.saturating_add(RECEIVED_WITHIN).ok()).unwrap_or(Timestamp::MAX);
    let cursor = Some(Cursor::after(RecordingId::first_at(first_received)));
    let of_recordings = Query { created: range, bastion, cursor, ..Query::default() };
    try_join(sessions(reading.sessions, reading.catalogue, &of_sessions), read_on(reading, of_recordings)).await
}

/// Reads pages until enough recordings are found, the catalogue ends, or the limit of pages is reached.
async fn read_on(reading: &CatalogueReader<'_>, mut query: Query) -> Result<Page, Fault> {
    let mut found = Page::default();
    for _ in 0..MOST_PAGES {
        query.limit = MOST - found.items.len();
        let page = recordings(reading.catalogue, reading.checkpoints, &query).await?;
        found.items.extend(page.items);
        found.next_cursor = page.next_cursor;
        query.cursor = page.next_cursor;
        if found.next_cursor.is_none() || found.items.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

impl DayOfActivity {
    /// Returns true if the day may have more sessions or recordings than were read.
    pub fn is_cut(&self) -> bool {
        self.sessions.next_cursor.is_some() || self.recordings.next_cursor.is_some()
    }
}
