//! How things are set up: what is told of it, and when.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod changed;
mod daily;
mod live;
mod seen;
mod world;
