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

/// Every port in memory and empty, by this clock.
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

/// Nothing here panics half-way through a change, so what a panic elsewhere leaves behind is whole.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
