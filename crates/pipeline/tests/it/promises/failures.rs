//! A port fails: some failures are errors to the platform, others wait for a sweep.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::record::catalogue::RecordingState;
use domain::record::delivery::ChannelAnswer;
use jiff::SignedDuration;
use pipeline::ports::{Fault, FaultKind};
use pipeline::testing::{Death, Gate};

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{entries, heard, quarantined, tags};
use crate::promises::storage::address;
use crate::promises::world::{SETTLE_AFTER, World};
use pipeline::testing::schedule::{Task, Turns, interleaved, now};

const PASSING: FaultKind = FaultKind::Transient { retry_after: None };

/// Runs work on an archivist whose calls with this name fail.
fn failing(world: &World, call: &'static str, kind: FaultKind, work: &Work) -> Result<(), Fault> {
    let gate = Arc::new(Gate::open());
    gate.fail(call, kind);
    now(perform(&world.archivist_behind(&gate), work))
}

#[test]
fn a_catalogue_outage_leaves_the_event_to_the_platform() {
    for call in ["catalogue.lives", "catalogue.save"] {
        let world = World::new();
        let written = Work::Event(world.write("vm-user", 9));
        let fault = failing(&world, call, PASSING, &written).unwrap_err();
        assert_eq!(fault.kind, PASSING, "{call}");
        assert_eq!(entries(&world), [], "{call}");
        assert!(tags(&world)["vm-user"].0.is_empty() && heard(&world).is_empty(), "{call}: no unsaved effect is run");
    }
}

fn calls_of_a_new_recording() -> usize {
    let (world, gate) = (World::new(), Arc::new(Gate::open()));
    now(perform(&world.archivist_behind(&gate), &Work::Event(world.write("vm-user", 9)))).unwrap();
    gate.calls().values().sum()
}

#[test]
fn unsaved_effect_results_do_not_fail_the_event() {
    let world = World::new();
    let written = Work::Event(world.write("vm-user", 9));
    let gate = Arc::new(Gate::deadly(Death::Before(calls_of_a_new_recording())));
    now(perform(&world.archivist_behind(&gate), &written)).unwrap();
    assert_eq!(gate.died_in(), Some("catalogue.save"), "the last call clears the effects");
    assert_eq!(entries(&world)[0].pending.len(), 2);
    world.run_to_the_end();
    assert_eq!(entries(&world)[0].pending, []);
}

#[test]
fn a_temporarily_unreadable_blob_is_observed_by_a_sweep() {
    let world = World::new();
    failing(&world, "blobs.properties", PASSING, &Work::Event(world.write("vm-user", 9))).unwrap();
    assert_eq!(entries(&world)[0].life.observation, None);
    world.run_until(world.now() + SignedDuration::from_mins(2));
    assert!(entries(&world)[0].life.observation.is_some());
    assert_eq!(tags(&world)["vm-user"].0["bsr-state"], "active");
}

#[test]
fn a_notification_that_cannot_be_queued_waits_in_its_entry() {
    for call in ["queue.send", "notifications.add"] {
        let world = World::new();
        failing(&world, call, PASSING, &Work::Event(world.write("vm-user", 9))).unwrap();
        let entry = &entries(&world)[0];
        assert_eq!((entry.pending.len(), entry.pending[0].attempts), (1, 1), "{call}");
        assert!(!entry.tags.0.is_empty(), "{call}: the tags do not wait for it");
        world.run_to_the_end();
        assert_eq!(world.receiver.accepted().len(), 2, "{call}: started and ready");
    }
}

#[test]
fn an_unsaved_delivery_is_left_to_the_platform() {
    for call in ["notifications.get", "notifications.save", "queue.send"] {
        let world = World::new();
        world.receiver.will_answer(ChannelAnswer::TryLater {
            reason: "503".into(),
            retry_after: None,
            overloaded: false,
        });
        world.does(&Work::Event(world.write("vm-user", 9)));
        let message = world.take_messages().remove(0);
        let fault = failing(&world, call, PASSING, &Work::Delivery(message.clone())).unwrap_err();
        assert_eq!(fault.kind, PASSING, "{call}");
        world.give_back(&message);
        // Well before a sweep would queue the delivery again.
        world.run_until(world.now() + SignedDuration::from_mins(10));
        assert_eq!(world.receiver.accepted().len(), 1, "{call}");
    }
}

