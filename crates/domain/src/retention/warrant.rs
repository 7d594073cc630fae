//! The proof without which nothing is deleted.

use std::fmt;

use jiff::Timestamp;

use super::disposal::{Disposal, Tombstone};
use super::policy::{Executor, Policy, Then};
use super::resolve::Retention;
use super::verdict::Verdict;
use crate::address::BlobAddress;
use crate::blob::ETag;
use crate::catalogue::{Entry, State, StoredTimes};
use crate::hold::Hold;
use crate::past::is_ahead;
use crate::tags::{CLASS, HOLD, NO_HOLD, TagSet};

/// The right to delete one content of one blob, while it carries these tags. Only [`Warrant::prove`] makes one, and
/// only storage adapters use it.
#[derive(Debug)]
pub struct Warrant {
    address: BlobAddress,
    etag: ETag,
    tags: [(&'static str, String); 2],
    client_request_id: String,
    tombstone: Tombstone,
}

/// Why a recording that was to go stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spared {
    /// There is no policy, or it is not enforced, or another one deletes.
    NotEnforced,
    /// It is not on its way out, or its content is another one by now.
    NotExpiring,
    /// Its content has not rested as long as a content must to count as settled.
    StillWritten,
    /// A wrong clock says since when people are warned.
    MarkedAhead,
    /// People are still being warned.
    InGrace,
    /// A hold covers it, or may.
    Held,
    /// Today's policy keeps it, or nobody can say.
    NotDue,
    /// Its periods were counted from before its creation.
    CountedTooEarly,
    /// A person must allow it, and none has.
    NotApproved,
    /// Its content or its tags are no longer those that were looked at.
    Changed,
}

impl Spared {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::NotEnforced,
        Self::NotExpiring,
        Self::StillWritten,
        Self::MarkedAhead,
        Self::InGrace,
        Self::Held,
        Self::NotDue,
        Self::CountedTooEarly,
        Self::NotApproved,
        Self::Changed,
    ];

    /// The name in stored forms and counters.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotEnforced => "not_enforced",
            Self::NotExpiring => "not_expiring",
            Self::StillWritten => "still_written",
            Self::MarkedAhead => "marked_ahead",
            Self::InGrace => "in_grace",
            Self::Held => "held",
            Self::NotDue => "not_due",
            Self::CountedTooEarly => "counted_too_early",
            Self::NotApproved => "not_approved",
            Self::Changed => "changed",
        }
    }
}

/// By its name.
impl fmt::Display for Spared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Warrant {
    /// Asks everything once more. `entry` was loaded just now, and `holds` are all there are, read after it.
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

    /// The blob.
    pub fn address(&self) -> &BlobAddress {
        &self.address
    }

    /// The only content that may be deleted.
    pub fn etag(&self) -> &ETag {
        &self.etag
    }

    /// The tags that the blob must carry at that moment.
    pub fn tags(&self) -> &[(&'static str, String)] {
        &self.tags
    }

    /// Whether a blob with these tags may be deleted; for stores that compare themselves.
    pub fn fits(&self, tags: &TagSet) -> bool {
        self.tags.iter().all(|(key, value)| tags.0.get(*key) == Some(value))
    }

    /// The name under which storage's own log shows the deletion.
    pub fn client_request_id(&self) -> &str {
        &self.client_request_id
    }

    /// What stays of the recording once it is gone.
    pub fn into_tombstone(self) -> Tombstone {
        self.tombstone
    }
}

/// What a deletion rests on, where nothing speaks against it.
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
    if entry.state != State::Expiring || entry.life.etag().as_ref() != Some(&disposal.etag) {
        return Err(Spared::NotExpiring);
    }
    // A rewrite of a final recording has the state of the old content at once.
    if entry.settled_at.is_none_or(|at| at > now) {
        return Err(Spared::StillWritten);
    }
    if is_ahead(disposal.marked_at, now) {
        return Err(Spared::MarkedAhead);
    }
    // A longer grace counts for those who were warned before it, too; a shorter one does not.
    if now < disposal.grace_until.max(policy.grace_until(disposal.marked_at)) {
        return Err(Spared::InGrace);
    }
    if Hold::covering(holds, entry).next().is_some() {
        return Err(Spared::Held);
    }
    // By what was said before and by what the policy says today.
    let today = policy.says_of(entry).map(|today| today.keep());
    let is_due_today = today.as_ref().is_some_and(|today| today.verdict(now) == Verdict::Due);
    if Verdict::of(entry, now) != Verdict::Due || !is_due_today {
        return Err(if entry.custody.is_held() { Spared::Held } else { Spared::NotDue });
    }
    // What an earlier claim of the log gave is not relied on, whatever else says so too.
    if StoredTimes::of(&entry.life).is_none_or(|stored| retention.counted_from < stored.created_on()) {
        return Err(Spared::CountedTooEarly);
    }
    // A leave is for the recording as it was planned: what was ordered by one stays once that is another.
    let is_as_planned = policy.extends(entry, false).is_some_and(|today| today.ends_like(retention));
    let is_reviewed = [Some(retention), today.as_ref()].into_iter().flatten().any(|said| said.then == Then::Review);
    let is_by_leave = is_reviewed || disposal.order.is_some() && disposal.approval.is_some();
    if is_by_leave && !(is_as_planned && disposal.is_approved(now)) {
        return Err(Spared::NotApproved);
    }
    Ok((disposal, retention))
}

impl Disposal {
    /// What storage's log calls this deletion of ours.
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
