//! Learns from the recordings and sessions of a day how a bastion writes its recordings.
//!
//! It is undocumented when a bastion creates and last writes a recording. It is therefore learned from *lonely pairs*:
//! a recording and a session of the same name without another of either nearby. They show how far the times of storage
//! and log differ, whether recordings are written during a session or uploaded after it, and how many are lost.
//!
//! [`DayCounts`] count one bastion and one UTC day. They are sums, so any order and any division gives the same result.
//! A [`Calibration`] is learned from the counts of a day and the three days before it. Verdicts never contribute: a
//! mistake would reinforce itself.

mod counts;
mod day;
mod density;
mod habits;
mod histogram;
mod hours;
mod learn;
mod twins;

pub use counts::{DayCounts, NeighbourCounts};
pub use density::Density;
pub use habits::{HABIT_DAYS, NameCounts, OffsetHabit, RecordingHabits, Share, why_open};
pub use histogram::Histogram;
pub(crate) use histogram::seconds;
pub use hours::{HourCounts, Hours};
pub use learn::{Calibration, ENOUGH, LEARNED_FROM_DAYS, WayOfWriting};

use jiff::SignedDuration;

use crate::join::MatchingRules;

/// Maximum time from creation to last write of a recording that may have been uploaded after its session.
pub const AT_ONCE: SignedDuration = SignedDuration::from_secs(10);
/// Maximum time by which an upload may precede the end of its session, due to clock differences.
pub const UPLOADED_BEFORE: SignedDuration = SignedDuration::from_mins(2);
/// Maximum time by which an upload may follow the end of its session.
pub const UPLOADED_AFTER: SignedDuration = SignedDuration::from_mins(15);

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
    pub fn of(matching: &MatchingRules) -> Self {
        let most = SignedDuration::from_hours(1);
        Self { start: matching.start_tolerance.min(most), end: matching.end_tolerance.min(most) }
    }
}
