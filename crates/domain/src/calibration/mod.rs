//! How a bastion writes its recordings, learned from the recordings and sessions of a day.
//!
//! Nobody documents when a bastion creates and last writes a recording, so it is learned: from *lonely pairs*, a recording
//! and a session of its name with no other of either near. They teach how far the times of storage and of the log are
//! apart, whether recordings are written during a session or uploaded after it, and how many are lost.
//!
//! [`DayCounts`] are counts of one bastion and one UTC day. They are a sum over what is in the day, so any order and any
//! division gives the same. A [`Calibration`] is what the counts of a day and of the three before it say. Verdicts teach
//! nothing: a mistake would teach itself.

mod counts;
mod density;
mod habits;
mod histogram;
mod hours;
mod learn;
mod twins;

pub use counts::{DayCounts, Near};
pub use density::Density;
pub use habits::{HABIT_DAYS, NameCounts, OffsetHabit, RecordingHabits, Share, why_open};
pub use histogram::Histogram;
pub(crate) use histogram::seconds;
pub use hours::{HourCounts, Hours};
pub use learn::{Calibration, ENOUGH, LEARNED_FROM_DAYS, WayOfWriting};

use jiff::SignedDuration;

use crate::join::Matching;

/// A recording that was created and last written within this may have been uploaded when its session was over.
pub const AT_ONCE: SignedDuration = SignedDuration::from_secs(10);
/// How long before the end of its session a recording may be uploaded, by the clocks.
pub const UPLOADED_BEFORE: SignedDuration = SignedDuration::from_mins(2);
/// How long after the end of its session a recording may be uploaded.
pub const UPLOADED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// How long before an upload a session may have begun of which no end is known.
pub const OPEN_SINCE: SignedDuration = SignedDuration::from_hours(12);

/// The farthest that the times of a recording and its session may be apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gates {
    /// Creation and start, in either direction.
    pub start: SignedDuration,
    /// Last write and end, in either direction.
    pub end: SignedDuration,
}

impl Gates {
    /// Those of the settings, an hour at most: what differs by more is not told apart from what is unrelated.
    pub fn of(matching: &Matching) -> Self {
        let most = SignedDuration::from_hours(1);
        Self { start: matching.start_tolerance.min(most), end: matching.end_tolerance.min(most) }
    }
}
