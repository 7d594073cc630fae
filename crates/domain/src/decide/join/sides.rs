//! Input of a match: recording, session and neighbourhood.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::decide::calibration::Calibration;
use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, RecordingState};
use crate::record::join_key::JoinKey;
use crate::record::recording_id::RecordingId;
use crate::record::session::{Session, SessionEntry, SessionFacts, SessionState};

/// Maximum delay between an event and its audit record.
const RECORD_DELAY: SignedDuration = SignedDuration::from_mins(5);

/// Properties of a recording that matter for matching.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordingEvidence {
    /// Id of the catalogue entry. `None` for a blob without an entry.
    pub id: Option<RecordingId>,
    /// Keys of the blob name. Recordings of the same name can share them.
    pub keys: Arc<[JoinKey]>,
    /// Creation time of the blob.
    pub created_at: Timestamp,
    /// Last write of the blob.
    pub last_modified: Timestamp,
    /// True if the last write is final: the recording has settled or is gone.
    pub has_ended: bool,
}

/// Properties of a session that matter for matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEvidence {
    /// Known facts.
    pub facts: SessionFacts,
    /// End of the session, if comparable with a recording.
    pub ended_at: Option<Timestamp>,
    /// Keys of possible recording names, shared like those of a recording.
    pub keys: Arc<[JoinKey]>,
    /// True if the client is known not to be a browser, so a recording is unlikely.
    pub is_native: bool,
}

/// Recordings and sessions of one bastion near a recording or a session. The type parameters allow owned or borrowed
/// sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhood<R = RecordingEvidence, A = SessionEvidence> {
    /// Recordings.
    pub recordings: Vec<R>,
    /// Sessions, without failed logins.
    pub sessions: Vec<A>,
    /// Failed logins.
    pub failed_logins: Vec<A>,
    /// Number of steps around the middle, from recording to session or back, that were read completely: 0 if none,
    /// [`usize::MAX`] if nothing is left to read.
    pub steps_read: usize,
    /// Position up to which the bastion's audit log has been read. `None` if it has not been read.
    pub log: Option<LogRead>,
    /// Calibration of the recording's day.
    pub calibration: Arc<Calibration>,
}

/// Empty neighbourhood of which no step was read.
impl<R, A> Default for Neighbourhood<R, A> {
    fn default() -> Self {
        let (recordings, sessions, failed_logins) = (Vec::new(), Vec::new(), Vec::new());
        Self { recordings, sessions, failed_logins, steps_read: 0, log: None, calibration: Calibration::unlearned() }
    }
}

/// A log that has delivered all its records.
pub(super) const ALL_READ: LogRead =
    LogRead { read_from: Timestamp::MIN, read_to: Timestamp::MAX, newest_record: Timestamp::MAX };

/// Range of an audit log that has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRead {
    /// Records written earlier have not been read.
    pub read_from: Timestamp,
    /// All records present at this time have been read.
    pub read_to: Timestamp,
    /// Time of the newest record.
    pub newest_record: Timestamp,
}

impl LogRead {
    /// True if the log was read until `wait` after `at`, and from `since` on. False if its newest record is much older
    /// than `at`: the log may have stopped, so its silence means nothing.
    pub fn is_beyond(self, since: Timestamp, at: Timestamp, wait: SignedDuration) -> bool {
        let is_recent = self.newest_record.saturating_add(RECORD_DELAY).unwrap_or(Timestamp::MAX) >= at;
        is_recent && since >= self.read_from && at.saturating_add(wait).is_ok_and(|beyond| self.read_to >= beyond)
    }
}

impl RecordingEvidence {
    /// Returns the time from creation to last write.
    pub fn length(&self) -> SignedDuration {
        self.last_modified.duration_since(self.created_at)
    }

    /// True if both may be named after the same session.
    pub(super) fn has_a_name_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys) || self.keys.iter().any(|key| other.keys.contains(key))
    }

    /// True if the recording may be named after this session.
    #[inline]
    pub(super) fn is_named_after(&self, session: &SessionEvidence) -> bool {
        // Shared keys are equal and need no comparison.
        let is_shared = Arc::ptr_eq(&self.keys, &session.keys) && !self.keys.is_empty();
        is_shared || self.keys.iter().any(|key| session.keys.contains(key))
    }
}

impl Entry {
    /// Returns the recording as input of the matching. `None` until its times are known.
    pub fn evidence(&self) -> Option<RecordingEvidence> {
        let (created_at, last_modified) = (self.created_at()?, whole_second(self.life.last_modified()?));
        let has_ended = match self.state {
            RecordingState::Active => false,
            RecordingState::Settled | RecordingState::Expiring => true,
            // If the blob was never observed, or never with content, the last write may have been missed.
            RecordingState::Missing | RecordingState::Deleted => {
                self.life.observation.is_some() && self.life.has_content()
            }
        };
        Some(RecordingEvidence {
            id: Some(self.id),
            keys: self.keys.as_slice().into(),
            created_at,
            last_modified,
            has_ended,
        })
    }
}

impl SessionEntry {
    /// Returns the properties that matter for matching.
    pub fn evidence(&self) -> SessionEvidence {
        self.evidence_as(self.session())
    }

    /// Like [`evidence`](Self::evidence), for an already computed [session](Self::session).
    pub fn evidence_as(&self, session: Session) -> SessionEvidence {
        let failed_at = self.records.failed.map(|failed| failed.first);
        let ended_at = if session.state == SessionState::Failed {
            failed_at
        } else {
            session.usable_end()
        };
        let is_native = session.is_native;
        SessionEvidence { ended_at, keys: self.keys.as_slice().into(), facts: session.facts, is_native }
    }
}
