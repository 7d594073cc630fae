//! Reads everything within one reach around a recording or session.

use std::sync::Arc;

use domain::decide::calibration::Calibration;
use domain::decide::join::{ATTEMPT_LASTS, LogRead, Middle, NeighbourhoodReach, RecordingEvidence, SessionEvidence};
use domain::policy::join::{AT_ONCE, OPEN_SINCE};
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::session::{IndexKey, SessionEntry, TimeSpan, TimeSpans};
use futures_util::future::{try_join, try_join3};
use jiff::Timestamp;

use super::NEAR_AT_MOST;
use crate::join::ReadNeighbourhood;
use crate::ports::Fault;
use crate::watermark::Watermark;

/// Maximum number of failed logins read for a short recording. If two fit, neither is shown.
const FAILED_AT_MOST: usize = 16;

/// Everything read within a reach.
pub(super) struct Circle {
    pub(super) reach: NeighbourhoodReach,
    pub(super) entries: Vec<Entry>,
    pub(super) sessions: Vec<SessionEntry>,
    /// True if a limit was reached and some neighbours are missing.
    pub(super) is_cut: bool,
}

/// Recording or session whose neighbourhood is read.
pub(super) struct Centre<'a> {
    pub(super) bastion: &'a BastionName,
    pub(super) subject: Subject<'a>,
    pub(super) grounds: Grounds,
}

/// What a judgement takes besides recordings and sessions. Read once for all circles, and before the sessions: those
/// contain at least the records up to the position in the log.
pub(super) struct Grounds {
    pub(super) log: Option<LogRead>,
    pub(super) calibration: Arc<Calibration>,
    pub(super) failed_logins: Vec<SessionEntry>,
}

/// Centre of a neighbourhood.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    Recording(&'a Entry, &'a RecordingEvidence),
    Session(&'a SessionEntry, &'a SessionEvidence),
}

/// Rows read under several keys.
pub(super) struct Found<T> {
    pub(super) found: Vec<T>,
    is_cut: bool,
}

impl ReadNeighbourhood {
    /// Reads what a judgement of the subject takes besides its neighbours.
    pub(super) async fn grounds(&self, bastion: &BastionName, subject: Subject<'_>) -> Result<Grounds, Fault> {
        // First of all: a later position could stand for records that the sessions do not have yet.
        let log = self.watermarks.watermark(bastion).await?.and_then(Watermark::log_read);
        let (calibration, failed_logins) =
            try_join(self.calibrations.calibration(bastion, subject.at()), self.failed_logins(bastion, subject))
                .await?;
        Ok(Grounds { log, calibration, failed_logins })
    }

    /// Reads everything within reach except the subject itself. `recordings` are those within reach, if read already.
    pub(super) async fn circle(
        &self,
        centre: &Centre<'_>,
        reach: NeighbourhoodReach,
        recordings: Option<Found<Entry>>,
    ) -> Result<Circle, Fault> {
        let (bastion, subject) = (centre.bastion, centre.subject);
        let ended: Vec<IndexKey> = reach.keys.iter().map(IndexKey::ended).collect();
        let recordings = async {
            match recordings {
                Some(recordings) => Ok(recordings),
                None => self.recordings_within(bastion, &reach).await,
            }
        };
        let (recordings, sessions_begun, sessions_ended) = try_join3(
            recordings,
            self.sessions_begun(centre, &reach),
            self.sessions_within(bastion, &ended, &reach.ended),
        )
        .await?;
        let is_cut = recordings.is_cut || sessions_begun.is_cut || sessions_ended.is_cut;
        let (mut entries, mut sessions) = (recordings.found, sessions_begun.found);
        entries.retain(|entry| !subject.is_recording(entry));
        sessions.extend(sessions_ended.found);
        sessions.retain(|entry| !subject.is_session(entry));
        sessions.sort_by(|one, other| one.id.cmp(&other.id));
        sessions.dedup_by(|one, other| one.id == other.id);
        Ok(Circle { reach, entries, sessions, is_cut })
    }

