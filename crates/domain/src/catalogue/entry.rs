//! One entry of the catalogue.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::effect::{Done, Effect, EffectId, EffectResult, LEASE, Pending, Refusal};
use super::foreign_tags::EarlierTags;
use super::history::{Change, What, note};
use super::joined::Joined;
use super::life::Life;
use crate::address::BlobAddress;
use crate::blob::ETag;
use crate::estate::BastionName;
use crate::join::JoinKey;
use crate::notification::Event;
use crate::recording_id::RecordingId;
use crate::retention::Custody;
use crate::tags::{PlannedTag, TagSet, plan};

/// How many refusals an entry remembers, the latest ones.
const REFUSALS_KEPT: usize = 16;

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is being written, or may be.
    Active,
    /// It has rested for `settle_after`; a later write takes it back until it is final.
    Settled,
    /// No blob was found, and no delete was heard of.
    Missing,
    /// Its last day is over, and people are warned before it goes.
    Expiring,
    /// A delete was heard of; the entry stays as a tombstone.
    Deleted,
}

impl State {
    /// Every state that an entry can be in.
    pub const ALL: [Self; 5] = [Self::Active, Self::Settled, Self::Expiring, Self::Missing, Self::Deleted];

    /// Whether the blob is there, as far as is known.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Active | Self::Settled | Self::Expiring)
    }

    /// The name in stored and shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Settled => "settled",
            Self::Expiring => "expiring",
            Self::Missing => "missing",
            Self::Deleted => "deleted",
        }
    }

    /// Reads a [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The tags we know to be on the blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// The content's version that carries them; a rewrite drops them.
    pub etag: ETag,
    /// Ours, as they were planned.
    pub plan: Vec<PlannedTag>,
}

/// Everything known of one life of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; never changes.
    pub id: RecordingId,
    /// Where the blob is or was.
    pub address: BlobAddress,
    /// The bastion that recorded it.
    pub bastion: BastionName,
    /// What it may have been named after.
    pub keys: Vec<JoinKey>,
    /// What was heard and seen of the blob.
    pub life: Life,
    /// Where it stands.
    pub state: State,
    /// Its session.
    pub joined: Joined,
    /// When it settled: its last write + `settle_after`.
    pub settled_at: Option<Timestamp>,
    /// When it became final for the first time.
    pub final_at: Option<Timestamp>,
    /// How long it stays, and how it goes.
    pub custody: Custody,
    /// What people have been told of it; each of these once.
    pub announced: BTreeSet<Event>,
    /// All tags of the blob, as last known.
    pub tags: TagSet,
    /// Our tags on the blob, as last written.
    pub tagged: Option<Tagged>,
    /// Our tags of earlier revisions, which a late writer may still put on the blob.
    pub earlier_tags: EarlierTags,
    /// What is still to be carried out.
    pub pending: Vec<Pending>,
    /// What was given up.
    pub refusals: Vec<Refusal>,
    /// How it came to be as it is.
    pub history: Vec<Change>,
    /// When time alone may change it.
    pub wake_at: Option<Timestamp>,
    /// How often it has been saved.
    pub revision: u64,
}

impl Entry {
    /// An entry of which nothing is known but its id and place.
    pub fn new(id: RecordingId, address: BlobAddress, bastion: BastionName) -> Self {
        Self {
            id,
            address,
            bastion,
            keys: Vec::new(),
            life: Life::default(),
            state: State::Active,
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

    /// When the blob came to be, as far as known. Whole seconds.
    pub fn created_at(&self) -> Option<Timestamp> {
        self.life.created_at()
    }

    /// When a sweep must look at it next. `None` when nothing is left to do.
    pub fn due_at(&self) -> Option<Timestamp> {
        let effects = self.pending.iter().map(|pending| pending.retry_at).min();
        [effects, self.wake_at].into_iter().flatten().min()
    }

    /// The effect with this id, while it waits.
    pub fn pending(&self, id: &EffectId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.effect.id() == *id)
    }

    /// Takes in what came of trying an effect at `now`.
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

    /// Has the tags compared with the blob's once more, because somebody else may have written them as well.
    pub fn recheck_tags(&mut self, now: Timestamp) {
        if self.life.sighting.is_some() && self.state.is_there() {
            self.want_tags(now, now);
        }
    }

    fn take_in(&mut self, done: Done, now: Timestamp) {
        match done {
            Done::HandedOver | Done::Rejoined => {}
            Done::BlobDeleted(tombstone) => self.bury(*tombstone, now),
            Done::Spared(reason) => self.spare(reason, now),
            // The blob changed after it was last seen: look again at once.
            Done::ContentGone => self.wake_at = Some(now),
            Done::TagsWritten { etag, plan: written, tags, left_out } => {
                if !left_out.is_empty() && self.tags != tags {
                    note(&mut self.history, now, What::TagsLeftOut(left_out));
                }
                self.tags = tags;
                self.tagged = Some(Tagged { etag, plan: written });
                if self.lacks_tags() {
                    // Somebody else changed the entry meanwhile, and our tags may have come after theirs.
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
        note(&mut self.history, now, What::EffectRefused(reason.clone()));
        // What is refused again and again, at every event, is kept once.
        self.refusals.retain(|known| known.reason != reason);
        self.refusals.push(Refusal { at: now, reason });
        let surplus = self.refusals.len().saturating_sub(REFUSALS_KEPT);
        self.refusals.drain(..surplus);
        if *id == EffectId::DeleteBlob {
            self.start_over(now);
        }
    }

    /// Whether the blob, as last seen, does not carry the tags that this entry plans.
    pub(super) fn lacks_tags(&self) -> bool {
        let Some(sighting) = &self.life.sighting else { return false };
        self.state.is_there()
            && self
                .tagged
                .as_ref()
                .is_none_or(|tagged| tagged.etag != sighting.properties.etag || tagged.plan != plan(self))
    }

    /// Adds the tagging effect unless it waits already.
    pub(super) fn want_tags(&mut self, now: Timestamp, retry_at: Timestamp) {
        if self.pending(&EffectId::Tags).is_none() {
            self.pending.push(Pending { retry_at, ..Effect::WriteTags.pending(now) });
        }
    }

    /// Adds the tagging effect for the one who decides now to carry out.
    pub(super) fn want_tags_now(&mut self, now: Timestamp) {
        self.want_tags(now, now.saturating_add(LEASE).unwrap_or(now));
    }
}
