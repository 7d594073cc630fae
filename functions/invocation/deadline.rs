//! Time limit of one call.

use std::time::Duration;

use tokio::time::Instant;

/// Time limit of a call.
const LIMIT: Duration = Duration::from_secs(4 * 60);
/// Time limit of a call that lists whole containers. Below the host's function timeout (30 minutes in `host.json`),
/// which would end all other calls of the process too.
const LISTING_LIMIT: Duration = Duration::from_secs(29 * 60);
/// Function that lists whole containers.
const LISTING: &str = "reconcile_sweep";
/// Time limit of an HTTP request.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time before the deadline at which long calls begin to finish.
const NEAR: Duration = Duration::from_secs(60);

/// Deadline of a call.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the deadline of a call of this function starting now.
    pub fn of_a_call(function: &str) -> Self {
        Self(Instant::now() + if function == LISTING { LISTING_LIMIT } else { LIMIT })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{FUNCTIONS, HOST_JSON};

    #[tokio::test(start_paused = true)]
    async fn every_call_ends_a_minute_before_the_host_would_end_it() {
        let host: serde_json::Value = serde_json::from_str(HOST_JSON).unwrap();
        let timeout = host["functionTimeout"].as_str().unwrap().split(':').map(|part| part.parse::<u64>().unwrap());
        let timeout = Duration::from_secs(timeout.fold(0, |seconds, part| seconds * 60 + part));
        for function in FUNCTIONS {
            let limit = Deadline::of_a_call(function.name).at() - Instant::now();
            assert!(limit + Duration::from_secs(60) <= timeout, "{}", function.name);
        }
        assert!(FUNCTIONS.iter().any(|function| function.name == LISTING));
    }
}
