//! Tests of the end of a run in real time. The ports have their own clock, so no test depends on elapsed time.

use std::future::ready;
use std::sync::Arc;

use host_stand_in::{run_real, run_to_rest};
use tokio::sync::Barrier;

use crate::support::{CannedAnswer, NOW, QUEUE_FUNCTION, SeenCall, Stage, TIMER_FUNCTION, blob};

#[tokio::test]
async fn the_host_ends_without_remaining_work() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION, TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.folder.write(&blob("a"), 7, NOW).unwrap();
    run_to_rest(&mut stage.host).await.unwrap();
    assert_eq!(stage.handler.seen().len(), 1);
}

#[tokio::test]
async fn the_host_ends_on_request() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION, TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    run_real(&mut stage.host, ready(())).await;
    assert!(stage.handler.seen().is_empty());
}

#[tokio::test]
async fn calls_in_flight_at_shutdown_are_completed() {
    let both = Arc::new(Barrier::new(2));
    let answer = {
        let both = Arc::clone(&both);
        move |_: &SeenCall| CannedAnswer::DONE.together(&both)
    };
    let mut stage = Stage::new(&[QUEUE_FUNCTION], answer).await;
    stage.send("1").await;
    let handler = stage.handler.clone();
    let asked = async {
        // Requests the stop when the handler has the message, and only then lets the handler respond.
        handler.seen_one().await;
        tokio::spawn(async move { both.wait().await });
    };
    run_real(&mut stage.host, asked).await;
    assert!(stage.host.is_at_rest().await.unwrap(), "the message was deleted");
}
