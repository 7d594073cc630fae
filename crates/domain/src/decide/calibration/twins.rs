//! Counts how often two people begin or end at the same time under one name, beyond chance.

use jiff::SignedDuration;

use super::counts::NeighbourCounts;

/// Maximum length of sessions counted separately.
pub(crate) const SHORT: SignedDuration = SignedDuration::from_mins(1);

/// Weight of the usual share, in sessions.
const BEFORE: f64 = 20.0;

/// Size of the region of chance relative to that of twins.
pub(crate) const TWINS_WIDER: f64 = 4.0;
/// Size of the region of chance relative to that of twin ends.
pub(crate) const TWIN_ENDS_WIDER: f64 = 2.0;
/// Size of the region of twins, in seconds of start times seconds of end.
pub(crate) const TWINS_REGION: f64 = 3600.0;
/// Size of the region of twin ends, in seconds.
pub(crate) const TWIN_ENDS_REGION: f64 = 240.0;

/// Share of sessions with a neighbour, beyond chance. `usual` enters with the weight of a few sessions.
pub(crate) fn share(near: NeighbourCounts, wider: f64, sessions: u32, usual: f64) -> f64 {
    let known = f64::from(sessions);
    let beyond_chance = (f64::from(near.near) - f64::from(near.farther) / wider).max(0.0);
    (beyond_chance + usual * BEFORE) / (known + BEFORE)
}
