//! Tests of the call counters.

use host_stand_in::{Ended, Messages};
use pipeline::ports::QueueName;

use crate::support::{CannedAnswer, QUEUE_FUNCTION, Stage, TIMER_FUNCTION, event, minutes};

#[tokio::test]
async fn calls_are_counted_by_result_and_messages_by_state() {
    let functions = [QUEUE_FUNCTION, TIMER_FUNCTION];
    let answer = |path: &str| {
        if path == "/join_sweep" {
            CannedAnswer::DONE
        } else {
            CannedAnswer::UNAVAILABLE
        }
    };
    let mut stage = Stage::new(&functions, move |seen| answer(&seen.path)).await;
    let calls = stage.host.calls();
    let messages = calls.messages();
    stage.send(&event()).await;
    stage.host.step().await.unwrap();
    assert_eq!(*messages.borrow(), Messages { begun: 1, ended: 1 });
    assert_eq!(calls.counted().functions["recording_landed"], Ended { well: 0, badly: 1 });
    assert!(calls.counted().given_up.is_empty());

    // Two more attempts, then the host gives up.
    let now = crate::support::NOW;
    stage.run_until(now + minutes(11)).await;
    let counted = calls.counted();
    assert_eq!(counted.functions["recording_landed"], Ended { well: 0, badly: 3 });
    assert_eq!(counted.functions["join_sweep"].badly, 0);
    assert!(counted.functions["join_sweep"].well > 9);
    assert_eq!(counted.given_up[&QueueName::RecordingEventsPoison], 1);
    assert_eq!(*messages.borrow(), Messages { begun: 3, ended: 3 });
}
