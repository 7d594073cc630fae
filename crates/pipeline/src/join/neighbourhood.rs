//! Reads the neighbourhood of a recording or session by key and time, never by a full scan.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::decide::join::{
    Neighbourhood, NeighbourhoodCoverage, NeighbourhoodReach, RecordingEvidence, SessionEvidence,
};
use domain::policy::join::{AT_ONCE, UPLOADED_AFTER, UPLOADED_BEFORE};
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use domain::record::session::{SessionEntry, SessionState, TimeSpans};
use jiff::Timestamp;

use super::circle::{Centre, Circle, Grounds, Subject};
use super::listed::{ListingSource, Need, Sibling, Siblings};
use crate::calibration::Calibrations;
use crate::join::KeptListings;
use crate::listings::ContainerListings;
use crate::ports::{Catalogue, Fault, Sessions};
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Maximum number of times the circle is widened. Unread parts beyond count against a match.
const ROUNDS: usize = 6;
/// Value of `steps_read` if the competing recordings of a session are unknown.
const OWN_SESSIONS: usize = 1;

/// Neighbourhood with the stored entries it was built from.
pub(super) struct StoredNeighbourhood {
    pub entries: Vec<Entry>,
    pub sessions: Vec<SessionEntry>,
    pub sides: Neighbourhood,
}

/// Use of the neighbourhood of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To judge the recording.
    Judge,
    /// To judge it once more just after its verdict was saved, with what others saved meanwhile. What storage listed for
    /// the verdict is still good.
    JudgeAgain,
    /// To wake its neighbours. The result says nothing of the log, the calibration and failed logins.
    Wake,
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
        self.around_recording(entry, subject, Purpose::Judge).await.map(|near| near.sides)
    }

    pub(super) async fn around_recording(
        &self,
        entry: &Entry,
        subject: &RecordingEvidence,
        purpose: Purpose,
    ) -> Result<StoredNeighbourhood, Fault> {
        let (matching, bastion) = (&self.rules.matching, &entry.bastion);
        let about = Subject::Recording(entry, subject);
        let grounds = match purpose {
            Purpose::Judge | Purpose::JudgeAgain => self.grounds(bastion, about).await?,
            Purpose::Wake => Grounds::default(),
        };
        let centre = Centre { bastion, subject: about, grounds };
        let circle = self.circle(&centre, NeighbourhoodReach::of_recording(subject, matching), None).await?;
        let (mut circle, mut sides) = self.widen(&centre, circle, &Siblings::default()).await?;
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
        let first = match purpose {
            Purpose::JudgeAgain => ListingSource::JustNow,
            Purpose::Judge | Purpose::Wake => ListingSource::Kept,
        };
        for from in [first, ListingSource::Storage] {
            let need = Need { all_begun, created: &circle.reach.created };
            let Some(siblings) = self.siblings(entry, subject, &sides.sessions, need, from).await? else {
                if !self.is_listed_after(bastion, all_begun).await? {
                    sides.steps_read = sides.steps_read.min(OWN_SESSIONS);
                }
                return Ok(circle.near(sides));
            };
            (circle, sides) = self.widen(&centre, circle, &siblings).await?;
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
        let reach = NeighbourhoodReach::of_coverage(subject, &self.rules.matching);
        if reach.created.is_empty() {
            return Ok(None);
        }
        let (bastion, about) = (&entry.id.bastion, Subject::Session(entry, subject));
        let recordings = self.recordings_within(bastion, &reach).await?;
        if recordings.found.is_empty() {
            // Covers most sessions of a bastion that records little: without a recording in reach, competing sessions
            // do not matter.
            return Ok(Some(Neighbourhood::default()));
        }
        let centre = Centre { bastion, subject: about, grounds: self.grounds(bastion, about).await? };
        let circle = self.circle(&centre, reach, Some(recordings)).await?;
        let (_, sides) = self.widen(&centre, circle, &Siblings::default()).await?;
        Ok(Some(sides))
    }

    /// Returns the reach of all times the session ever had, or `None` if no record carries a time.
    pub(super) fn ever_reach(&self, entry: &SessionEntry) -> Option<NeighbourhoodReach> {
        let rules = &self.rules;
        NeighbourhoodReach::of_records(entry, rules.active_at_most, &rules.matching)
    }

    /// Returns the stored neighbourhood of all times the session ever had, to wake it: a record moving the session also
    /// affects its earlier neighbours. `None` without a recording within reach, which most sessions do not have yet, or
    /// not at all.
    pub(super) async fn ever_near_session(
        &self,
        entry: &SessionEntry,
        reach: NeighbourhoodReach,
    ) -> Result<Option<StoredNeighbourhood>, Fault> {
        let (bastion, evidence) = (&entry.id.bastion, entry.evidence());
        let recordings = self.recordings_within(bastion, &reach).await?;
        if recordings.found.is_empty() {
            return Ok(None);
        }
        let centre = Centre { bastion, subject: Subject::Session(entry, &evidence), grounds: Grounds::default() };
        let circle = self.circle(&centre, reach, Some(recordings)).await?;
        let (circle, sides) = self.widen(&centre, circle, &Siblings::default()).await?;
        Ok(Some(circle.near(sides)))
    }

    /// Widens the circle until all competitors of the subject are read, up to the limits.
    async fn widen(
        &self,
        centre: &Centre<'_>,
        mut circle: Circle,
        siblings: &Siblings,
    ) -> Result<(Circle, Neighbourhood), Fault> {
        let matching = &self.rules.matching;
        let mut rounds = 0;
        loop {
            let mut sides = self.sides(centre, &circle, siblings);
            let reading = NeighbourhoodCoverage::determine(centre.subject.middle(), &sides, &circle.reach, matching);
            rounds += 1;
            if circle.is_cut || reading.steps_read == usize::MAX || rounds == ROUNDS {
                sides.steps_read = if circle.is_cut { 0 } else { reading.steps_read };
                return Ok((circle, sides));
            }
            circle = self.circle(centre, reading.wanted, None).await?;
        }
    }

    /// Combines the stored data with the blobs of the listings.
    fn sides(&self, centre: &Centre<'_>, circle: &Circle, siblings: &Siblings) -> Neighbourhood {
        let Grounds { log, calibration, failed_logins } = &centre.grounds;
        let mut sides = Neighbourhood { log: *log, calibration: Arc::clone(calibration), ..Neighbourhood::default() };
        let created = &circle.reach.created;
        sides.recordings = circle.entries.iter().filter_map(|entry| self.as_it_is(entry, siblings, created)).collect();
        sides.recordings.extend(self.unknown(siblings, circle, centre.subject));
        for entry in circle.sessions.iter().chain(failed_logins) {
            let session = entry.session();
            match session.state {
                SessionState::Failed => sides.failed_logins.push(entry.evidence_as(session)),
                SessionState::Open | SessionState::Ended => sides.sessions.push(entry.evidence_as(session)),
            }
        }
        sides
    }

    /// Returns a recording, updated from a newer listing. After a lost event, the catalogue learns of the write only
    /// when the entry is observed next.
    fn as_it_is(&self, entry: &Entry, siblings: &Siblings, created: &TimeSpans) -> Option<RecordingEvidence> {
        let known = entry.evidence()?;
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
        unknown.map(move |blob| self.evidence(blob)).filter(move |recording| created.contain(recording.created_at))
    }
}

impl Circle {
    fn near(self, sides: Neighbourhood) -> StoredNeighbourhood {
        StoredNeighbourhood { entries: self.entries, sessions: self.sessions, sides }
    }
}
