//! Effects: pending work of an entry outside the catalogue.

use jiff::{SignedDuration, Timestamp};

use crate::past::{due_at, past};
use crate::record::blob::ETag;
use crate::record::ledger::{FactId, LedgerFact};
use crate::record::notification::{Notification, NotificationId};
use crate::record::retention::{Spared, Tombstone};
use crate::record::tags::{PlannedTag, TagSet};

/// Returns the notifications queued before an effect that have its key: a trouble must be notified before its end.
pub fn notified_before<'a>(pending: &'a [Pending], effect: &EffectId) -> impl Iterator<Item = EffectId> + 'a {
    let key = |pending: &'a Pending| match &pending.effect {
        Effect::Notify(notification) => Some(&notification.key),
        _ => None,
    };
    let at = pending.iter().position(|one| one.effect.id() == *effect).unwrap_or(0);
    let own = pending.get(at).and_then(key);
    pending[..at].iter().filter(move |one| own.is_some() && key(one) == own).map(|one| one.effect.id())
}

/// Time given to the deciding process for an effect before a sweep takes it over.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait between two attempts, even if the other side asks for more.
pub(crate) const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// Time during which a fixable refusal (a missing permission, a lease on the blob) counts as temporary.
const REFUSAL_PASSES_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Work to carry out, stored with the entry until it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write the blob's tags, planned from the entry at the time of writing.
    WriteTags,
    /// Queue the notification for delivery.
    Notify(Notification),
    /// Judge nearby recordings and sessions again.
    Rejoin,
    /// Delete the blob, if it still matches the deletion order and nothing forbids it.
    DeleteBlob,
    /// Read and hash the content; done once the hash is known.
    Hash,
    /// Append this fact to the ledger.
    Record(LedgerFact),
}

/// Identifies an effect within its entry. Repeating an effect is idempotent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectId {
    /// The one [`Effect::WriteTags`].
    Tags,
    /// The [`Effect::Notify`] with this id.
    Notification(NotificationId),
    /// The one [`Effect::Rejoin`].
    Rejoin,
    /// The one [`Effect::DeleteBlob`].
    DeleteBlob,
    /// The one [`Effect::Hash`].
    Hash,
    /// The [`Effect::Record`] of the fact with this id.
    Fact(FactId),
}

/// Effect not done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The effect.
    pub effect: Effect,
    /// Number of failed attempts.
    pub attempts: u32,
    /// Time at which the effect was queued.
    pub since: Timestamp,
    /// Time at which a sweep takes the effect over.
    pub retry_at: Timestamp,
}

/// Effect given up for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUpEffect {
    /// Time at which the effect was given up.
    pub at: Timestamp,
    /// Description of the effect and of the error.
    pub reason: String,
}

/// Result of an attempt to carry out an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectResult {
    /// The effect was carried out.
    Done(EffectOutcome),
    /// The attempt failed; a retry can help.
    Failed {
        /// Wait requested by the other side.
        retry_after: Option<SignedDuration>,
    },
    /// Refused for a fixable reason: a missing permission, a lease.
    Refused(String),
    /// Refused; no retry can help.
    RefusedForGood(String),
}

/// Outcome of a completed effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectOutcome {
    /// The blob carries the planned tags.
    TagsWritten {
        /// ETag of the tagged content.
        etag: ETag,
        /// Our tags, as planned.
        plan: Vec<PlannedTag>,
        /// All tags now on the blob.
        tags: TagSet,
        /// Our keys without room beside the tags of others.
        left_out: Vec<String>,
    },
    /// The content to be tagged is gone: the blob was replaced or deleted.
    ContentGone,
    /// The notification is queued for delivery.
    HandedOver,
    /// Nearby recordings and sessions have been judged again.
    Rejoined,
    /// We deleted the blob.
    BlobDeleted(Box<Tombstone>),
    /// The blob was not deleted, for this reason.
    Spared(Spared),
}

impl Effect {
    /// Returns the id of the effect within its entry.
    pub fn id(&self) -> EffectId {
        match self {
            Self::WriteTags => EffectId::Tags,
            Self::Notify(notification) => EffectId::Notification(notification.id.clone()),
            Self::Rejoin => EffectId::Rejoin,
            Self::DeleteBlob => EffectId::DeleteBlob,
            Self::Hash => EffectId::Hash,
            Self::Record(fact) => EffectId::Fact(fact.id),
        }
    }

    /// Wraps the effect for the deciding process; a sweep takes it over after [`LEASE`].
    pub(crate) fn pending(self, now: Timestamp) -> Pending {
        Pending { effect: self, attempts: 0, since: now, retry_at: now.saturating_add(LEASE).unwrap_or(now) }
    }

    /// Wraps the effect for the next sweep: it is due at once.
    pub(crate) fn due(self, now: Timestamp) -> Pending {
        Pending { retry_at: now, ..self.pending(now) }
    }
}

impl Pending {
    /// Returns the effect after one more failed attempt at `now`, with its backoff.
    pub(crate) fn tried(mut self, now: Timestamp, retry_after: Option<SignedDuration>) -> Self {
        self.attempts += 1;
        let asked = retry_after.unwrap_or(SignedDuration::ZERO).min(LONGEST_WAIT);
        let delay = retry_delay(self.attempts).max(asked);
        self.retry_at = now.saturating_add(delay).unwrap_or(now);
        self
    }

    /// Returns true if a refusal has lasted too long to count as temporary.
    pub(crate) fn waited_enough(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= REFUSAL_PASSES_WITHIN
    }
}

/// Returns the backoff after `attempts` failed attempts: 1, 2, 4 … minutes, at most one hour.
pub fn retry_delay(attempts: u32) -> SignedDuration {
    SignedDuration::from_mins(1i64 << attempts.saturating_sub(1).min(6)).min(LONGEST_WAIT)
}

impl Pending {
    /// Drops a start in the future, and makes the effect due if its wait is longer than any allowed one.
    pub(crate) fn set_right(&mut self, now: Timestamp) {
        let Self { effect: _, attempts: _, since, retry_at } = self;
        *since = past(Some(*since), now).unwrap_or(now);
        *retry_at = due_at(*retry_at, LONGEST_WAIT.max(LEASE), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_longer_and_longer_up_to_an_hour() {
        let minutes: Vec<i64> = (1..=9).map(|attempts| retry_delay(attempts).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_receiver_may_request_a_longer_wait() {
        let now = Timestamp::UNIX_EPOCH;
        let pending = Effect::WriteTags.pending(now).tried(now, Some(SignedDuration::from_mins(5)));
        assert_eq!(pending.retry_at, "1970-01-01T00:05:00Z".parse().unwrap());
        let pending = pending.tried(now, Some(SignedDuration::from_hours(90_000)));
        assert_eq!(pending.retry_at, "1970-01-01T01:00:00Z".parse().unwrap(), "but not to be forgotten");
    }
}
