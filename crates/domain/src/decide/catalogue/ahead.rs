//! Repairs entries written by a wrong clock: drops marks in the future and shortens impossible waits.

use jiff::{SignedDuration, Timestamp};

use super::join::longest_question;
use super::vanish::NOTIFIED_WITHIN;
use crate::decide::context::Rules;
use crate::past::{due_at, is_ahead, past};
use crate::policy::retention::RetentionVerdict;
use crate::record::catalogue::{Entry, EntryChangeKind, MatchState, note};
use crate::record::effect::EffectId;
use crate::record::retention::{APPROVED_FOR, Custody, Disposal, Spared};

impl Entry {
    /// Drops marks ahead of `now`, and makes due any wait longer than the longest allowed one. Names every field, so
    /// each new field needs a decision here.
    pub(super) fn set_right(&mut self, now: Timestamp, rules: &Rules) {
        // Times of storage and of the audit log are bounded at their use; history, reviews and refusals are records.
        let Self {
            id: _,
            address: _,
            bastion: _,
            keys: _,
            life: _,
            state: _,
            match_state,
            settled_at: _,
            final_at,
            custody,
            reviews: _,
            announced: _,
            tags: _,
            tagged: _,
            earlier_tags: _,
            pending,
            refusals: _,
            history,
            wake_at,
            revision: _,
        } = self;
        let MatchState {
            verdict: _,
            reasoning: _,
            judged: _,
            is_written_live: _,
            notified: _,
            tagged_person: _,
            contradicted: _,
            confirmed: _,
            ask_at,
        } = match_state;
        let Custody {
            retention: _,
            given_class: _,
            fingerprint: _,
            returned_from: _,
            perhaps_returned_from: _,
            holds: _,
            foreign_hold: _,
            disposal,
            missing_since,
            tombstone: _,
        } = custody;
        *final_at = past(*final_at, now);
        *missing_since = past(*missing_since, now);
        *ask_at = ask_at.map(|at| due_at(at, longest_question(rules), now));
        *wake_at = wake_at.map(|at| due_at(at, longest_sleep(rules), now));
        pending.iter_mut().for_each(|pending| pending.set_right(now));
        if let Some(kept) = disposal {
            kept.set_right(now);
            if final_at.is_none() || is_ahead(kept.marked_at, now) {
                // The warning was sent by a wrong clock, so the disposition starts from the beginning.
                *disposal = None;
                note(history, now, EntryChangeKind::Spared(Spared::MarkedAhead.name().to_owned()));
            }
        }
        if disposal.as_ref().is_none_or(|disposal| disposal.order.is_none()) {
            pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
        }
    }

    /// Returns true if a wrong clock left values in the entry, and they do not soon expire by themselves.
    pub fn is_ahead(&self, now: Timestamp, rules: &Rules) -> bool {
        let mut right = self.clone();
        right.set_right(now, rules);
        let is_early =
            self.custody.disposal.is_some() && RetentionVerdict::from_entry(self, now) != RetentionVerdict::Due;
        right != *self || (is_early && self.state.is_there())
    }
}

impl Disposal {
    fn set_right(&mut self, now: Timestamp) {
        let Self { etag: _, marked_at: _, grace_until: _, approval, order } = self;
        *approval = approval.take().filter(|approval| due_at(approval.until, APPROVED_FOR, now) == approval.until);
        *order = order.filter(|order| !is_ahead(order.at, now));
    }
}

/// Longest sleep of an entry. An entry waiting for a later time wakes up in between.
pub fn longest_sleep(rules: &Rules) -> SignedDuration {
    let waits = [rules.settle_after, rules.active_at_most, NOTIFIED_WITHIN, longest_question(rules)];
    waits.into_iter().max().unwrap_or(NOTIFIED_WITHIN)
}
