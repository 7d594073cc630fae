//! The way of a recording from its last day to its tombstone.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::policy::{Executor, PolicyDigest, Then};
use crate::blob::ETag;
use crate::ledger::Sha256;
use crate::past::is_beyond;

/// How far a recording has come on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// The content that is to go; another one starts anew.
    pub etag: ETag,
    /// Since when people are warned.
    pub marked_at: Timestamp,
    /// Until when they are.
    pub grace_until: Timestamp,
    /// The person who allowed it, where one had to.
    pub approval: Option<Approval>,
    /// The decision to delete it.
    pub order: Option<Order>,
}

impl Disposal {
    /// Whether a person allowed this deletion, and that still counts.
    pub fn is_approved(&self, now: Timestamp) -> bool {
        self.approval
            .as_ref()
            .is_some_and(|approval| now < approval.until && !is_beyond(approval.until, APPROVED_FOR, now))
    }
}

/// The decision that a recording goes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// When it was made.
    pub at: Timestamp,
    /// Who carries it out.
    pub by: Executor,
}

/// How long a person's leave counts.
pub const APPROVED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A person's leave to carry out a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The digest of the plan.
    pub plan: String,
    /// Who gave it.
    pub by: String,
    /// Until when it counts.
    pub until: Timestamp,
}

/// What stays of a recording that was deleted: enough to say by which right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// When it was found to be gone.
    pub at: Timestamp,
    /// Who deleted it.
    pub by: Executor,
    /// The content that went.
    pub etag: ETag,
    /// How many bytes it had.
    pub size: Option<u64>,
    /// Its hash, where the ledger tells of it.
    pub sha256: Option<Sha256>,
    /// The policy that let it go.
    pub policy: PolicyDigest,
    /// Its class.
    pub class: String,
    /// The rules that gave its class.
    pub rules: Vec<String>,
    /// Until when nobody might delete it.
    pub retain_until: Date,
    /// The last day on which it was to stay.
    pub delete_after: Option<Date>,
    /// What was to happen then.
    pub then: Then,
    /// Who allowed it, where a person had to.
    pub approval: Option<Approval>,
}
