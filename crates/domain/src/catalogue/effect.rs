//! What the world must still do because of an entry.

use jiff::{SignedDuration, Timestamp};

use crate::blob::ETag;
use crate::ledger::{Fact, FactId};
use crate::notification::{Notification, NotificationId};
use crate::retention::{Spared, Tombstone};
use crate::tags::{PlannedTag, TagSet};

/// How long the one who decided has for an effect before a sweep takes it up.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// The longest wait between two tries, whoever asks for it.
pub(super) const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// How long a refusal that may be mended (no permission yet, a lease on the blob) counts as passing.
const REFUSAL_PASSES_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Something to carry out, stored with the entry until it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Make the blob's tags show the entry, as the entry is when the tags are written.
    WriteTags,
    /// Hand the notification over for delivery.
    Notify(Notification),
    /// Have the recordings and sessions nearby looked at again.
    Rejoin,
    /// Delete the blob, if everything still speaks for it.
    DeleteBlob,
    /// Have the content read and hashed; done once its hash is known.
    Hash,
    /// Have the ledger tell this.
    Record(Fact),
}

/// Tells the effects of one entry apart; doing the same one twice changes nothing.
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

/// An effect that is not done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What to do.
    pub effect: Effect,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it waits.
    pub since: Timestamp,
    /// When a sweep takes it up.
    pub retry_at: Timestamp,
}

/// An effect that will not be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// When it was given up.
    pub at: Timestamp,
    /// What was to be done, and why it cannot be.
    pub reason: String,
}

/// What came of trying an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectResult {
    /// The effect was carried out.
    Done(Done),
    /// It failed, and a retry can help.
    Failed {
        /// How long the other side asked us to wait.
        retry_after: Option<SignedDuration>,
    },
    /// It was refused for a reason that somebody may mend: a missing permission, a lease.
    Refused(String),
    /// It was refused, and no retry can help.
    RefusedForGood(String),
}

/// What carrying out an effect showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The blob's tags show this plan.
    TagsWritten {
        /// The content's version for which they were written.
        etag: ETag,
        /// Our tags, as planned.
        plan: Vec<PlannedTag>,
        /// All tags of the blob now.
        tags: TagSet,
        /// Keys of ours for which others leave no room.
        left_out: Vec<String>,
    },
    /// The content that was to be tagged is no longer there: another one is, or none.
    ContentGone,
    /// The notification waits for delivery.
    HandedOver,
    /// What is nearby has been looked at again.
    Rejoined,
    /// The blob is gone, by our hand.
    BlobDeleted(Box<Tombstone>),
    /// The blob stays, for this reason.
    Spared(Spared),
}

impl Effect {
    /// The id of this effect.
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

    /// The effect, not yet tried: whoever decided it carries it out.
    pub(crate) fn pending(self, now: Timestamp) -> Pending {
        Pending { effect: self, attempts: 0, since: now, retry_at: now.saturating_add(LEASE).unwrap_or(now) }
    }

    /// The effect, not yet tried, which nobody has at hand: it is due at once.
    pub(crate) fn due(self, now: Timestamp) -> Pending {
        Pending { retry_at: now, ..self.pending(now) }
    }
}

impl Pending {
    /// The effect after another failed try at `now`.
    pub(crate) fn tried(mut self, now: Timestamp, retry_after: Option<SignedDuration>) -> Self {
        self.attempts += 1;
        let asked = retry_after.unwrap_or(SignedDuration::ZERO).min(LONGEST_WAIT);
        let delay = retry_delay(self.attempts).max(asked);
        self.retry_at = now.saturating_add(delay).unwrap_or(now);
        self
    }

    /// Whether a refusal that may be mended has lasted too long to wait for.
    pub(super) fn waited_enough(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= REFUSAL_PASSES_WITHIN
    }
}

/// How long to wait after the given number of failed tries: 1, 2, 4 … minutes, an hour at most.
pub fn retry_delay(attempts: u32) -> SignedDuration {
    SignedDuration::from_mins(1i64 << attempts.saturating_sub(1).min(6)).min(LONGEST_WAIT)
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
    fn the_other_side_may_ask_for_more_patience() {
        let now = Timestamp::UNIX_EPOCH;
        let pending = Effect::WriteTags.pending(now).tried(now, Some(SignedDuration::from_mins(5)));
        assert_eq!(pending.retry_at, "1970-01-01T00:05:00Z".parse().unwrap());
        let pending = pending.tried(now, Some(SignedDuration::from_hours(90_000)));
        assert_eq!(pending.retry_at, "1970-01-01T01:00:00Z".parse().unwrap(), "but not to be forgotten");
    }
}
