//! Test support: conformance suites for all adapters, and ports that fail on purpose.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

pub mod arbitrary;
pub mod blob_store;
pub mod catalogue;
pub mod checkpoints;
mod clock;
mod conformance;
pub mod dead_letters;
mod faults;
pub mod ledger;
pub mod notifications;
pub mod quarantine;
pub mod queue;
mod receiver;
pub mod sample;
pub mod schedule;
pub mod sessions;
mod watched_sessions;

pub use clock::TestClock;
pub use faults::{Death, Gate};
pub use receiver::{LoopbackReceiver, ReceivedPost};
pub use watched_sessions::{Saves, WatchedSessions};
