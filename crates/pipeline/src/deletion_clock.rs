//! Gives the time for decisions on deletions, if local clock and storage agree.

use std::sync::Arc;

use domain::decide::posture::Check;
use jiff::Timestamp;

use crate::ports::Fault;
use crate::posture::NotifyFindings;
use crate::time::{Clocks, OBJECT, TimeSource};

/// Fix shown to people.
const FIX: &str = "correct it (timedatectl set-ntp true) to continue";

/// The time for decisions on deletions: only given if local clock and storage agree.
pub struct DeletionClock {
    pub(crate) time: Arc<TimeSource>,
    pub(crate) findings: Arc<NotifyFindings>,
}

impl DeletionClock {
    /// Returns the time for decisions on deletions.
    ///
    /// Returns a transient error if local clock and storage differ by more than [`SKEW`], or if storage has not
    /// answered. A wrong clock is notified once.
    pub(crate) async fn trusted_now(&self) -> Result<Timestamp, Fault> {
        let (check, theirs) = match self.time.compare_clocks().await? {
            Clocks::Agree(now) => return Ok(now),
            Clocks::Differ { check, theirs } => (check, theirs),
        };
        let fault = wrong_clock(&check);
        if let Err(fault) = self.findings.notify_check(check, theirs).await {
            tracing::warn!(%fault, "wrong clock not reported, the next pass does it");
        }
        Err(fault)
    }

    /// Returns the error with which `run_retention` and `approve` would fail due to the local clock, or `None`. Sends
    /// no notification.
    pub async fn wrong_clock(&self) -> Option<Fault> {
        match self.time.compare_clocks().await {
            Ok(Clocks::Agree(_)) => None,
            Ok(Clocks::Differ { check, .. }) => Some(wrong_clock(&check)),
            Err(fault) => Some(fault),
        }
    }
}

fn wrong_clock(check: &Check) -> Fault {
    Fault::transient(OBJECT, format!("the clock of this machine is {}; {FIX}", check.evidence))
}
