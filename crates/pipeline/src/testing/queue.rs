//! Conformance suite of [`Queue`].
//!
//! Durations are few and whole seconds, so that adapters of a service with its own clock can pass.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use jiff::SignedDuration;

use super::TestClock;
use super::sample::HOSTILE_NAMES;
use crate::ports::{Queue, QueueMessage, QueueName};

/// Generates one test per case. `$make` returns empty queues, a way to let their time pass, and a guard kept alive by
/// the test: `queue_conformance!(make)` with `async fn make() -> (impl Queue, impl PassTime, impl Sized)`.
#[macro_export]
macro_rules! queue_conformance {
    ($make:path) => {
        $crate::conformance_tests! { queue, $make, time;
            a_message_is_received_unchanged,
            an_empty_queue_returns_no_messages,
            any_text_is_a_body,
            a_delayed_message_waits_for_its_time,
            a_taken_message_is_hidden_from_others,
            no_message_is_received_twice_at_once,
            a_received_message_returns_and_counts_its_deliveries,
            a_deleted_message_is_gone,
            a_receipt_ends_when_the_message_is_taken_again,
            a_receipt_holds_until_the_message_is_taken_again,
            a_released_message_comes_back_after_its_delay,
            a_release_invalidates_the_receipt,
            no_more_messages_are_received_than_requested,
            queues_are_separate,
            a_receipt_of_another_queue_is_invalid,
        }
    };
}

/// Lets time pass for a queue under test.
#[async_trait]
pub trait PassTime: Send + Sync {
    /// Returns after `by` has passed for the queue.
    async fn pass(&self, by: SignedDuration);
}

#[async_trait]
impl PassTime for Arc<TestClock> {
    async fn pass(&self, by: SignedDuration) {
        self.advance(by);
    }
}

const EVENTS: QueueName = QueueName::RecordingEvents;
const AT_ONCE: SignedDuration = SignedDuration::ZERO;
const SHORT: SignedDuration = SignedDuration::from_secs(1);
const LONG: SignedDuration = SignedDuration::from_secs(3);

/// First receives, with insertion times in the order of the sends.
pub async fn a_message_is_received_unchanged(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "first", AT_ONCE).await.unwrap();
    time.pass(SHORT).await;
    queue.send(EVENTS, "second", AT_ONCE).await.unwrap();
    let mut messages = queue.receive(EVENTS, 10, LONG).await.unwrap();
    messages.sort_by_key(|message| message.inserted_at);
    let told: Vec<_> = messages.iter().map(|message| (message.body.as_str(), message.dequeue_count)).collect();
    assert_eq!(told, [("first", 1), ("second", 1)]);
    assert!(messages[0].inserted_at < messages[1].inserted_at, "sent a second apart");
}

/// An empty queue is no error.
pub async fn an_empty_queue_returns_no_messages(queue: &impl Queue, _: &impl PassTime) {
    assert_eq!(queue.receive(EVENTS, 10, LONG).await.unwrap(), []);
}

/// Includes text that needs escaping, empty text and long text.
pub async fn any_text_is_a_body(queue: &impl Queue, _: &impl PassTime) {
    let much = "{\"key\":\"v\u{e4}lue\"}".repeat(2_000);
    let mut bodies: Vec<&str> = HOSTILE_NAMES.into_iter().chain(["", "<xml>&amp;</xml>", &much]).collect();
    for body in &bodies {
        queue.send(EVENTS, body, AT_ONCE).await.unwrap();
    }
    let mut received: Vec<String> = take(queue, 32).await.into_iter().map(|message| message.body).collect();
    bodies.sort_unstable();
    received.sort_unstable();
    assert_eq!(received, bodies);
}

/// The message appears neither early nor never.
pub async fn a_delayed_message_waits_for_its_time(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "later", LONG).await.unwrap();
    assert_eq!(take(queue, 10).await, []);
    time.pass(LONG).await;
    assert_eq!(bodies(&take(queue, 10).await), ["later"]);
}

/// Hidden for the time the receiver asked for.
pub async fn a_taken_message_is_hidden_from_others(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "once", AT_ONCE).await.unwrap();
    assert_eq!(queue.receive(EVENTS, 10, LONG).await.unwrap().len(), 1);
    assert_eq!(queue.receive(EVENTS, 10, LONG).await.unwrap(), []);
    time.pass(SHORT).await;
    assert_eq!(queue.receive(EVENTS, 10, LONG).await.unwrap(), []);
}

/// Holds for overlapping receives.
pub async fn no_message_is_received_twice_at_once(queue: &impl Queue, _: &impl PassTime) {
    for n in 0..12 {
        queue.send(EVENTS, &format!("{n:02}"), AT_ONCE).await.unwrap();
    }
    let takings = join_all((0..6).map(|_| queue.receive(EVENTS, 2, LONG))).await;
    let mut taken: Vec<String> = takings.into_iter().flat_map(Result::unwrap).map(|message| message.body).collect();
    taken.extend(queue.receive(EVENTS, 12, LONG).await.unwrap().into_iter().map(|message| message.body));
    taken.sort();
    assert_eq!(taken, (0..12).map(|n| format!("{n:02}")).collect::<Vec<_>>());
}

