//! How a final entry stays, and how it goes.

use jiff::Timestamp;

use super::advance::Standing;
use super::announce::announce;
use super::context::Context;
use super::decide::Input;
use super::effect::{Effect, EffectId};
use super::entry::{Entry, State};
use super::history::{What, note};
use crate::blob::{BlobEvent, Happening, whole_second};
use crate::hold::{Held, Hold};
use crate::ledger::{self, Fact};
use crate::matcher::Truth;
use crate::notification::Event;
use crate::retention::{
    Approval, Disposal, Executor, Fingerprint, Order, Policy, Spared, Tombstone, Verdict, facts_of_entry, may_go,
    resolve,
};

/// What a sweep or a person wants done with one entry. What the entry does not allow is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Let today's policy shorten what earlier ones said.
    Reapply,
    /// Put it into a class, or leave it to the rules again.
    GiveClass {
        /// The class.
        class: Option<String>,
        /// Who wants it.
        by: String,
    },
    /// Begin to warn people, if its last day is over.
    Mark,
    /// Allow its deletion.
    Approve(Approval),
    /// Delete it, if nothing speaks against it.
    Dispose,
    /// Take in the hash of a content.
    Hashed(Fingerprint),
    /// Write the tags anew, which the blob was seen to lack.
    RestoreTags,
}

/// Says how long the entry stays and which holds cover it, and does what is wanted of it.
pub(super) fn retain(entry: &mut Entry, standing: Standing, input: &Input, context: &Context<'_>) {
    let command = input.command.as_ref().filter(|(id, _)| *id == entry.id).map(|(_, command)| command);
    if command == Some(&Command::RestoreTags) {
        entry.tagged = None;
    }
    if standing == Standing::Present && entry.custody.tombstone.take().is_some() {
        // Somebody brought it back: it goes the whole way again.
        entry.custody.disposal = None;
        entry.announced.remove(&Event::RecordingDeleted);
    }
    if entry.state == State::Deleted {
        bury_as_ordered(entry, context.now);
    }
    if standing == Standing::Gone && entry.custody.tombstone.is_none() {
        bury_by_order(entry, context.now, context.now);
    }
    if entry.final_at.is_none() || !entry.state.is_there() {
        return;
    }
    if let Some(Command::GiveClass { class, by }) = command
        && entry.custody.given_class != *class
    {
        entry.custody.given_class.clone_from(class);
        note(&mut entry.history, context.now, What::ClassGiven { class: class.clone(), by: by.clone() });
    }
    if let Some(policy) = context.rules.retention.as_deref() {
        take_back_order(entry, policy);
        take_policy(entry, policy, command == Some(&Command::Reapply), context.now);
    }
    if let Some(holds) = &input.holds {
        take_holds(entry, holds, context.now);
    }
    take_back_disposal(entry, context.now);
    take_fingerprint(entry, command, standing, context);
    if standing == Standing::Present {
        obey(entry, command, input.holds.as_deref(), context);
    }
    entry.state = match entry.custody.disposal {
        Some(_) => State::Expiring,
        None if entry.state == State::Expiring => State::Settled,
        None => entry.state,
    };
}

/// What the platform was to delete is not, once the policy says so.
fn take_back_order(entry: &mut Entry, policy: &Policy) {
    let is_another = |order: &Order| order.by != policy.executor || !policy.enforce;
    if let Some(disposal) = &mut entry.custody.disposal
        && disposal.order.as_ref().is_some_and(|order| order.by == Executor::Lifecycle && is_another(order))
    {
        disposal.order = None;
    }
}

fn take_policy(entry: &mut Entry, policy: &Policy, may_shorten: bool, now: Timestamp) {
    let Some(day) = policy.starts_at.day(entry) else { return };
    let new = facts_of_entry(entry, |facts| resolve(policy, facts, entry.custody.given_class.as_deref(), day));
    let was = entry.custody.retention.take();
    let retention = match &was {
        Some(was) => was.extended_by(new, may_shorten),
        None => new,
    };
    let said = |of: &crate::retention::Retention| (of.class.clone(), of.delete_after);
    if was.as_ref().map(said) != Some(said(&retention)) {
        let (class, delete_after) = said(&retention);
        note(&mut entry.history, now, What::Retained { class, delete_after });
    }
    entry.custody.retention = Some(retention);
}