    /// Returns the recordings created within reach.
    pub(super) async fn recordings_within(
        &self,
        bastion: &BastionName,
        reach: &NeighbourhoodReach,
    ) -> Result<Found<Entry>, Fault> {
        let keys: Vec<JoinKey> = reach.keys.iter().cloned().collect();
        let mut found = Found { found: Vec::new(), is_cut: false };
        for span in reach.created.iter() {
            found.add(self.catalogue.near(bastion, &keys, span, NEAR_AT_MOST).await?);
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

    /// Returns the sessions begun within reach, and with them those without a recorded end that may have ended at the
    /// upload of the recording. Both are in the same list, and mostly in one range of it.
    async fn sessions_begun(
        &self,
        centre: &Centre<'_>,
        reach: &NeighbourhoodReach,
    ) -> Result<Found<SessionEntry>, Fault> {
        let (bastion, times) = (centre.bastion, &reach.started);
        let keys: Vec<IndexKey> = reach.keys.iter().map(IndexKey::started).collect();
        let Some((own, open)) = centre.subject.may_end() else {
            return self.sessions_within(bastion, &keys, times).await;
        };
        let goes_on = |entry: &SessionEntry| entry.session().usable_end().is_none();
        if keys.iter().all(|key| own.contains(key)) {
            let all = times.iter().fold(open, TimeSpan::with);
            let mut found = self.sessions.near(bastion, &own, all, NEAR_AT_MOST).await?;
            if found.len() < NEAR_AT_MOST {
                found.retain(|entry| {
                    let mut began = entry.index().into_iter().filter(|(key, _)| own.contains(key)).map(|(_, at)| at);
                    let goes_on = goes_on(entry);
                    began.any(|at| times.contain(at) || goes_on && open.holds(at))
                });
                return Ok(Found { found, is_cut: false });
            }
        }
        let mut found = self.sessions_within(bastion, &keys, times).await?;
        let began = self.sessions.near(bastion, &own, open, NEAR_AT_MOST).await?;
        found.found.extend(began.into_iter().filter(goes_on));
        Ok(found)
    }

    /// Returns failed logins that may have left the recording, or an empty list if there are too many to tell apart.
    /// They explain a short recording and compete with no session, so their number does not make the neighbourhood
    /// incomplete.
    async fn failed_logins(&self, bastion: &BastionName, subject: Subject<'_>) -> Result<Vec<SessionEntry>, Fault> {
        let Subject::Recording(_, recording) = subject else { return Ok(Vec::new()) };
        if recording.last_modified.duration_since(recording.created_at) > ATTEMPT_LASTS {
            return Ok(Vec::new());
        }
        let keys: Vec<IndexKey> = recording.keys.iter().map(IndexKey::failed).collect();
        let near = |at| TimeSpan::around(at, self.rules.matching.start_tolerance);
        let within = near(recording.created_at).with(near(recording.last_modified));
        let found = self.sessions.near(bastion, &keys, within, FAILED_AT_MOST).await?;
        Ok(if found.len() < FAILED_AT_MOST { found } else { Vec::new() })
    }
}

impl Default for Grounds {
    fn default() -> Self {
        Self { log: None, calibration: Calibration::unlearned(), failed_logins: Vec::new() }
    }
}

impl<T> Found<T> {
    fn add(&mut self, more: Vec<T>) {
        self.is_cut |= more.len() >= NEAR_AT_MOST;
        self.found.extend(more);
    }
}

impl<'a> Subject<'a> {
    pub(super) fn middle(self) -> Middle<'a> {
        match self {
            Self::Recording(_, recording) => Middle::Recording(recording),
            Self::Session(_, evidence) => Middle::Session(evidence),
        }
    }

    /// Returns the time whose day provides the calibration.
    fn at(self) -> Timestamp {
        match self {
            Self::Recording(_, recording) => recording.created_at,
            Self::Session(_, evidence) => {
                evidence.facts.started_at.or(evidence.ended_at).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Returns the keys and the times of begin of sessions that may have ended at the upload of the recording. `None`
    /// if the subject was not uploaded.
    fn may_end(self) -> Option<(Vec<IndexKey>, TimeSpan)> {
        let Self::Recording(_, recording) = self else { return None };
        let first = recording.created_at.saturating_sub(OPEN_SINCE).unwrap_or(Timestamp::MIN);
        let began = TimeSpan { first, last: recording.created_at };
        let keys = || recording.keys.iter().map(IndexKey::started).collect();
        (recording.length() <= AT_ONCE).then(|| (keys(), began))
    }

    fn is_recording(self, other: &Entry) -> bool {
        matches!(self, Self::Recording(entry, _) if entry.id == other.id)
    }

    fn is_session(self, other: &SessionEntry) -> bool {
        matches!(self, Self::Session(entry, _) if entry.id == other.id)
    }
}
