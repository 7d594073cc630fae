//! Tests of the host's timer rules.

use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{CannedAnswer, NOW, Stage, TIMER_FUNCTION, minutes};

fn timers(stage: &Stage) -> Vec<Value> {
    stage.handler.seen().into_iter().map(|seen| seen.body["Data"]["timer"].clone()).collect()
}

#[tokio::test]
async fn a_timer_fires_when_its_schedule_says() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    assert_eq!(stage.host.step().await.unwrap(), Some(NOW + SignedDuration::from_secs(30)));
    assert!(timers(&stage).is_empty());
    stage.run_until(NOW + minutes(3)).await;
    let next: Vec<_> = timers(&stage).iter().map(|timer| timer["ScheduleStatus"]["Next"].clone()).collect();
    assert_eq!(next, ["2026-03-02T06:02:00+00:00", "2026-03-02T06:03:00+00:00", "2026-03-02T06:04:00+00:00"]);
    assert_eq!(timers(&stage)[1]["ScheduleStatus"]["Last"], "2026-03-02T06:01:00+00:00");
}

#[tokio::test]
async fn missed_runs_are_replaced_by_one_past_due_run() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.clock.advance(minutes(10));
    stage.host.step().await.unwrap();
    stage.run_until(NOW + minutes(11)).await;
    let past_due: Vec<_> = timers(&stage).iter().map(|timer| timer["IsPastDue"].clone()).collect();
    assert_eq!(past_due, [true, false]);
}

#[tokio::test]
async fn a_run_that_fails_waits_for_the_next_tick() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::UNAVAILABLE).await;
    stage.run_until(NOW + minutes(2)).await;
    assert_eq!(timers(&stage).len(), 2);
}

#[tokio::test]
async fn a_timer_may_fire_at_start() {
    let (name, function_json) = TIMER_FUNCTION;
    let at_start = function_json.replace(r#""direction":"in""#, r#""direction":"in","runOnStartup":true"#);
    let mut stage = Stage::new(&[(name, &at_start)], |_| CannedAnswer::DONE).await;
    stage.host.step().await.unwrap();
    assert_eq!(timers(&stage).len(), 1);
}
