//! Decides how one input changes the lives of one blob name.

use jiff::{SignedDuration, Timestamp};

use super::advance::{LifePosition, advance};
use super::foreign_tags::own_plan;
use super::input::Input;
use super::needs::{Decision, needs, postpone};
use super::partition::{Observed, partition};
use super::returned::follow_earlier;
use super::suppress::suppress_news;
use crate::decide::context::Context;
use crate::record::blob::{BlobEvent, BlobObservation, BlobProperties, Happening, whole_second};
use crate::record::catalogue::{BlobEvents, Entry, EntryChangeKind, Life, Lives, Observation, note, order};
use crate::record::recording_id::RecordingId;

/// Returns the next form of each changed entry, or what must be read before that can be decided.
pub fn decide(lives: &Lives, input: &Input, context: &Context<'_>) -> Decision {
    let changed = next_forms(lives, input, context);
    match needs(lives, &changed, input, context) {
        Some(needs) => Decision::Needs(needs),
        None => Decision::Changed(changed),
    }
}

/// Returns the next form of each changed entry, with what has been read so far.
fn next_forms(lives: &Lives, input: &Input, context: &Context<'_>) -> Vec<Entry> {
    let received = input
        .received
        .as_ref()
        .filter(|event| !lives.entries.iter().any(|entry| entry.life.blob_events.contains(event)));
    let mut events: Vec<BlobEvent> =
        lives.entries.iter().flat_map(|entry| entry.life.blob_events.events()).cloned().collect();
    events.extend(received.cloned());
    bound_by_look(&mut events, &input.reading);
    let seen = seen(lives, &events, &input.reading);
    let current_epoch_start = seen.iter().find(|seen| seen.now).map(|seen| seen.observation.epoch_start);
    let found = partition(events, seen);
    let count = found.len();
    let mut assigned = assign(lives, found);
    restore_folded(lives, &mut assigned);
    let mut changed = Vec::new();
    let mut earlier: Vec<Entry> = Vec::new();
    for (at, (before, life)) in assigned.into_iter().enumerate() {
        let position = position(&life, current_epoch_start, at + 1 == count, &input.reading);
        let blank = before.is_none().then(|| blank(lives, &changed, &life, received, context));
        let Some(mut entry) = before.cloned().or(blank) else { continue };
        if matches!(position, LifePosition::Present | LifePosition::NotRead) {
            let command = input.command_for(entry.id);
            follow_earlier(&mut entry, &life, &earlier, command);
        }
        let mut next = advance(entry, life, position, input, context);
        if let Some(before) = before {
            next.remember_plan_of(before, context.now);
        }
        if before.is_some_and(|before| divided(before, &next)) {
            note(&mut next.history, context.now, EntryChangeKind::LifeDivided);
        }
        if before != Some(&next) {
            suppress_news(&mut next, before, input, context);
            postpone(&mut next, input, context);
            next.revision += 1;
            changed.push(next.clone());
        }
        earlier.push(next);
    }
    changed
}

/// Caps the times of write events at the last write in storage, because the blob was read after them.
fn bound_by_look(events: &mut [BlobEvent], reading: &BlobObservation) {
    let BlobObservation::Present(properties) = reading else { return };
    let written_at = properties.last_modified;
    let others = events.iter_mut().filter(|event| match &event.what {
        Happening::Written { etag, .. } => etag.as_ref() != Some(&properties.etag),
        Happening::TierChanged | Happening::Deleted(_) => false,
    });
    others.filter(|event| whole_second(event.at) > written_at).for_each(|event| event.at = written_at);
}

/// Returns the observations of all lives, with the present one updated or added.
fn seen(lives: &Lives, events: &[BlobEvent], reading: &BlobObservation) -> Vec<Observed> {
    let known = lives.entries.iter().filter_map(|entry| entry.life.observation.clone());
    let mut seen: Vec<Observed> = known.map(|observation| Observed { observation, now: false }).collect();
    let BlobObservation::Present(properties) = reading else { return seen };
    let same = seen
        .iter_mut()
        .filter(|known| known.observation.properties.created_at == properties.created_at)
        .max_by_key(|known| known.observation.epoch_start);
    match (same, outlived(events, properties)) {
        (Some(known), restored) if restored.is_none_or(|at| at <= known.observation.epoch_start) => {
            known.observation.properties = properties.clone();
            known.now = true;
        }
        (same, restored) => {
            let epoch_start = restored.filter(|_| same.is_some()).unwrap_or_else(|| birth(events, properties));
            seen.push(Observed { observation: Observation { epoch_start, properties: properties.clone() }, now: true });
        }
    }
    seen
}

/// Returns the time of the latest delete survived by the present content, which was restored after it.
fn outlived(events: &[BlobEvent], properties: &BlobProperties) -> Option<Timestamp> {
    let wrote = events
        .iter()
        .find(|event| matches!(&event.what, Happening::Written { etag: Some(etag), .. } if *etag == properties.etag));
    let deletes = events.iter().filter(|event| event.what.is_delete());
    deletes
        .filter(|deleted| match wrote {
            Some(write) => deleted.sequencer > write.sequencer,
            // Storage reports creation and last write in whole seconds, so the same or the next second proves nothing.
            None => whole_second(deleted.at).duration_since(properties.last_modified) > SignedDuration::from_secs(1),
        })
        .map(|deleted| deleted.at)
        .max()
}

