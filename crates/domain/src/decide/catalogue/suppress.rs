//! Removes notifications that must not be sent.

use jiff::Timestamp;

use super::input::Input;
use crate::decide::context::{Context, is_new, suppress_if_quiet};
use crate::record::catalogue::{Entry, EntryChange, EntryChangeKind};
use crate::record::effect::{Effect, Pending};
use crate::record::notification::Event;

/// Removes the new notifications of a quiet archivist, and those of a single loss if the notification of the loss of
/// most recordings of the container covers it. The entry itself keeps its state.
///
/// If the losses of the container could not be read, the notification stays: a duplicate is better than none.
pub(super) fn suppress_news(entry: &mut Entry, before: Option<&Entry>, input: &Input, context: &Context<'_>) {
    let before = before.map_or(&[][..], |before| &before.pending);
    suppress_if_quiet(&mut entry.pending, before, context);
    if let Some(lost_at) = input.lost_at.read().copied().flatten()
        && is_covered(entry, lost_at)
    {
        entry.pending.retain(|pending| !(is_loss(pending) && is_new(pending, before)));
    }
}

/// Returns true if the entry has a new notification of an unexpected deletion.
pub(super) fn notifies_loss(entry: &Entry, before: Option<&Entry>) -> bool {
    let before = before.map_or(&[][..], |before| &before.pending);
    entry.pending.iter().any(|pending| is_loss(pending) && is_new(pending, before))
}

fn is_loss(pending: &Pending) -> bool {
    matches!(&pending.effect, Effect::Notify(notification) if notification.event == Event::RecordingDeletedUnexpectedly)
}

/// Returns true if the notification of the loss covers the entry: the recording existed before the loss and has not come
/// back since.
fn is_covered(entry: &Entry, lost_at: Timestamp) -> bool {
    let came_back = |change: &EntryChange| change.what == EntryChangeKind::Found && change.at > lost_at;
    entry.created_at().is_some_and(|at| at <= lost_at) && !entry.history.iter().any(came_back)
}
