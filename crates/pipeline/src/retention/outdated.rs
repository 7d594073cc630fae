//! Removes outdated retention plans.

use jiff::{SignedDuration, Timestamp};

use super::plan::{PAGE, PlanForm};
use crate::ports::{CheckpointKey, CheckpointKind, Fault};
use crate::retention::PlanRetention;
use crate::stored::checkpoint::decode;

/// Time to keep a plan after the last run that made it. An approval is valid for seven days and stays in the tombstones
/// of its recordings; the ledger records who approved how many.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(90 * 24);

impl PlanRetention {
    /// Removes plans without a recent run. The next run retries failures.
    pub(super) async fn remove_outdated_plans(&self, now: Timestamp) {
        if let Err(fault) = self.try_remove_outdated_plans(now).await {
            tracing::warn!(%fault, "outdated plans not removed, the next run does it");
        }
    }

    async fn try_remove_outdated_plans(&self, now: Timestamp) -> Result<(), Fault> {
        let mut last = None::<String>;
        loop {
            let page = self.checkpoints.list(CheckpointKind::Plan, last.as_deref(), PAGE).await?;
            let Some((end, _)) = page.last() else { return Ok(()) };
            last = Some(end.clone());
            for (name, kept) in page {
                // An unreadable plan may come from a newer archivist.
                let Ok(form) = decode::<PlanForm>(&kept.doc, now) else { continue };
                if now.duration_since(form.as_of) > KEPT_FOR {
                    let key = CheckpointKey { kind: CheckpointKind::Plan, name };
                    // The removal fails if a run has stored the plan again.
                    self.checkpoints.remove(&key, kept.version).await?;
                }
            }
        }
    }
}
