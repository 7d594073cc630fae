//! Defines the catalogue entry and applies the results of its effects.

use std::collections::BTreeSet;

use jiff::Timestamp;
use strum::{EnumString, IntoStaticStr};

use super::effect::{Effect, EffectId, EffectOutcome, EffectResult, GivenUpEffect, LEASE, Pending};
use super::foreign_tags::EarlierTags;
use super::history::{EntryChange, EntryChangeKind, note};
use super::joined::Joined;
use super::life::Life;
use crate::address::BlobAddress;
use crate::blob::ETag;
use crate::estate::BastionName;
use crate::join::JoinKey;
use crate::named;
use crate::notification::Event;
use crate::recording_id::RecordingId;
use crate::retention::Custody;
use crate::tags::{PlannedTag, TagSet, plan};

/// Number of latest refusals kept per entry.
const REFUSALS_KEPT: usize = 16;

/// State of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum RecordingState {
    /// The recording is, or may be, still being written.
    Active,
    /// No write for `settle_after`. A later write makes the recording active again until it is final.
    Settled,
    /// The blob is gone, without a delete event.
    Missing,
    /// The last day is over; the grace period after the warning runs.
    Expiring,
    /// Deleted; the entry stays as a tombstone.
    Deleted,
}

named!(RecordingState: name, parse);

impl RecordingState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Active, Self::Settled, Self::Expiring, Self::Missing, Self::Deleted];

    /// Returns true if the blob exists, as far as known.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Active | Self::Settled | Self::Expiring)
    }
}

/// Our tags as last written to the blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// ETag of the tagged content; a rewrite drops the tags.
    pub etag: ETag,
    /// Our tags, as planned.
    pub plan: Vec<PlannedTag>,
}

/// Catalogue entry of one life of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Id of the entry; never changes.
    pub id: RecordingId,
    /// Present or former address of the blob.
    pub address: BlobAddress,
    /// Bastion behind the recording.
    pub bastion: BastionName,
    /// Session names from which the blob name may derive.
    pub keys: Vec<JoinKey>,
    /// Events and observations of the blob.
    pub life: Life,
    /// State of the recording.
    pub state: RecordingState,
    /// Session of the recording.
    pub joined: Joined,
    /// Time at which the recording settled: its last write + `settle_after`.
    pub settled_at: Option<Timestamp>,
    /// Time at which the recording first became final.
    pub final_at: Option<Timestamp>,
    /// Retention, holds and disposition.
    pub custody: Custody,
    /// Events already notified, of the kinds notified once.
    pub announced: BTreeSet<Event>,
    /// All tags of the blob, as last known.
    pub tags: TagSet,
    /// Our tags on the blob, with the ETag they were written for.
    pub tagged: Option<Tagged>,
    /// Our tags of earlier revisions, which a late writer may still put on the blob.
    pub earlier_tags: EarlierTags,
    /// Effects not done yet.
    pub pending: Vec<Pending>,
    /// Effects given up.
    pub refusals: Vec<GivenUpEffect>,
    /// Changes of the entry.
    pub history: Vec<EntryChange>,
    /// Time at which the entry may change without an event.
    pub wake_at: Option<Timestamp>,
    /// Number of saves.
    pub revision: u64,
}

impl Entry {
    /// Creates an entry with its id and address only.
    pub fn new(id: RecordingId, address: BlobAddress, bastion: BastionName) -> Self {
        Self {
            id,
            address,
            bastion,
            keys: Vec::new(),
            life: Life::default(),
            state: RecordingState::Active,
            joined: Joined::default(),
            settled_at: None,
            final_at: None,
            custody: Custody::default(),
            announced: BTreeSet::new(),
            tags: TagSet::default(),
            tagged: None,
            earlier_tags: EarlierTags::default(),
            pending: Vec::new(),
            refusals: Vec::new(),
            history: Vec::new(),
            wake_at: None,
            revision: 0,
        }
    }

    /// Creation time of the blob, as far as known, in whole seconds.
    pub fn created_at(&self) -> Option<Timestamp> {
        self.life.created_at()
    }