/// Returns the time from which events belong to the present blob.
fn birth(events: &[BlobEvent], properties: &BlobProperties) -> Timestamp {
    let wrote = events
        .iter()
        .filter(|event| matches!(&event.what, Happening::Written { etag: Some(etag), .. } if *etag == properties.etag));
    wrote.map(|event| whole_second(event.at)).fold(properties.created_at, Timestamp::min)
}

/// Assigns each life to the entry with its observation, or else with its first event.
fn assign(lives: &Lives, found: Vec<Life>) -> Vec<(Option<&Entry>, Life)> {
    let mut assigned: Vec<(Option<&Entry>, Life)> = found.into_iter().map(|life| (None, life)).collect();
    for entry in &lives.entries {
        let epoch_start = entry.life.observation.as_ref().map(|observation| observation.epoch_start);
        let first = entry.life.blob_events.events().first();
        let belongs = |life: &Life| match epoch_start {
            Some(epoch_start) => {
                life.observation.as_ref().is_some_and(|observation| observation.epoch_start == epoch_start)
            }
            None => {
                first.is_some_and(|first| life.blob_events.events().iter().any(|event| order(event, first).is_eq()))
            }
        };
        if let Some(slot) = assigned.iter_mut().find(|(owner, life)| owner.is_none() && belongs(life)) {
            slot.0 = Some(entry);
        }
    }
    assigned
}

/// Hands folded writes to the life with the first event of the entry they come from.
fn restore_folded(lives: &Lives, assigned: &mut [(Option<&Entry>, Life)]) {
    for entry in &lives.entries {
        let (Some(folded), Some(first)) = (entry.life.blob_events.folded(), entry.life.blob_events.events().first())
        else {
            continue;
        };
        let heir = assigned
            .iter_mut()
            .find(|(_, life)| life.blob_events.events().iter().any(|event| order(event, first).is_eq()));
        if let Some((_, life)) = heir {
            life.blob_events = BlobEvents::new(life.blob_events.events().to_vec(), Some(folded.clone()));
        }
    }
}

fn position(
    life: &Life,
    current_epoch_start: Option<Timestamp>,
    last: bool,
    reading: &BlobObservation,
) -> LifePosition {
    let is_now = current_epoch_start.is_some()
        && life.observation.as_ref().map(|observation| observation.epoch_start) == current_epoch_start;
    match reading {
        _ if life.blob_events.deletion().is_some() => LifePosition::Deleted,
        BlobObservation::Present(_) if is_now => LifePosition::Present,
        BlobObservation::Gone if last => LifePosition::Gone,
        BlobObservation::NotRead if last => LifePosition::NotRead,
        _ => LifePosition::Superseded,
    }
}

/// Builds the first entry of a new life.
fn blank(lives: &Lives, changed: &[Entry], life: &Life, received: Option<&BlobEvent>, context: &Context<'_>) -> Entry {
    let first =
        received.filter(|received| life.blob_events.contains(received)).or_else(|| life.blob_events.events().first());
    let (at, word) = match (first, &life.observation) {
        (Some(event), _) => (event.at, format!("heard {:?} {}", event.what, event.sequencer)),
        (None, Some(observation)) => (observation.epoch_start, format!("seen {}", observation.epoch_start)),
        (None, None) => (context.now, String::new()),
    };
    let taken = |id: RecordingId| lives.entries.iter().chain(changed).any(|entry| entry.id == id);
    let derive = |salt: u32| RecordingId::derive(&lives.address, at, format!("{salt} {word}").as_bytes());
    let id = (0..).map(derive).find(|id| !taken(*id)).unwrap_or_else(|| derive(0));
    let mut entry = Entry::new(id, lives.address.clone(), context.bastion.clone());
    if let Some(before) = lives.entries.iter().rev().find(|before| is_content_of(before, life)) {
        // Class, retention and holds were meant for the recording, not for the deleted blob, and nothing has revoked
        // them.
        entry.custody.returned_from.clone_from(&before.custody.returned_from);
        entry.custody.returned_from.push(before.id);
        entry.custody.given_class.clone_from(&before.custody.given_class);
        entry.custody.retention.clone_from(&before.custody.retention);
        // A review and a confirmation belong to the content.
        entry.reviews.clone_from(&before.reviews);
        if before.match_state.confirmed.is_some() {
            entry.match_state.verdict.clone_from(&before.match_state.verdict);
            entry.match_state.confirmed.clone_from(&before.match_state.confirmed);
            entry.match_state.notified.clone_from(&before.match_state.notified);
            entry.match_state.tagged_person.clone_from(&before.match_state.tagged_person);
        }
        // The restored blob brings its tags back: ours, and those written by others.
        entry.custody.foreign_hold.clone_from(&before.custody.foreign_hold);
        entry.earlier_tags.tags = before.earlier_tags.tags.iter().cloned().chain(own_plan(before)).collect();
    }
    entry
}

/// Returns true if the life has the same content (ETag and creation) as an earlier entry.
fn is_content_of(before: &Entry, life: &Life) -> bool {
    let seen = before.life.observation.as_ref().zip(life.observation.as_ref());
    seen.is_some_and(|(before, now)| {
        (&before.properties.etag, before.properties.created_at) == (&now.properties.etag, now.properties.created_at)
    })
}

/// Returns true if writes of the entry now belong to another life.
fn divided(before: &Entry, next: &Entry) -> bool {
    let kept = |event: &BlobEvent| next.life.blob_events.contains(event);
    before.life.blob_events.writes().any(|event| !kept(event))
}
