//! The ports in memory, for tests and benchmarks; lost with the process.

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

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use blobs::MemoryBlobs;
pub use catalogue::MemoryCatalogue;
pub use checkpoints::MemoryCheckpoints;
pub use dead_letters::MemoryDeadLetters;
pub use ledger::MemoryLedger;
pub use notifications::MemoryNotifications;
use pipeline::Ports;
use pipeline::ports::Clock;
pub use quarantine::MemoryQuarantine;
pub use queue::MemoryQueue;
pub use sessions::MemorySessions;

/// Creates every port in memory and empty, with this clock.
pub fn ports(clock: Arc<dyn Clock>) -> Ports {
    Ports {
        catalogue: Arc::<MemoryCatalogue>::default(),
        sessions: Arc::<MemorySessions>::default(),
        checkpoints: Arc::<MemoryCheckpoints>::default(),
        blobs: Arc::<MemoryBlobs>::default(),
        queue: Arc::new(MemoryQueue::new(clock.clone())),
        notifications: Arc::<MemoryNotifications>::default(),
        quarantine: Arc::<MemoryQuarantine>::default(),
        ledger: Arc::<MemoryLedger>::default(),
        clock,
    }
}

/// Locks even after a panic: no method panics in the middle of a change, so the state is consistent.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
