//! Moves an entry one step towards its deletion, if requested and allowed.

use jiff::Timestamp;

use super::announce::announce;
use super::retain::EntryCommand;
use crate::decide::context::Context;
use crate::policy::retention::{Disposition, Policy, RetentionVerdict, may_go, may_go_on_until};
use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, EntryChangeKind, RecordingState, note};
use crate::record::effect::Effect;
use crate::record::hold::Hold;
use crate::record::notification::Event;
use crate::record::retention::{DeletionOrder, Disposal, Executor};

/// Applies a disposition command to the entry, if the policy and the holds allow it.
pub(super) fn apply_command(
    entry: &mut Entry,
    command: Option<&EntryCommand>,
    holds: Option<&[Hold]>,
    context: &Context<'_>,
) {
    let (Some(policy), Some(holds)) = (context.rules.retention.as_deref(), holds) else {
        return;
    };
    match command {
        Some(EntryCommand::Mark) if policy.enforce && entry.custody.disposal.is_none() => mark(entry, policy, context),
        Some(EntryCommand::Approve { approval, planned }) => {
            let is_as_planned = Disposition::from_entry(entry).as_ref() == Some(planned);
            if let Some(disposal) = entry.custody.disposal.as_mut().filter(|_| is_as_planned) {
                disposal.approval = Some(approval.clone());
                let (by, plan) = (approval.by.clone(), approval.plan.clone());
                note(&mut entry.history, context.now, EntryChangeKind::Approved { by, plan });
            }
        }
        Some(EntryCommand::Dispose) => dispose(entry, holds, policy, context.now),
        Some(EntryCommand::DisposeApproved) if is_approved(entry, context.now) => {
            dispose(entry, holds, policy, context.now);
        }
        _ => {}
    }
}

fn is_approved(entry: &Entry, now: Timestamp) -> bool {
    entry.custody.disposal.as_ref().is_some_and(|disposal| disposal.is_approved(now))
}

fn mark(entry: &mut Entry, policy: &Policy, context: &Context<'_>) {
    let Some(etag) =
        entry.life.etag().filter(|_| RetentionVerdict::from_entry(entry, context.now) == RetentionVerdict::Due)
    else {
        return;
    };
    let marked_at = whole_second(context.now);
    let grace_until = policy.grace_until(marked_at);
    entry.custody.disposal = Some(Disposal { etag, marked_at, grace_until, approval: None, order: None });
    entry.state = RecordingState::Expiring;
    note(&mut entry.history, context.now, EntryChangeKind::Expiring);
    let notification = announce(entry, Event::RecordingExpiring, &marked_at.to_string(), marked_at, context);
    entry.pending.push(Effect::Notify(notification).pending(context.now));
}

fn dispose(entry: &mut Entry, holds: &[Hold], policy: &Policy, now: Timestamp) {
    let is_ordered = entry.custody.disposal.as_ref().is_some_and(|disposal| disposal.order.is_some());
    // `take_state` has just reset the state.
    if entry.custody.disposal.is_some() {
        entry.state = RecordingState::Expiring;
    }
    if is_ordered || may_go(entry, holds, policy, now).is_err() {
        return;
    }
    let is_allowed = is_approved(entry, now);
    if let Some(disposal) = &mut entry.custody.disposal {
        // An expired approval has no part in the order.
        disposal.approval = disposal.approval.take().filter(|_| is_allowed);
        disposal.order = Some(DeletionOrder { at: now, by: policy.executor });
        note(&mut entry.history, now, EntryChangeKind::Ordered);
        if policy.executor == Executor::Archivist {
            entry.pending.push(Effect::DeleteBlob.pending(now));
        }
    }
}

impl Entry {
    /// Starts the grace period: the warning is stored, and each channel will hear of it. A late warning delays the end
    /// of the period.
    pub(super) fn begin_grace(&mut self, now: Timestamp) {
        let Some(disposal) = &mut self.custody.disposal else { return };
        let begun_at = whole_second(now).max(disposal.marked_at);
        let late = begun_at.duration_since(disposal.marked_at);
        disposal.marked_at = begun_at;
        disposal.grace_until = disposal.grace_until.saturating_add(late).unwrap_or(Timestamp::MAX);
    }

    /// Returns when the retention sweep must look at the entry next: after its last day and the longest possible end of
    /// its session, or after the grace period.
    /// `None` if the entry never becomes due by itself.
    pub fn disposal_at(&self) -> Option<Timestamp> {
        let retention = self.custody.retention.as_ref().filter(|_| self.state.is_there() && !self.custody.is_held())?;
        let is_open = retention.unknown.is_empty() && retention.then != crate::record::retention::Then::Keep;
        match &self.custody.disposal {
            _ if !is_open => None,
            Some(disposal) => Some(disposal.grace_until),
            None => retention.ends_at().map(|at| may_go_on_until(self).map_or(at, |open| at.max(open))),
        }
    }
}
