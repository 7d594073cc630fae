//! Silent changes of a recording: it is gone, its tags are gone, its content differs.

use std::sync::Arc;

use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, Pattern, Test};
use domain::policy::retention::{Class, Limits, Period, Policy, RetentionRule, StartsAt};
use domain::record::catalogue::{Entry, EntryChangeKind, RecordingState};
use domain::record::effect::EffectId;
use domain::record::hold::Actor;
use domain::record::notification::Event;
use domain::record::retention::{Executor, Fingerprint, PolicyDigest, Then};
use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::Outcome;
use pipeline::ledger::Verify;
use pipeline::message::HashRequest;
use pipeline::ports::{Queue, QueueName};
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;

use crate::promises::host::Work;
use crate::promises::outcome::{entries, tags, told};
use crate::promises::storage::address;
use crate::promises::world::World;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A world with a recording final for days.
fn finished() -> World {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_to_the_end();
    world
}

#[test]
fn a_vanished_recording_is_missing_within_a_day_and_reported_later() {
    let world = finished();
    world.blobs.remove(&address("vm-user"));
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    assert_eq!(
        (entries(&world)[0].state, told(&world, Event::RecordingDeletedUnexpectedly)),
        (RecordingState::Missing, 0)
    );
    world.run_until(world.now() + DAY + DAY);
    assert_eq!(
        (entries(&world)[0].state, told(&world, Event::RecordingDeletedUnexpectedly)),
        (RecordingState::Deleted, 1)
    );
}

#[test]
fn removed_tags_are_restored_within_a_day() {
    let world = finished();
    let before = tags(&world);
    world.blobs.set_tags(&address("vm-user"), TagSet::default());
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(tags(&world), before);
}

#[test]
fn a_restored_recording_is_catalogued_within_a_day() {
    for is_heard in [true, false] {
        let world = finished();
        if is_heard {
            world.does(&Work::Event(world.delete("vm-user")));
        } else {
            world.blobs.remove(&address("vm-user"));
        }
        for _ in 0..3 {
            world.pass_time(DAY);
            world.does(&Work::Reconcile);
            world.run_until(world.now() + SignedDuration::from_mins(5));
        }
        assert!(entries(&world).iter().all(|entry| entry.state == RecordingState::Deleted));
        assert!(world.blobs.bring_back(&address("vm-user")));
        world.pass_time(DAY);
        world.does(&Work::Reconcile);
        world.run_until(world.now() + SignedDuration::from_mins(5));
        let back: Vec<_> = entries(&world).into_iter().filter(|entry| entry.state.is_there()).collect();
        assert_eq!(back.len(), 1, "delete event received: {is_heard}");
        assert!(back[0].final_at.is_some());
    }
}

/// A policy that keeps recordings tagged with an incident and deletes others after a year.
fn keeping_incidents() -> Policy {
    let class = |name: &str, then| Class {
        name: name.to_owned(),
        retain_for: Period::parse("P1Y").unwrap(),
        delete_after: (then != Then::Keep).then(|| Period::parse("P1Y").unwrap()),
        then,
    };
    let incident = Condition::Is(Test::Tag("incident".to_owned(), vec![Pattern::exact_case("INC-*")]));
    Policy {
        digest: PolicyDigest("sha256:one".to_owned()),
        starts_at: StartsAt::Created,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![class("standard", Then::Delete), class("evidence", Then::Keep)],
        rules: vec![RetentionRule { name: "incidents".to_owned(), when: incident, class: 1, minimum: false }],
        grace: Period::parse("P7D").unwrap(),
        enforce: true,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 100, max_delete_percent: 100 },
    }
}

#[test]
fn a_foreign_tag_reaches_the_retention_rules_within_a_day() {
    let mut world = World::new();
    world.rules.retention = Some(Arc::new(keeping_incidents()));
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_to_the_end();
    let class = |world: &World| entries(world)[0].custody.retention.clone().unwrap().class;
    assert_eq!(class(&world), "standard");
    let mut theirs = tags(&world)["vm-user"].clone();
    theirs.0.insert("incident".to_owned(), "INC-4711".to_owned());
    world.blobs.set_tags(&address("vm-user"), theirs.clone());
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(class(&world), "evidence");
    let now_there = tags(&world)["vm-user"].clone();
    assert_eq!((&now_there.0["incident"], &now_there.0["bsr-class"]), (&"INC-4711".to_owned(), &"evidence".to_owned()));
}

