//! Queues on the emulator.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use adapters_azure::AzureQueues;
use async_trait::async_trait;
use azure_core::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use pipeline::ports::{FaultKind, Queue, QueueName};
use pipeline::testing::queue::PassTime;

use crate::emulated;
use crate::emulated::answering::Answering;

const EVENTS: QueueName = QueueName::RecordingEvents;
const AT_ONCE: SignedDuration = SignedDuration::ZERO;
const LONG: SignedDuration = SignedDuration::from_secs(60);

/// Additional wait, so the time has also passed on the emulator's clock.
const MARGIN: Duration = Duration::from_millis(250);

struct OfTheEmulator;

#[async_trait]
impl PassTime for OfTheEmulator {
    #[expect(clippy::disallowed_methods, reason = "the emulator keeps its own time")]
    async fn pass(&self, by: SignedDuration) {
        tokio::time::sleep(by.unsigned_abs() + MARGIN).await;
    }
}

async fn make() -> (AzureQueues, OfTheEmulator, ()) {
    (queues().await, OfTheEmulator, ())
}

pipeline::queue_conformance!(make);

async fn queues() -> AzureQueues {
    let account = emulated::account();
    let queues = AzureQueues::new(&emulated::access(&account), &emulated::endpoint(&account.queue_url)).unwrap();
    queues.create().await.unwrap();
    queues
}

#[tokio::test]
async fn existing_queues_are_left_unchanged() {
    let queues = queues().await;
    queues.send(EVENTS, "kept", AT_ONCE).await.unwrap();
    queues.create().await.unwrap();
    assert_eq!(queues.receive(EVENTS, 1, LONG).await.unwrap()[0].body, "kept");
}

/// One call returns at most 32.
#[tokio::test]
async fn more_messages_than_a_call_gives_take_several_calls() {
    let queues = queues().await;
    for n in 0..40 {
        queues.send(EVENTS, &n.to_string(), AT_ONCE).await.unwrap();
    }
    assert_eq!(queues.receive(EVENTS, 35, LONG).await.unwrap().len(), 35);
    assert_eq!(queues.receive(EVENTS, 35, LONG).await.unwrap().len(), 5);
}

/// The received messages are hidden from other consumers for a while.
#[tokio::test]
async fn received_messages_are_returned_even_if_a_later_call_fails() {
    let account = emulated::account();
    let calls = AtomicUsize::new(0);
    let second = move |request: &Request| request.method() == Method::Get && calls.fetch_add(1, Ordering::Relaxed) == 1;
    let wire = Answering::to(second, StatusCode::Forbidden, "AuthorizationFailure");
    let access = emulated::access(&account).with_policy(wire);
    let queues = AzureQueues::new(&access, &emulated::endpoint(&account.queue_url)).unwrap();
    queues.create().await.unwrap();
    for n in 0..40 {
        queues.send(EVENTS, &n.to_string(), AT_ONCE).await.unwrap();
    }
    assert_eq!(queues.receive(EVENTS, 40, LONG).await.unwrap().len(), 32);
    assert_eq!(queues.receive(EVENTS, 40, LONG).await.unwrap().len(), 8);
}

#[tokio::test]
async fn the_depth_counts_hidden_messages_too() {
    let queues = queues().await;
    for n in 0..3 {
        queues.send(EVENTS, &n.to_string(), AT_ONCE).await.unwrap();
    }
    queues.receive(EVENTS, 1, LONG).await.unwrap();
    queues.send(EVENTS, "later", LONG).await.unwrap();
    assert_eq!(queues.depth(EVENTS).await.unwrap(), 4);
    assert_eq!(queues.depth(QueueName::Notifications).await.unwrap(), 0);
}

/// 64 KiB as Base64; one byte more is never sent.
#[tokio::test]
async fn an_oversized_message_is_a_permanent_fault() {
    let account = emulated::account();
    let wire = Answering::to(|_| false, StatusCode::Ok, "");
    let access = emulated::access(&account).with_policy(wire.clone());
    let queues = AzureQueues::new(&access, &emulated::endpoint(&account.queue_url)).unwrap();
    queues.create().await.unwrap();
    let before = wire.seen();
    let largest = "x".repeat(48 * 1024);
    let fault = queues.send(EVENTS, &format!("{largest}x"), AT_ONCE).await.unwrap_err();
    assert_eq!((fault.kind, wire.seen()), (FaultKind::Permanent, before));
    assert!(fault.to_string().contains("recording-events"), "{fault}");
    queues.send(EVENTS, &largest, AT_ONCE).await.unwrap();
    assert_eq!(queues.receive(EVENTS, 1, LONG).await.unwrap()[0].body, largest);
}

/// An operator must create it.
#[tokio::test]
async fn a_missing_queue_is_a_refusal() {
    let account = emulated::account();
    let queues = AzureQueues::new(&emulated::access(&account), &emulated::endpoint(&account.queue_url)).unwrap();
    let receipt = pipeline::ports::Receipt { id: "9f2a6f0e-0000-4000-8000-000000000000".into(), pop: "eA==".into() };
    let faults = [
        queues.send(EVENTS, "x", AT_ONCE).await.unwrap_err(),
        queues.receive(EVENTS, 1, LONG).await.unwrap_err(),
        queues.delete(EVENTS, &receipt).await.unwrap_err(),
        queues.depth(EVENTS).await.unwrap_err(),
    ];
    for fault in faults {
        assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    }
}
