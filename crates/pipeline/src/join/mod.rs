//! What is near a recording or a session, and how one learns of a change of the other.

mod neighbourhood;
mod rejoin;
mod siblings;
mod spelling;

/// How many recordings or sessions are read around one at a time; more are too many to be told apart.
const NEAR_AT_MOST: usize = 500;
