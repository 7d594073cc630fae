//! Kills a handler at an unexpected time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Kills a handler, as a stopping or moving host does. Clones kill the same handler.
#[derive(Debug, Clone, Default)]
pub struct Killer(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: Notify,
    kills: AtomicU64,
}

impl Killer {
    /// Kills the handler with SIGKILL, at once or as soon as it is started; it is then restarted. This does not count
    /// as a failure.
    pub fn kill(&self) {
        self.0.asked.notify_one();
    }

    /// Number of kills so far.
    pub fn kills(&self) -> u64 {
        self.0.kills.load(Ordering::Relaxed)
    }

    pub(super) async fn asked(&self) {
        self.0.asked.notified().await;
        self.0.kills.fetch_add(1, Ordering::Relaxed);
    }
}
