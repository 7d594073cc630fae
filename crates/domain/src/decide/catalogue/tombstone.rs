//! Tombstones: records by whom and under which policy a recording was deleted.

use jiff::Timestamp;

use crate::record::blob::{BlobEvent, Happening, whole_second};
use crate::record::catalogue::{Entry, EntryChangeKind, RecordingState, note};
use crate::record::effect::{Effect, EffectId, Pending};
use crate::record::ledger;
use crate::record::ledger::LedgerFact;
use crate::record::retention::{Executor, Spared, Tombstone};
use crate::record::tags::{DUE, NO_HOLD, STATE};

/// Returns the delete event of the life if it is new. An earlier delete received late counts as a different one.
pub(super) fn news_of_deletion(entry: &Entry, was: &Entry) -> Option<BlobEvent> {
    let deletion = entry.life.blob_events.deletion();
    deletion.filter(|_| deletion != was.life.blob_events.deletion()).cloned()
}

/// Returns true if the delete matches the deletion order: our call by its client request id, or the lifecycle policy.
pub(super) fn matches_deletion_order(entry: &Entry, deletion: &BlobEvent) -> bool {
    let Some(disposal) = &entry.custody.disposal else { return false };
    let Happening::Deleted(request) = &deletion.what else { return false };
    match disposal.order.map(|order| order.by) {
        Some(Executor::Archivist) => request.client_id.as_ref() == Some(&disposal.client_request_id(entry)),
        Some(Executor::Lifecycle) => may_be_due(entry),
        None => false,
    }
}

/// Returns true if the lifecycle policy may have seen the tags it deletes by: the blob last carried them, or a write of
/// them is pending.
fn may_be_due(entry: &Entry) -> bool {
    let is_shown = entry.tags.get(STATE) == Some(DUE) && entry.tags.hold() == Some(NO_HOLD);
    is_shown || entry.pending(&EffectId::Tags).is_some()
}

/// Stores the tombstone for an ordered delete, and removes it if the delete was not the ordered one.
pub(super) fn reconcile_tombstone(entry: &mut Entry, now: Timestamp) {
    let Some(deletion) = entry.life.blob_events.deletion() else { return };
    if !matches_deletion_order(entry, deletion) {
        entry.custody.tombstone = None;
    } else if entry.custody.tombstone.is_none() {
        let at = deletion.at;
        tombstone_by_order(entry, at, now);
    }
}

/// Stores the tombstone of a missing recording with a deletion order. Without a delete event the ordered delete is
/// assumed: the process may have died between the delete call and saving its result.
pub(super) fn tombstone_by_order(entry: &mut Entry, at: Timestamp, now: Timestamp) {
    let custody = &entry.custody;
    if let (Some(disposal), Some(retention)) = (&custody.disposal, &custody.retention)
        && let Some(order) = disposal.order
        && (order.by == Executor::Archivist || may_be_due(entry))
    {
        let tombstone = disposal.tombstone(entry, retention, order.by, at);
        entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
        entry.state = RecordingState::Deleted;
        note(&mut entry.history, now, EntryChangeKind::Deleted);
        let pending = Effect::Record(deletion(entry, &tombstone)).pending(now);
        record(entry, pending);
        entry.custody.tombstone = Some(tombstone);
    }
}

/// Builds the ledger fact of a deletion.
fn deletion(entry: &Entry, tombstone: &Tombstone) -> LedgerFact {
    let by = match &tombstone.approval {
        Some(approval) => format!("{}, allowed by {}", tombstone.by.name(), approval.by),
        None => tombstone.by.name().to_owned(),
    };
    let what = ledger::LedgerEvent::RecordingDeleted {
        recording: entry.id,
        address: entry.address.clone(),
        size: tombstone.size.unwrap_or_default(),
        sha256: tombstone.sha256,
        policy: tombstone.policy.0.clone(),
        class: tombstone.class.clone(),
        rules: tombstone.rules.clone(),
        by,
    };
    LedgerFact::new(whole_second(tombstone.at), what)
}

/// Queues a ledger fact unless it is already pending.
pub(super) fn record(entry: &mut Entry, pending: Pending) {
    if entry.pending(&pending.effect.id()).is_none() {
        entry.pending.push(pending);
    }
}

impl Entry {
    /// Stores the tombstone after the blob was deleted as ordered.
    pub(super) fn record_tombstone(&mut self, tombstone: Tombstone, now: Timestamp) {
        if self.custody.tombstone.is_some() {
            // A delete event has already recorded it.
            return;
        }
        // The effects of this round are already being saved, so the next sweep writes the fact.
        let pending = Effect::Record(deletion(self, &tombstone)).due(now);
        record(self, pending);
        self.custody.tombstone = Some(tombstone);
        self.state = RecordingState::Deleted;
        note(&mut self.history, now, EntryChangeKind::Deleted);
        // The next run sends the notification.
        self.wake_at = Some(now);
    }

    /// Restarts the disposition after storage refused the delete. The refusal may last, so warning and grace period run
    /// again.
    pub(super) fn restart_disposition(&mut self, now: Timestamp) {
        self.custody.disposal = None;
        if self.state == RecordingState::Expiring {
            self.state = RecordingState::Settled;
        }
        self.wake_at = Some(now);
    }

    /// Cancels the deletion order after the blob was not deleted, and notes the reason.
    pub(super) fn cancel_deletion(&mut self, reason: Spared, now: Timestamp) {
        if let Some(disposal) = &mut self.custody.disposal {
            disposal.order = None;
        }
        note(&mut self.history, now, EntryChangeKind::Spared(reason.name().to_owned()));
        self.wake_at = Some(now);
        if reason == Spared::Changed {
            self.recheck_tags(now);
        }
    }
}
