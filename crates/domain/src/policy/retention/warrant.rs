//! Checks all conditions of a deletion and issues the warrant for it.

use jiff::Timestamp;

use super::policy::Policy;
use super::verdict::RetentionVerdict;
use crate::address::BlobAddress;
use crate::past::is_ahead;
use crate::policy::times::StoredTimes;
use crate::record::blob::ETag;
use crate::record::catalogue::{Entry, RecordingState};
use crate::record::hold::Hold;
use crate::record::retention::{Disposal, Executor, Retention, Spared, Then, Tombstone};
use crate::record::tags::{CLASS, HOLD, NO_HOLD, TagSet};

/// Permission to delete one content of one blob while it carries these tags. Only [`Warrant::prove`] creates a warrant,
/// and only storage adapters use it.
#[derive(Debug)]
pub struct Warrant {
    address: BlobAddress,
    etag: ETag,
    tags: [(&'static str, String); 2],
    client_request_id: String,
    tombstone: Tombstone,
}

impl Warrant {
    /// Checks every condition again. `entry` must have been loaded just now, and `holds` must be all holds, read after
    /// it. Returns the reason as error if the recording stays.
    pub fn prove(entry: &Entry, holds: &[Hold], policy: Option<&Policy>, now: Timestamp) -> Result<Self, Spared> {
        let policy = policy.filter(|policy| policy.executor == Executor::Archivist).ok_or(Spared::NotEnforced)?;
        let (disposal, retention) = may_go(entry, holds, policy, now)?;
        let tombstone = disposal.tombstone(entry, retention, Executor::Archivist, now);
        Ok(Self {
            address: entry.address.clone(),
            etag: disposal.etag.clone(),
            tags: [(HOLD, NO_HOLD.to_owned()), (CLASS, retention.class.clone())],
            client_request_id: disposal.client_request_id(entry),
            tombstone,
        })
    }

    /// Address of the blob.
    pub fn address(&self) -> &BlobAddress {
        &self.address
    }

    /// ETag of the only content allowed to be deleted.
    pub fn etag(&self) -> &ETag {
        &self.etag
    }

    /// Tags required on the blob at the time of the delete.
    pub fn tags(&self) -> &[(&'static str, String)] {
        &self.tags
    }

    /// Returns true if the tags allow the deletion, for stores without conditional deletes on tags.
    pub fn fits(&self, tags: &TagSet) -> bool {
        self.tags.iter().all(|(key, value)| tags.0.get(*key) == Some(value))
    }

    /// Client request id under which the storage log shows the deletion.
    pub fn client_request_id(&self) -> &str {
        &self.client_request_id
    }

    /// Returns the record to keep after the deletion.
    pub fn into_tombstone(self) -> Tombstone {
        self.tombstone
    }
}

/// Returns the grounds of a deletion, or the reason against it as error.
pub(crate) fn may_go<'e>(
    entry: &'e Entry,
    holds: &[Hold],
    policy: &Policy,
    now: Timestamp,
) -> Result<(&'e Disposal, &'e Retention), Spared> {
    if !policy.enforce {
        return Err(Spared::NotEnforced);
    }
    let (Some(disposal), Some(retention)) = (&entry.custody.disposal, &entry.custody.retention) else {
        return Err(Spared::NotExpiring);
    };
    if entry.state != RecordingState::Expiring || entry.life.etag().as_ref() != Some(&disposal.etag) {
        return Err(Spared::NotExpiring);
    }
    // A final recording counts as settled at once after a rewrite, before the new content has rested.
    if entry.settled_at.is_none_or(|at| at > now) {
        return Err(Spared::StillWritten);
    }
    if is_ahead(disposal.marked_at, now) {
        return Err(Spared::MarkedAhead);
    }
    if !entry.is_warned() {
        return Err(Spared::InGrace);
    }
    // A longer grace period also applies to earlier warnings; a shorter one does not.
    if now < disposal.grace_until.max(policy.grace_until(disposal.marked_at)) {
        return Err(Spared::InGrace);
    }
    if Hold::covering(holds, entry).next().is_some() {
        return Err(Spared::Held);
    }
    // Both the stored retention and the present policy must allow it.
    let today = policy.resolve_entry(entry).map(|today| today.keep());
    let is_due_today = today.as_ref().is_some_and(|today| today.verdict(now) == RetentionVerdict::Due);
    if RetentionVerdict::from_entry(entry, now) != RetentionVerdict::Due || !is_due_today {
        return Err(if entry.custody.is_held() { Spared::Held } else { Spared::NotDue });
    }
    // A start from an earlier claim of the log does not count, even if all other conditions hold.
    if StoredTimes::from_life(&entry.life).is_none_or(|stored| retention.counted_from < stored.created_on()) {
        return Err(Spared::CountedTooEarly);
    }
    // An approval covers the recording as planned: if the disposition has changed, an approved order is void.
    let is_as_planned = policy.extends(entry, false).is_some_and(|today| today.ends_like(retention));
    let is_reviewed =
        [Some(retention), today.as_ref()].into_iter().flatten().any(|promised| promised.then == Then::Review);
    let is_by_leave = is_reviewed || disposal.order.is_some() && disposal.approval.is_some();
    if is_by_leave && !(is_as_planned && disposal.is_approved(now)) {
        return Err(Spared::NotApproved);
    }
    Ok((disposal, retention))
}

impl Disposal {
    /// Returns the client request id of our delete call, as shown in the storage log.
    pub fn client_request_id(&self, entry: &Entry) -> String {
        format!("archivist-{}-{}", entry.id, self.marked_at.as_second())
    }

    pub(crate) fn tombstone(&self, entry: &Entry, retention: &Retention, by: Executor, at: Timestamp) -> Tombstone {
        let fingerprint = entry.custody.fingerprint.as_ref().filter(|print| print.etag == self.etag);
        Tombstone {
            at,
            by,
            etag: self.etag.clone(),
            size: entry.life.size(),
            sha256: fingerprint.map(|fingerprint| fingerprint.sha256),
            policy: retention.policy.clone(),
            class: retention.class.clone(),
            rules: retention.rules.clone(),
            retain_until: retention.retain_until,
            delete_after: retention.delete_after,
            then: retention.then,
            approval: self.approval.clone(),
        }
    }
}
