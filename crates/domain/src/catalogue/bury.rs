//! What stays of a recording that went: whose deletion it was, and by which right.

use jiff::Timestamp;

use super::effect::{Effect, EffectId, Pending};
use super::entry::{Entry, State};
use super::history::{What, note};
use crate::blob::{BlobEvent, Happening, whole_second};
use crate::ledger::{self, Fact};
use crate::retention::{Executor, Spared, Tombstone};
use crate::tags::{DUE, NO_HOLD, STATE};

/// A delete heard of that had not been known. An earlier one, heard of late, is another delete than the one that closed
/// the life until now.
pub(super) fn news_of_deletion(entry: &Entry, was: &Entry) -> Option<BlobEvent> {
    let deletion = entry.life.marks.deletion();
    deletion.filter(|_| deletion != was.life.marks.deletion()).cloned()
}

/// Whether a delete is the one that was ordered: ours by the id that we gave the call, or the platform's own.
pub(super) fn is_as_ordered(entry: &Entry, deletion: &BlobEvent) -> bool {
    let Some(disposal) = &entry.custody.disposal else { return false };
    let Happening::Deleted(request) = &deletion.what else { return false };
    match disposal.order.map(|order| order.by) {
        Some(Executor::Archivist) => request.client_id.as_ref() == Some(&disposal.client_request_id(entry)),
        Some(Executor::Lifecycle) => may_be_due(entry),
        None => false,
    }
}

/// Whether the platform may have seen the tags that it deletes by: as far as is known the blob carried them, or a write of
/// them has begun.
fn may_be_due(entry: &Entry) -> bool {
    let is_shown = entry.tags.get(STATE) == Some(DUE) && entry.tags.hold() == Some(NO_HOLD);
    is_shown || entry.pending(&EffectId::Tags).is_some()
}

/// Keeps of a delete that was ordered by which right it was, and takes that back from another one.
pub(super) fn bury_as_ordered(entry: &mut Entry, now: Timestamp) {
    let Some(deletion) = entry.life.marks.deletion() else { return };
    if !is_as_ordered(entry, deletion) {
        entry.custody.tombstone = None;
    } else if entry.custody.tombstone.is_none() {
        let at = deletion.at;
        bury_by_order(entry, at, now);
    }
}

/// Keeps of a recording whose deletion was decided, and that is gone, by which right it went. Where nobody tells whose
/// delete it was, it was the one that was decided: whoever made it may have died before saying so.
pub(super) fn bury_by_order(entry: &mut Entry, at: Timestamp, now: Timestamp) {
    let custody = &entry.custody;
    if let (Some(disposal), Some(retention)) = (&custody.disposal, &custody.retention)
        && let Some(order) = disposal.order
        && (order.by == Executor::Archivist || may_be_due(entry))
    {
        let tombstone = disposal.tombstone(entry, retention, order.by, at);
        entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
        entry.state = State::Deleted;
        note(&mut entry.history, now, What::Deleted);
        let told = Effect::Record(deletion(entry, &tombstone)).pending(now);
        record(entry, told);
        entry.custody.tombstone = Some(tombstone);
    }
}

/// What the ledger tells of a deletion.
fn deletion(entry: &Entry, tombstone: &Tombstone) -> Fact {
    let by = match &tombstone.approval {
        Some(approval) => format!("{}, allowed by {}", tombstone.by.name(), approval.by),
        None => tombstone.by.name().to_owned(),
    };
    let what = ledger::What::RecordingDeleted {
        recording: entry.id,
        address: entry.address.clone(),
        size: tombstone.size.unwrap_or_default(),
        sha256: tombstone.sha256,
        policy: tombstone.policy.0.clone(),
        class: tombstone.class.clone(),
        rules: tombstone.rules.clone(),
        by,
    };
    Fact::new(whole_second(tombstone.at), what)
}

/// Has the ledger tell of a fact, unless that waits already.
pub(super) fn record(entry: &mut Entry, told: Pending) {
    if entry.pending(&told.effect.id()).is_none() {
        entry.pending.push(told);
    }
}

impl Entry {
    /// Takes in that the blob was deleted as ordered.
    pub(super) fn bury(&mut self, tombstone: Tombstone, now: Timestamp) {
        if self.custody.tombstone.is_some() {
            // An event has told it already.
            return;
        }
        // The effects of this round are being saved: the fact is for whoever comes next.
        let told = Effect::Record(deletion(self, &tombstone)).due(now);
        record(self, told);
        self.custody.tombstone = Some(tombstone);
        self.state = State::Deleted;
        note(&mut self.history, now, What::Deleted);
        // Whoever looks next tells people.
        self.wake_at = Some(now);
    }

    /// Takes in that storage will not delete the blob: it goes the whole way again, since nobody knows until when.
    pub(super) fn start_over(&mut self, now: Timestamp) {
        self.custody.disposal = None;
        if self.state == State::Expiring {
            self.state = State::Settled;
        }
        self.wake_at = Some(now);
    }

    /// Takes in that the blob was not deleted.
    pub(super) fn spare(&mut self, reason: Spared, now: Timestamp) {
        if let Some(disposal) = &mut self.custody.disposal {
            disposal.order = None;
        }
        note(&mut self.history, now, What::Spared(reason.name().to_owned()));
        self.wake_at = Some(now);
        if reason == Spared::Changed {
            self.recheck_tags(now);
        }
    }
}
