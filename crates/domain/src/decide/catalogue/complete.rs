//! Applies the results of effects to their entry.

use jiff::Timestamp;

use crate::policy::tags::plan;
use crate::record::catalogue::{Entry, EntryChangeKind, Tagged, note};
use crate::record::effect::{Effect, EffectId, EffectOutcome, EffectResult, GivenUpEffect, LEASE, Pending};

/// Number of latest refusals kept per entry.
const REFUSALS_KEPT: usize = 16;

impl Entry {
    /// Applies the result of an attempt at `now` to carry out an effect.
    pub fn complete(&mut self, id: &EffectId, result: EffectResult, now: Timestamp) {
        let was = self.clone();
        match result {
            EffectResult::Done(done) => {
                if self.is_warning(id) {
                    self.begin_grace(now);
                }
                self.pending.retain(|pending| pending.effect.id() != *id);
                self.apply_outcome(done, now);
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
        if self.life.observation.is_some() && self.state.is_there() {
            self.want_tags(now, now);
        }
    }

    fn apply_outcome(&mut self, done: EffectOutcome, now: Timestamp) {
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
        if *id == EffectId::DeleteBlob || self.is_warning(id) {
            self.restart_disposition(now);
        }
    }

    /// Returns true if the last observed content is not known to carry the planned tags.
    pub(super) fn lacks_tags(&self) -> bool {
        let Some(observation) = &self.life.observation else { return false };
        self.state.is_there()
            && self
                .tagged
                .as_ref()
                .is_none_or(|tagged| tagged.etag != observation.properties.etag || tagged.plan != plan(self))
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
