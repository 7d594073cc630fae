//! Tracks the disposition of a recording from its last day to its tombstone.

use std::fmt;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stay::{PolicyDigest, Then};
use crate::named;
use crate::past::is_beyond;
use crate::record::blob::ETag;
use crate::record::ledger::Sha256;

/// Progress of a disposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// Content to delete; a rewrite restarts the disposition.
    pub etag: ETag,
    /// Start of the grace period: the time at which the recording was marked, and then that at which its warning was
    /// stored.
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

/// Executor of deletions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Executor {
    /// The archivist itself.
    Archivist,
    /// A lifecycle rule of the storage account, acting on a tag set by the archivist.
    Lifecycle,
}

named!(Executor: ALL, name, parse);

/// Reason why a recording in disposition stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Spared {
    /// There is no policy, enforcement is off, or another executor deletes.
    NotEnforced,
    /// The recording is not in disposition, or was rewritten.
    NotExpiring,
    /// The content has not yet settled.
    StillWritten,
    /// The start of the grace period lies in the future, so a wrong clock set it.
    MarkedAhead,
    /// The grace period is not over, or its warning is not stored yet.
    InGrace,
    /// A hold covers or may cover the recording.
    Held,
    /// The present policy keeps the recording or cannot decide.
    NotDue,
    /// The periods were counted from before the creation.
    CountedTooEarly,
    /// A required approval is missing.
    NotApproved,
    /// Content or tags changed after they were read.
    Changed,
}

named!(Spared: ALL, name);

impl fmt::Display for Spared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