/// Covers a receiver that died.
pub async fn a_received_message_returns_and_counts_its_deliveries(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "again", AT_ONCE).await.unwrap();
    let mut inserted = Vec::new();
    for count in 1..=3 {
        let messages = queue.receive(EVENTS, 10, SHORT).await.unwrap();
        assert_eq!((messages.len(), messages[0].dequeue_count), (1, count));
        inserted.push(messages[0].inserted_at);
        time.pass(SHORT).await;
    }
    inserted.dedup();
    assert_eq!(inserted.len(), 1, "receiving keeps a message's age");
}

/// Deletion is permanent and succeeds once.
pub async fn a_deleted_message_is_gone(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "done", AT_ONCE).await.unwrap();
    let message = take_one(queue).await;
    assert!(queue.delete(EVENTS, &message.receipt).await.unwrap(), "the receiver may delete");
    assert!(!queue.delete(EVENTS, &message.receipt).await.unwrap(), "a second delete finds nothing");
    assert!(!queue.release(EVENTS, &message.receipt, AT_ONCE).await.unwrap(), "nor does a release");
    time.pass(LONG).await;
    assert_eq!(take(queue, 10).await, []);
}

/// A slow receiver cannot disturb the next one.
pub async fn a_receipt_ends_when_the_message_is_taken_again(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "slow", AT_ONCE).await.unwrap();
    let slow = take_one(queue).await;
    time.pass(SHORT).await;
    let next = take_one(queue).await;
    assert_ne!(slow.receipt, next.receipt);
    assert!(!queue.delete(EVENTS, &slow.receipt).await.unwrap(), "the slow receiver's receipt has expired");
    assert!(!queue.release(EVENTS, &slow.receipt, AT_ONCE).await.unwrap(), "also for releasing");
    assert!(queue.delete(EVENTS, &next.receipt).await.unwrap(), "the message was left to the next receiver");
}

/// A slow receiver may finish if no other received the message.
pub async fn a_receipt_holds_until_the_message_is_taken_again(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "slow", AT_ONCE).await.unwrap();
    let message = take_one(queue).await;
    time.pass(LONG).await;
    assert!(queue.delete(EVENTS, &message.receipt).await.unwrap());
    assert_eq!(take(queue, 10).await, []);
}

/// The delay may be zero; a release does not count as a receive.
pub async fn a_released_message_comes_back_after_its_delay(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "back", AT_ONCE).await.unwrap();
    let first = queue.receive(EVENTS, 1, LONG).await.unwrap().remove(0);
    assert!(queue.release(EVENTS, &first.receipt, AT_ONCE).await.unwrap());
    let second = queue.receive(EVENTS, 1, LONG).await.unwrap().remove(0);
    assert_eq!((second.body.as_str(), second.dequeue_count), ("back", 2));
    assert!(queue.release(EVENTS, &second.receipt, SHORT).await.unwrap());
    assert_eq!(take(queue, 1).await, []);
    time.pass(SHORT).await;
    assert_eq!(take_one(queue).await.dequeue_count, 3);
}

/// A receipt is void after its release.
pub async fn a_release_invalidates_the_receipt(queue: &impl Queue, _: &impl PassTime) {
    queue.send(EVENTS, "back", AT_ONCE).await.unwrap();
    let message = take_one(queue).await;
    assert!(queue.release(EVENTS, &message.receipt, AT_ONCE).await.unwrap());
    assert!(!queue.delete(EVENTS, &message.receipt).await.unwrap());
    assert_eq!(bodies(&take(queue, 10).await), ["back"]);
}

/// The others stay visible.
pub async fn no_more_messages_are_received_than_requested(queue: &impl Queue, _: &impl PassTime) {
    for n in 0..5 {
        queue.send(EVENTS, &n.to_string(), AT_ONCE).await.unwrap();
    }
    assert_eq!(take(queue, 2).await.len(), 2);
    assert_eq!(take(queue, 10).await.len(), 3);
}

/// Each queue has its own messages.
pub async fn queues_are_separate(queue: &impl Queue, _: &impl PassTime) {
    for name in QueueName::ALL {
        queue.send(name, name.as_str(), AT_ONCE).await.unwrap();
    }
    for name in QueueName::ALL {
        assert_eq!(bodies(&queue.receive(name, 10, LONG).await.unwrap()), [name.as_str()]);
    }
}

/// A receipt is bound to one queue.
pub async fn a_receipt_of_another_queue_is_invalid(queue: &impl Queue, time: &impl PassTime) {
    queue.send(EVENTS, "mine", AT_ONCE).await.unwrap();
    let message = take_one(queue).await;
    assert!(!queue.delete(QueueName::Notifications, &message.receipt).await.unwrap());
    assert!(!queue.release(QueueName::Notifications, &message.receipt, AT_ONCE).await.unwrap());
    time.pass(SHORT).await;
    assert_eq!(bodies(&take(queue, 10).await), ["mine"]);
}

async fn take(queue: &impl Queue, limit: usize) -> Vec<QueueMessage> {
    queue.receive(EVENTS, limit, SHORT).await.unwrap()
}

async fn take_one(queue: &impl Queue) -> QueueMessage {
    take(queue, 1).await.pop().expect("a message is visible")
}

fn bodies(messages: &[QueueMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_str()).collect()
}
