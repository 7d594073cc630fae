//! Compares one recording with one session.

use jiff::{SignedDuration, Timestamp};

use super::judge::ATTEMPT_LASTS;
use super::sides::{RecordingEvidence, SessionEvidence};
use crate::policy::join::{AT_ONCE, Gates, UPLOADED_AFTER, UPLOADED_BEFORE, UPLOADED_LATE};
use crate::record::session::TimeSpan;

/// Lengths within this difference count as equal.
const SAME_LENGTH_WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// A recording and a session that may belong together: the names fit and no time contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Distances of the times if the recording was written live. `None` if it cannot have been.
    pub live: Option<LiveOffsets>,
    /// Time from session end to creation if the recording was uploaded. `None` if it cannot have been.
    pub uploaded: Option<SignedDuration>,
    /// True if both have the same length.
    pub same_length: bool,
}

/// Distances of a live recording from its session. At least one of the two is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveOffsets {
    /// Creation minus start. `None` if the start is unknown.
    pub start: Option<SignedDuration>,
    /// Last write minus end. `None` if the end is unknown or the recording has not ended.
    pub end: Option<SignedDuration>,
}

impl Pair {
    /// Compares a recording with a session. Returns `None` if name or times contradict.
    pub fn compare(recording: &RecordingEvidence, session: &SessionEvidence, gates: Gates) -> Option<Self> {
        let (live, uploaded) = (live(recording, session, gates), uploaded(recording, session));
        // Compare times first: comparing names takes longer.
        if live.is_none() && uploaded.is_none() || !recording.is_named_after(session) {
            return None;
        }
        let same_length =
            recording.has_ended && session.facts.duration.is_some_and(|other| same(recording.length(), other));
        Some(Self { live, uploaded, same_length })
    }

    /// Compares a recording with a failed login. Returns `None` unless the recording is short and the login failed
    /// while it was written or within the start tolerance of it.
    pub fn of_failed_login(recording: &RecordingEvidence, failed: &SessionEvidence, gates: Gates) -> Option<Self> {
        let failed_at = failed.ended_at?;
        if recording.length() > ATTEMPT_LASTS || !recording.is_named_after(failed) {
            return None;
        }
        let apart = if failed_at < recording.created_at {
            recording.created_at.duration_since(failed_at)
        } else {
            // The login may fail at any time while the recording is written: distance zero.
            (failed_at.duration_since(recording.last_modified)).max(SignedDuration::ZERO)
        };
        let live = LiveOffsets { start: Some(apart), end: None };
        (apart <= gates.start).then_some(Self { live: Some(live), uploaded: None, same_length: false })
    }

    /// True if no further audit record can add to the pair.
    pub fn is_known(self) -> bool {
        self.uploaded.is_some() || self.live.is_some_and(|live| live.start.is_some() && live.end.is_some())
    }
}

/// Returns the times at which a recording of this session may have been created, however it was written and whatever its
/// last write. `None` without a start.
pub(super) fn created_for(session: &SessionEvidence, gates: Gates) -> Option<TimeSpan> {
    let started_at = session.facts.started_at?;
    let ended_at = session.ended_at.unwrap_or(started_at).max(started_at);
    Some(TimeSpan {
        first: started_at.saturating_sub(gates.start).unwrap_or(Timestamp::MIN),
        last: ended_at.saturating_add(UPLOADED_LATE).unwrap_or(Timestamp::MAX),
    })
}

/// True if the recording may show this session, although its times may contradict.
pub(super) fn may_show(recording: &RecordingEvidence, session: &SessionEvidence, gates: Gates) -> bool {
    created_for(session, gates).is_some_and(|span| (span.first..=span.last).contains(&recording.created_at))
        && recording.is_named_after(session)
}

fn live(recording: &RecordingEvidence, session: &SessionEvidence, gates: Gates) -> Option<LiveOffsets> {
    let start = match session.facts.started_at {
        Some(at) => Some(near(recording.created_at, at, gates.start)?),
        None => None,
    };
    let end = match session.ended_at {
        Some(at) if recording.has_ended => Some(near(recording.last_modified, at, gates.end)?),
        // A recording that is still written long after the session ended belongs to another session.
        Some(at) if recording.last_modified.duration_since(at) > gates.end => return None,
        _ => None,
    };
    (start.is_some() || end.is_some()).then_some(LiveOffsets { start, end })
}

fn uploaded(recording: &RecordingEvidence, session: &SessionEvidence) -> Option<SignedDuration> {
    let after = recording.created_at.duration_since(session.ended_at?);
    let fits = recording.length() <= AT_ONCE && after >= -UPLOADED_BEFORE && after <= UPLOADED_AFTER;
    fits.then_some(after)
}

fn near(one: Timestamp, other: Timestamp, gate: SignedDuration) -> Option<SignedDuration> {
    let apart = one.duration_since(other);
    (apart.abs() <= gate).then_some(apart)
}

fn same(one: SignedDuration, other: SignedDuration) -> bool {
    let difference = (one - other).abs();
    difference <= SAME_LENGTH_WITHIN || difference.as_millis() * 50 <= other.as_millis()
}