fn take_holds(entry: &mut Entry, holds: &[Hold], now: Timestamp) {
    let was = std::mem::take(&mut entry.custody.holds);
    let covering = holds.iter().filter_map(|hold| match hold.covers(entry) {
        Truth::False => None,
        covers => Some((hold, covers == Truth::True)),
    });
    let mut held: Vec<Held> = covering
        .map(|(hold, is_certain)| {
            let known = was.iter().find(|known| known.hold == hold.id);
            let since = known.map_or(now, |known| known.since);
            Held { hold: hold.id.clone(), case: hold.case.clone(), since, is_certain }
        })
        .collect();
    held.sort_by(|one, other| one.hold.cmp(&other.hold));
    let is_in = |list: &[Held], one: &Held| list.iter().any(|held| held.hold == one.hold);
    for new in held.iter().filter(|new| !is_in(&was, new)) {
        note(&mut entry.history, now, What::Held(new.case.clone()));
    }
    for gone in was.iter().filter(|gone| !is_in(&held, gone)) {
        note(&mut entry.history, now, What::Released(gone.case.clone()));
    }
    entry.custody.holds = held;
}

/// Goes one step towards the end, where that is wanted and allowed.
fn obey(entry: &mut Entry, command: Option<&Command>, holds: Option<&[Hold]>, context: &Context<'_>) {
    let (Some(policy), Some(holds)) = (context.rules.retention.as_deref(), holds) else {
        return;
    };
    match command {
        Some(Command::Mark) if policy.enforce && entry.custody.disposal.is_none() => mark(entry, policy, context),
        Some(Command::Approve(approval)) => {
            if let Some(disposal) = &mut entry.custody.disposal {
                disposal.approval = Some(approval.clone());
                let (by, plan) = (approval.by.clone(), approval.plan.clone());
                note(&mut entry.history, context.now, What::Approved { by, plan });
            }
        }
        Some(Command::Dispose) => dispose(entry, holds, policy, context.now),
        _ => {}
    }
}

fn mark(entry: &mut Entry, policy: &Policy, context: &Context<'_>) {
    let Some(etag) = entry.life.etag().filter(|_| Verdict::of(entry, context.now) == Verdict::Due) else {
        return;
    };
    let marked_at = whole_second(context.now);
    let grace_until = policy.grace_until(marked_at);
    entry.custody.disposal = Some(Disposal { etag, marked_at, grace_until, approval: None, order: None });
    entry.state = State::Expiring;
    note(&mut entry.history, context.now, What::Expiring);
    let notification = announce(entry, Event::RecordingExpiring, &marked_at.to_string(), marked_at, context);
    entry.pending.push(Effect::Notify(notification).pending(context.now));
}

fn dispose(entry: &mut Entry, holds: &[Hold], policy: &Policy, now: Timestamp) {
    let is_ordered = entry.custody.disposal.as_ref().is_some_and(|disposal| disposal.order.is_some());
    // Whoever decides has just been told of its state by the life that was taken in.
    if entry.custody.disposal.is_some() {
        entry.state = State::Expiring;
    }
    if is_ordered || may_go(entry, holds, policy, now).is_err() {
        return;
    }
    if let Some(disposal) = &mut entry.custody.disposal {
        disposal.order = Some(Order { at: now, by: policy.executor });
        note(&mut entry.history, now, What::Ordered);
        if policy.executor == Executor::Archivist {
            entry.pending.push(Effect::DeleteBlob.pending(now));
        }
    }
}

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
        Some(Executor::Lifecycle) => true,
        None => false,
    }
}

