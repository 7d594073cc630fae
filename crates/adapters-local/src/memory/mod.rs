//! The ports in memory: for tests and benchmarks, gone with the process.

mod blobs;
mod catalogue;
mod checkpoints;
mod dead_letters;
mod ledger;
mod notifications;
mod quarantine;
mod queue;
mod sessions;
mod timetable;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use blobs::MemoryBlobs;
pub use catalogue::MemoryCatalogue;
pub use checkpoints::MemoryCheckpoints;
pub use dead_letters::MemoryDeadLetters;
pub use ledger::MemoryLedger;
pub use notifications::MemoryNotifications;
pub use quarantine::MemoryQuarantine;
pub use queue::MemoryQueue;
pub use sessions::MemorySessions;

/// Nothing here panics half-way through a change, so what a panic elsewhere leaves behind is whole.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
