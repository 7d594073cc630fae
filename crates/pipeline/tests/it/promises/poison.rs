//! Poison messages are moved into quarantine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::message::Attempt;
use pipeline::ports::{FaultKind, Quarantine, QuarantineId, QuarantinedInput, QueueName};
use pipeline::testing::Gate;
use pipeline::{Swept, TRIES};

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{heard, poison, quarantined};
use crate::promises::world::World;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};

const PASSING: FaultKind = FaultKind::Transient { retry_after: None };
const EVENTS: QueueName = QueueName::RecordingEvents;
const DELIVERIES: QueueName = QueueName::Notifications;

fn sweep(world: &World, gate: &Arc<Gate>) -> Swept {
    now(world.archivist_behind(gate).due_work.sweep(&|| true)).unwrap()
}

fn healthy() -> Arc<Gate> {
    Arc::new(Gate::open())
}

fn failing(call: &'static str) -> Arc<Gate> {
    let gate = healthy();
    gate.fail(call, PASSING);
    gate
}

/// The only input in quarantine.
fn only(world: &World) -> QuarantinedInput {
    let [id] = quarantined(world).try_into().unwrap();
    now(world.quarantine.get(&QuarantineId::parse(&id).unwrap())).unwrap().unwrap()
}

/// Fills the poison queue with different messages.
fn poisoned(many: usize) -> World {
    let world = World::new();
    (0..many).for_each(|n| world.give_up(EVENTS, &format!("{{ {n}")));
    world
}

#[test]
fn poison_is_quarantined_once_with_its_bytes_and_reported() {
    for (queue, origin) in [(EVENTS, "recording_landed"), (DELIVERIES, "notification_delivery")] {
        let world = World::new();
        world.give_up(queue, "{ j\u{f6}rg \u{fffd}");
        assert_eq!(sweep(&world, &healthy()), Swept { rescued: 1, announced: 1, ..Swept::default() });
        assert_eq!(sweep(&world, &healthy()), Swept::default());
        world.run_to_the_end();
        let input = only(&world);
        assert_eq!((input.raw.as_slice(), input.origin.as_str()), ("{ j\u{f6}rg \u{fffd}".as_bytes(), origin));
        assert!(input.reason.contains(&format!("gave it up after at most {TRIES} tries")), "{}", input.reason);
        assert_eq!((world.receiver.accepted().len(), poison(&world)), (1, 0));
    }
}

#[test]
fn bytes_quarantined_by_function_and_host_are_one_input() {
    let world = World::new();
    world.does(&Work::Malformed(b"{"));
    world.give_up(EVENTS, "{");
    world.give_up(EVENTS, "{");
    assert_eq!(sweep(&world, &healthy()).rescued, 2);
    assert_eq!(only(&world).reason, "not JSON", "as first received");
    world.run_to_the_end();
    assert_eq!(world.receiver.accepted().len(), 1);
}

#[test]
fn empty_poison_queues_cost_one_call_each() {
    let gate = healthy();
    sweep(&World::new(), &gate);
    let calls: Vec<_> = gate.calls().into_iter().collect();
    let expected = [
        ("catalogue.due", 1),
        // One for each channel: whether notifications are kept for it.
        ("checkpoints.get", 2),
        // Facts for the ledger, notifications kept for a channel, and days to learn.
        ("checkpoints.list", 3),
        ("notifications.forgotten", 1),
        ("quarantine.unannounced", 1),
        ("queue.receive", 5),
        ("sessions.due", 1),
    ];
    assert_eq!(calls, expected);
}

#[test]
fn poison_stays_if_the_quarantine_fails() {
    let world = poisoned(2);
    let swept = sweep(&world, &failing("quarantine.put"));
    assert_eq!((swept.rescued, swept.failed), (0, 2));
    assert_eq!((poison(&world), quarantined(&world).len()), (2, 0));
    assert_eq!(sweep(&world, &healthy()), Swept::default(), "hidden for a while");
    world.pass_time(SignedDuration::from_mins(5));
    assert_eq!(sweep(&world, &healthy()).rescued, 2);
    assert_eq!((poison(&world), quarantined(&world).len()), (0, 2));
}

#[test]
fn a_failing_quarantine_is_tried_for_one_batch_only() {
    let world = poisoned(200);
    let swept = sweep(&world, &failing("quarantine.put"));
    assert_eq!((swept.rescued, swept.failed), (0, 32));
}

