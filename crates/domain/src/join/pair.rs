//! What one recording and one session have to do with each other.

use jiff::{SignedDuration, Timestamp};

use super::judge::ATTEMPT_LASTS;
use super::sides::{Attended, Recorded};
use crate::calibration::{AT_ONCE, Gates, UPLOADED_AFTER, UPLOADED_BEFORE};

/// Lengths that differ by no more are the same.
const SAME_LENGTH_WITHIN: SignedDuration = SignedDuration::from_secs(20);

/// A recording and a session that may belong together: their names fit, and no time speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// How far their times are apart if the recording was written during the session. `None` if it can't have been.
    pub live: Option<Live>,
    /// How long after the session's end the recording was created, if it was uploaded. `None` if it can't have been.
    pub uploaded: Option<SignedDuration>,
    /// Whether the lengths are the same.
    pub same_length: bool,
}

/// How far the times of a recording that was written during its session are from those of the session. One of them is
/// known at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// Creation minus start. `None` where the start is not known.
    pub start: Option<SignedDuration>,
    /// Last write minus end. `None` where the end is not known, or the recording has not ended.
    pub end: Option<SignedDuration>,
}

impl Pair {
    /// What the two have to do with each other. `None` where something speaks against it.
    pub fn of(recorded: &Recorded, attended: &Attended, gates: Gates) -> Option<Self> {
        let (live, uploaded) = (live(recorded, attended, gates), uploaded(recorded, attended));
        // Names take longer to compare than times.
        if live.is_none() && uploaded.is_none() || !recorded.is_named_after(attended) {
            return None;
        }
        let same_length =
            recorded.has_ended && attended.facts.duration.is_some_and(|other| same(recorded.length(), other));
        Some(Self { live, uploaded, same_length })
    }

    /// What a recording has to do with a failed login: it is short, and the login failed while it was written or about
    /// then.
    pub fn of_failed_login(recorded: &Recorded, failed: &Attended, gates: Gates) -> Option<Self> {
        let failed_at = failed.ended_at?;
        if recorded.length() > ATTEMPT_LASTS || !recorded.is_named_after(failed) {
            return None;
        }
        let apart = if failed_at < recorded.created_at {
            recorded.created_at.duration_since(failed_at)
        } else {
            // While it was written, a login fails at any time.
            (failed_at.duration_since(recorded.last_modified)).max(SignedDuration::ZERO)
        };
        let live = Live { start: Some(apart), end: None };
        (apart <= gates.start).then_some(Self { live: Some(live), uploaded: None, same_length: false })
    }

    /// Whether nothing about it is left to be learned.
    pub fn is_known(self) -> bool {
        self.uploaded.is_some() || self.live.is_some_and(|live| live.start.is_some() && live.end.is_some())
    }
}

fn live(recorded: &Recorded, attended: &Attended, gates: Gates) -> Option<Live> {
    let start = match attended.facts.started_at {
        Some(at) => Some(near(recorded.created_at, at, gates.start)?),
        None => None,
    };
    let end = match attended.ended_at {
        Some(at) if recorded.has_ended => Some(near(recorded.last_modified, at, gates.end)?),
        // A recording that is written long after the session ended is another one's.
        Some(at) if recorded.last_modified.duration_since(at) > gates.end => return None,
        _ => None,
    };
    (start.is_some() || end.is_some()).then_some(Live { start, end })
}

fn uploaded(recorded: &Recorded, attended: &Attended) -> Option<SignedDuration> {
    let after = recorded.created_at.duration_since(attended.ended_at?);
    let fits = recorded.length() <= AT_ONCE && after >= -UPLOADED_BEFORE && after <= UPLOADED_AFTER;
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
