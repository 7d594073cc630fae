//! Reads the neighbourhood of a recording or session by key and time, never by a full scan.

use std::sync::Arc;

use domain::decide::calibration::Calibration;
use domain::decide::context::Rules;
use domain::decide::join::{
    ATTEMPT_LASTS, LogRead, Middle, Neighbourhood, NeighbourhoodCoverage, NeighbourhoodReach, RecordingEvidence,
    SessionEvidence,
};
use domain::policy::join::{AT_ONCE, OPEN_SINCE, UPLOADED_AFTER, UPLOADED_BEFORE};
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use domain::record::join_key::JoinKey;
use domain::record::session::{IndexKey, SessionEntry, SessionState, TimeSpan, TimeSpans};
use futures_util::future::try_join5;
use jiff::Timestamp;

use super::NEAR_AT_MOST;
use super::listed::{ListingSource, Need, Sibling, Siblings};
use crate::calibration::Calibrations;
use crate::join::KeptListings;
use crate::listings::ContainerListings;
use crate::ports::{Catalogue, Fault, Sessions};
use crate::time::TimeSource;
use crate::watermark::{Watermark, Watermarks};

/// Maximum number of times the circle is widened. Unread parts beyond count against a match.
const ROUNDS: usize = 6;
/// Value of `steps_read` if the competing recordings of a session are unknown.
const OWN_SESSIONS: usize = 1;
/// Maximum number of failed logins read for a short recording. If two fit, neither is shown.
const FAILED_AT_MOST: usize = 16;

/// Neighbourhood with the stored entries it was built from.
pub(super) struct StoredNeighbourhood {
    pub entries: Vec<Entry>,
    pub sessions: Vec<SessionEntry>,
    pub sides: Neighbourhood,
}

/// Reads the recordings and sessions that a match depends on.
pub struct ReadNeighbourhood {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) kept_listings: Arc<KeptListings>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) listings: Arc<ContainerListings>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) calibrations: Arc<Calibrations>,
}

impl ReadNeighbourhood {
    /// Returns the neighbourhood of an entry's recording.
    pub(crate) async fn near_recording(
        &self,
        entry: &Entry,
        subject: &RecordingEvidence,
    ) -> Result<Neighbourhood, Fault> {
        self.around_recording(entry, subject).await.map(|near| near.sides)
    }

    pub(super) async fn around_recording(
        &self,
        entry: &Entry,
        subject: &RecordingEvidence,
    ) -> Result<StoredNeighbourhood, Fault> {
        let (matching, bastion) = (&self.rules.matching, &entry.bastion);
        let about = Subject::Recording(entry, subject);
        let circle = self.circle(bastion, NeighbourhoodReach::of_recording(subject, matching), about).await?;
        let (mut circle, mut sides) = self.widen(bastion, circle, &Siblings::default(), about).await?;
        if sides.sessions.is_empty() {
            // Without a session there is no candidate.
            return Ok(circle.near(sides));
        }
        // Until then, a recording of one of these sessions may still begin.
        let begun = matching.start_tolerance * 2;
        let uploaded = UPLOADED_BEFORE + UPLOADED_AFTER;
        let wait = if subject.length() <= AT_ONCE { uploaded.max(begun) } else { begun };
        let all_begun = subject.created_at.saturating_add(wait).unwrap_or(Timestamp::MAX);
        // A cached listing may widen the circle until it reaches beyond the listing. The second round then lists from
        // storage.
        for from in [ListingSource::Kept, ListingSource::Storage] {
            let need = Need { all_begun, created: &circle.reach.created };
            let Some(siblings) = self.siblings(entry, subject, &sides.sessions, need, from).await? else {
                if !self.is_listed_after(bastion, all_begun).await? {
                    sides.steps_read = sides.steps_read.min(OWN_SESSIONS);
                }
                return Ok(circle.near(sides));
            };
            (circle, sides) = self.widen(bastion, circle, &siblings, about).await?;
            if !siblings.are_since(all_begun) {
                sides.steps_read = sides.steps_read.min(OWN_SESSIONS);
            }
            if siblings.answer(Need { all_begun, created: &circle.reach.created }) {
                break;
            }
        }
        Ok(circle.near(sides))
    }

