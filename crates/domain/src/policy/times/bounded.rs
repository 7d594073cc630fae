//! Bounds the session times claimed by the audit log by the times of storage.
//!
//! An audit record can name any time: by a wrong clock, a swapped day and month, or on purpose. Storage reports when
//! the blob was created and last written. Every decision about deletion, finality and holds by time goes through here,
//! so that no claim counts if storage contradicts it.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A live-written recording is created within the start tolerance of its session's start, and last written within the
//!   end tolerance of its end.
//! - An uploaded recording is created and last written within [`AT_ONCE`], from [`UPLOADED_BEFORE`] before the end of
//!   its session to [`UPLOADED_AFTER`] after it. Its creation says nothing about the start.
//! - The clocks of storage are right: no period counts from before the creation, whatever the log claims.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::policy::join::{AT_ONCE, OPEN_SINCE, Tolerances, UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::record::blob::whole_second;
use crate::record::catalogue::{Contradicted, Entry, Life};
use crate::record::join::{Matched, WritingMode};
use crate::record::session::SessionFacts;

/// Longest duration of an upload, in however many pieces it is written.
pub(super) const UPLOAD_LASTS: SignedDuration = SignedDuration::from_mins(15);
/// Longest duration of a session. No limit is documented; this is a guess on the safe side.
pub(crate) const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Creation and last write of a recording as reported by storage, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTimes {
    /// Creation time of the blob.
    pub created_at: Timestamp,
    /// Time of the last write, never before the creation.
    pub last_modified: Timestamp,
}

/// Session time from the log, checked against storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundedTime {
    /// Storage does not contradict the time.
    Trusted(Timestamp),
    /// Storage, or another time of the same session, contradicts the time.
    Contradicted(Timestamp),
    /// Storage cannot confirm the time: the start of a session whose recording was uploaded, if the session is very
    /// long or its end is not trusted.
    Unconfirmed(Timestamp),
    /// The log names no time.
    Unknown,
}

/// Start and end of a session, checked against its recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundedSession {
    /// Start of the session.
    pub start: BoundedTime,
    /// End of the session.
    pub end: BoundedTime,
    /// Length of the session. `None` if log and storage contradict each other, or if neither gives a length.
    pub length: Option<SignedDuration>,
}

impl StoredTimes {
    /// Returns the times of an observed blob. `None` if only events are known, because their times are claims.
    pub fn from_life(life: &Life) -> Option<Self> {
        let properties = &life.observation.as_ref()?.properties;
        let created_at = whole_second(properties.created_at);
        Some(Self { created_at, last_modified: whole_second(properties.last_modified).max(created_at) })
    }

    /// UTC day of the creation. No retention period counts from an earlier day.
    pub fn created_on(self) -> Date {
        utc_day(self.created_at)
    }

    /// Returns true if the recording may have been uploaded after its session; its creation then says nothing about the
    /// start.
    pub fn is_written_at_once(self) -> bool {
        self.last_modified.duration_since(self.created_at) <= AT_ONCE
    }

    /// Returns true if the recording was written as quickly as an upload or a copy of a finished one. Its creation and
    /// last write then say nothing about start and length of the session.
    pub fn may_be_uploaded(self) -> bool {
        self.last_modified.duration_since(self.created_at) <= UPLOAD_LASTS
    }

    /// Returns the earliest possible start of the session, unless an audit record names an earlier one: the creation if
    /// writing took longer than any upload takes, else the creation minus the longest session.
    pub fn begun_after(self) -> Timestamp {
        if self.may_be_uploaded() {
            self.created_at.saturating_sub(SESSION_LASTS).unwrap_or(Timestamp::MIN)
        } else {
            self.created_at
        }
    }

    /// Returns true if a session started too early for its uploaded recording to confirm the start.
    fn is_too_early(self, started_at: Timestamp) -> bool {
        self.created_at.duration_since(started_at) > OPEN_SINCE
    }

