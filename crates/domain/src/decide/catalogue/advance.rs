//! Advances one entry to its next form, given the current state of its life.

use jiff::Timestamp;

use super::ahead::longest_sleep;
use super::announce::{ONCE, announce, notify_absence, notify_deletion};
use super::confirm::confirm;
use super::foreign_tags::end_trouble;
use super::input::Input;
use super::join::join;
use super::retain::{EntryCommand, decide_retention};
use super::settle::{closes_at, overdue_at, settles_at, wakes_at};
use super::vanish::{is_given_up, note_absence};
use crate::decide::calibration::WayOfWriting;
use crate::decide::context::Context;
use crate::policy::join::AT_ONCE;
use crate::record::catalogue::{Contradicted, Entry, EntryChangeKind, Life, RecordingState, WRITES_KEPT, note};
use crate::record::effect::{Effect, EffectId};
use crate::record::notification::Event;

/// Position of a life among the lives of its blob name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LifePosition {
    /// A delete event closed the life.
    Deleted,
    /// Another life took the name, and no delete event was received.
    Superseded,
    /// The blob exists.
    Present,
    /// The blob should exist and does not.
    Gone,
    /// The blob could not be read, so it may exist.
    NotRead,
}

/// Returns the next form of `entry` (its stored form, or a blank one) for the current `life`.
pub(super) fn advance(
    mut entry: Entry,
    life: Life,
    position: LifePosition,
    input: &Input,
    context: &Context<'_>,
) -> Entry {
    let was = entry.clone();
    entry.set_right(context.now, context.rules);
    entry.life = life;
    entry.keys = context.rules.matching.naming.keys_of_recording(entry.address.name.as_str());
    take_state(&mut entry, &was, position, context);
    note_absence(&mut entry, position, context.now);
    note_changes(&mut entry, &was, context.now);
    if let Some(near) = input.near.read().and_then(|near| near.get(&entry.id)) {
        join(&mut entry, near, context);
    }
    if let Some(EntryCommand::Confirm(word)) = input.command_for(entry.id) {
        confirm(&mut entry, word, context);
    }
    // The privacy settings may have changed since the session was found.
    let person = entry.match_state.verdict.person().and_then(|person| context.rules.privacy.in_tags.show(person));
    entry.match_state.tagged_person = person;
    let is_new = was.history.is_empty() && context.estate.reads_log_of(&entry.bastion);
    if is_new && entry.pending(&EffectId::Rejoin).is_none() {
        // A recording without an end is never judged, but a session may still belong to it.
        entry.pending.push(Effect::Rejoin.pending(context.now));
    }
    note_contradiction(&mut entry, context);
    take_end(&mut entry, position, context);
    decide_retention(&mut entry, &was, position, input, context);
    notify(&mut entry, &was, position, context);
    let newly_final = entry.final_at.is_some() && was.final_at.is_none();
    if position == LifePosition::Present && (entry.lacks_tags() || newly_final) {
        entry.want_tags_now(context.now);
    }
    if matches!(entry.state, RecordingState::Missing | RecordingState::Deleted) {
        // Another blob may have the name by now; these tags do not belong on it.
        entry.pending.retain(|pending| pending.effect.id() != EffectId::Tags);
    }
    let looked = position != LifePosition::NotRead;
    entry.wake_at = match position {
        // A due entry is postponed, or it would block entries whose blob can be read.
        LifePosition::NotRead if entry == was && was.wake_at.is_none_or(|at| at > context.now) => was.wake_at,
        _ => wakes_at(&entry, looked, context),
    };
    // Cap every sleep, also for dates from storage or the log. A longer wait in storage then proves a wrong clock.
    let longest = context.now.saturating_add(longest_sleep(context.rules)).unwrap_or(Timestamp::MAX);
    entry.wake_at = entry.wake_at.map(|at| at.min(longest));
    let unseen = entry.life.writes_after_observation();
    // A late delete event can split off only writes not yet shown by a read of the blob to belong together.
    entry.life.blob_events.fold(if entry.final_at.is_some() { WRITES_KEPT.min(2 + unseen) } else { WRITES_KEPT });
    entry
}

fn take_state(entry: &mut Entry, was: &Entry, position: LifePosition, context: &Context<'_>) {
    let rules = context.rules;
    entry.state = match position {
        LifePosition::Deleted => RecordingState::Deleted,
        LifePosition::Superseded | LifePosition::Gone if entry.custody.tombstone.is_some() => RecordingState::Deleted,
        LifePosition::Gone if is_given_up(entry, context.now) => RecordingState::Deleted,
        LifePosition::Superseded | LifePosition::Gone => RecordingState::Missing,
        LifePosition::NotRead if entry.life.last_modified() > was.life.last_modified() && was.final_at.is_none() => {
            RecordingState::Active
        }
        LifePosition::NotRead => was.state,
        LifePosition::Present => {
            let settles =
                entry.life.last_modified().filter(|_| entry.life.has_content()).map(|at| settles_at(at, rules));
            match settles {
                Some(at) if at <= context.now || entry.final_at.is_some() => {
                    entry.settled_at = Some(at);
                    RecordingState::Settled
                }
                _ => RecordingState::Active,
            }
        }
    };
    if entry.state == RecordingState::Active {
        entry.settled_at = None;
    }
}

