//! Stored plans for readers.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::plan::PlanForm;
use crate::all_checkpoints::all_checkpoints;
use crate::ports::{CheckpointKind, Checkpoints, Fault};
use crate::stored::checkpoint::{AS_WRITTEN, decode};

/// A plan is renewed by every hourly run, unless it has been approved, carried out or replaced.
const CURRENT: SignedDuration = SignedDuration::from_hours(3);

/// Plan that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPlan {
    /// Plan id, for the approval.
    pub digest: String,
    /// `delete` or `review`.
    pub kind: String,
    /// Time of the last run that made it.
    pub as_of: Timestamp,
    /// Number of recordings.
    pub count: u64,
    /// Reason it was stopped, for a plan of deletions.
    pub stopped: Option<String>,
}

/// Returns the plans that the newest runs before `now` made and that wait for an approval, newest first.
pub async fn waiting_plans(checkpoints: &dyn Checkpoints, now: Timestamp) -> Result<Vec<WaitingPlan>, Fault> {
    let mut plans = Vec::new();
    for (digest, kept) in all_checkpoints(checkpoints, CheckpointKind::Plan).await? {
        plans.push((digest, decode::<PlanForm>(&kept.doc, AS_WRITTEN)?));
    }
    plans.retain(|(_, plan)| now.duration_since(plan.as_of) <= CURRENT);
    plans.sort_by_key(|(_, plan)| std::cmp::Reverse(plan.as_of));
    // A run makes one plan of each kind; an older one has been replaced, even if the newest one is approved.
    let mut kinds = BTreeSet::new();
    plans.retain(|(_, plan)| kinds.insert(plan.kind.clone()));
    plans.retain(|(_, plan)| plan.is_waiting());
    let waiting = plans.into_iter().map(|(digest, PlanForm { kind, as_of, count, stopped, .. })| WaitingPlan {
        digest,
        kind,
        as_of,
        count,
        stopped,
    });
    Ok(waiting.collect())
}
