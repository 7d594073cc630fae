//! Tests that nothing is deleted before people can hear the warning.

use domain::decide::catalogue::EntryCommand;
use domain::record::catalogue::RecordingState;
use domain::record::effect::{Effect, EffectId, EffectOutcome, EffectResult, Pending};
use domain::record::notification::Event;
use jiff::Timestamp;

use crate::catalogue::custody::{DAY, finished, known};
use crate::catalogue::world::{Name, at, there};

/// A recording marked on day 32 whose warning was not handed over, and the id of the warning.
fn unwarned() -> (Name, EffectId) {
    let mut name = finished(known());
    name.decide_and_die(Some((name.only().id, EntryCommand::Mark)), there(0, 0, 9), at(32 * DAY));
    let is_warning =
        |pending: &&Pending| matches!(&pending.effect, Effect::Notify(told) if told.event == Event::RecordingExpiring);
    let warning = name.only().pending.iter().find(is_warning).unwrap().effect.id();
    (name, warning)
}

/// Completes an effect of the only entry.
fn complete(name: &mut Name, effect: &EffectId, result: EffectResult, now: Timestamp) {
    let mut entry = name.only().clone();
    entry.complete(effect, result, now);
    name.lives.replace(&[entry]);
}

#[test]
fn a_recording_without_a_stored_warning_is_not_deleted() {
    let (mut name, warning) = unwarned();
    let command = Some((name.only().id, EntryCommand::Dispose));
    name.decide_and_die(command.clone(), there(0, 0, 9), at(400 * DAY));
    assert_eq!(name.only().custody.disposal.as_ref().unwrap().order, None, "nobody may have been warned");
    complete(&mut name, &warning, EffectResult::Done(EffectOutcome::HandedOver), at(400 * DAY));
    name.decide_and_die(command.clone(), there(0, 0, 9), at(407 * DAY - 1));
    assert_eq!(name.only().custody.disposal.as_ref().unwrap().order, None, "the grace counts from the warning");
    name.decide_and_die(command, there(0, 0, 9), at(407 * DAY));
    assert!(name.only().custody.disposal.as_ref().unwrap().order.is_some());
}

#[test]
fn a_recording_whose_warning_is_given_up_is_marked_anew() {
    let (mut name, warning) = unwarned();
    complete(&mut name, &warning, EffectResult::RefusedForGood("403".to_owned()), at(33 * DAY));
    assert_eq!((name.only().state, &name.only().custody.disposal), (RecordingState::Settled, &None));
    name.command(EntryCommand::Mark, there(0, 0, 9), at(34 * DAY));
    assert_eq!(name.only().custody.disposal.as_ref().unwrap().marked_at.as_second(), at(34 * DAY).as_second());
    assert_eq!(name.told_names().last(), Some(&"recording.expiring"));
}

#[test]
fn a_warning_handed_over_under_a_wrong_clock_begins_again() {
    let (mut name, warning) = unwarned();
    complete(&mut name, &warning, EffectResult::Done(EffectOutcome::HandedOver), at(3_000 * DAY));
    name.look(there(0, 0, 9), at(33 * DAY));
    assert_eq!((name.only().state, &name.only().custody.disposal), (RecordingState::Settled, &None));
}
