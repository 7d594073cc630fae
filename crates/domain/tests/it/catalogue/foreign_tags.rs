//! Tests foreign changes of our tags: a foreign hold keeps the recording, other changes are notified and reverted.

use domain::decide::catalogue::EntryCommand;
use domain::policy::retention::{Policy, RetentionVerdict};
use domain::policy::tags::plan;
use domain::record::blob::BlobObservation;
use domain::record::catalogue::{Entry, EntryChangeKind, RecordingState};
use domain::record::effect::{EffectId, EffectResult};
use domain::record::hold::HoldScope;
use domain::record::notification::{Event, FactValue, Notification, Severity};
use domain::record::retention::Executor;
use domain::record::tags::{DUE, HOLD, NO_HOLD, STATE, TagSet, UNKNOWN_HOLD, is_hold};

use crate::catalogue::custody::{DAY, expiring, finished, hold, known};
use crate::catalogue::world::{Name, at, deleted, there};

/// Long after every write of ours.
const LATER: i64 = 41 * DAY;
const FOREIGN: &str = "INC-4711";

fn here() -> BlobObservation {
    there(0, 0, 9)
}

fn planned(entry: &Entry) -> TagSet {
    TagSet(plan(entry).iter().map(|tag| (tag.key.as_str().to_owned(), tag.value.as_str().to_owned())).collect())
}

/// Our tags with one of them changed or removed by others.
fn with(entry: &Entry, key: &str, value: Option<&str>) -> TagSet {
    let mut tags = entry.tags.clone();
    match value {
        Some(value) => drop(tags.0.insert(key.to_owned(), value.to_owned())),
        None => drop(tags.0.remove(key)),
    }
    tags
}

fn take(seen: TagSet, entry: &Entry) -> EntryCommand {
    EntryCommand::TakeTags { seen, revision: entry.revision }
}

/// Reads these tags and dies before writing anything back.
fn see(name: &mut Name, seen: &TagSet, now: i64) {
    let command = take(seen.clone(), name.only());
    name.decide_and_die(Some((name.only().id, command)), here(), at(now));
}

/// Pending notifications about tags.
fn findings(name: &Name) -> Vec<Notification> {
    let told = name.only().pending.iter().filter_map(|pending| match &pending.effect {
        domain::record::effect::Effect::Notify(told) if told.event == Event::PostureFinding => Some(told.clone()),
        _ => None,
    });
    told.collect()
}

fn text(notification: &Notification, fact: &str) -> String {
    let value = &notification.facts.iter().find(|known| known.name == fact).unwrap().value;
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Number(number) => number.to_string(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Kept,
    Warned,
    Ordered,
}

/// A recording at a stage of its disposition, with tags that have shown the stage for days.
fn at_stage(stage: Stage, executor: Executor, is_held: bool) -> Name {
    let policy = Policy { executor, ..known() };
    let mut name = finished(policy);
    if stage != Stage::Kept {
        name.command(EntryCommand::Mark, here(), at(32 * DAY));
    }
    if stage == Stage::Ordered {
        match executor {
            Executor::Lifecycle => drop(name.command(EntryCommand::Dispose, here(), at(40 * DAY))),
            Executor::Archivist => {
                let command = Some((name.only().id, EntryCommand::Dispose));
                name.decide_and_die(command, here(), at(40 * DAY));
            }
        }
        assert!(name.only().custody.disposal.as_ref().unwrap().order.is_some());
    }
    if is_held {
        name.holds = vec![hold(HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() })];
        name.look(here(), at(40 * DAY + 1));
    }
    name
}