fn take_end(entry: &mut Entry, position: LifePosition, context: &Context<'_>) {
    if position == LifePosition::Present && entry.state == RecordingState::Settled && entry.final_at.is_none() {
        let closes = closes_at(entry, context.rules).filter(|at| *at <= context.now);
        entry.final_at = closes.map(|at| entry.settled_at.map_or(at, |settled| settled.max(at)));
        if entry.final_at.is_some() {
            note(&mut entry.history, context.now, EntryChangeKind::Final);
        }
    }
}

/// Returns true if the new blob is a recording in progress. On a bastion that uploads its recordings, a blob with
/// content is a finished recording. An empty blob, or one written for longer than [`AT_ONCE`], is still being recorded.
fn has_started(entry: &Entry, context: &Context<'_>) -> bool {
    let written_for = entry.life.last_modified().zip(entry.created_at()).map(|(to, from)| to.duration_since(from));
    let goes_on = written_for.is_some_and(|length| length > AT_ONCE);
    context.writes != WayOfWriting::AtEnd || !entry.life.has_content() || goes_on
}

/// Stores which session times storage contradicts, and adds new contradictions to the history.
fn note_contradiction(entry: &mut Entry, context: &Context<'_>) {
    let contradicted = entry.contradicted(context.rules.matching.tolerances());
    if contradicted != entry.match_state.contradicted && contradicted != Contradicted::default() {
        note(&mut entry.history, context.now, EntryChangeKind::TimesContradicted(contradicted));
    }
    entry.match_state.contradicted = contradicted;
}

fn note_changes(entry: &mut Entry, was: &Entry, now: Timestamp) {
    let fresh = was.history.is_empty();
    let what = match (was.state, entry.state) {
        _ if fresh => Some(EntryChangeKind::Catalogued),
        (before, after) if before == after => None,
        (RecordingState::Expiring, RecordingState::Settled) => None,
        (RecordingState::Settled, RecordingState::Active) => Some(EntryChangeKind::WrittenAgain),
        (RecordingState::Missing | RecordingState::Deleted, RecordingState::Active | RecordingState::Settled) => {
            Some(EntryChangeKind::Found)
        }
        (_, RecordingState::Settled) => Some(EntryChangeKind::Settled),
        (_, RecordingState::Missing) => Some(EntryChangeKind::Missing),
        (_, RecordingState::Deleted | RecordingState::Active | RecordingState::Expiring) => None,
    };
    if let Some(what) = what {
        note(&mut entry.history, now, what);
    }
    if entry.state == RecordingState::Deleted && was.state != RecordingState::Deleted {
        note(&mut entry.history, now, EntryChangeKind::Deleted);
    }
    let tier = |of: &Entry| of.life.tier().map(str::to_owned);
    if was.life.observation.is_some() && tier(entry) != tier(was) {
        note(&mut entry.history, now, EntryChangeKind::TierChanged);
    }
}

fn notify(entry: &mut Entry, was: &Entry, position: LifePosition, context: &Context<'_>) {
    let now = context.now;
    let created_at = entry.created_at().unwrap_or(now);
    let overdue = overdue_at(created_at, context.rules);
    let there = entry.state.is_there() && entry.life.observation.is_some();
    // If the blob could not be read, its final write may have gone unnoticed.
    let unsettled =
        position == LifePosition::Present && entry.state == RecordingState::Active && entry.final_at.is_none();
    let due = [
        (there && context.rules.announce_started && has_started(entry, context), Event::RecordingStarted, created_at),
        (entry.final_at.is_some() && entry.state.is_there(), Event::RecordingReady, entry.final_at.unwrap_or(now)),
        (unsettled && overdue <= now, Event::RecordingStale, overdue),
        (
            was.announced.contains(&Event::RecordingStale) && entry.state != RecordingState::Active,
            Event::RecordingStaleResolved,
            now,
        ),
    ];
    for (holds, event, at) in due {
        if holds && entry.announced.insert(event) {
            let notification = announce(entry, event, ONCE, at, context);
            entry.pending.push(Effect::Notify(notification).pending(now));
        }
    }
    if entry.state == RecordingState::Deleted
        && was.state != RecordingState::Deleted
        && entry.match_state.is_notified_ambiguous()
    {
        let over = announce(entry, Event::RecordingAmbiguousResolved, "deleted", now, context);
        entry.pending.push(Effect::Notify(over).pending(now));
    }
    if entry.state == RecordingState::Deleted {
        end_trouble(entry, "the recording is deleted", context);
    }
    notify_deletion(entry, was, context);
    notify_absence(entry, was, context);
}