    /// Returns when a sweep must look at the entry next. `None` if nothing is left to do.
    pub fn due_at(&self) -> Option<Timestamp> {
        let effects = self.pending.iter().map(|pending| pending.retry_at).min();
        [effects, self.wake_at].into_iter().flatten().min()
    }

    /// Returns the pending effect with this id.
    pub fn pending(&self, id: &EffectId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.effect.id() == *id)
    }

    /// Applies the result of an attempt at `now` to carry out an effect.
    pub fn complete(&mut self, id: &EffectId, result: EffectResult, now: Timestamp) {
        let was = self.clone();
        match result {
            EffectResult::Done(done) => {
                self.pending.retain(|pending| pending.effect.id() != *id);
                self.take_in(done, now);
            }
            EffectResult::Failed { retry_after } => self.try_later(id, retry_after, now),
            EffectResult::Refused(reason) => match self.pending(id) {
                Some(pending) if pending.waited_enough(now) => self.give_up(id, reason, now),
                _ => self.try_later(id, None, now),
            },
            EffectResult::RefusedForGood(reason) => self.give_up(id, reason, now),
        }
        self.remember_plan_of(&was, now);
        self.revision += 1;
    }

    /// Schedules a comparison with the tags on the blob, because others may have written them too.
    pub fn recheck_tags(&mut self, now: Timestamp) {
        if self.life.sighting.is_some() && self.state.is_there() {
            self.want_tags(now, now);
        }
    }

    fn take_in(&mut self, done: EffectOutcome, now: Timestamp) {
        match done {
            EffectOutcome::HandedOver | EffectOutcome::Rejoined => {}
            EffectOutcome::BlobDeleted(tombstone) => self.record_tombstone(*tombstone, now),
            EffectOutcome::Spared(reason) => self.cancel_deletion(reason, now),
            // The blob changed after it was last read: read it again at once.
            EffectOutcome::ContentGone => self.wake_at = Some(now),
            EffectOutcome::TagsWritten { etag, plan: written, tags, left_out } => {
                if !left_out.is_empty() && self.tags != tags {
                    note(&mut self.history, now, EntryChangeKind::TagsLeftOut(left_out));
                }
                self.tags = tags;
                self.tagged = Some(Tagged { etag, plan: written });
                if self.lacks_tags() {
                    // The entry changed meanwhile, and our tags may have overwritten those of the other writer.
                    self.want_tags(now, now);
                } else {
                    self.note_shown(now);
                }
            }
        }
    }

    fn try_later(&mut self, id: &EffectId, retry_after: Option<jiff::SignedDuration>, now: Timestamp) {
        for pending in self.pending.iter_mut().filter(|pending| pending.effect.id() == *id) {
            *pending = pending.clone().tried(now, retry_after);
        }
    }

    fn give_up(&mut self, id: &EffectId, reason: String, now: Timestamp) {
        self.pending.retain(|pending| pending.effect.id() != *id);
        note(&mut self.history, now, EntryChangeKind::EffectRefused(reason.clone()));
        // A repeated refusal is kept once.
        self.refusals.retain(|known| known.reason != reason);
        self.refusals.push(GivenUpEffect { at: now, reason });
        let surplus = self.refusals.len().saturating_sub(REFUSALS_KEPT);
        self.refusals.drain(..surplus);
        if *id == EffectId::DeleteBlob {
            self.restart_disposition(now);
        }
    }

    /// Returns true if the last observed content is not known to carry the planned tags.
    pub(super) fn lacks_tags(&self) -> bool {
        let Some(sighting) = &self.life.sighting else { return false };
        self.state.is_there()
            && self
                .tagged
                .as_ref()
                .is_none_or(|tagged| tagged.etag != sighting.properties.etag || tagged.plan != plan(self))
    }

    /// Queues the tagging effect unless it is pending.
    pub(super) fn want_tags(&mut self, now: Timestamp, retry_at: Timestamp) {
        if self.pending(&EffectId::Tags).is_none() {
            self.pending.push(Pending { retry_at, ..Effect::WriteTags.pending(now) });
        }
    }

    /// Queues the tagging effect for the deciding process.
    pub(super) fn want_tags_now(&mut self, now: Timestamp) {
        self.want_tags(now, now.saturating_add(LEASE).unwrap_or(now));
    }
}