/// Keeps of a delete that was ordered by which right it was, and takes that back from another one.
fn bury_as_ordered(entry: &mut Entry, now: Timestamp) {
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
fn bury_by_order(entry: &mut Entry, at: Timestamp, now: Timestamp) {
    let custody = &entry.custody;
    if let (Some(disposal), Some(retention)) = (&custody.disposal, &custody.retention)
        && let Some(order) = disposal.order
    {
        let tombstone = disposal.tombstone(entry, retention, order.by, at);
        entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
        entry.state = State::Deleted;
        note(&mut entry.history, now, What::Deleted);
        record_deletion(entry, &tombstone, now);
        entry.custody.tombstone = Some(tombstone);
    }
}

/// Takes a recording off its way out: it is held, it is to stay, or it is another content by now.
fn take_back_disposal(entry: &mut Entry, now: Timestamp) {
    let Some(disposal) = &entry.custody.disposal else { return };
    let reason = if entry.life.etag().as_ref() != Some(&disposal.etag) {
        Spared::Changed
    } else if Verdict::of(entry, now) == Verdict::Due {
        return;
    } else if entry.custody.holds.is_empty() {
        Spared::NotDue
    } else {
        Spared::Held
    };
    entry.custody.disposal = None;
    entry.pending.retain(|pending| pending.effect.id() != EffectId::DeleteBlob);
    note(&mut entry.history, now, What::Spared(reason.name().to_owned()));
}

/// Has the ledger tell of a deletion.
fn record_deletion(entry: &mut Entry, tombstone: &Tombstone, now: Timestamp) {
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
    record(entry, Fact::new(whole_second(tombstone.at), what), now);
}

fn record(entry: &mut Entry, fact: Fact, now: Timestamp) {
    if entry.pending(&EffectId::Fact(fact.id)).is_none() {
        entry.pending.push(Effect::Record(fact).pending(now));
    }
}

/// Has the content hashed once it is final, and anew where it is another one; takes in what came of it.
fn take_fingerprint(entry: &mut Entry, command: Option<&Command>, standing: Standing, context: &Context<'_>) {
    let Some(etag) = entry.life.etag() else { return };
    let was = entry.custody.fingerprint.clone();
    if let Some(Command::Hashed(new)) = command.filter(|_| was.as_ref().is_none_or(|was| was.etag != etag))
        && new.etag == etag
    {
        let what = ledger::What::RecordingHashed {
            recording: entry.id,
            address: entry.address.clone(),
            etag: etag.clone(),
            size: new.size,
            sha256: new.sha256,
        };
        record(entry, Fact::new(whole_second(context.now), what), context.now);
        entry.pending.retain(|pending| pending.effect.id() != EffectId::Hash);
        if was.is_some_and(|was| was.sha256 != new.sha256) {
            let mut changed = announce(entry, Event::RecordingChanged, etag.as_str(), context.now, context);
            changed.facts.push(crate::notification::Fact::text("sha256", new.sha256.to_string()));
            entry.pending.push(Effect::Notify(changed).pending(context.now));
        }
        entry.custody.fingerprint = Some(new.clone());
    }
    let is_hashed = entry.custody.fingerprint.as_ref().is_some_and(|print| print.etag == etag);
    // What is in the archive tier cannot be read before somebody brings it back.
    let is_readable = standing == Standing::Present && entry.life.tier() != Some("Archive");
    let is_wanted = context.rules.hash_recordings && is_readable && !is_hashed;
    if is_wanted && entry.pending(&EffectId::Hash).is_none() {
        entry.pending.push(Effect::Hash.pending(context.now));
    }
}

impl Entry {
    /// When the retention sweep must look at it next: when its last day is over, then when people have been warned.
    /// `None` where nothing will let it go by itself.
    pub fn disposal_at(&self) -> Option<Timestamp> {
        let retention =
            self.custody.retention.as_ref().filter(|_| self.state.is_there() && self.custody.holds.is_empty())?;
        let is_open = retention.unknown.is_empty() && retention.then != crate::retention::Then::Keep;
        match &self.custody.disposal {
            _ if !is_open => None,
            Some(disposal) => Some(disposal.grace_until),
            None => retention.ends_at(),
        }
    }

    /// Takes in that the blob was deleted as ordered.
    pub(super) fn bury(&mut self, tombstone: Tombstone, now: Timestamp) {
        if self.custody.tombstone.is_some() {
            // An event has told it already.
            return;
        }
        record_deletion(self, &tombstone, now);
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
