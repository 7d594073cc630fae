//! Times that a log claims, bounded by what storage says.
//!
//! A record of the log can name any time: by a wrong clock, a swapped day and month, or on purpose. Storage says when the
//! blob was created and last written. Every decision about deletion, finality and holds by time asks here, so that no claim
//! counts that storage contradicts.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A recording that was written live is created within the start tolerance of its session's start, and last written within
//!   the end tolerance of its end.
//! - A recording that was uploaded is created and last written within [`AT_ONCE`], from [`UPLOADED_BEFORE`] before the end
//!   of its session to [`UPLOADED_AFTER`] after it. Its creation says nothing of the start.
//! - No clock of storage is wrong: nothing counts from before the creation, whatever the log says.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::entry::Entry;
use super::life::Life;
use crate::blob::whole_second;
use crate::calibration::{AT_ONCE, OPEN_SINCE, UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::join::{Matched, Tolerances, Written};
use crate::session::SessionFacts;

/// No upload takes longer, in however many pieces it is written.
const UPLOAD_LASTS: SignedDuration = SignedDuration::from_mins(15);
/// No session lasts longer. Nothing documents a limit, so this is a guess on the safe side.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Creation and last write of a recording as storage says, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTimes {
    /// When the blob was created.
    pub created_at: Timestamp,
    /// When it was last written, never before its creation.
    pub last_modified: Timestamp,
}

/// A time from the log beside what storage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Storage does not contradict it.
    Trusted(Timestamp),
    /// Storage, or another time of the same session, contradicts it.
    Contradicted(Timestamp),
    /// Storage says nothing of it: the start of a session so long that its recording, which was uploaded, cannot tell.
    Unconfirmed(Timestamp),
    /// The log names no time.
    Unknown,
}

/// Start and end of a session beside the recording that it is matched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundedSession {
    /// When it began.
    pub start: Claim,
    /// When it ended.
    pub end: Claim,
    /// How long it was. `None` where log and storage contradict each other, or neither says.
    pub length: Option<SignedDuration>,
}

/// Which times of its session storage contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contradicted {
    /// The start.
    pub start: bool,
    /// The end.
    pub end: bool,
}

impl StoredTimes {
    /// The times of a blob that was looked at. `None` where only events tell of it, whose times are claims.
    pub fn of(life: &Life) -> Option<Self> {
        let properties = &life.sighting.as_ref()?.properties;
        let created_at = whole_second(properties.created_at);
        Some(Self { created_at, last_modified: whole_second(properties.last_modified).max(created_at) })
    }

    /// The UTC day of the creation, before which no period counts.
    pub fn created_on(self) -> Date {
        utc_day(self.created_at)
    }

    /// Whether it may have been uploaded after its session, so that its creation says nothing of the start.
    pub fn is_written_at_once(self) -> bool {
        self.last_modified.duration_since(self.created_at) <= AT_ONCE
    }

    /// The earliest time at which its session can have begun, unless a record says that it began earlier: its creation if it
    /// took longer to write than any upload takes, else so long before as no session lasts.
    pub fn begun_after(self) -> Timestamp {
        if self.last_modified.duration_since(self.created_at) > UPLOAD_LASTS {
            self.created_at
        } else {
            self.created_at.saturating_sub(SESSION_LASTS).unwrap_or(Timestamp::MIN)
        }
    }

    /// Whether a session that began then is too long for its recording, which was uploaded, to confirm the start.
    fn is_too_early(self, started_at: Timestamp) -> bool {
        self.created_at.duration_since(started_at) > OPEN_SINCE
    }

