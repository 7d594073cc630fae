//! The process dies between any two calls.
//!
//! Deaths between reads leave the same stored state, so the process dies just before each write and just after it.
//! The next pass finds what was saved without an answer.

use adapters_azure::testing::Mishap;

use crate::promises::run::{Recovery, Run, is_write};
use crate::promises::runs::Undisturbed;
use crate::promises::scenarios::Scenario;

const DEATHS: [(Mishap, Recovery); 2] =
    [(Mishap::Death, Recovery::Redelivery), (Mishap::DeathAfter, Recovery::SweepsAlone)];

async fn survives(scenario: Scenario) {
    survives_in(&Undisturbed::play(scenario).await).await;
}

async fn survives_in(undisturbed: &Undisturbed) {
    let writes = (1..).zip(&undisturbed.calls).filter(|(_, label)| is_write(label));
    let run = |call, (death, recovery)| Run { retries: false, mishap: Some((call, death)), recovery };
    let runs = writes.flat_map(|(call, _)| DEATHS.map(|death| run(call, death)));
    undisturbed.holds_in(runs.collect()).await;
}

#[tokio::test]
async fn a_new_recording_survives_a_crash_at_any_call() {
    survives(Scenario::NewRecording).await;
}

#[tokio::test]
async fn a_late_delete_dividing_a_life_survives_a_crash() {
    survives(Scenario::LateDelete).await;
}

#[tokio::test]
async fn a_rewrite_after_settling_survives_a_crash_at_any_call() {
    survives(Scenario::Rewrite).await;
}

#[tokio::test]
async fn poison_survives_a_crash_at_any_call() {
    survives(Scenario::Poison).await;
}

#[tokio::test]
async fn a_failed_delivery_survives_a_crash_at_any_call() {
    survives(Scenario::FailedDelivery).await;
}

#[tokio::test]
async fn resuming_a_log_survives_a_crash_at_any_call() {
    let undisturbed = Undisturbed::play(Scenario::GrownLog).await;
    let last =
        |save: &str| undisturbed.calls.iter().rposition(|label| is_write(label) && label.contains(save)).unwrap();
    assert!(last(" sessions(") < last("(PartitionKey='open_log'"), "records are stored before the position");
    survives_in(&undisturbed).await;
}