#[test]
fn a_delivery_of_an_unknown_notification_is_a_permanent_fault() {
    let (world, other) = (World::new(), World::new());
    other.does(&Work::Event(other.write("vm-user", 9)));
    let message = other.take_messages().remove(0);
    let fault = now(perform(&world.archivist(), &Work::Delivery(message))).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Permanent);
}

#[test]
fn unquarantined_input_is_left_to_the_platform() {
    let world = World::new();
    let fault = failing(&world, "quarantine.put", PASSING, &Work::Malformed(b"{")).unwrap_err();
    assert_eq!(fault.kind, PASSING);
    assert_eq!(quarantined(&world), Vec::<String>::new());
}

#[test]
fn a_failed_quarantine_notification_is_sent_by_a_sweep() {
    for call in ["notifications.add", "queue.send"] {
        let world = World::new();
        failing(&world, call, PASSING, &Work::Malformed(b"{")).unwrap();
        assert_eq!(quarantined(&world).len(), 1, "{call}");
        world.run_until(world.now() + SignedDuration::from_hours(1));
        assert_eq!(world.receiver.accepted().len(), 1, "{call}");
    }
}

#[test]
fn a_sweep_that_cannot_list_due_work_is_retried_by_the_timer() {
    for call in ["catalogue.due", "notifications.forgotten", "quarantine.unannounced"] {
        let fault = failing(&World::new(), call, PASSING, &Work::Sweep).unwrap_err();
        assert_eq!(fault.kind, PASSING, "{call}");
    }
}

#[test]
fn an_unloadable_entry_does_not_block_a_sweep() {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.pass_time(SignedDuration::from_mins(10));
    let gate = Arc::new(Gate::open());
    gate.fail("catalogue.lives_of", PASSING);
    let swept = now(world.archivist_behind(&gate).due_work.sweep(&|| true)).unwrap();
    assert_eq!((swept.due, swept.changed, swept.failed), (1, 0, 1));
    assert_eq!(now(world.archivist().due_work.sweep(&|| true)).unwrap().changed, 1);
}

#[test]
fn a_blob_vanishing_before_tagging_is_missing_within_minutes() {
    let mut states = BTreeSet::new();
    for turns_of_sweep in 0..20 {
        let world = World::new();
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.pass_time(SETTLE_AFTER);
        let archivist = world.archivist_behind(&Arc::new(Gate::open().yielding()));
        let sweep: Task<'_, _> = Box::pin(async move { perform(&archivist, &Work::Sweep).await.is_ok() });
        let vanish: Task<'_, _> = Box::pin(async { world.blobs.remove(&address("vm-user")) });
        let turns = [vec![0; turns_of_sweep], vec![1]].concat();
        assert_eq!(interleaved(vec![sweep, vanish], &Turns(turns)), [true, true]);
        world.run_until(world.now() + SignedDuration::from_mins(4));
        let entry = &entries(&world)[0];
        assert!(entry.state == RecordingState::Missing || entry.tags.0["bsr-state"] == "pending", "{entry:#?}");
        states.insert(entry.state);
    }
    assert_eq!(states, BTreeSet::from([RecordingState::Settled, RecordingState::Missing]));
}

#[test]
fn a_listed_blob_that_failed_to_save_is_catalogued_next_time() {
    let world = World { listed_at_once: 2, ..World::new() };
    for n in 0..5 {
        drop(world.write(&format!("vm-user.{n}"), 9));
    }
    world.pass_time(SignedDuration::from_hours(2));
    let gate = Arc::new(Gate::open());
    gate.fail("catalogue.lives", PASSING);
    let first = now(world.archivist_behind(&gate).reconciliation.reconcile(&|| false)).unwrap();
    assert_eq!((first.listed, first.failed, first.unfinished), (2, 2, true));
    for found in [3, 2] {
        assert_eq!(now(world.archivist().reconciliation.reconcile(&|| true)).unwrap().found, found);
    }
    assert_eq!(entries(&world).len(), 5);
}
