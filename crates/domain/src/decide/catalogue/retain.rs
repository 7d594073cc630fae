//! Applies retention, holds and disposition to a final entry.

use jiff::Timestamp;

use super::advance::LifePosition;
use super::confirm::Word;
use super::dispose::apply_command;
use super::fingerprint::{leave_unread, take_fingerprint};
use super::foreign_tags::take_tags;
use super::input::Input;
use super::reviewed::{ReviewSubmission, take_review};
use super::tombstone::{reconcile_tombstone, record, tombstone_by_order};
use crate::decide::context::Context;
use crate::policy::retention::{Disposition, Policy, RetentionVerdict};
use crate::policy::tags::hold_value;
use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, EntryChangeKind, RecordingState, note};
use crate::record::effect::{Effect, EffectId};
use crate::record::hold::{CarriedHold, Hold};
use crate::record::ledger;
use crate::record::ledger::{LedgerFact, Stay};
use crate::record::notification::Event;
use crate::record::retention::{Approval, Executor, Fingerprint, ForeignHold, Retention, Spared, Then};
use crate::record::tags::TagSet;

/// Command of a sweep or a person for one entry. Ignored if the entry does not allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryCommand {
    /// Let the present policy shorten the retention of earlier ones.
    Reapply {
        /// Person who requests it.
        by: String,
    },
    /// Assign a retention class, or return to the rules.
    GiveClass {
        /// Class; `None` to return to the rules.
        class: Option<String>,
        /// Person who requests it.
        by: String,
    },
    /// Start the grace period with a warning, if the last day is over.
    Mark,
    /// Approve the deletion. Dropped if the disposition no longer matches the plan.
    Approve {
        /// Approval.
        approval: Approval,
        /// Disposition as it was planned.
        planned: Disposition,
    },
    /// Delete the recording, if nothing forbids it.
    Dispose,
    /// Like `Dispose`, but only with a valid approval.
    DisposeApproved,
    /// Apply a confirmation of the session.
    Confirm(Word),
    /// Store a review. Ignored if the entry refuses it; see [`Entry::refuses_review`].
    Review(ReviewSubmission),
    /// Store the hash of a content.
    Hashed(Fingerprint),
    /// Apply the tags read from the blob. Dropped if the entry has changed since.
    TakeTags {
        /// All tags of the blob.
        seen: TagSet,
        /// Revision of the entry loaded before the tags were read.
        revision: u64,
    },
}

/// Updates retention and holds of the entry, and applies the command.
pub(super) fn decide_retention(
    entry: &mut Entry,
    was: &Entry,
    position: LifePosition,
    input: &Input,
    context: &Context<'_>,
) {
    let command = input.command_for(entry.id);
    if let Some(EntryCommand::TakeTags { seen, revision }) = command
        && was.revision == *revision
        && position == LifePosition::Present
    {
        take_tags(entry, seen, context);
    }
    let was_gone = entry.custody.tombstone.is_some() || !was.state.is_there();
    if position == LifePosition::Present && was_gone {
        // The blob was restored after some delete: the disposition starts again, without any earlier order.
        (entry.custody.tombstone, entry.custody.disposal) = (None, None);
        entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
        entry.announced.remove(&Event::RecordingDeleted);
    }
    if entry.state == RecordingState::Deleted {
        reconcile_tombstone(entry, context.now);
        // A blob recreated under this name is a different recording; drop the pending delete.
        entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
    }
    if position == LifePosition::Gone && entry.custody.tombstone.is_none() {
        tombstone_by_order(entry, context.now, context.now);
    }
    if entry.final_at.is_none() || !entry.state.is_there() {
        leave_unread(entry);
        return;
    }
    if let Some(EntryCommand::GiveClass { class, by }) = command
        && entry.custody.given_class != *class
    {
        entry.custody.given_class.clone_from(class);
        note(&mut entry.history, context.now, EntryChangeKind::ClassGiven { class: class.clone(), by: by.clone() });
    }
    // Before the policy, which sees a review only if the content is the reviewed one.
    take_fingerprint(entry, command, position, context);
    if let Some(EntryCommand::Review(submitted)) = command {
        // The rules of the policy see the review in this decision.
        take_review(entry, submitted, context.now);
    }
    if let Some(policy) = context.rules.retention.as_deref() {
        let by = if let Some(EntryCommand::Reapply { by }) = command {
            Some(by.as_str())
        } else {
            None
        };
        take_policy(entry, policy, by, context.now);
    }
    take_back_order(entry, context.rules.retention.as_deref());
    if let Some(holds) = input.holds.read() {
        take_holds(entry, holds, context.now);
    }
    take_back_disposal(entry, context.rules.retention.as_deref(), context.now);
    if position == LifePosition::Present {
        apply_command(entry, command, input.holds.read().map(Vec::as_slice), context);
    }
    entry.state = match entry.custody.disposal {
        Some(_) => RecordingState::Expiring,
        None if entry.state == RecordingState::Expiring => RecordingState::Settled,
        None => entry.state,
    };
}

/// Withdraws a deletion order to the lifecycle policy if the present policy does not support it.
fn take_back_order(entry: &mut Entry, policy: Option<&Policy>) {
    let is_taken_back = is_order_taken_back(entry, policy);
    if let Some(disposal) = entry.custody.disposal.as_mut().filter(|_| is_taken_back) {
        disposal.order = None;
    }
}

