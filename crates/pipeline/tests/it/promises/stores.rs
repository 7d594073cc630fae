//! Identity of the store behind the catalogue: another store proves nothing, and the same store emptied is a loss.

use std::sync::Arc;

use adapters_local::memory::MemoryBlobs;
use domain::record::catalogue::RecordingState;
use domain::record::notification::Event;
use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::StrangeStore;
use pipeline::ports::BlobStore;
use pipeline::testing::schedule::now;
use serde_json::Value;

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{entries, told};
use crate::promises::storage::address;
use crate::promises::world::{World, container, logs};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const MANY: usize = 30;

fn name(number: usize) -> String {
    format!("vm-user.{number}")
}

fn store(identity: &str) -> Arc<MemoryBlobs> {
    let store = MemoryBlobs::default().called(identity);
    store.create_container(&container());
    store.create_container(&logs());
    Arc::new(store)
}

/// Builds a catalogue from a store, with recordings final for days.
fn made_from(blobs: Arc<MemoryBlobs>, count: usize) -> World {
    let world = World { blobs, ..World::with_log() };
    for number in 0..count {
        world.does(&Work::Event(world.write(&name(number), 9)));
    }
    world.run_to_the_end();
    world
}

fn states(world: &World) -> Vec<RecordingState> {
    entries(world).iter().map(|entry| entry.state).collect()
}

/// Lets days pass, with all checks.
fn days(world: &World, days: i32) {
    world.run_until(world.now() + DAY * days);
}

/// Data of the notification of each unexpected loss.
fn losses(world: &World) -> Vec<Value> {
    let accepted = world.receiver.accepted().into_iter();
    let losses = accepted.filter(|it| it.event == Event::RecordingDeletedUnexpectedly);
    losses.map(|it| serde_json::from_str::<Value>(&it.body).unwrap()["data"].clone()).collect()
}

