//! What has to be read before a decision about a blob name can be made.

use super::input::{Answer, Input};
use super::suppress::notifies_loss;
use crate::decide::context::Context;
use crate::record::catalogue::{Entry, Lives};

/// Result of [`decide`](super::decide).
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Read this, put the answers into the input, and decide again.
    Needs(Needs),
    /// Next form of each changed entry; empty if nothing changes.
    Changed(Vec<Entry>),
}

/// Reads that a decision depends on. At least one is wanted, and none that was answered before, so a decision is made
/// after three rounds at most.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Needs {
    /// Entries in need of a session, in their next form: read the neighbourhood of each for
    /// [`Input::near`](super::Input::near).
    pub sessions_for: Vec<Entry>,
    /// All legal holds, for [`Input::holds`](super::Input::holds).
    pub holds: bool,
    /// The last loss of most recordings of the container, for [`Input::lost_at`](super::Input::lost_at).
    pub lost_at: bool,
}

/// Returns what must be read before `changed` may be saved.
pub(super) fn needs(lives: &Lives, changed: &[Entry], input: &Input, context: &Context<'_>) -> Option<Needs> {
    let unchanged = lives.entries.iter().filter(|entry| changed.iter().all(|changed| changed.id != entry.id));
    let next: Vec<&Entry> = changed.iter().chain(unchanged).collect();
    let mut needs = Needs::default();
    if input.near.is_open() {
        needs.sessions_for =
            next.iter().filter(|entry| is_to_be_matched(entry, context)).map(|entry| (*entry).clone()).collect();
    }
    // A person's command may depend on a hold of an entry that has just become final.
    let is_holdable = input.command.is_some() || lives.entries.iter().chain(changed).any(is_holdable);
    needs.holds = input.holds.is_open() && is_holdable;
    needs.lost_at = input.lost_at.is_open() && changed.iter().any(|entry| notifies_loss(entry, lives.entry(entry.id)));
    (needs != Needs::default()).then_some(needs)
}

/// Returns true if the entry wants a session, and the audit log of its bastion is read.
fn is_to_be_matched(entry: &Entry, context: &Context<'_>) -> bool {
    entry.wants_session(context.now) && entry.evidence().is_some() && context.estate.reads_log_of(&entry.bastion)
}

/// Returns true if a hold can cover the entry: only final recordings can be held.
fn is_holdable(entry: &Entry) -> bool {
    entry.final_at.is_some() && entry.state.is_there()
}

/// Adapts the next check of a changed entry to what could not be read.
pub(super) fn postpone(entry: &mut Entry, input: &Input, context: &Context<'_>) {
    if input.holds == Answer::NotRead && is_holdable(entry) {
        entry.wake_at = entry.wake_at.min(Some(context.now)).or(Some(context.now));
    }
    if let Some(earliest) = input.look_again_at {
        entry.wake_at = entry.wake_at.map(|at| at.max(earliest));
    }
}