#[test]
fn an_oversized_plan_is_notified_once_and_again_after_its_approval_expires() {
    let mut world = World::new();
    let mut policy = keeping_incidents();
    (policy.classes[0].retain_for, policy.classes[0].delete_after) = {
        let brief = Period::parse("P1D").unwrap();
        (brief, Some(brief))
    };
    policy.limits.max_deletes_per_run = 0;
    world.rules.retention = Some(Arc::new(policy));
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_to_the_end();
    world.does(&Work::Reconcile);
    let run = |world: &World, days: i32| {
        world.pass_time(DAY * days);
        let run = now(world.archivist().retention.run_retention(&|| true)).unwrap();
        world.deliver_all();
        (run.aborted.is_some(), told(world, Event::RetentionAborted), run.planned.delete.digest)
    };
    assert_eq!((run(&world, 1).1, run(&world, 8).1, run(&world, 1).1), (0, 1, 1));
    let digest = run(&world, 1).2;
    let by = Actor { name: "ada".to_owned(), is_verified: true };
    now(world.archivist().approval.approve(&digest, &by)).unwrap().unwrap();
    // No run takes place while the approval is valid.
    assert_eq!(run(&world, 8), (true, 2, digest.clone()));
    assert_eq!(run(&world, 1), (true, 2, digest.clone()));
    now(world.archivist().approval.approve(&digest, &by)).unwrap().unwrap();
    assert_eq!(run(&world, 1), (false, 2, String::new()));
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(entries(&world)[0].state, RecordingState::Deleted);
}

#[test]
fn every_recording_is_checked_once_a_day() {
    let (world, gate) = (finished(), Arc::new(Gate::open()));
    let archivist = world.archivist_behind(&gate);
    // Each pass lists the container once for lost events, and once more when the daily check is due.
    for (hours, listings) in [(24, 2), (1, 3), (22, 4), (1, 6)] {
        world.pass_time(SignedDuration::from_hours(hours));
        now(archivist.reconciliation.reconcile(&|| true)).unwrap();
        assert_eq!(gate.calls().get("blobs.list"), Some(&listings), "{hours} hours later");
        assert_eq!(gate.calls().get("blobs.tags"), None, "the listing has the tags");
    }
}

#[test]
fn only_a_recording_with_other_tags_is_checked_alone() {
    let world = World::new();
    for n in 0..20 {
        world.does(&Work::Event(world.write(&format!("vm-user.{n}"), 9)));
    }
    world.run_to_the_end();
    world.blobs.set_tags(&address("vm-user.7"), TagSet::default());
    let gate = Arc::new(Gate::open());
    let archivist = world.archivist_behind(&gate);
    world.pass_time(DAY);
    assert_eq!(now(archivist.reconciliation.reconcile(&|| true)).unwrap().amiss, 1);
    // One check, and one read before the tags are written again.
    assert_eq!(gate.calls().get("blobs.tags"), Some(&2));
}

/// Receives the latest hash request and executes it.
fn hash(world: &World) -> Outcome {
    let messages = now(world.queue.receive(QueueName::Hashes, 32, SignedDuration::from_mins(1))).unwrap();
    let request = HashRequest::decode(messages.last().unwrap().body.as_bytes()).unwrap();
    now(world.archivist().hashing.hash_recording(request.recording)).unwrap()
}

fn fingerprint(world: &World) -> Option<Fingerprint> {
    entries(world)[0].custody.fingerprint.clone()
}

/// A final recording of nine bytes, in a world that hashes recordings.
fn final_and_not_hashed() -> World {
    let mut world = World::new();
    world.rules.hash_recordings = true;
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_until(world.now() + DAY);
    world
}

#[test]
fn a_final_recording_is_hashed_once_and_entered_in_the_ledger() {
    let world = final_and_not_hashed();
    assert_eq!(fingerprint(&world), None);
    assert_eq!(hash(&world), Outcome::Applied);
    assert_eq!(fingerprint(&world).map(|print| print.size), Some(9));
    assert!(matches!(hash_again(&world), Outcome::Ignored(_)), "a repeated message has no effect");
    world.run_until(world.now() + DAY);
    let verify = Verify { ledger: &*world.ledger, recordings: None, from_start: true, head: None };
    let verified = now(verify.run(&mut |_| {})).unwrap();
    assert!(verified.is_sound() && verified.facts == 1, "{verified:?}");
}

fn hash_again(world: &World) -> Outcome {
    now(world.archivist().hashing.hash_recording(entries(world)[0].id)).unwrap()
}

#[test]
fn a_content_change_after_hashing_is_hashed_again_and_reported() {
    let world = final_and_not_hashed();
    hash(&world);
    world.does(&Work::Event(world.write("vm-user", 10)));
    world.run_until(world.now() + SignedDuration::from_mins(10));
    assert_eq!(hash(&world), Outcome::Applied);
    world.run_until(world.now() + SignedDuration::from_mins(10));
    assert_eq!(fingerprint(&world).map(|print| (print.size, print.altered)), Some((10, Some(1))));
    assert_eq!(told(&world, Event::RecordingChanged), 1);
    let noted = |entry: &Entry| entry.history.iter().filter(|one| one.what == EntryChangeKind::ContentChanged).count();
    assert_eq!(noted(&entries(&world)[0]), 1);
}

#[test]
fn a_recording_deleted_before_hashing_is_not_hashed() {
    let world = final_and_not_hashed();
    let is_asked_for = |world: &World| entries(world)[0].pending(&EffectId::Hash).is_some();
    assert!(is_asked_for(&world));
    world.does(&Work::Event(world.delete("vm-user")));
    world.run_until(world.now() + DAY);
    assert_eq!((entries(&world)[0].state, is_asked_for(&world)), (RecordingState::Deleted, false));
}
