//! Query for one person or one machine: sessions, gaps and recordings.

use domain::record::catalogue::Entry;
use futures_util::future::try_join3;
use jiff::Timestamp;

use super::{FoundSession, Page, Query, SessionCursor, SessionPage, SessionQuery, recordings, sessions};
use crate::ports::Fault;
use crate::reading::CatalogueReader;

/// Maximum number of gaps and of recordings.
const NEWEST: usize = 20;

/// Person or machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Email address of a person, ignoring case.
    Person(String),
    /// Name of a machine, ignoring case.
    Machine(String),
}

/// Newest sessions, gaps and recordings of a person or machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Page of sessions, failed logins included.
    pub sessions: SessionPage,
    /// Newest sessions without a recording.
    pub gaps: SessionPage,
    /// Newest recordings whose person or machine is certain.
    pub recordings: Page,
}

/// Known period of activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenPeriod {
    /// Earliest known time.
    pub first: Timestamp,
    /// True if everything was read, so nothing is earlier than `first`.
    pub is_first_certain: bool,
    /// Latest known time.
    pub last: Timestamp,
}

/// Reads the profile of a person or machine, with the page of sessions after `cursor`.
///
/// Bounded like the [queries](super) for sessions and recordings: at most 20 reads each.
pub async fn profile(
    reading: &CatalogueReader<'_>,
    subject: &Subject,
    cursor: Option<SessionCursor>,
) -> Result<Profile, Fault> {
    let CatalogueReader { catalogue, sessions: stored, checkpoints, .. } = *reading;
    let (person, machine) = match subject {
        Subject::Person(person) => (Some(person.clone()), None),
        Subject::Machine(machine) => (None, Some(machine.clone())),
    };
    let all = SessionQuery { person: person.clone(), machine: machine.clone(), cursor, ..SessionQuery::default() };
    let gaps = SessionQuery { without_recording: true, limit: NEWEST, cursor: None, ..all.clone() };
    let recorded = Query { person, machine, limit: NEWEST, ..Query::default() };
    let (sessions, gaps, recordings) = try_join3(
        sessions(stored, catalogue, &all),
        sessions(stored, catalogue, &gaps),
        recordings(catalogue, checkpoints, &recorded),
    )
    .await?;
    Ok(Profile { sessions, gaps, recordings })
}

impl Profile {
    /// Returns true if nothing is catalogued of the person or machine.
    pub fn is_nothing(&self) -> bool {
        self.sessions.items.is_empty() && self.recordings.items.is_empty() && self.is_whole()
    }

    /// Returns the known period of activity, or `None` if nothing was found.
    pub fn seen(&self) -> Option<SeenPeriod> {
        let sessions = self.sessions.items.iter().chain(&self.gaps.items).map(|found: &FoundSession| found.entry.at());
        let recordings = self.recordings.items.iter().filter_map(Entry::created_at);
        let times = || sessions.clone().chain(recordings.clone());
        Some(SeenPeriod { first: times().min()?, is_first_certain: self.is_whole(), last: times().max()? })
    }

    fn is_whole(&self) -> bool {
        self.sessions.next_cursor.is_none() && self.recordings.next_cursor.is_none()
    }
}
