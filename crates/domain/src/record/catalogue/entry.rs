//! Entry of the catalogue: all that is known of one life of a recording.

use std::collections::BTreeSet;

use jiff::Timestamp;
use strum::{EnumString, IntoStaticStr};

use super::history::{EntryChange, EntryChangeKind};
use super::life::Life;
use super::match_state::MatchState;
use crate::address::BlobAddress;
use crate::named;
use crate::record::blob::ETag;
use crate::record::effect::{EffectId, GivenUpEffect, Pending};
use crate::record::estate::BastionName;
use crate::record::join_key::JoinKey;
use crate::record::notification::{Event, NotificationId};
use crate::record::recording_id::RecordingId;
use crate::record::retention::Custody;
use crate::record::review_mark::ReviewMark;
use crate::record::tags::{PlannedTag, TagSet};

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
    pub match_state: MatchState,
    /// Time at which the recording settled: its last write + `settle_after`.
    pub settled_at: Option<Timestamp>,
    /// Time at which the recording first became final.
    pub final_at: Option<Timestamp>,
    /// Retention, holds and disposition.
    pub custody: Custody,
    /// Reviews by people, oldest first. [`Entry::review`] returns the one that counts.
    pub reviews: Vec<ReviewMark>,
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
            match_state: MatchState::default(),
            settled_at: None,
            final_at: None,
            custody: Custody::default(),
            reviews: Vec::new(),
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

    /// Time of the deletion of a deleted recording, or else the time at which the catalogue noticed it.
    pub fn gone_at(&self) -> Option<Timestamp> {
        if self.state != RecordingState::Deleted {
            return None;
        }
        let noticed = || {
            let changes = self.history.iter().rev();
            changes.into_iter().find(|change| change.what == EntryChangeKind::Deleted).map(|change| change.at)
        };
        let tombstone = || self.custody.tombstone.as_ref().map(|tombstone| tombstone.at);
        self.life.deleted_at().or_else(tombstone).or_else(noticed)
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

    /// Returns true if no warning of the present disposition waits to be stored for its channels. Until then, nobody
    /// may have been warned.
    pub fn is_warned(&self) -> bool {
        self.pending.iter().all(|pending| !self.is_warning(&pending.effect.id()))
    }

    /// Returns true if this effect is the warning of the present disposition.
    pub(crate) fn is_warning(&self, effect: &EffectId) -> bool {
        let warned_at = self.custody.disposal.as_ref().map(|disposal| disposal.marked_at.to_string());
        let id = |at: String| NotificationId::derive(&self.id.to_string(), Event::RecordingExpiring, &at);
        matches!(effect, EffectId::Notification(notification) if warned_at.map(id).as_ref() == Some(notification))
    }
}

/// Tags planned by earlier revisions of an entry: a late write of them does not count as foreign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EarlierTags {
    /// Tags planned before and not any more.
    pub tags: Vec<PlannedTag>,
    /// Time at which the blob was first seen to carry the present plan. `None` until then.
    pub shown_at: Option<Timestamp>,
}
