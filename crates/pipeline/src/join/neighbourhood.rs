//! Reads what is near, by key and time and never by a walk over everything.

use domain::catalogue::Entry;
use domain::estate::BastionName;
use domain::join::{Attended, Group, JoinKey, Neighbourhood, Reach, Recorded};
use domain::session::{IndexKey, SessionEntry, SessionState, Span};
use futures_util::future::try_join4;
use jiff::Timestamp;

use super::NEAR_AT_MOST;
use super::siblings::is_of;
use crate::archivist::Archivist;
use crate::audit_log::Watermark;
use crate::ports::{Fault, ListedBlob};

/// How often the circle is widened; a group that is larger is not told apart.
const ROUNDS: usize = 6;

/// What is near, as it is kept.
pub(super) struct Near {
    pub entries: Vec<Entry>,
    pub sessions: Vec<SessionEntry>,
    pub sides: Neighbourhood,
}

impl Archivist {
    /// What is near the recording of an entry.
    pub(crate) async fn near_recording(&self, entry: &Entry, subject: &Recorded) -> Result<Neighbourhood, Fault> {
        self.around_recording(entry, subject).await.map(|near| near.sides)
    }

    pub(super) async fn around_recording(&self, entry: &Entry, subject: &Recorded) -> Result<Near, Fault> {
        let (matching, bastion) = (&self.settings.rules.matching, &entry.bastion);
        let (reach, about) = (Reach::of_recording(subject, matching), Subject::Recording(entry, subject));
        let mut near = self.widen(bastion, reach.clone(), &[], about).await?;
        if near.sides.sessions.is_empty() {
            // Nobody is there to be named.
            return Ok(near);
        }
        // Until then a recording of one of these sessions may still begin.
        let all_begun = subject.created_at.saturating_add(matching.start_tolerance * 2).unwrap_or(Timestamp::MAX);
        let is_whole = match self.siblings(&entry.address, &near.sides.sessions).await? {
            Some(siblings) => {
                near = self.widen(bastion, reach, &siblings, about).await?;
                all_begun <= self.ports.clock.now()
            }
            None => self.is_listed_after(bastion, all_begun).await?,
        };
        near.sides.is_whole &= is_whole;
        Ok(near)
    }

    /// Whether all containers of a bastion have been listed at this time or later.
    async fn is_listed_after(&self, bastion: &BastionName, at: Timestamp) -> Result<bool, Fault> {
        match self.settings.estate.bastion(bastion) {
            Some(bastion) => self.is_listed_since(bastion, at, at).await,
            None => Ok(false),
        }
    }

    /// What is near a session. `None` where its start is not known, since nothing can be compared then.
    pub(crate) async fn near_session(
        &self,
        entry: &SessionEntry,
        subject: &Attended,
    ) -> Result<Option<Neighbourhood>, Fault> {
        let Some(reach) = Reach::of_session(subject, &self.settings.rules.matching) else {
            return Ok(None);
        };
        let near = self.widen(&entry.id.bastion, reach, &[], Subject::Session(entry, subject)).await?;
        Ok(Some(near.sides))
    }

    /// Every place at which a session ever stood. `None` where no record tells a time.
    pub(super) fn ever_reach(&self, entry: &SessionEntry) -> Option<Reach> {
        let rules = &self.settings.rules;
        Reach::of_records(entry, rules.active_at_most, &rules.matching)
    }

    /// What is near any place at which a session ever stood: a record that moves it matters where it was as well.
    pub(super) async fn ever_near_session(&self, entry: &SessionEntry, reach: Reach) -> Result<Near, Fault> {
        self.widen(&entry.id.bastion, reach, &[], Subject::Session(entry, &entry.attended())).await
    }

