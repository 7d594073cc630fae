//! What is near a recording or a session, and how one learns of a change of the other.

mod listed;
mod neighbourhood;
mod rejoin;
mod siblings;
mod spelling;

pub(crate) use listed::KeptListings;

/// How many recordings or sessions are read around one at a time; more are too many to be told apart.
const NEAR_AT_MOST: usize = 500;
