//! Kills that nobody in the handler expects.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// Has a handler killed, as a host does that stops or moves. Copies kill the same handler.
#[derive(Debug, Clone, Default)]
pub struct Killer(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: Notify,
    kills: AtomicU64,
}

impl Killer {
    /// Has the handler killed with SIGKILL at once, or as soon as it has been started, and started again. That is no
    /// failure of the handler.
    pub fn kill(&self) {
        self.0.asked.notify_one();
    }

    /// How often the handler was killed.
    pub fn kills(&self) -> u64 {
        self.0.kills.load(Ordering::Relaxed)
    }

    pub(super) async fn asked(&self) {
        self.0.asked.notified().await;
        self.0.kills.fetch_add(1, Ordering::Relaxed);
    }
}
