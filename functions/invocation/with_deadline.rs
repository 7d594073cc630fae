//! Runs work with a deadline; a panic ends the work, not the process.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::{Deadline, InvocationOutcome};

/// Reason for a call without an answer. It is already logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The call panicked, which is a bug.
    Panicked,
    /// The call reached its deadline.
    TooLate,
}

impl From<NoAnswer> for InvocationOutcome {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Panicked => Self::Panicked,
            NoAnswer::TooLate => Self::Transient("deadline"),
        }
    }
}

/// Runs `call` until its deadline. Returns an error if it panics or times out.
pub async fn with_deadline<T>(deadline: Deadline, call: impl Future<Output = T>) -> Result<T, NoAnswer> {
    match tokio::time::timeout_at(deadline.at(), AssertUnwindSafe(call).catch_unwind()).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => {
            tracing::error!("call panicked");
            Err(NoAnswer::Panicked)
        }
        Err(_) => {
            tracing::error!("call aborted at its deadline");
            Err(NoAnswer::TooLate)
        }
    }
}
