//! Time limits and retries of a call.

use std::time::Duration;

use azure_core::http::{ExponentialRetryOptions, RetryOptions};
use azure_core::time::Duration as SdkDuration;

/// Time limits and retries of a call.
///
/// One event makes about ten calls in a row within four minutes (`LIMIT` of an invocation), and its first
/// failed call ends it. So a dead service is detected long before the host's timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Time limit for opening a connection.
    pub connect: Duration,
    /// Time limit for the whole call, with all tries and the waits between them.
    pub call: Duration,
    /// Number of retries after a transient failure.
    pub retries: u32,
    /// Wait before the first retry; doubles with each further one.
    pub first_wait: Duration,
    /// Longest wait within a call. If the service asks for more, the call fails and the caller waits.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Duration::from_secs(20),
            retries: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(3),
        }
    }
}

impl Patience {
    pub(super) fn retry(&self) -> RetryOptions {
        RetryOptions::exponential(ExponentialRetryOptions {
            initial_delay: sdk(self.first_wait),
            max_retries: self.retries,
            max_total_elapsed: sdk(self.call),
            max_delay: sdk(self.longest_wait),
        })
    }
}

fn sdk(duration: Duration) -> SdkDuration {
    SdkDuration::try_from(duration).unwrap_or(SdkDuration::MAX)
}
