//! Plans do not stay for ever.

use jiff::{SignedDuration, Timestamp};

use super::plan::{PAGE, PlanForm};
use crate::archivist::Archivist;
use crate::ports::{CheckpointKey, CheckpointKind, Fault};
use crate::stored::checkpoint::decode;

/// How long a plan is kept after the last run that made it. Leave counts for seven days and ends in the tombstones of what
/// went by it; the ledger has who gave it, and for how many.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Archivist {
    /// Removes the plans that no run has made for long. What fails is left to the next run.
    pub(super) async fn remove_outdated_plans(&self, now: Timestamp) {
        if let Err(fault) = self.try_remove_outdated_plans(now).await {
            tracing::warn!(%fault, "outdated plans not removed, the next run does it");
        }
    }

    async fn try_remove_outdated_plans(&self, now: Timestamp) -> Result<(), Fault> {
        let mut last = None::<String>;
        loop {
            let page = self.ports.checkpoints.list(CheckpointKind::Plan, last.as_deref(), PAGE).await?;
            let Some((end, _)) = page.last() else { return Ok(()) };
            last = Some(end.clone());
            for (name, kept) in page {
                // One that nobody can read may be a newer archivist's.
                let Ok(form) = decode::<PlanForm>(&kept.doc, now) else { continue };
                if now.duration_since(form.as_of) > KEPT_FOR {
                    let key = CheckpointKey { kind: CheckpointKind::Plan, name };
                    // Whoever made it again meanwhile keeps it.
                    self.ports.checkpoints.remove(&key, kept.version).await?;
                }
            }
        }
    }
}