    /// Reads, and reads again, until the circle holds all that belongs to the group.
    async fn widen(
        &self,
        bastion: &BastionName,
        mut reach: Reach,
        siblings: &[ListedBlob],
        subject: Subject<'_>,
    ) -> Result<Near, Fault> {
        let matching = &self.settings.rules.matching;
        let mut rounds = 0;
        loop {
            let mut near = self.within(bastion, &reach, siblings, subject).await?;
            let group = match subject {
                Subject::Recording(_, recorded) => Group::of_recording(recorded, &near.sides, matching),
                Subject::Session(_, attended) => Group::of_session(attended, &near.sides, matching),
            };
            let wider = reach.clone().around(&group, matching);
            rounds += 1;
            if wider == reach || rounds == ROUNDS {
                near.sides.is_whole &= wider == reach;
                return Ok(near);
            }
            reach = wider;
        }
    }

    async fn within(
        &self,
        bastion: &BastionName,
        reach: &Reach,
        siblings: &[ListedBlob],
        subject: Subject<'_>,
    ) -> Result<Near, Fault> {
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        let started: Vec<IndexKey> = keys.iter().map(IndexKey::started).collect();
        let others: Vec<IndexKey> = keys.iter().flat_map(|key| [IndexKey::ended(key), IndexKey::failed(key)]).collect();
        let (entries, started, others, log) = try_join4(
            self.ports.catalogue.near(bastion, &keys, reach.starts, NEAR_AT_MOST),
            self.ports.sessions.near(bastion, &started, reach.starts, NEAR_AT_MOST),
            self.ports.sessions.near(bastion, &others, reach.starts.with(reach.ends), NEAR_AT_MOST),
            self.watermark(bastion),
        )
        .await?;
        let is_whole = [entries.len(), started.len(), others.len()].iter().all(|count| *count < NEAR_AT_MOST);
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| !subject.is_recording(entry)).collect();
        let sessions = started.into_iter().chain(others).filter(|entry| !subject.is_session(entry)).collect::<Vec<_>>();
        let mut sides = Neighbourhood { is_whole, log: log.and_then(Watermark::log_read), ..Neighbourhood::default() };
        let now = self.ports.clock.now();
        sides.recordings = entries.iter().filter_map(|entry| self.as_it_is(entry, siblings, now)).collect();
        sides.recordings.extend(self.unknown(siblings, &entries, reach.starts, subject));
        for entry in &sessions {
            let session = entry.session();
            match session.state {
                SessionState::Failed => sides.failed_logins.push(entry.attended()),
                // The bastion cannot record a native client, whatever its name and time.
                _ if session.is_native => {}
                SessionState::Open | SessionState::Ended => sides.sessions.push(entry.attended()),
            }
        }
        Ok(Near { entries, sessions, sides })
    }

    /// A recording as the listing shows it, where that knows more: of a write whose event was lost, the catalogue hears
    /// when the entry is looked at next.
    fn as_it_is(&self, entry: &Entry, siblings: &[ListedBlob], now: Timestamp) -> Option<Recorded> {
        let known = entry.recorded()?;
        let listed = siblings.iter().find(|blob| is_of(blob, entry)).map(|blob| self.recorded(blob, now));
        match listed {
            Some(listed) if listed.last_modified > known.last_modified => {
                Some(Recorded { last_modified: listed.last_modified, has_ended: listed.has_ended, ..known })
            }
            _ => Some(known),
        }
    }

    /// The blobs of which the catalogue does not know.
    fn unknown(&self, siblings: &[ListedBlob], entries: &[Entry], starts: Span, subject: Subject<'_>) -> Vec<Recorded> {
        let now = self.ports.clock.now();
        let is_known = |blob: &ListedBlob| {
            let is_subject = matches!(subject, Subject::Recording(entry, _) if is_of(blob, entry));
            is_subject || entries.iter().any(|entry| is_of(blob, entry))
        };
        let unknown = siblings.iter().filter(|blob| !is_known(blob)).map(|blob| self.recorded(blob, now));
        unknown.filter(|recorded| starts.holds(recorded.created_at)).collect()
    }
}

/// Around what one looks.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Recording(&'a Entry, &'a Recorded),
    Session(&'a SessionEntry, &'a Attended),
}

impl Subject<'_> {
    fn is_recording(self, other: &Entry) -> bool {
        matches!(self, Self::Recording(entry, _) if entry.id == other.id)
    }

    fn is_session(self, other: &SessionEntry) -> bool {
        matches!(self, Self::Session(entry, _) if entry.id == other.id)
    }
}
