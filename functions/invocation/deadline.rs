//! The time that one call may take.

use std::time::Duration;

use tokio::time::Instant;

/// How long a call may take. Below the host's function timeout (5 minutes in `host.json`): a call that hits
/// that one takes every other call of the process down with it.
pub const LIMIT: Duration = Duration::from_secs(4 * 60);
/// How long somebody who asks over HTTP waits at most.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of it is kept for ending in good order.
const NEAR: Duration = Duration::from_secs(60);

/// When a call must have ended.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline of a call that begins now.
    pub fn of_a_call() -> Self {
        Self(Instant::now() + LIMIT)
    }

    /// The deadline of a request that somebody waits for, from now on.
    pub fn of_a_request() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// Whether a long call should come to its end.
    pub fn is_near(self) -> bool {
        Instant::now() + NEAR >= self.0
    }

    /// The moment itself.
    pub fn at(self) -> Instant {
        self.0
    }
}
