//! What nobody tells of a recording: it is gone, its tags are, its content is another one.

use std::sync::Arc;

use domain::catalogue::State;
use domain::notification::Event;
use domain::retention::Fingerprint;
use domain::tags::TagSet;
use jiff::SignedDuration;
use pipeline::Outcome;
use pipeline::ledger::Verify;
use pipeline::message::HashRequest;
use pipeline::ports::{Queue, QueueName};
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;

use crate::host::Work;
use crate::outcome::{entries, tags, told};
use crate::storage::address;
use crate::world::World;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A recording that has been final for days.
fn finished() -> World {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_to_the_end();
    world
}

#[test]
fn a_recording_that_vanished_without_a_word_is_missing_within_a_day_and_told_a_day_later() {
    let world = finished();
    world.blobs.remove(&address("vm-user"));
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    assert_eq!((entries(&world)[0].state, told(&world, Event::RecordingDeletedUnexpectedly)), (State::Missing, 0));
    world.run_until(world.now() + DAY + DAY);
    assert_eq!((entries(&world)[0].state, told(&world, Event::RecordingDeletedUnexpectedly)), (State::Deleted, 1));
}

#[test]
fn tags_that_somebody_removed_are_back_within_a_day() {
    let world = finished();
    let before = tags(&world);
    world.blobs.set_tags(&address("vm-user"), TagSet::default());
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(tags(&world), before);
}

#[test]
fn every_recording_is_looked_at_once_a_day() {
    let (world, gate) = (finished(), Arc::new(Gate::open()));
    let archivist = world.archivist_behind(&gate);
    for (hours, looks) in [(24, 1), (1, 1), (22, 1), (1, 2)] {
        world.pass_time(SignedDuration::from_hours(hours));
        now(archivist.reconcile(|| true)).unwrap();
        assert_eq!(gate.calls().get("blobs.tags"), Some(&looks), "{hours} hours later");
    }
}

/// Takes the message that asks for a hash, and answers it.
fn hash(world: &World) -> Outcome {
    let messages = now(world.queue.receive(QueueName::Hashes, 32, SignedDuration::from_mins(1))).unwrap();
    let request = HashRequest::decode(messages.last().unwrap().body.as_bytes()).unwrap();
    now(world.archivist().hash_recording(request.recording)).unwrap()
}

fn fingerprint(world: &World) -> Option<Fingerprint> {
    entries(world)[0].custody.fingerprint.clone()
}

#[test]
fn a_final_recording_is_hashed_once_and_the_ledger_tells_it() {
    let mut world = World::new();
    world.rules.hash_recordings = true;
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_until(world.now() + DAY);
    assert_eq!(fingerprint(&world), None);
    assert_eq!(hash(&world), Outcome::Applied);
    assert_eq!(fingerprint(&world).map(|print| print.size), Some(9));
    assert!(matches!(hash_again(&world), Outcome::Ignored(_)), "a message that comes twice changes nothing");
    world.run_until(world.now() + DAY);
    let verify = Verify { ledger: &*world.ledger, recordings: None, from_start: true };
    let verified = now(verify.run(&mut |_| {})).unwrap();
    assert!(verified.is_sound() && verified.facts == 1, "{verified:?}");
}

fn hash_again(world: &World) -> Outcome {
    now(world.archivist().hash_recording(entries(world)[0].id)).unwrap()
}

#[test]
fn a_content_that_changes_after_it_was_hashed_is_hashed_again_and_told() {
    let mut world = World::new();
    world.rules.hash_recordings = true;
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_until(world.now() + DAY);
    hash(&world);
    world.does(&Work::Event(world.write("vm-user", 10)));
    world.run_until(world.now() + SignedDuration::from_mins(10));
    assert_eq!(hash(&world), Outcome::Applied);
    world.run_until(world.now() + SignedDuration::from_mins(10));
    assert_eq!(fingerprint(&world).map(|print| print.size), Some(10));
    assert_eq!(told(&world, Event::RecordingChanged), 1);
}
