//! Tests of the host's queue rules.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pipeline::ports::{Queue, QueueName};
use tokio::sync::Barrier;

use crate::support::{CannedAnswer, NOW, QUEUE_FUNCTION, SeenCall, Stage, event, minutes};

const EVENTS: QueueName = QueueName::RecordingEvents;
const POISON: QueueName = QueueName::RecordingEventsPoison;

#[tokio::test]
async fn a_message_that_succeeds_is_deleted() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send(&event()).await;
    assert_eq!(stage.host.step().await.unwrap(), None);
    assert_eq!((stage.handler.seen().len(), stage.depth(EVENTS).await), (1, 0));
    assert!(stage.host.is_at_rest().await.unwrap());
}

#[tokio::test]
async fn a_message_that_fails_is_visible_again_after_the_visibility_timeout() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::UNAVAILABLE).await;
    stage.send(&event()).await;
    assert_eq!(stage.host.step().await.unwrap(), Some(NOW + minutes(5)));
    assert_eq!((stage.handler.seen().len(), stage.depth(EVENTS).await), (1, 1));
    assert!(!stage.host.is_at_rest().await.unwrap());
}

#[tokio::test]
async fn a_response_other_than_a_json_object_is_a_failure() {
    for answer in [
        || CannedAnswer::json(200, "[]"),
        || CannedAnswer::json(200, "{"),
        || CannedAnswer::json(200, "true"),
        || CannedAnswer::json(200, r#"{"Outputs":[]}"#),
        || CannedAnswer::json(200, r#"{"Logs":[{}]}"#),
        || CannedAnswer::typed(200, Some("text/plain"), "{}"),
        || CannedAnswer::typed(200, None, "{}"),
        || CannedAnswer::json(302, "{}"),
        || CannedAnswer::json(500, "{}"),
    ] {
        let mut stage = Stage::new(&[QUEUE_FUNCTION], move |_| answer()).await;
        stage.send(&event()).await;
        assert_eq!(stage.host.step().await.unwrap(), Some(NOW + minutes(5)));
    }
}

#[tokio::test]
async fn an_empty_success_holds_its_message_until_the_function_timeout() {
    for answer in
        [|| CannedAnswer::typed(204, None, ""), || CannedAnswer::json(200, ""), || CannedAnswer::json(200, "null")]
    {
        let mut stage = Stage::new(&[QUEUE_FUNCTION], move |_| answer()).await;
        stage.send(&event()).await;
        assert_eq!(stage.host.step().await.unwrap(), Some(NOW + minutes(4) + minutes(5)));
    }
}

#[tokio::test]
async fn an_aborted_response_is_a_failure() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| panic!("dies in the middle of the request")).await;
    stage.send(&event()).await;
    assert_eq!(stage.host.step().await.unwrap(), Some(NOW + minutes(5)));
}

#[tokio::test]
async fn after_the_last_try_a_message_goes_to_the_poison_queue() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::UNAVAILABLE).await;
    stage.send(&event()).await;
    stage.run_until(NOW + minutes(60)).await;
    let counts: Vec<_> =
        stage.handler.seen().iter().map(|seen| seen.body["Metadata"]["DequeueCount"].clone()).collect();
    assert_eq!(counts, ["1", "2", "3"]);
    assert_eq!((stage.depth(EVENTS).await, stage.depth(POISON).await), (0, 1));
    let poison = stage.queue.receive(POISON, 1, minutes(1)).await.unwrap();
    assert_eq!(poison[0].body, event());
}

#[tokio::test]
async fn poison_is_pending_until_it_is_deleted() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::UNAVAILABLE).await;
    stage.send(&event()).await;
    stage.run_until(NOW + minutes(60)).await;
    assert!(!stage.host.is_at_rest().await.unwrap());
    let poison = stage.queue.receive(POISON, 1, minutes(1)).await.unwrap();
    assert!(!stage.host.is_at_rest().await.unwrap(), "hidden, and still there");
    assert!(stage.queue.delete(POISON, &poison[0].receipt).await.unwrap());
    assert!(stage.host.is_at_rest().await.unwrap());
}

#[tokio::test]
async fn a_message_tried_too_often_elsewhere_is_not_retried() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send(&event()).await;
    for _ in 0..3 {
        let taken = stage.queue.receive(EVENTS, 1, minutes(1)).await.unwrap();
        assert!(stage.queue.release(EVENTS, &taken[0].receipt, minutes(0)).await.unwrap());
    }
    stage.host.step().await.unwrap();
    assert_eq!((stage.handler.seen().len(), stage.depth(POISON).await), (0, 1));
}

#[tokio::test]
async fn all_visible_messages_are_processed_in_one_step() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    for _ in 0..25 {
        stage.send(&event()).await;
    }
    stage.host.step().await.unwrap();
    assert_eq!((stage.handler.seen().len(), stage.depth(EVENTS).await), (25, 0));
}

#[tokio::test]
async fn concurrency_is_limited_by_batch_size_and_threshold() {
    let (barrier, calls) = (Arc::new(Barrier::new(3)), AtomicUsize::new(0));
    let answer = move |_: &SeenCall| match calls.fetch_add(1, Ordering::Relaxed) {
        // The first call ends at once, so that one message is in progress when the next two are received.
        0 => CannedAnswer::DONE,
        _ => CannedAnswer::DONE.together(&barrier),
    };
    let mut stage = Stage::new(&[QUEUE_FUNCTION], answer).await;
    for _ in 0..4 {
        stage.send(&event()).await;
    }
    stage.host.step().await.unwrap();
    assert_eq!((stage.handler.peak(), stage.depth(EVENTS).await), (3, 0));
}