    /// Compares what the log says of the session with these times.
    pub fn bound(self, matched: &Matched, tolerances: Tolerances) -> BoundedSession {
        let session = &matched.session;
        let is_backwards = session.started_at.zip(session.ended_at).is_some_and(|(start, end)| end < start);
        let is_uploaded = matched.grounds.written == Written::AtEnd && self.is_written_at_once();
        let is_near = |one: Timestamp, other, tolerance| one.duration_since(other).abs() <= tolerance;
        let end = Claim::of(session.ended_at, |at| {
            !is_backwards
                && if is_uploaded {
                    self.was_uploaded_after(at)
                } else {
                    is_near(at, self.last_modified, tolerances.end)
                }
        });
        let start = Claim::of(session.started_at, |at| {
            let is_before_upload = self.created_at.duration_since(at) >= -UPLOADED_BEFORE;
            if is_uploaded {
                is_before_upload
            } else {
                is_near(at, self.created_at, tolerances.start)
            }
        });
        let start = match start {
            // Without an end that fits, nothing ties the session to the upload.
            Claim::Trusted(at) if is_uploaded && (end.trusted().is_none() || self.is_too_early(at)) => {
                Claim::Unconfirmed(at)
            }
            start => start,
        };
        BoundedSession { start, end, length: self.length(session, start, end, tolerances) }
    }

    /// Whether a session that ended then may have been uploaded at the creation.
    fn was_uploaded_after(self, ended_at: Timestamp) -> bool {
        let after = self.created_at.duration_since(ended_at);
        -UPLOADED_BEFORE <= after && after <= UPLOADED_AFTER
    }

    /// The length of a recording that was written as it went on is what storage says, of another one what its session says.
    fn length(
        self,
        session: &SessionFacts,
        start: Claim,
        end: Claim,
        tolerances: Tolerances,
    ) -> Option<SignedDuration> {
        if start.is_contradicted() || end.is_contradicted() {
            return None;
        }
        let length = if self.is_written_at_once() {
            end.trusted()?.duration_since(start.trusted()?)
        } else {
            self.last_modified.duration_since(self.created_at)
        };
        let agrees = |told: SignedDuration| (told - length).abs() <= tolerances.start + tolerances.end;
        session.duration.is_none_or(agrees).then_some(length)
    }
}

impl Claim {
    fn of(claimed: Option<Timestamp>, is_borne_out: impl FnOnce(Timestamp) -> bool) -> Self {
        match claimed {
            Some(at) if is_borne_out(at) => Self::Trusted(at),
            Some(at) => Self::Contradicted(at),
            None => Self::Unknown,
        }
    }

    /// The time, if storage does not contradict it.
    pub fn trusted(self) -> Option<Timestamp> {
        match self {
            Self::Trusted(at) => Some(at),
            Self::Contradicted(_) | Self::Unconfirmed(_) | Self::Unknown => None,
        }
    }

    /// Whether a time is claimed that cannot be.
    pub fn is_contradicted(self) -> bool {
        matches!(self, Self::Contradicted(_))
    }
}

impl Contradicted {
    /// The names in stored and shown forms.
    pub fn names(self) -> Vec<&'static str> {
        let named = [(self.start, START_CONTRADICTED), (self.end, END_CONTRADICTED)];
        named.into_iter().filter_map(|(holds, name)| holds.then_some(name)).collect()
    }
}

/// The name of the warning about a start.
const START_CONTRADICTED: &str = "start_contradicts_storage";
/// The name of the warning about an end.
const END_CONTRADICTED: &str = "end_contradicts_storage";

impl Entry {
    /// The times of the session that it is matched with. `None` while storage has not said when the recording was made, and
    /// where no session is certain.
    pub fn bounded_session(&self, tolerances: Tolerances) -> Option<BoundedSession> {
        Some(StoredTimes::of(&self.life)?.bound(self.joined.verdict.matched()?, tolerances))
    }

    /// The end of its session that may count: never one that storage contradicts.
    pub fn session_end(&self, tolerances: Tolerances) -> Claim {
        self.bounded_session(tolerances).map_or(Claim::Unknown, |session| session.end)
    }

    /// Which times of its session storage contradicts.
    pub(super) fn contradicted(&self, tolerances: Tolerances) -> Contradicted {
        let session = self.bounded_session(tolerances);
        session.map_or_else(Contradicted::default, |session| Contradicted {
            start: session.start.is_contradicted(),
            end: session.end.is_contradicted(),
        })
    }
}

/// The UTC day of a time.
pub(crate) fn utc_day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
