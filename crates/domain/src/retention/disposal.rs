//! The way of a recording from its last day to its tombstone.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::custody::Custody;
use super::policy::{Executor, PolicyDigest, Then};
use super::resolve::Retention;
use crate::blob::ETag;
use crate::catalogue::Entry;
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

    /// Ends the leave, since what it was given for has changed. An order to the platform is taken back with it. One that we
    /// carry out ourselves may be carried out by now, so it keeps who allowed it, and finds the leave over.
    pub(crate) fn end_approval(&mut self, now: Timestamp) {
        let is_ours = self.order.is_some_and(|order| order.by == Executor::Archivist);
        match &mut self.approval {
            Some(approval) if is_ours => approval.until = approval.until.min(now),
            Some(_) => (self.approval, self.order) = (None, None),
            None => {}
        }
    }
}

/// What a plan says of one recording, and what a person allows with it: nothing else goes by that leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// The content.
    pub etag: ETag,
    /// The class.
    pub class: String,
    /// The last day on which it stays.
    pub delete_after: Option<Date>,
    /// What happens then.
    pub then: Then,
}

impl Disposition {
    /// Returns the disposition of an entry that is on its way out. `None` for any other.
    pub fn of(entry: &Entry) -> Option<Self> {
        let Custody { disposal, retention, .. } = &entry.custody;
        let (disposal, retention) = disposal.as_ref().zip(retention.as_ref())?;
        let Retention { class, delete_after, then, .. } = retention.clone();
        Some(Self { etag: disposal.etag.clone(), class, delete_after, then })
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