    /// Returns true if all containers of the bastion have been listed at this time or later.
    async fn is_listed_after(&self, bastion: &BastionName, at: Timestamp) -> Result<bool, Fault> {
        match self.estate.bastion(bastion) {
            Some(bastion) => self.listings.is_listed_since(bastion, at, at).await,
            None => Ok(false),
        }
    }

    /// Returns the neighbourhood of a session, or `None` if neither its start nor its end is known and nothing can be
    /// compared.
    pub(crate) async fn near_session(
        &self,
        entry: &SessionEntry,
        subject: &SessionEvidence,
    ) -> Result<Option<Neighbourhood>, Fault> {
        let reach = NeighbourhoodReach::of_session(subject, &self.rules.matching);
        if reach.created.is_empty() {
            return Ok(None);
        }
        if self.has_no_recording_within(&entry.id.bastion, &reach).await? {
            // Covers most sessions of a bastion that records little: without a recording in reach, competing sessions
            // do not matter.
            return Ok(Some(Neighbourhood::default()));
        }
        let about = Subject::Session(entry, subject);
        let circle = self.circle(&entry.id.bastion, reach, about).await?;
        let (_, sides) = self.widen(&entry.id.bastion, circle, &Siblings::default(), about).await?;
        Ok(Some(sides))
    }

