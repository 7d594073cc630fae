//! Which time decisions rest on: that of this process, unless storage contradicts it.

use domain::past::SKEW;
use domain::posture::check_clock;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Fault, StorageTime};

impl Archivist {
    /// The time now. Storage's, where the clock of this process differs from it by more than [`SKEW`].
    pub(crate) fn now(&self) -> Timestamp {
        match self.ports.blobs.time() {
            StorageTime::Told(theirs) => theirs_if_wrong(self.ports.clock.now(), theirs),
            StorageTime::NotTold | StorageTime::NotHeard => self.ports.clock.now(),
        }
    }

    /// Asks storage for its time, if it tells one and has not answered yet. Every pass that sets marks begins with it.
    pub(crate) async fn hear_time(&self) -> Result<(), Fault> {
        if self.ports.blobs.time() != StorageTime::NotHeard {
            return Ok(());
        }
        let mut last = Ok(());
        for bastion in &self.settings.estate.bastions {
            for container in bastion.recordings.iter().chain(&bastion.audit_logs) {
                // A refusal tells the time as well.
                last = self.ports.blobs.list(container, "", None, 1).await.map(drop);
                if self.ports.blobs.time() != StorageTime::NotHeard {
                    return Ok(());
                }
            }
        }
        last
    }

    /// The time to decide a deletion by.
    ///
    /// # Errors
    /// *Transient* if the clock of this process and storage's differ by more than [`SKEW`], or storage has not told its
    /// time. People are told of a wrong clock once.
    pub(crate) async fn trusted_now(&self) -> Result<Timestamp, Fault> {
        self.hear_time().await?;
        let ours = self.ports.clock.now();
        let theirs = match self.ports.blobs.time() {
            StorageTime::NotTold => return Ok(ours),
            StorageTime::NotHeard => return Err(Fault::transient(OBJECT, "storage has not told its time")),
            StorageTime::Told(theirs) => theirs,
        };
        let check = check_clock(theirs, ours);
        if ours.duration_since(theirs).abs() <= SKEW {
            return Ok(ours);
        }
        if let Err(fault) = self.tell_check(check.clone(), theirs).await {
            tracing::warn!(%fault, "wrong clock not told, the next pass does it");
        }
        Err(Fault::transient(OBJECT, format!("the clock of this machine is {}; {FIX}", check.evidence)))
    }
}

const OBJECT: &str = "decide on deletions";
const FIX: &str = "set it right (timedatectl set-ntp true), and it goes on";

fn theirs_if_wrong(ours: Timestamp, theirs: Timestamp) -> Timestamp {
    if ours.duration_since(theirs).abs() > SKEW { theirs } else { ours }
}
