//! Reads what is near, by key and time and never by a walk over everything.

use domain::catalogue::Entry;
use domain::estate::BastionName;
use domain::join::{ATTEMPT_LASTS, Attended, Group, JoinKey, LogRead, Neighbourhood, Reach, Recorded};
use domain::session::{IndexKey, SessionEntry, SessionState, Span};
use futures_util::future::try_join4;
use jiff::Timestamp;

use super::NEAR_AT_MOST;
use super::siblings::{Sibling, is_of};
use crate::archivist::Archivist;
use crate::audit_log::Watermark;
use crate::ports::Fault;

/// How often the circle is widened; a group that is larger is not told apart.
const ROUNDS: usize = 6;
/// How many failed logins are read that a short recording may have been left by; of two, neither is shown.
const FAILED_AT_MOST: usize = 16;

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
        let about = Subject::Recording(entry, subject);
        let circle = self.circle(bastion, Reach::of_recording(subject, matching), about).await?;
        let (circle, mut sides) = self.widen(bastion, circle, &[], about).await?;
        if sides.sessions.is_empty() {
            // Nobody is there to be named.
            return Ok(circle.near(sides));
        }
        // Until then a recording of one of these sessions may still begin.
        let all_begun = subject.created_at.saturating_add(matching.start_tolerance * 2).unwrap_or(Timestamp::MAX);
        let Some(siblings) = self.siblings(entry, subject, &sides.sessions, all_begun).await? else {
            sides.is_whole &= self.is_listed_after(bastion, all_begun).await?;
            return Ok(circle.near(sides));
        };
        let (circle, mut sides) = self.widen(bastion, circle, &siblings, about).await?;
        sides.is_whole &= all_begun <= self.now();
        Ok(circle.near(sides))
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
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        if self.ports.catalogue.near(&entry.id.bastion, &keys, reach.starts, 1).await?.is_empty() {
            // Most sessions of a bastion that records little: with no recording near, it does not matter who else is.
            return Ok(Some(Neighbourhood::default()));
        }
        let about = Subject::Session(entry, subject);
        let circle = self.circle(&entry.id.bastion, reach, about).await?;
        let (_, sides) = self.widen(&entry.id.bastion, circle, &[], about).await?;
        Ok(Some(sides))
    }

    /// Every place at which a session ever stood. `None` where no record tells a time.
    pub(super) fn ever_reach(&self, entry: &SessionEntry) -> Option<Reach> {
        let rules = &self.settings.rules;
        Reach::of_records(entry, rules.active_at_most, &rules.matching)
    }

    /// What is near any place at which a session ever stood: a record that moves it matters where it was as well.
    pub(super) async fn ever_near_session(&self, entry: &SessionEntry, reach: Reach) -> Result<Near, Fault> {
        let attended = entry.attended();
        let about = Subject::Session(entry, &attended);
        let circle = self.circle(&entry.id.bastion, reach, about).await?;
        let (circle, sides) = self.widen(&entry.id.bastion, circle, &[], about).await?;
        Ok(circle.near(sides))
    }

    /// Reads again until the circle holds all that belongs to the group.
    async fn widen(
        &self,
        bastion: &BastionName,
        mut circle: Circle,
        siblings: &[Sibling],
        subject: Subject<'_>,
    ) -> Result<(Circle, Neighbourhood), Fault> {
        let matching = &self.settings.rules.matching;
        let mut rounds = 0;
        loop {
            let mut sides = self.sides(&circle, siblings, subject);
            let group = match subject {
                Subject::Recording(_, recorded) => Group::of_recording(recorded, &sides, matching),
                Subject::Session(_, attended) => Group::of_session(attended, &sides, matching),
            };
            let wider = circle.reach.clone().around(&group, matching);
            rounds += 1;
            if wider == circle.reach || rounds == ROUNDS {
                sides.is_whole &= wider == circle.reach;
                return Ok((circle, sides));
            }
            circle = self.circle(bastion, wider, subject).await?;
        }
    }

    /// Reads what is within reach, but for the subject itself.
    async fn circle(&self, bastion: &BastionName, reach: Reach, subject: Subject<'_>) -> Result<Circle, Fault> {
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        let started: Vec<IndexKey> = keys.iter().map(IndexKey::started).collect();
        let ended: Vec<IndexKey> = keys.iter().map(IndexKey::ended).collect();
        let (mut entries, mut sessions, ended, log) = try_join4(
            self.ports.catalogue.near(bastion, &keys, reach.starts, NEAR_AT_MOST),
            self.ports.sessions.near(bastion, &started, reach.starts, NEAR_AT_MOST),
            self.ports.sessions.near(bastion, &ended, reach.starts.with(reach.ends), NEAR_AT_MOST),
            self.watermark(bastion),
        )
        .await?;
        let is_whole = [entries.len(), sessions.len(), ended.len()].iter().all(|count| *count < NEAR_AT_MOST);
        entries.retain(|entry| !subject.is_recording(entry));
        sessions.extend(ended);
        sessions.retain(|entry| !subject.is_session(entry));
        let failed_logins = self.failed_logins(bastion, subject).await?;
        Ok(Circle { reach, entries, sessions, failed_logins, log: log.and_then(Watermark::log_read), is_whole })
    }

    /// The failed logins that may have left a recording. They explain a short recording and are no rival of any session,
    /// so that however many there are, the neighbourhood is whole. None if there are too many to tell which it was.
    async fn failed_logins(&self, bastion: &BastionName, subject: Subject<'_>) -> Result<Vec<SessionEntry>, Fault> {
        let Subject::Recording(_, recorded) = subject else { return Ok(Vec::new()) };
        if recorded.last_modified.duration_since(recorded.created_at) > ATTEMPT_LASTS {
            return Ok(Vec::new());
        }
        let keys: Vec<IndexKey> = recorded.keys.iter().map(IndexKey::failed).collect();
        let near = |at| Span::around(at, self.settings.rules.matching.start_tolerance);
        let within = near(recorded.created_at).with(near(recorded.last_modified));
        let found = self.ports.sessions.near(bastion, &keys, within, FAILED_AT_MOST).await?;
        Ok(if found.len() < FAILED_AT_MOST { found } else { Vec::new() })
    }

    /// What counts of what was read, and of what a listing shows beside it.
    fn sides(&self, circle: &Circle, siblings: &[Sibling], subject: Subject<'_>) -> Neighbourhood {
        let now = self.now();
        let mut sides = Neighbourhood { is_whole: circle.is_whole, log: circle.log, ..Neighbourhood::default() };
        sides.recordings = circle.entries.iter().filter_map(|entry| self.as_it_is(entry, siblings, now)).collect();
        sides.recordings.extend(self.unknown(siblings, circle, subject, now));
        for entry in circle.sessions.iter().chain(&circle.failed_logins) {
            let session = entry.session();
            match session.state {
                SessionState::Failed => sides.failed_logins.push(entry.attended_as(session)),
                // The bastion cannot record a native client, whatever its name and time.
                _ if session.is_native => {}
                SessionState::Open | SessionState::Ended => sides.sessions.push(entry.attended_as(session)),
            }
        }
        sides
    }

    /// A recording as the listing shows it, where that knows more: of a write whose event was lost, the catalogue hears
    /// when the entry is looked at next.
    fn as_it_is(&self, entry: &Entry, siblings: &[Sibling], now: Timestamp) -> Option<Recorded> {
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
    fn unknown(
        &self,
        siblings: &[Sibling],
        circle: &Circle,
        subject: Subject<'_>,
        now: Timestamp,
    ) -> impl Iterator<Item = Recorded> {
        let is_known = move |blob: &&Sibling| {
            let is_subject = matches!(subject, Subject::Recording(entry, _) if is_of(blob, entry));
            is_subject || circle.entries.iter().any(|entry| is_of(blob, entry))
        };
        let unknown = siblings.iter().filter(move |blob| !is_known(blob));
        let recorded = unknown.map(move |blob| self.recorded(blob, now));
        recorded.filter(|recorded| circle.reach.starts.holds(recorded.created_at))
    }
}

/// What was read within reach of something.
struct Circle {
    reach: Reach,
    entries: Vec<Entry>,
    sessions: Vec<SessionEntry>,
    failed_logins: Vec<SessionEntry>,
    log: Option<LogRead>,
    /// Whether nothing was too much to read.
    is_whole: bool,
}

impl Circle {
    fn near(self, sides: Neighbourhood) -> Near {
        Near { entries: self.entries, sessions: self.sessions, sides }
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
