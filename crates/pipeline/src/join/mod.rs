//! Finds the neighbourhood of a recording or a session, and wakes the neighbours of a changed one.

mod circle;
mod listed;
mod neighbourhood;
mod rejoin;
mod siblings;
mod spelling;
pub use neighbourhood::ReadNeighbourhood;
pub use rejoin::WakeNeighbours;

pub(crate) use listed::KeptListings;

/// Maximum number of neighbouring recordings or sessions; more are indistinguishable.
const NEAR_AT_MOST: usize = 500;
