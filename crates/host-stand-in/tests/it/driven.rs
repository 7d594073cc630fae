//! Tests of a driven run: the clock advances from one due time to the next, and stops when no work remains.

use async_trait::async_trait;
use host_stand_in::{FolderEvents, OutsideEvents, ScriptProgress, run_driven};
use jiff::Timestamp;
use pipeline::ports::{Clock, Fault, QueueName};

use crate::support::{CannedAnswer, NOW, QUEUE_FUNCTION, Stage, TIMER_FUNCTION, minutes};

/// Script with a single event.
#[derive(Default)]
struct OneThing {
    at: Option<Timestamp>,
    played: Vec<Timestamp>,
    asleep_until: Option<Timestamp>,
    end: Option<Timestamp>,
}

#[async_trait]
impl OutsideEvents for OneThing {
    fn next_at(&self) -> Option<Timestamp> {
        self.at
    }

    fn progress(&self) -> ScriptProgress {
        ScriptProgress { done: self.played.len(), total: 1 }
    }

    fn timers_sleep_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.asleep_until.filter(|until| *until > now)
    }

    fn ends_at(&self) -> Option<Timestamp> {
        self.end
    }

    async fn play(&mut self, now: Timestamp, _: &mut FolderEvents) -> Result<(), Fault> {
        self.at = None;
        self.played.push(now);
        Ok(())
    }
}

async fn run(stage: &mut Stage, script: &mut OneThing) -> Vec<(usize, Timestamp)> {
    let mut observed = Vec::new();
    run_driven(&mut stage.host, &stage.clock, script, |progress, now| observed.push((progress.done, now)))
        .await
        .unwrap();
    observed
}

#[tokio::test]
async fn a_run_without_work_ends_at_once() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION, TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    run(&mut stage, &mut OneThing::default()).await;
    assert_eq!((stage.clock.now(), stage.handler.seen().len()), (NOW, 0));
}

#[tokio::test]
async fn timers_fire_before_the_next_scripted_step() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    let mut script = OneThing { at: Some(NOW + minutes(2)), ..OneThing::default() };
    let observed = run(&mut stage, &mut script).await;
    assert_eq!(script.played, [NOW + minutes(2)]);
    assert_eq!(stage.handler.seen().len(), 2);
    let half_a_minute = jiff::SignedDuration::from_secs(30);
    let passed = [minutes(0), half_a_minute, half_a_minute * 3].map(|passed| (0, NOW + passed));
    assert_eq!(observed, [&passed[..], &[(1, NOW + minutes(2))]].concat());
}

#[tokio::test]
async fn one_run_replaces_those_skipped_by_a_sleeping_timer() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    let (asleep_until, end) = (Some(NOW + minutes(20)), Some(NOW + minutes(20)));
    run(&mut stage, &mut OneThing { asleep_until, end, ..OneThing::default() }).await;
    assert_eq!((stage.clock.now(), stage.handler.seen().len()), (NOW + minutes(20), 1));
}

#[tokio::test]
async fn a_script_with_an_end_ends_then_whatever_is_left() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION, TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send_later("1", minutes(90)).await;
    run(&mut stage, &mut OneThing { end: Some(NOW + minutes(3)), ..OneThing::default() }).await;
    assert!(stage.clock.now() >= NOW + minutes(3) && stage.clock.now() < NOW + minutes(5));
}

#[tokio::test]
async fn the_clock_advances_until_the_last_message_is_deleted() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::UNAVAILABLE).await;
    stage.send("1").await;
    run(&mut stage, &mut OneThing::default()).await;
    assert_eq!(stage.clock.now(), NOW + minutes(10));
    assert_eq!(stage.depth(QueueName::RecordingEventsPoison).await, 1);
}

#[tokio::test]
async fn a_delayed_message_is_awaited() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send_later("1", minutes(90)).await;
    run(&mut stage, &mut OneThing::default()).await;
    assert_eq!((stage.clock.now(), stage.handler.seen().len()), (NOW + minutes(90), 1));
}
