//! Time limit of one call.

use std::time::Duration;

use tokio::time::Instant;

/// Time limit of a call. Below the host's function timeout (5 minutes in `host.json`), which would end all
/// other calls of the process too.
pub const LIMIT: Duration = Duration::from_secs(4 * 60);
/// Time limit of an HTTP request.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time before the deadline at which long calls begin to finish.
const NEAR: Duration = Duration::from_secs(60);

/// Deadline of a call.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the deadline of a call starting now.
    pub fn of_a_call() -> Self {
        Self(Instant::now() + LIMIT)
    }

    /// Returns the deadline of an HTTP request starting now.
    pub fn of_a_request() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// Returns true if a long call should finish.
    pub fn is_near(self) -> bool {
        Instant::now() + NEAR >= self.0
    }

    /// Returns the moment of the deadline.
    pub fn at(self) -> Instant {
        self.0
    }
}
