//! Selects the time for decisions: the local clock, unless storage contradicts it.

use crate::posture::NotifyFindings;
use domain::estate::Estate;
use domain::past::SKEW;
use domain::posture::{Check, check_clock};
use jiff::Timestamp;
use std::sync::Arc;

use crate::ports::{BlobStore, Clock, Fault, StorageTime};

/// The time for decisions: the local clock, unless storage contradicts it.
#[derive(Clone)]
pub struct TimeSource {
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) estate: Arc<Estate>,
}

impl Clock for TimeSource {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
}

impl TimeSource {
    /// Returns the current time: storage's if the local clock differs from it by more than [`SKEW`].
    pub(crate) fn now(&self) -> Timestamp {
        match self.blobs.time() {
            StorageTime::Told(theirs) => theirs_if_wrong(self.clock.now(), theirs),
            StorageTime::NotTold | StorageTime::NotHeard => self.clock.now(),
        }
    }

    /// Asks storage for its time, if it has one and has not answered yet. Every pass that stores times calls this
    /// first.
    pub(crate) async fn hear_time(&self) -> Result<(), Fault> {
        if self.blobs.time() != StorageTime::NotHeard {
            return Ok(());
        }
        let mut last = Ok(());
        for bastion in &self.estate.bastions {
            for container in bastion.recordings.iter().chain(&bastion.audit_logs) {
                // A refused request returns the time as well.
                last = self.blobs.list(container, "", None, 1).await.map(drop);
                if self.blobs.time() != StorageTime::NotHeard {
                    return Ok(());
                }
            }
        }
        last
    }

    async fn compare_clocks(&self) -> Result<Clocks, Fault> {
        self.hear_time().await?;
        let ours = self.clock.now();
        let theirs = match self.blobs.time() {
            StorageTime::NotTold => return Ok(Clocks::Agree(ours)),
            StorageTime::NotHeard => return Err(Fault::transient(OBJECT, "storage has not told its time")),
            StorageTime::Told(theirs) => theirs,
        };
        if ours.duration_since(theirs).abs() <= SKEW {
            return Ok(Clocks::Agree(ours));
        }
        Ok(Clocks::Differ { check: check_clock(theirs, ours), theirs })
    }
}

/// The time for decisions on deletions: only given if local clock and storage agree.
#[derive(Clone)]
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
        if let Err(fault) = self.findings.tell_check(check, theirs).await {
            tracing::warn!(%fault, "wrong clock not told, the next pass does it");
        }
        Err(fault)
    }

    /// Returns the error with which `retain` and `approve` would fail due to the local clock, or `None`. Sends no
    /// notification.
    pub async fn wrong_clock(&self) -> Option<Fault> {
        match self.time.compare_clocks().await {
            Ok(Clocks::Agree(_)) => None,
            Ok(Clocks::Differ { check, .. }) => Some(wrong_clock(&check)),
            Err(fault) => Some(fault),
        }
    }
}

/// Comparison of the local clock with storage.
enum Clocks {
    /// Both agree, or storage has no time.
    Agree(Timestamp),
    /// Both differ by more than [`SKEW`].
    Differ { check: Check, theirs: Timestamp },
}

fn wrong_clock(check: &Check) -> Fault {
    Fault::transient(OBJECT, format!("the clock of this machine is {}; {FIX}", check.evidence))
}

const OBJECT: &str = "decide on deletions";
const FIX: &str = "set it right (timedatectl set-ntp true), and it goes on";

fn theirs_if_wrong(ours: Timestamp, theirs: Timestamp) -> Timestamp {
    if ours.duration_since(theirs).abs() > SKEW { theirs } else { ours }
}
