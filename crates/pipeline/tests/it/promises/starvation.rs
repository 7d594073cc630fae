//! Failing or plentiful work does not delay the rest.

use std::sync::Arc;

use adapters_local::memory::MemoryQueue;
use async_trait::async_trait;
use domain::record::catalogue::RecordingState;
use domain::record::delivery::ChannelAnswer;
use jiff::SignedDuration;
use pipeline::ports::{
    CheckpointKey, CheckpointKind, Checkpoints, Fault, FaultKind, Queue, QueueMessage, QueueName, Receipt,
};
use pipeline::testing::Gate;

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{entries, heard, poison, quarantined};
use crate::promises::world::{SETTLE_AFTER, World};
use pipeline::testing::schedule::now;

const PASSING: FaultKind = FaultKind::Transient { retry_after: None };

fn failing(call: &'static str, kind: FaultKind) -> Arc<Gate> {
    let gate = Arc::new(Gate::open());
    gate.fail(call, kind);
    gate
}

#[test]
fn unreadable_recordings_do_not_delay_the_settling_of_others() {
    let world = World::new();
    for n in 0..100 {
        world.does(&Work::Event(world.write(&format!("vm-user.{n}"), 9)));
    }
    world.pass_time(SignedDuration::from_secs(30));
    world.does(&Work::Event(world.write("vm-admin", 9)));
    world.pass_time(SETTLE_AFTER);
    // Neither sweep gets beyond its first page.
    now(world.archivist_behind(&failing("blobs.properties", PASSING)).due_work.sweep(&|| false)).unwrap();
    now(world.archivist().due_work.sweep(&|| false)).unwrap();
    let late = entries(&world).into_iter().find(|entry| entry.address.name.as_str() == "vm-admin").unwrap();
    assert_eq!(late.state, RecordingState::Settled);
}

#[test]
fn unlistable_notifications_do_not_block_quarantine_announcements() {
    let world = World::new();
    now(perform(&world.archivist_behind(&failing("notifications.add", PASSING)), &Work::Malformed(b"{"))).unwrap();
    let damaged = failing("notifications.forgotten", FaultKind::Permanent);
    assert!(now(perform(&world.archivist_behind(&damaged), &Work::Sweep)).is_err());
    world.deliver_all();
    assert_eq!(world.receiver.accepted().len(), 1);
}

/// Quarantined inputs whose announcement failed, one every second.
fn unannounced(world: &World, many: usize) {
    let deaf = failing("notifications.add", PASSING);
    for n in 0..many {
        let raw = format!("{{ {n}");
        now(world.archivist_behind(&deaf).quarantined.quarantine(raw.as_bytes(), "not JSON", "recording_landed"))
            .unwrap();
        world.pass_time(SignedDuration::from_secs(1));
    }
}

#[test]
fn old_quarantined_input_is_announced_without_a_storm() {
    let world = World::new();
    unannounced(&world, 1_200);
    world.pass_time(SignedDuration::from_hours(24 * 30));
    world.run_until(world.now() + SignedDuration::from_hours(1));
    let counts: Vec<u64> = world.receiver.accepted().iter().map(|told| inputs(&told.body)).collect();
    assert_eq!((counts.len(), counts.iter().sum::<u64>()), (3, 1_200), "{counts:?}");
}

/// Number of inputs in a notification.
fn inputs(body: &str) -> u64 {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["data"]["facts"]["inputs"].as_u64().unwrap_or(1)
}

#[test]
fn a_sweep_without_time_announces_quarantined_input_later() {
    let world = World::new();
    unannounced(&world, 1_200);
    let gate = Arc::new(Gate::open());
    now(world.archivist_behind(&gate).due_work.sweep(&|| false)).unwrap();
    assert_eq!(gate.calls()["quarantine.unannounced"], 1, "{:?}", gate.calls());
    world.run_until(world.now() + SignedDuration::from_hours(1));
    assert_eq!(heard(&world).len(), 3);
}

#[test]
fn a_quarantine_announcement_is_retried_until_it_is_accepted() {
    let world = World::new();
    for _ in 0..10 {
        world.receiver.will_answer(ChannelAnswer::TryLater {
            reason: "503".into(),
            retry_after: None,
            overloaded: false,
        });
    }
    world.does(&Work::Malformed(b"{"));
    world.run_until(world.now() + SignedDuration::from_hours(24 * 3));
    assert_eq!(world.receiver.accepted().len(), 1);
}

#[test]
fn an_unreadable_channel_state_does_not_block_other_lost_messages() {
    let world = World::new();
    let gone = CheckpointKey { kind: CheckpointKind::Channel, name: "of a later release".to_owned() };
    now(world.checkpoints.save(&gone, None, r#"{"schema":99}"#)).unwrap().unwrap();
    now(perform(&world.archivist_behind(&failing("queue.send", PASSING)), &Work::Malformed(b"{"))).unwrap();
    world.pass_time(SignedDuration::from_mins(20));
    now(world.archivist().due_work.sweep(&|| true)).unwrap();
    world.deliver_all();
    assert_eq!(world.receiver.accepted().len(), 1);
}

#[test]
fn repeatedly_quarantined_input_is_announced_once() {
    let world = World::new();
    for _ in 0..50 {
        world.does(&Work::Malformed(b"{"));
    }
    assert_eq!(world.take_messages().len(), 2, "one for each channel");
}

/// Queues of which one cannot be read.
struct OneDamaged(QueueName, Arc<MemoryQueue>);

#[async_trait]
impl Queue for OneDamaged {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        self.1.send(queue, body, delay).await
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        if queue == self.0 {
            return Err(Fault::permanent(format!("read queue {}", queue.as_str()), "it is damaged"));
        }
        self.1.receive(queue, limit, hidden_for).await
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        self.1.release(queue, receipt, delay).await
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        self.1.delete(queue, receipt).await
    }
}

#[test]
fn an_unreadable_poison_queue_does_not_block_the_other() {
    for damaged in [QueueName::RecordingEventsPoison, QueueName::NotificationsPoison] {
        let world = World::new();
        world.give_up(QueueName::RecordingEvents, "{");
        world.give_up(QueueName::Notifications, "{");
        let queue = Arc::new(OneDamaged(damaged, world.queue.clone()));
        let fault = now(world.archivist_on(queue, &Arc::new(Gate::open())).due_work.sweep(&|| true)).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Permanent);
        assert_eq!((poison(&world), quarantined(&world).len()), (1, 1));
    }
}
