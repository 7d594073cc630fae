//! Largest distances between the times of a recording and of its session.

use jiff::SignedDuration;

use super::matching::MatchingRules;

/// Maximum time from creation to last write of a recording that may have been uploaded after its session.
pub const AT_ONCE: SignedDuration = SignedDuration::from_secs(10);

/// Maximum time by which an upload may precede the end of its session, due to clock differences.
pub const UPLOADED_BEFORE: SignedDuration = SignedDuration::from_mins(2);

/// Maximum time by which an upload may follow the end of its session.
pub const UPLOADED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Maximum time by which a late upload may follow the end of its session. It is then too late to be matched, but the
/// session does not count as unrecorded.
pub const UPLOADED_LATE: SignedDuration = SignedDuration::from_hours(1);

/// Maximum time from the start of a session without a known end to its upload.
pub const OPEN_SINCE: SignedDuration = SignedDuration::from_hours(12);

/// Maximum distances between the times of a recording and its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gates {
    /// Creation and start, in either direction.
    pub start: SignedDuration,
    /// Last write and end, in either direction.
    pub end: SignedDuration,
}

impl Gates {
    /// Takes the tolerances of the settings, limited to one hour: beyond it, related and unrelated times cannot be
    /// distinguished.
    pub fn from_rules(matching: &MatchingRules) -> Self {
        let most = SignedDuration::from_hours(1);
        Self { start: matching.start_tolerance.min(most), end: matching.end_tolerance.min(most) }
    }
}