    /// Compares the session times claimed by the log with these times.
    pub fn bound(self, matched: &Matched, tolerances: Tolerances) -> BoundedSession {
        let session = &matched.session;
        let is_backwards = session.started_at.zip(session.ended_at).is_some_and(|(start, end)| end < start);
        let is_uploaded = matched.grounds.written == WritingMode::AtEnd && self.may_be_uploaded();
        let is_near = |one: Timestamp, other, tolerance| one.duration_since(other).abs() <= tolerance;
        let end = BoundedTime::from_claim(session.ended_at, |at| {
            !is_backwards
                && if is_uploaded {
                    self.was_uploaded_after(at)
                } else {
                    is_near(at, self.last_modified, tolerances.end)
                }
        });
        let start = BoundedTime::from_claim(session.started_at, |at| {
            let is_before_upload = self.created_at.duration_since(at) >= -UPLOADED_BEFORE;
            if is_uploaded {
                is_before_upload
            } else {
                is_near(at, self.created_at, tolerances.start)
            }
        });
        let start = match start {
            // If no end fits, nothing ties the session to the upload.
            BoundedTime::Trusted(at) if is_uploaded && (end.trusted().is_none() || self.is_too_early(at)) => {
                BoundedTime::Unconfirmed(at)
            }
            start => start,
        };
        BoundedSession { start, end, length: self.length(session, is_uploaded, (start, end), tolerances) }
    }

    /// Returns true if the recording of a session with this end may have been uploaded at the creation.
    fn was_uploaded_after(self, ended_at: Timestamp) -> bool {
        let after = self.created_at.duration_since(ended_at);
        -UPLOADED_BEFORE <= after && after <= UPLOADED_AFTER
    }

    /// A live-written recording takes its length from storage, an uploaded one from its session.
    fn length(
        self,
        session: &SessionFacts,
        is_uploaded: bool,
        (start, end): (BoundedTime, BoundedTime),
        tolerances: Tolerances,
    ) -> Option<SignedDuration> {
        if start.is_contradicted() || end.is_contradicted() {
            return None;
        }
        let length = if is_uploaded || self.is_written_at_once() {
            end.trusted()?.duration_since(start.trusted()?)
        } else {
            self.last_modified.duration_since(self.created_at)
        };
        let agrees = |claimed: SignedDuration| (claimed - length).abs() <= tolerances.start + tolerances.end;
        session.duration.is_none_or(agrees).then_some(length)
    }
}

impl BoundedTime {
    fn from_claim(claimed: Option<Timestamp>, is_borne_out: impl FnOnce(Timestamp) -> bool) -> Self {
        match claimed {
            Some(at) if is_borne_out(at) => Self::Trusted(at),
            Some(at) => Self::Contradicted(at),
            None => Self::Unknown,
        }
    }

    /// Returns the time if storage does not contradict it.
    pub fn trusted(self) -> Option<Timestamp> {
        match self {
            Self::Trusted(at) => Some(at),
            Self::Contradicted(_) | Self::Unconfirmed(_) | Self::Unknown => None,
        }
    }

    /// Returns true if the log claims an impossible time.
    pub fn is_contradicted(self) -> bool {
        matches!(self, Self::Contradicted(_))
    }
}

impl Entry {
    /// Returns the checked times of the matched session. `None` if the blob was never read, or if no session is
    /// certain.
    pub fn bounded_session(&self, tolerances: Tolerances) -> Option<BoundedSession> {
        Some(StoredTimes::from_life(&self.life)?.bound(self.match_state.verdict.matched()?, tolerances))
    }

    /// Returns the end of the session, checked against storage. Decisions may count only a trusted one.
    pub fn session_end(&self, tolerances: Tolerances) -> BoundedTime {
        self.bounded_session(tolerances).map_or(BoundedTime::Unknown, |session| session.end)
    }

    /// Returns the session times contradicted by storage.
    pub(crate) fn contradicted(&self, tolerances: Tolerances) -> Contradicted {
        let session = self.bounded_session(tolerances);
        session.map_or_else(Contradicted::default, |session| Contradicted {
            start: session.start.is_contradicted(),
            end: session.end.is_contradicted(),
        })
    }
}

pub(crate) fn utc_day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