#[test]
fn a_foreign_tag_causes_no_deletion_and_is_reported_once() {
    let values = [None, Some(NO_HOLD), Some(UNKNOWN_HOLD), Some("unknown"), Some(FOREIGN), Some(DUE), Some("multiple")];
    let keys = ["bsr-hold", "bsr-class", "bsr-expires", "bsr-state", "bsr-start", "bsr-foo"];
    let mut tried = 0;
    for executor in Executor::ALL {
        for stage in [Stage::Kept, Stage::Warned, Stage::Ordered] {
            for is_held in [false, true] {
                for key in keys {
                    for value in values {
                        let name = at_stage(stage, executor, is_held);
                        let was = name.only().tags.get(key).map(str::to_owned);
                        if was.as_deref() != value {
                            tried += 1;
                            somebody_writes(name, key, value, is_held);
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

fn somebody_writes(mut name: Name, key: &str, value: Option<&str>, is_held: bool) {
    let before = name.only().clone();
    let seen = with(&before, key, value);
    let case = format!("{key}={value:?} over {:?} in {:?}, held: {is_held}", before.tags.get(key), before.state);
    see(&mut name, &seen, LATER);
    let entry = name.only().clone();
    // The placeholder written by us.
    let is_ours = key == HOLD && value == Some(UNKNOWN_HOLD);
    let is_foreign = key == HOLD && value.is_some_and(is_hold);
    let is_critical = (key, value) == (STATE, Some(DUE)) || key == HOLD && is_held && !is_foreign;
    let told = findings(&name);
    assert_eq!(told.len(), usize::from(!is_ours), "{case}");
    if let [told] = told.as_slice() {
        let severity = if is_critical { Severity::Critical } else { Severity::Warning };
        assert_eq!(told.severity(), severity, "{case}");
        assert!(text(told, "found").contains(key), "{case}");
        assert!(entry.history.iter().any(|change| matches!(&change.what, EntryChangeKind::TagsChanged(_))), "{case}");
    }
    assert_eq!(entry.custody.foreign_hold.as_ref().map(|hold| hold.value.as_str()), value.filter(|_| is_foreign));
    if is_foreign {
        assert_eq!(RetentionVerdict::from_entry(&entry, at(LATER)), RetentionVerdict::Held, "{case}");
        assert_eq!((entry.disposal_at(), entry.custody.disposal.is_none()), (None, true), "{case}");
        assert!(entry.pending(&EffectId::DeleteBlob).is_none(), "{case}");
        assert!(is_hold(planned(&entry).hold().unwrap()), "{case}");
    } else {
        assert_eq!(planned(&entry), planned(&before), "our statement does not follow: {case}");
    }
    let is_as_planned = planned(&entry) == seen;
    assert!(is_as_planned || entry.pending(&EffectId::Tags).is_some(), "restored: {case}");
    see(&mut name, &seen, LATER + 60);
    assert_eq!(findings(&name).len(), told.len(), "notified once: {case}");
    assert_eq!(name.only().custody.foreign_hold, entry.custody.foreign_hold, "{case}");
}

/// A recording in disposition with a foreign hold in its tags.
fn held_by_hand() -> Name {
    let mut name = expiring();
    let seen = with(name.only(), HOLD, Some(FOREIGN));
    name.command(take(seen, name.only()), here(), at(34 * DAY));
    assert_eq!((name.only().state, name.only().tags.hold()), (RecordingState::Settled, Some(FOREIGN)));
    name
}

#[test]
fn a_foreign_hold_ends_with_its_tag_and_people_are_warned_again() {
    let mut name = held_by_hand();
    name.command(EntryCommand::Mark, here(), at(50 * DAY));
    assert_eq!(name.only().state, RecordingState::Settled, "it is not even marked");
    for other in [None, Some(UNKNOWN_HOLD)] {
        let seen = with(name.only(), HOLD, other);
        name.command(take(seen, name.only()), here(), at(51 * DAY));
        assert_eq!(name.only().tags.hold(), Some(FOREIGN), "{other:?} is no release, and the value is restored");
    }
    let warned = name.told_names().iter().filter(|event| **event == "recording.expiring").count();
    let seen = with(name.only(), HOLD, Some(NO_HOLD));
    name.command(take(seen, name.only()), here(), at(52 * DAY));
    assert_eq!((name.only().custody.is_held(), name.only().tags.hold()), (false, Some(NO_HOLD)));
    assert_eq!(name.told.last().unwrap().severity(), Severity::Critical);
    name.command(EntryCommand::Mark, here(), at(53 * DAY));
    assert_eq!(name.told_names().iter().filter(|event| **event == "recording.expiring").count(), warned + 1);
    name.command(EntryCommand::Dispose, here(), at(59 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring, "the whole grace");
    name.command(EntryCommand::Dispose, here(), at(61 * DAY));
    assert_eq!(name.only().state, RecordingState::Deleted);
}

#[test]
fn a_foreign_hold_ends_when_a_hold_of_its_case_is_released() {
    for (scope, ends) in [
        (HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() }, true),
        // This hold may or may not cover the recording.
        (HoldScope { person: Some("ada@contoso.example".to_owned()), ..HoldScope::default() }, false),
    ] {
        let mut name = held_by_hand();
        let mut placed = hold(scope);
        placed.case = FOREIGN.to_owned();
        name.holds = vec![placed];
        name.look(here(), at(35 * DAY));
        assert_eq!(name.only().tags.hold(), Some(FOREIGN));
        name.holds.clear();
        name.look(here(), at(36 * DAY));
        assert_eq!(name.only().custody.is_held(), !ends);
        assert_eq!(name.only().tags.hold(), Some(if ends { NO_HOLD } else { FOREIGN }));
    }
}

#[test]
fn a_hold_of_another_case_does_not_replace_a_foreign_hold() {
    let mut name = held_by_hand();
    name.holds = vec![hold(HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() })];
    name.look(here(), at(35 * DAY));
    assert_eq!(name.only().tags.hold(), Some("multiple"));
    name.holds.clear();
    name.look(here(), at(36 * DAY));
    assert_eq!((name.only().custody.is_held(), name.only().tags.hold()), (true, Some(FOREIGN)));
}

#[test]
fn our_tag_value_of_a_released_hold_is_foreign_after_a_while() {
    let mut name = expiring();
    let none = name.only().tags.clone();
    name.holds = vec![hold(HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() })];
    // The process wrote the tag and died before saving the result.
    name.decide_and_die(None, here(), at(33 * DAY));
    let held = planned(name.only());
    assert_eq!((name.only().tags.hold(), held.hold()), (Some(NO_HOLD), Some("CASE-7")));
    name.holds.clear();
    name.decide_and_die(None, here(), at(34 * DAY));
    see(&mut name, &held, 35 * DAY);
    assert_eq!((name.only().custody.is_held(), findings(&name).len()), (false, 0));
    // The plan is written at last, once more by a slower writer, and days later by hand.
    name.look(here(), at(35 * DAY));
    assert_eq!(name.only().tags, none);
    see(&mut name, &held, 35 * DAY + 60);
    assert!(!name.only().custody.is_held());
    name.look(here(), at(35 * DAY + 120));
    see(&mut name, &held, 36 * DAY);
    assert!(name.only().custody.is_held());
}

#[test]
fn a_withdrawn_lifecycle_order_leaves_a_tag_of_ours() {
    let mut name = at_stage(Stage::Warned, Executor::Lifecycle, false);
    // The process wrote the tag and died before saving the result.
    name.decide_and_die(Some((name.only().id, EntryCommand::Dispose)), here(), at(40 * DAY));
    let due = planned(name.only());
    assert_eq!((due.get(STATE), name.only().tags.get(STATE)), (Some(DUE), Some("pending")));
    name.holds = vec![hold(HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() })];
    name.decide_and_die(None, here(), at(LATER));
    see(&mut name, &due, LATER + 60);
    assert_eq!(findings(&name), []);
    assert_eq!(planned(name.only()).hold(), Some("CASE-7"));
}

#[test]
fn tags_read_before_the_last_save_are_ignored() {
    let mut name = held_by_hand();
    let stale =
        EntryCommand::TakeTags { seen: with(name.only(), HOLD, Some(NO_HOLD)), revision: name.only().revision - 1 };
    name.command(stale, here(), at(LATER));
    assert!(name.only().custody.is_held());
}

#[test]
fn new_content_without_tags_is_no_foreign_change() {
    let mut name = finished(known());
    let command = take(TagSet::default(), name.only());
    name.decide_and_die(Some((name.only().id, command)), there(0, 3 * DAY, 9), at(3 * DAY));
    assert_eq!(findings(&name), []);
    assert!(name.only().pending(&EffectId::Tags).is_some());
}

#[test]
fn harmless_tag_changes_are_reported_daily_per_container() {
    let mut name = finished(known());
    let mut ids = Vec::new();
    for (now, value) in [(3 * DAY, "a"), (3 * DAY + 3_600, "b"), (4 * DAY, "c")] {
        let seen = with(name.only(), "bsr-start", Some(value));
        name.command(take(seen, name.only()), here(), at(now));
        ids.push(name.told.last().unwrap().id.clone());
    }
    assert_eq!((ids[0] == ids[1], ids[1] == ids[2]), (true, false));
}

#[test]
fn a_deletion_of_a_recording_not_marked_by_us_is_unexpected() {
    let unexpected = |name: &Name| name.told_names().contains(&"recording.deleted_unexpectedly");
    // Marked by hand, without a decision of ours.
    let mut name = at_stage(Stage::Kept, Executor::Lifecycle, false);
    let seen = with(name.only(), STATE, Some(DUE));
    see(&mut name, &seen, LATER);
    name.hear(deleted(LATER + 60), BlobObservation::Gone, at(LATER + 61));
    assert!(unexpected(&name));
    // Ordered, but the tags for the order were refused for good.
    for is_heard in [true, false] {
        let mut name = at_stage(Stage::Warned, Executor::Lifecycle, false);
        name.decide_and_die(Some((name.only().id, EntryCommand::Dispose)), here(), at(40 * DAY));
        let refused = EffectResult::RefusedForGood("403".to_owned());
        name.lives.entries[0].complete(&EffectId::Tags, refused, at(40 * DAY + 60));
        match is_heard {
            true => drop(name.hear(deleted(LATER), BlobObservation::Gone, at(LATER + 1))),
            false => {
                name.look(BlobObservation::Gone, at(LATER));
                name.look(BlobObservation::Gone, at(LATER + 2 * DAY));
            }
        }
        assert!(unexpected(&name), "event received: {is_heard}");
        assert_eq!((name.only().state, name.only().custody.tombstone.is_none()), (RecordingState::Deleted, true));
    }
    // Ordered and marked: the delete is the lifecycle policy's own.
    let mut name = at_stage(Stage::Ordered, Executor::Lifecycle, false);
    name.hear(deleted(LATER), BlobObservation::Gone, at(LATER + 1));
    assert!(!unexpected(&name) && name.told_names().contains(&"recording.deleted"));
}