fn subjects(world: &World) -> Vec<String> {
    losses(world).iter().map(|loss| loss["subject"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_different_store_changes_no_recording() {
    let mut world = made_from(store("A"), MANY);
    let (before, heard) = (entries(&world), world.receiver.accepted().len());
    world.blobs = store("B");
    days(&world, 4);
    assert_eq!(states(&world), vec![RecordingState::Settled; MANY]);
    let known =
        |entries: &[domain::record::catalogue::Entry]| entries.iter().map(|it| it.history.len()).collect::<Vec<_>>();
    assert_eq!(known(&entries(&world)), known(&before));
    let told = world.receiver.accepted().split_off(heard);
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_different_store_is_neither_catalogued_nor_tagged() {
    let mut world = made_from(store("A"), 3);
    world.blobs = store("B");
    let raised = world.write(&name(0), 7);
    world.does(&Work::Event(raised));
    world.does(&Work::Event(world.write("vm-other", 7)));
    world.does(&Work::Event(world.delete(&name(0))));
    world.write(&name(1), 7);
    days(&world, 3);
    assert_eq!(states(&world), vec![RecordingState::Settled; 3]);
    for it in [name(1), "vm-other".to_owned()] {
        assert_eq!(now(world.blobs.tags(&address(&it))).unwrap(), Some(TagSet::default()), "{it}");
    }
}

#[test]
fn the_right_store_is_resumed_after_a_different_one() {
    let right = store("A");
    let mut world = made_from(right.clone(), 3);
    world.blobs = store("B");
    days(&world, 2);
    world.blobs = right;
    world.does(&Work::Event(world.delete(&name(0))));
    world.blobs.remove(&address(&name(1)));
    days(&world, 3);
    let mut states = states(&world);
    states.sort();
    assert_eq!(states, [RecordingState::Settled, RecordingState::Deleted, RecordingState::Deleted]);
    assert_eq!(told(&world, Event::RecordingDeletedUnexpectedly), 2);
}

#[test]
fn a_check_for_a_different_store_saves_no_identity() {
    let world = World { blobs: store("A"), ..World::with_log() };
    assert_eq!(now(world.archivist().stores().strangers()).unwrap(), []);
    let world = World { blobs: store("B"), ..world };
    assert_eq!(now(world.archivist().stores().strangers()).unwrap(), [], "the first observation was kept");
}

#[test]
fn a_different_store_is_described_and_adopted_on_command() {
    let mut world = made_from(store("A"), 3);
    world.blobs = store("B");
    let strangers = now(world.archivist().stores().strangers()).unwrap();
    assert_eq!(strangers.len(), 2, "recordings and logs");
    let said = strangers[1].to_string();
    for part in ["stbastionrec01/recordings", "(B)", "(A)", "archivist page", "--adopt"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let [line] = &*StrangeStore::in_words(&strangers) else {
        panic!("one line for both")
    };
    assert!(line.contains("insights-logs-bastionauditlogs, stbastionrec01/recordings is in another"), "{line}");
    assert_eq!(now(world.archivist().stores().adopt()).unwrap(), strangers);
    days(&world, 3);
    assert_eq!(states(&world), vec![RecordingState::Deleted; 3]);
}

#[test]
fn a_catalogue_without_store_identity_requires_a_known_recording() {
    let nameless = World::new().blobs;
    nameless.create_container(&logs());
    let mut world = made_from(nameless, MANY);
    world.blobs = store("B");
    days(&world, 3);
    assert_eq!(states(&world), vec![RecordingState::Settled; MANY]);
    assert_eq!(now(world.archivist().stores().strangers()).unwrap().len(), 2);
    let created = entries(&world).iter().map(|entry| entry.created_at().unwrap()).max().unwrap();
    for number in MANY - 3..MANY {
        world.blobs.put(&address(&name(number)), 9, created);
    }
    assert_eq!(now(world.archivist().stores().strangers()).unwrap(), []);
    days(&world, 3);
    assert!(states(&world).contains(&RecordingState::Deleted), "blobs gone from the right store count as gone");
}

#[test]
fn an_earlier_account_keeps_its_own_store() {
    let (old, mut world) = (store("A"), World { blobs: store("A"), ..World::with_log() });
    let other = domain::address::ContainerAddress::parse("stbastionrec02", "recordings").unwrap();
    world.estate.bastions[0].recordings.push(other.clone());
    world.blobs = old;
    world.blobs.create_container(&other);
    world.does(&Work::Event(world.write(&name(0), 9)));
    world.blobs.put(&other.blob(address(&name(0)).name), 9, world.now());
    world.does(&Work::Reconcile);
    world.run_to_the_end();
    assert_eq!(states(&world), [RecordingState::Settled; 2]);
    world.blobs.remove(&address(&name(0)));
    days(&world, 3);
    let gone: Vec<_> = entries(&world).into_iter().filter(|entry| entry.state == RecordingState::Deleted).collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].address, address(&name(0)));
}

#[test]
fn an_emptied_store_is_one_notification_with_count_and_times() {
    let world = made_from(store("A"), MANY);
    world.pass_time(SignedDuration::from_hours(1));
    (0..MANY).for_each(|number| assert!(world.blobs.remove(&address(&name(number)))));
    days(&world, 4);
    assert_eq!(states(&world), vec![RecordingState::Deleted; MANY], "no event is lost");
    let losses = losses(&world);
    assert_eq!(losses.len(), 1, "{losses:?}");
    let (loss, facts) = (&losses[0], &losses[0]["facts"]);
    assert_eq!((&loss["subject"], &loss["severity"]), (&container().to_string().into(), &"critical".into()));
    assert_eq!((&facts["recordings"], &facts["recordings_before"]), (&MANY.into(), &MANY.into()));
    assert_eq!(facts["recordings_left"], 0);
    assert!(facts["listed_at"].as_str().unwrap() < facts["found_at"].as_str().unwrap());
}

#[test]
fn a_store_emptied_by_events_is_one_notification() {
    let world = made_from(store("A"), MANY);
    let raised: Vec<_> = (0..MANY).map(|number| world.delete(&name(number))).collect();
    raised.into_iter().for_each(|raised| world.does(&Work::Event(raised)));
    days(&world, 3);
    assert_eq!((states(&world), losses(&world).len()), (vec![RecordingState::Deleted; MANY], 1));
}

#[test]
fn a_few_losses_are_notified_one_by_one() {
    let world = made_from(store("A"), MANY);
    (0..3).for_each(|number| world.does(&Work::Event(world.delete(&name(number)))));
    (3..5).for_each(|number| assert!(world.blobs.remove(&address(&name(number)))));
    days(&world, 4);
    let subjects = subjects(&world);
    assert_eq!(subjects.len(), 5, "{subjects:?}");
    assert!(!subjects.contains(&container().to_string()));
}

#[test]
fn a_restored_recording_is_reported_when_it_disappears_again() {
    let world = made_from(store("A"), MANY);
    (0..MANY).for_each(|number| assert!(world.blobs.remove(&address(&name(number)))));
    days(&world, 2);
    assert!(world.blobs.bring_back(&address(&name(4))));
    days(&world, 3);
    assert!(world.blobs.remove(&address(&name(4))));
    days(&world, 3);
    let subjects = subjects(&world);
    assert_eq!(subjects, [container().to_string(), name(4)]);
}

#[test]
fn a_missing_container_is_one_notification_without_deletions() {
    let world = made_from(store("A"), 2);
    world.blobs.remove_container(&container());
    days(&world, 4);
    assert_eq!(states(&world), [RecordingState::Settled; 2]);
    let losses = losses(&world);
    assert_eq!(losses.len(), 1, "{losses:?}");
}

#[test]
fn a_loss_is_reported_once_despite_crashes() {
    let world = || {
        let world = made_from(store("A"), MANY);
        (0..MANY).for_each(|number| assert!(world.blobs.remove(&address(&name(number)))));
        world
    };
    for last in 0..12 {
        let world = world();
        let gate = Arc::new(pipeline::testing::Gate::deadly(pipeline::testing::Death::After(last)));
        let _ = now(perform(&world.archivist_behind(&gate), &Work::Reconcile));
        days(&world, 3);
        assert_eq!(losses(&world).len(), 1, "died at call {last}");
    }
}

#[test]
fn a_quiet_reconciliation_leaves_the_loss_notification_to_the_next() {
    let world = made_from(store("A"), MANY);
    (0..MANY).for_each(|number| assert!(world.blobs.remove(&address(&name(number)))));
    now(perform(&world.archivist().quiet(), &Work::Reconcile)).unwrap();
    assert_eq!(losses(&world).len(), 0);
    days(&world, 3);
    assert_eq!(losses(&world).len(), 1);
}
