//! The ledger holds every appended fact and reveals every change of its content.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod appending;
mod crowd;
mod deaf;
mod forms;
mod recordings;
mod verifying;
mod world;
