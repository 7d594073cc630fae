//! Tracks the disposition of a recording from its last day to its tombstone.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::custody::Custody;
use super::policy::{Executor, PolicyDigest, Then};
use super::resolve::Retention;
use crate::blob::ETag;
use crate::catalogue::Entry;
use crate::ledger::Sha256;
use crate::past::is_beyond;

/// Progress of a disposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// Content to delete; a rewrite restarts the disposition.
    pub etag: ETag,
    /// Start of the grace period.
    pub marked_at: Timestamp,
    /// End of the grace period.
    pub grace_until: Timestamp,
    /// Approval by a person, if one is required.
    pub approval: Option<Approval>,
    /// Deletion order.
    pub order: Option<DeletionOrder>,
}

impl Disposal {
    /// Returns true if a person approved this deletion and the approval is still valid.
    pub fn is_approved(&self, now: Timestamp) -> bool {
        self.approval
            .as_ref()
            .is_some_and(|approval| now < approval.until && !is_beyond(approval.until, APPROVED_FOR, now))
    }

    /// Ends the approval because its subject has changed. An order to the lifecycle policy is withdrawn too. An order
    /// of ours may already be in progress, so it keeps its approval, which then counts as expired.
    pub(crate) fn end_approval(&mut self, now: Timestamp) {
        let is_ours = self.order.is_some_and(|order| order.by == Executor::Archivist);
        match &mut self.approval {
            Some(approval) if is_ours => approval.until = approval.until.min(now),
            Some(_) => (self.approval, self.order) = (None, None),
            None => {}
        }
    }
}

/// Planned disposition of one recording. An approval covers exactly this disposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// ETag of the content.
    pub etag: ETag,
    /// Retention class.
    pub class: String,
    /// Last day of the stay. `None` if it has no end.
    pub delete_after: Option<Date>,
    /// Action after the last day.
    pub then: Then,
}

impl Disposition {
    /// Returns the disposition of an entry. `None` if none has started.
    pub fn of(entry: &Entry) -> Option<Self> {
        let Custody { disposal, retention, .. } = &entry.custody;
        let (disposal, retention) = disposal.as_ref().zip(retention.as_ref())?;
        let Retention { class, delete_after, then, .. } = retention.clone();
        Some(Self { etag: disposal.etag.clone(), class, delete_after, then })
    }
}

/// Decision to delete a recording now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletionOrder {
    /// Time of the decision.
    pub at: Timestamp,
    /// Executor of the order.
    pub by: Executor,
}

/// Validity of an approval.
pub const APPROVED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Approval of a plan by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Id of the plan.
    pub plan: String,
    /// Person who approved.
    pub by: String,
    /// End of the validity.
    pub until: Timestamp,
}

/// Record of a deleted recording, sufficient to justify the deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Time at which the deletion was noticed.
    pub at: Timestamp,
    /// Executor of the deletion.
    pub by: Executor,
    /// ETag of the deleted content.
    pub etag: ETag,
    /// Size of the content in bytes.
    pub size: Option<u64>,
    /// SHA-256 of the content, if the ledger has it.
    pub sha256: Option<Sha256>,
    /// Policy behind the deletion.
    pub policy: PolicyDigest,
    /// Retention class.
    pub class: String,
    /// Rules behind the class.
    pub rules: Vec<String>,
    /// Last day of the mandatory retention.
    pub retain_until: Date,
    /// Last day of the stay.
    pub delete_after: Option<Date>,
    /// Action after the last day.
    pub then: Then,
    /// Approval by a person, if one was required.
    pub approval: Option<Approval>,
}
