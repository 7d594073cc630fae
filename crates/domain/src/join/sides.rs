//! The two sides of a match, and what else is near.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::key::JoinKey;
use crate::calibration::Calibration;
use crate::recording_id::RecordingId;
use crate::session::SessionFacts;

/// A record is written so soon after what it tells of.
const SPEAKS_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What counts of a recording.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// Its entry. `None` for a blob of which the catalogue does not know yet.
    pub id: Option<RecordingId>,
    /// What it may have been named after. Whoever holds many of one name lets them share these.
    pub keys: Arc<[JoinKey]>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last written.
    pub last_modified: Timestamp,
    /// Whether that was the end: it has settled, or is gone.
    pub has_ended: bool,
}

/// What counts of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended {
    /// What is known of it.
    pub facts: SessionFacts,
    /// When it ended, where that can be compared with a recording.
    pub ended_at: Option<Timestamp>,
    /// How its recording may have been named, shared like those of a recording.
    pub keys: Arc<[JoinKey]>,
    /// Whether it was made with a client that is known to be no browser, so that a recording of it is unlikely.
    pub is_native: bool,
}

/// All that may be near a recording or a session, of one bastion. Whoever holds the sides elsewhere lends them.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhood<R = Recorded, A = Attended> {
    /// The recordings.
    pub recordings: Vec<R>,
    /// The sessions, but for logins that failed.
    pub sessions: Vec<A>,
    /// Logins that failed.
    pub failed_logins: Vec<A>,
    /// How many steps around the middle everything was read, from recording to session and from session to recording:
    /// 0 if nothing was, [`usize::MAX`] if nothing is left to be read.
    pub steps_read: usize,
    /// How far the bastion's audit log has been read. `None` where it has not been.
    pub log: Option<LogRead>,
    /// What the day of the recording has taught.
    pub calibration: Arc<Calibration>,
}

/// Nothing is near, as far as anybody looked.
impl<R, A> Default for Neighbourhood<R, A> {
    fn default() -> Self {
        let (recordings, sessions, failed_logins) = (Vec::new(), Vec::new(), Vec::new());
        Self { recordings, sessions, failed_logins, steps_read: 0, log: None, calibration: Calibration::unlearned() }
    }
}

/// A log that has told everything it ever tells.
pub(super) const ALL_TOLD: LogRead =
    LogRead { read_from: Timestamp::MIN, read_to: Timestamp::MAX, newest_record: Timestamp::MAX };

/// How far an audit log has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRead {
    /// Nothing that was written earlier has been read.
    pub read_from: Timestamp,
    /// Everything that stood in it at this time has been read.
    pub read_to: Timestamp,
    /// When its newest record was written.
    pub newest_record: Timestamp,
}

impl LogRead {
    /// Whether what it has to say of what lasted from `since` to `at` was read, `wait` after it. A log without a record
    /// since then may have stopped, so it has not said anything.
    pub fn is_beyond(self, since: Timestamp, at: Timestamp, wait: SignedDuration) -> bool {
        let spoke = self.newest_record.saturating_add(SPEAKS_WITHIN).unwrap_or(Timestamp::MAX) >= at;
        spoke && since >= self.read_from && at.saturating_add(wait).is_ok_and(|beyond| self.read_to >= beyond)
    }
}

impl Recorded {
    /// From creation to last write.
    pub fn length(&self) -> SignedDuration {
        self.last_modified.duration_since(self.created_at)
    }

    /// Whether both may have been named after the same session.
    pub(super) fn has_a_name_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys) || self.keys.iter().any(|key| other.keys.contains(key))
    }

    /// Whether it may have been named after this session.
    #[inline]
    pub(super) fn is_named_after(&self, attended: &Attended) -> bool {
        // What is shared is the same, and need not be read.
        let is_shared = Arc::ptr_eq(&self.keys, &attended.keys) && !self.keys.is_empty();
        is_shared || self.keys.iter().any(|key| attended.keys.contains(key))
    }
}
