//! Every check: as it should be, as it should not, and where nobody can say.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod asked;
mod changes;
mod documentation;
mod matching;
mod origins;
mod own;
mod signatures;
mod told;
mod world;
