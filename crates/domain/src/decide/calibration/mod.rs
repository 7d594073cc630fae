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
mod density;
mod histogram;
mod hours;
mod learn;
mod shifts;
pub(crate) mod twins;

pub use counts::{DayCounts, NeighbourCounts};
pub use density::Density;
pub use histogram::Histogram;
pub(crate) use histogram::seconds;
pub use hours::{HourCounts, Hours};
pub use learn::{Calibration, ENOUGH, LEARNED_FROM_DAYS, WayOfWriting};
pub(crate) use learn::{after_end, around, writes};
pub(crate) use shifts::{FARTHEST, NEAREST, STEP};
pub use shifts::{ShiftEvidence, Shifts};