/// Returns true if the present policy withdraws an order to the lifecycle policy, or the disposition itself.
pub fn is_taken_back(entry: &Entry, policy: Option<&Policy>) -> bool {
    is_order_taken_back(entry, policy) || is_stopped(entry, policy)
}

/// Returns true if an order to the lifecycle policy no longer holds: enforcement is off, another executor deletes, or a
/// required approval is missing.
fn is_order_taken_back(entry: &Entry, policy: Option<&Policy>) -> bool {
    let Some(disposal) = &entry.custody.disposal else { return false };
    let is_lifecycle = disposal.order.is_some_and(|order| order.by == Executor::Lifecycle);
    let is_lifecycles = policy.is_some_and(|policy| policy.enforce && policy.executor == Executor::Lifecycle);
    let is_reviewed = entry.custody.retention.as_ref().is_some_and(|retention| retention.then == Then::Review);
    is_lifecycle && (!is_lifecycles || is_reviewed && disposal.approval.is_none())
}

/// Returns true if enforcement is off for a disposition without an order. An ordered blob may already be gone; the
/// executor of the order reports why it is not.
fn is_stopped(entry: &Entry, policy: Option<&Policy>) -> bool {
    let is_enforced = policy.is_some_and(|policy| policy.enforce);
    entry.custody.disposal.as_ref().is_some_and(|disposal| disposal.order.is_none() && !is_enforced)
}

/// Stores the retention of the present policy. Shortens the earlier one only if `shortened_by` names a person.
fn take_policy(entry: &mut Entry, policy: &Policy, shortened_by: Option<&str>, now: Timestamp) {
    let Some(retention) = policy.extends(entry, shortened_by.is_some()) else {
        return;
    };
    let was = entry.custody.retention.take();
    let terms = |of: &Retention| (of.class.clone(), of.delete_after);
    let is_another = was.as_ref().is_none_or(|was| !was.ends_like(&retention));
    if let (Some(was), Some(by)) = (&was, shortened_by)
        && retention.shortens(was)
    {
        let (class, delete_after) = terms(&retention);
        note(&mut entry.history, now, EntryChangeKind::Shortened { class, delete_after, by: by.to_owned() });
        let pending = Effect::Record(shortening(entry, was, &retention, by, now)).pending(now);
        record(entry, pending);
    } else if is_another {
        let (class, delete_after) = terms(&retention);
        note(&mut entry.history, now, EntryChangeKind::Retained { class, delete_after });
    }
    if let Some(disposal) = &mut entry.custody.disposal
        && is_another
    {
        disposal.end_approval(now);
    }
    entry.custody.retention = Some(retention);
}

/// Builds the ledger fact of a shortened retention.
fn shortening(entry: &Entry, was: &Retention, is: &Retention, by: &str, now: Timestamp) -> LedgerFact {
    let stay =
        |of: &Retention| Stay { class: of.class.clone(), retain_until: of.retain_until, delete_after: of.delete_after };
    let what = ledger::LedgerEvent::RetentionShortened {
        recording: entry.id,
        address: entry.address.clone(),
        policy: is.policy.0.clone(),
        was: stay(was),
        now: stay(is),
        by: by.to_owned(),
    };
    LedgerFact::new(whole_second(now), what)
}

fn take_holds(entry: &mut Entry, holds: &[Hold], now: Timestamp) {
    let held = Hold::carried_by(entry, holds, |_| now);
    let was = std::mem::take(&mut entry.custody.holds);
    let is_in = |list: &[CarriedHold], one: &CarriedHold| list.iter().any(|held| held.hold == one.hold);
    for new in held.iter().filter(|new| !is_in(&was, new)) {
        note(&mut entry.history, now, EntryChangeKind::Held(new.case.clone()));
    }
    for gone in was.iter().filter(|gone| !is_in(&held, gone)) {
        note(&mut entry.history, now, EntryChangeKind::Released(gone.case.clone()));
    }
    let is_released = |known: &&CarriedHold| holds.iter().all(|hold| hold.id != known.hold);
    let ended = was.iter().filter(is_released).filter(|known| known.is_certain);
    // A hold of ours for that case replaced the foreign hold, and a person has released it.
    let is_ended = |foreign: &mut ForeignHold| ended.clone().any(|known| hold_value(&known.case) == foreign.value);
    entry.custody.foreign_hold.take_if(is_ended);
    entry.custody.holds = held;
}

/// Cancels a disposition if the recording is held, not due any more, rewritten, or enforcement is off. The earlier
/// warning would be outdated at the next disposition, so a new one is sent then.
fn take_back_disposal(entry: &mut Entry, policy: Option<&Policy>, now: Timestamp) {
    let Some(disposal) = &entry.custody.disposal else { return };
    let is_another = entry.life.etag().as_ref() != Some(&disposal.etag);
    let reason = match RetentionVerdict::from_entry(entry, now) {
        _ if is_another => Spared::Changed,
        RetentionVerdict::Due if is_stopped(entry, policy) => Spared::NotEnforced,
        RetentionVerdict::Due => return,
        _ if entry.custody.is_held() => Spared::Held,
        _ => Spared::NotDue,
    };
    entry.custody.disposal = None;
    entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
    note(&mut entry.history, now, EntryChangeKind::Spared(reason.name().to_owned()));
}