    /// Returns true if the catalogue has no recording within reach. Uses the cheapest possible query.
    pub(super) async fn has_no_recording_within(
        &self,
        bastion: &BastionName,
        reach: &NeighbourhoodReach,
    ) -> Result<bool, Fault> {
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        for span in reach.created.iter() {
            if !self.catalogue.near(bastion, &keys, span, 1).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the reach of all times the session ever had, or `None` if no record carries a time.
    pub(super) fn ever_reach(&self, entry: &SessionEntry) -> Option<NeighbourhoodReach> {
        let rules = &self.rules;
        NeighbourhoodReach::of_records(entry, rules.active_at_most, &rules.matching)
    }

    /// Returns the neighbourhood of all times the session ever had: a record moving the session also affects its
    /// earlier neighbours.
    pub(super) async fn ever_near_session(
        &self,
        entry: &SessionEntry,
        reach: NeighbourhoodReach,
    ) -> Result<StoredNeighbourhood, Fault> {
        let attended = entry.attended();
        let about = Subject::Session(entry, &attended);
        let circle = self.circle(&entry.id.bastion, reach, about).await?;
        let (circle, sides) = self.widen(&entry.id.bastion, circle, &Siblings::default(), about).await?;
        Ok(circle.near(sides))
    }

    /// Widens the circle until all competitors of the subject are read, up to the limits.
    async fn widen(
        &self,
        bastion: &BastionName,
        mut circle: Circle,
        siblings: &Siblings,
        subject: Subject<'_>,
    ) -> Result<(Circle, Neighbourhood), Fault> {
        let matching = &self.rules.matching;
        let mut rounds = 0;
        loop {
            let mut sides = self.sides(&circle, siblings, subject);
            let reading = NeighbourhoodCoverage::of(subject.middle(), &sides, &circle.reach, matching);
            rounds += 1;
            if circle.is_cut || reading.steps_read == usize::MAX || rounds == ROUNDS {
                sides.steps_read = if circle.is_cut { 0 } else { reading.steps_read };
                return Ok((circle, sides));
            }
            circle = self.circle(bastion, reading.wanted, subject).await?;
        }
    }

    /// Reads everything within reach except the subject itself.
    async fn circle(
        &self,
        bastion: &BastionName,
        reach: NeighbourhoodReach,
        subject: Subject<'_>,
    ) -> Result<Circle, Fault> {
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        let started: Vec<IndexKey> = keys.iter().map(IndexKey::started).collect();
        let ended: Vec<IndexKey> = keys.iter().map(IndexKey::ended).collect();
        let (recordings, sessions_started, sessions_ended, log, calibration) = try_join5(
            self.recordings_within(bastion, &keys, &reach.created),
            self.sessions_within(bastion, &started, &reach.started),
            self.sessions_within(bastion, &ended, &reach.ended),
            self.watermarks.watermark(bastion),
            self.calibrations.calibration(bastion, subject.at()),
        )
        .await?;
        let is_cut = recordings.is_cut || sessions_started.is_cut || sessions_ended.is_cut;
        let (mut entries, mut sessions) = (recordings.found, sessions_started.found);
        entries.retain(|entry| !subject.is_recording(entry));
        sessions.extend(sessions_ended.found);
        sessions.extend(self.open_sessions(bastion, subject).await?);
        sessions.retain(|entry| !subject.is_session(entry));
        sessions.sort_by(|one, other| one.id.cmp(&other.id));
        sessions.dedup_by(|one, other| one.id == other.id);
        let failed_logins = self.failed_logins(bastion, subject).await?;
        let log = log.and_then(Watermark::log_read);
        Ok(Circle { reach, entries, sessions, failed_logins, log, calibration, is_cut })
    }

    async fn recordings_within(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: &TimeSpans,
    ) -> Result<Found<Entry>, Fault> {
        let mut found = Found { found: Vec::new(), is_cut: false };
        for span in created.iter() {
            found.add(self.catalogue.near(bastion, keys, span, NEAR_AT_MOST).await?);
        }
        Ok(found)
    }

    async fn sessions_within(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        times: &TimeSpans,
    ) -> Result<Found<SessionEntry>, Fault> {
        let mut found = Found { found: Vec::new(), is_cut: false };
        for span in times.iter() {
            found.add(self.sessions.near(bastion, keys, span, NEAR_AT_MOST).await?);
        }
        Ok(found)
    }

    /// Returns sessions without a recorded end, which may have ended at the upload of the recording.
    async fn open_sessions(&self, bastion: &BastionName, subject: Subject<'_>) -> Result<Vec<SessionEntry>, Fault> {
        let Subject::Recording(_, recorded) = subject else { return Ok(Vec::new()) };
        if recorded.length() > AT_ONCE {
            return Ok(Vec::new());
        }
        let keys: Vec<IndexKey> = recorded.keys.iter().map(IndexKey::started).collect();
        let first = recorded.created_at.saturating_sub(OPEN_SINCE).unwrap_or(Timestamp::MIN);
        let began = TimeSpan { first, last: recorded.created_at };
        let mut found = self.sessions.near(bastion, &keys, began, NEAR_AT_MOST).await?;
        found.retain(|entry| entry.session().usable_end().is_none());
        Ok(found)
    }

    /// Returns failed logins that may have left the recording, or an empty list if there are too many to tell apart.
    /// They explain a short recording and compete with no session, so their number does not make the neighbourhood
    /// incomplete.
    async fn failed_logins(&self, bastion: &BastionName, subject: Subject<'_>) -> Result<Vec<SessionEntry>, Fault> {
        let Subject::Recording(_, recorded) = subject else { return Ok(Vec::new()) };
        if recorded.last_modified.duration_since(recorded.created_at) > ATTEMPT_LASTS {
            return Ok(Vec::new());
        }
        let keys: Vec<IndexKey> = recorded.keys.iter().map(IndexKey::failed).collect();
        let near = |at| TimeSpan::around(at, self.rules.matching.start_tolerance);
        let within = near(recorded.created_at).with(near(recorded.last_modified));
        let found = self.sessions.near(bastion, &keys, within, FAILED_AT_MOST).await?;
        Ok(if found.len() < FAILED_AT_MOST { found } else { Vec::new() })
    }

    /// Combines the stored data with the blobs of the listings.
    fn sides(&self, circle: &Circle, siblings: &Siblings, subject: Subject<'_>) -> Neighbourhood {
        let calibration = Arc::clone(&circle.calibration);
        let mut sides = Neighbourhood { log: circle.log, calibration, ..Neighbourhood::default() };
        let created = &circle.reach.created;
        sides.recordings = circle.entries.iter().filter_map(|entry| self.as_it_is(entry, siblings, created)).collect();
        sides.recordings.extend(self.unknown(siblings, circle, subject));
        for entry in circle.sessions.iter().chain(&circle.failed_logins) {
            let session = entry.session();
            match session.state {
                SessionState::Failed => sides.failed_logins.push(entry.attended_as(session)),
                SessionState::Open | SessionState::Ended => sides.sessions.push(entry.attended_as(session)),
            }
        }
        sides
    }

    /// Returns a recording, updated from a newer listing. After a lost event, the catalogue learns of the write only
    /// when the entry is observed next.
    fn as_it_is(&self, entry: &Entry, siblings: &Siblings, created: &TimeSpans) -> Option<RecordingEvidence> {
        let known = entry.recorded()?;
        let listed = siblings.within(created).find(|blob| blob.is_of(entry));
        match listed {
            Some(listed) if listed.last_modified > known.last_modified => {
                Some(RecordingEvidence { last_modified: listed.last_modified, has_ended: listed.has_ended, ..known })
            }
            _ => Some(known),
        }
    }

    /// Returns listed blobs missing from the catalogue.
    fn unknown(
        &self,
        siblings: &Siblings,
        circle: &Circle,
        subject: Subject<'_>,
    ) -> impl Iterator<Item = RecordingEvidence> {
        let created = &circle.reach.created;
        let is_known = move |blob: &&Sibling| {
            let is_subject = matches!(subject, Subject::Recording(entry, _) if blob.is_of(entry));
            is_subject || circle.entries.iter().any(|entry| blob.is_of(entry))
        };
        let unknown = siblings.within(created).filter(move |blob| !is_known(blob));
        unknown.map(move |blob| self.recorded(blob)).filter(move |recorded| created.contain(recorded.created_at))
    }
}

/// Everything read within a reach.
struct Circle {
    reach: NeighbourhoodReach,
    entries: Vec<Entry>,
    sessions: Vec<SessionEntry>,
    failed_logins: Vec<SessionEntry>,
    log: Option<LogRead>,
    calibration: Arc<Calibration>,
    /// True if a limit was reached and some neighbours are missing.
    is_cut: bool,
}

/// Rows read under several keys.
struct Found<T> {
    found: Vec<T>,
    is_cut: bool,
}

impl<T> Found<T> {
    fn add(&mut self, more: Vec<T>) {
        self.is_cut |= more.len() >= NEAR_AT_MOST;
        self.found.extend(more);
    }
}

impl Circle {
    fn near(self, sides: Neighbourhood) -> StoredNeighbourhood {
        StoredNeighbourhood { entries: self.entries, sessions: self.sessions, sides }
    }
}

/// Centre of a neighbourhood.
#[derive(Clone, Copy)]
enum Subject<'a> {
    Recording(&'a Entry, &'a RecordingEvidence),
    Session(&'a SessionEntry, &'a SessionEvidence),
}

impl<'a> Subject<'a> {
    fn middle(self) -> Middle<'a> {
        match self {
            Self::Recording(_, recorded) => Middle::Recording(recorded),
            Self::Session(_, attended) => Middle::Session(attended),
        }
    }

    /// Returns the time whose day provides the calibration.
    fn at(self) -> Timestamp {
        match self {
            Self::Recording(_, recorded) => recorded.created_at,
            Self::Session(_, attended) => {
                attended.facts.started_at.or(attended.ended_at).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    fn is_recording(self, other: &Entry) -> bool {
        matches!(self, Self::Recording(entry, _) if entry.id == other.id)
    }

    fn is_session(self, other: &SessionEntry) -> bool {
        matches!(self, Self::Session(entry, _) if entry.id == other.id)
    }
}
