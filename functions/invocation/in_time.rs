//! Work that somebody waits for: it ends at its deadline, and a panic ends it and not the process.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::{Deadline, Outcome};

/// Why a call has no answer of its own. It has been logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It panicked, which is a bug.
    Panicked,
    /// It would have outlasted its deadline.
    TooLate,
}

impl From<Unanswered> for Outcome {
    fn from(why: Unanswered) -> Self {
        match why {
            Unanswered::Panicked => Self::Panicked,
            Unanswered::TooLate => Self::Transient("deadline"),
        }
    }
}

/// What a call comes to by its deadline.
pub async fn in_time<T>(deadline: Deadline, call: impl Future<Output = T>) -> Result<T, Unanswered> {
    match tokio::time::timeout_at(deadline.at(), AssertUnwindSafe(call).catch_unwind()).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => {
            tracing::error!("call panicked");
            Err(Unanswered::Panicked)
        }
        Err(_) => {
            tracing::error!("call given up at its deadline");
            Err(Unanswered::TooLate)
        }
    }
}
