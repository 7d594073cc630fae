//! Counts the recordings and sessions of one day.

use domain::record::recording_id::RecordingId;
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::names::Names;
use super::stored::SummaryRow;
use super::tally::Tally;
use crate::deadline::MayGoOn;
use crate::ports::{Fault, ListRequest, SessionListRequest, SessionPlace};
use crate::summary::Summarise;

/// Entries or sessions per page.
const PAGE: usize = 1000;

pub(super) fn begin_of(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |start| start.timestamp())
}

pub(super) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Counts of a day, and the number of reads spent on them.
pub(super) struct CountedDay {
    pub row: SummaryRow,
    pub names: Names,
    pub reads: usize,
}

impl Summarise {
    /// Counts the recordings with an id of this day and the sessions that began on it. Returns `None` if time ran out.
    pub(super) async fn count_day(&self, day: Date, may_go_on: MayGoOn<'_>) -> Result<Option<CountedDay>, Fault> {
        let (begin, end) = (begin_of(day), day.tomorrow().map_or(Timestamp::MAX, begin_of));
        let (as_of, mut tally, mut reads) = (self.time.now(), Tally::default(), 0);
        let mut names = Names::new(as_of);
        let (mut below, from) = (Some(RecordingId::first_at(end)), Some(RecordingId::first_at(begin)));
        loop {
            let request = ListRequest { under: None, below, from, limit: PAGE };
            let entries = self.catalogue.list(&request).await?;
            reads += 1;
            for entry in &entries {
                tally.add_recording(entry, as_of);
                names.add(entry);
            }
            below = entries.last().map(|entry| entry.id).filter(|_| entries.len() == PAGE);
            match below {
                None => break,
                Some(_) if !may_go_on() => return Ok(None),
                Some(_) => {}
            }
        }
        let mut below = SessionPlace::before(end);
        loop {
            let sessions = self.sessions_below(below, Some(begin), PAGE).await?;
            reads += 1;
            for session in &sessions {
                tally.add_session(session, as_of);
                names.add_session(session);
            }
            let last = sessions.last().filter(|_| sessions.len() == PAGE);
            below = last.map(|last| SessionPlace { at: last.at(), id: last.id.clone() });
            match below {
                None => return Ok(Some(CountedDay { row: SummaryRow { as_of, tally }, names, reads })),
                Some(_) if !may_go_on() => return Ok(None),
                Some(_) => {}
            }
        }
    }

    /// Returns the newest day before `day` with a recording or session.
    pub(super) async fn day_before(&self, day: Date) -> Result<Option<Date>, Fault> {
        let begin = begin_of(day);
        let below = Some(RecordingId::first_at(begin));
        let request = ListRequest { under: None, below, from: None, limit: 1 };
        let recorded = self.catalogue.list(&request).await?;
        let recorded = recorded.first().map(|entry| day_of(entry.id.first_received()));
        let began = self.sessions_below(SessionPlace::before(begin), None, 1).await?;
        let began = began.first().map(|session| day_of(session.at()));
        Ok(recorded.max(began))
    }

    async fn sessions_below(
        &self,
        below: Option<SessionPlace>,
        from: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let request = SessionListRequest { bastion: None, without_recording: false, below, from, limit };
        self.sessions.list(&request).await
    }
}