#[test]
fn poison_is_reported_after_hours_of_failing_notifications() {
    for call in ["notifications.add", "notifications.get"] {
        let world = poisoned(1);
        let gate = failing(call);
        for _ in 0..60 {
            // Other parts of the sweep may fail as well.
            drop(now(world.archivist_behind(&gate).due_work.sweep(&|| true)));
            world.pass_time(SignedDuration::from_mins(6));
        }
        assert_eq!(quarantined(&world).len(), 1, "{call}: kept at once");
        world.run_to_the_end();
        assert_eq!((world.receiver.accepted().len(), poison(&world)), (1, 0), "{call}");
    }
}

#[test]
fn undeleted_poison_is_quarantined_only_once() {
    let world = poisoned(1);
    let swept = sweep(&world, &failing("queue.delete"));
    assert_eq!((swept.rescued, swept.failed, poison(&world)), (0, 1, 1));
    let before = only(&world);
    world.run_to_the_end();
    assert_eq!((only(&world), poison(&world)), (before, 0));
    assert_eq!(world.receiver.accepted().len(), 1);
}

#[test]
fn a_full_poison_queue_takes_several_passes() {
    let world = poisoned(500);
    let first = sweep(&world, &healthy());
    assert!(first.unfinished && first.rescued < 400, "{first:?}");
    let second = sweep(&world, &healthy());
    assert_eq!((second.rescued, second.unfinished), (500 - first.rescued, false));
    world.run_to_the_end();
    assert_eq!((poison(&world), quarantined(&world).len(), heard(&world).len()), (0, 500, 2), "notified together");
}

#[test]
fn a_sweep_checks_its_time_between_batches_of_poison() {
    let world = poisoned(200);
    world.give_up(DELIVERIES, "{");
    let asked = AtomicUsize::new(0);
    let swept = now(world.archivist().due_work.sweep(&|| asked.fetch_add(1, Ordering::Relaxed) == 0)).unwrap();
    assert_eq!((asked.into_inner(), swept.unfinished), (2, true));
    assert_eq!(swept.rescued, 2 * 32 + 1, "every poison queue has its turn");
}

#[test]
fn poison_and_other_parts_of_a_sweep_are_independent() {
    for call in ["catalogue.due", "notifications.forgotten", "quarantine.unannounced"] {
        let world = poisoned(1);
        assert!(now(perform(&world.archivist_behind(&failing(call)), &Work::Sweep)).is_err(), "{call}");
        assert_eq!((poison(&world), quarantined(&world).len()), (0, 1), "{call}");
    }
    let world = World::new();
    now(perform(&world.archivist_behind(&failing("notifications.add")), &Work::Malformed(b"{"))).unwrap();
    assert!(now(perform(&world.archivist_behind(&failing("queue.receive")), &Work::Sweep)).is_err());
    world.deliver_all();
    assert_eq!(world.receiver.accepted().len(), 1);
}

#[test]
fn concurrent_sweeps_move_poison_once() {
    for turns in 0..40 {
        let world = poisoned(3);
        let archivists = [(), ()].map(|()| world.archivist_behind(&Arc::new(Gate::open().yielding())));
        let sweeps = archivists.iter().map(|archivist| -> Task<'_, Swept> {
            Box::pin(async move { archivist.due_work.sweep(&|| true).await.unwrap() })
        });
        let swept = interleaved(sweeps.collect(), &Turns([vec![0; turns], vec![1; 100]].concat()));
        assert_eq!(swept.iter().map(|swept| swept.rescued).sum::<usize>(), 3);
        world.run_to_the_end();
        assert_eq!((poison(&world), quarantined(&world).len(), heard(&world).len()), (0, 3, 3));
    }
}

/// A channel that crashes the handler at every attempt: the host gives up each of its messages.
#[test]
fn a_poisoned_announcement_is_kept_without_another_announcement() {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    for _ in 0..20 {
        world.does(&Work::Sweep);
        for message in world.take_messages() {
            world.forget(&message);
            if Attempt::decode(message.body.as_bytes()).unwrap().channel == "topic" {
                world.give_up(DELIVERIES, &message.body);
            } else {
                world.does(&Work::Delivery(message));
            }
        }
        world.pass_time(SignedDuration::from_mins(10));
    }
    let told: Vec<_> = world.receiver.accepted().into_iter().map(|received| received.event).collect();
    let lost = told.iter().filter(|event| **event == Event::InputQuarantined).count();
    assert_eq!(lost, told.len() - lost, "one for each message that announced no blob: {told:?}");
    world.does(&Work::Sweep);
    assert_eq!(poison(&world), 0);
}
