//! Tests every check: good, with a finding, and not checked.
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
