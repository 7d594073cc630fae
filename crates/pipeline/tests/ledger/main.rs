//! The ledger holds every fact that was ever appended, and shows every change of what stands there.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod appending;
mod crowd;
mod deaf;
mod forms;
mod recordings;
mod verifying;
mod world;
