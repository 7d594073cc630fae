//! How long a call may take.

use std::time::Duration;

use azure_core::http::{ExponentialRetryOptions, RetryOptions};
use azure_core::time::Duration as SdkDuration;

/// How long a call may take, with all its tries.
///
/// One event makes about ten calls in a row and has four minutes (see `functionTimeout` in `host.json`), and the first
/// one that fails ends it; so a dead service is known long before the host loses its patience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// A connection must be made within this time.
    pub connect: Duration,
    /// The whole call, all tries and the waits between them.
    pub call: Duration,
    /// How often a call is repeated that failed in a way that may pass.
    pub retries: u32,
    /// The wait before the first repetition; it doubles with each.
    pub first_wait: Duration,
    /// Whoever asks for a longer wait than this gets it from the caller, not within the call.
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
