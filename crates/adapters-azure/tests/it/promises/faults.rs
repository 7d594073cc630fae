//! Every call of every scenario fails once.
//!
//! A request that never reaches the service can fail in many forms, which the adapters map to one kind of fault. The
//! forms take turns from call to call, with and without retries of the SDK. So do conflict answers, which only
//! conditional calls get. For a read, a lost answer equals a request that never arrived.

use adapters_azure::testing::Mishap;

use crate::promises::run::{Recovery, Run, is_write};
use crate::promises::runs::Undisturbed;
use crate::promises::scenarios::Scenario;

const BUSY: Mishap = Mishap::Answer(503, Some("ServerBusy"), None);
const THROTTLED: Mishap = Mishap::Answer(429, None, Some(0));
/// Longer than the longest wait within a call.
const THROTTLED_LONG: Mishap = Mishap::Answer(429, None, Some(30));
const PRECONDITION_FAILED: Mishap = Mishap::Answer(412, Some("ConditionNotMet"), None);
const CONFLICT: Mishap = Mishap::Answer(409, Some("Conflict"), None);

/// True if the SDK retries, and the failure.
const NEVER_SEEN: [(bool, Mishap); 7] = [
    (false, Mishap::NoConnection),
    (false, THROTTLED_LONG),
    (true, BUSY),
    (false, Mishap::NoAnswer),
    (false, BUSY),
    (true, THROTTLED),
    (false, THROTTLED),
];

/// Failures to inject into the call with this number.
fn mishaps(call: usize, label: &str) -> Vec<(bool, Mishap)> {
    let mut mishaps = vec![NEVER_SEEN[call % NEVER_SEEN.len()]];
    if is_write(label) {
        mishaps.push((call.is_multiple_of(2), Mishap::AnswerLost));
    }
    if ["POST $batch", "PUT recordings/"].iter().any(|call| label.starts_with(call)) {
        mishaps.extend([(false, PRECONDITION_FAILED), (false, CONFLICT)]);
    }
    // For the quarantine, 412 says that the blob exists, which is no failure; the service answers so only if it is
    // true.
    if label.starts_with("PUT quarantine/") {
        mishaps.push((false, CONFLICT));
    }
    mishaps
}

async fn survives(scenario: Scenario) {
    let undisturbed = Undisturbed::play(scenario).await;
    let calls = (1..).zip(&undisturbed.calls);
    let runs = calls.flat_map(|(call, label)| mishaps(call, label).into_iter().map(move |it| run(call, it)));
    undisturbed.holds_in(runs.collect()).await;
}

fn run(call: usize, (retries, mishap): (bool, Mishap)) -> Run {
    Run { retries, mishap: Some((call, mishap)), recovery: Recovery::Redelivery }
}

#[tokio::test]
async fn a_new_recording_survives_a_failure_of_any_call() {
    survives(Scenario::NewRecording).await;
}

#[tokio::test]
async fn a_late_delete_dividing_a_life_survives_any_failure() {
    survives(Scenario::LateDelete).await;
}

#[tokio::test]
async fn a_rewrite_after_settling_survives_a_failure_of_any_call() {
    survives(Scenario::Rewrite).await;
}

#[tokio::test]
async fn poison_survives_a_failure_of_any_call() {
    survives(Scenario::Poison).await;
}

#[tokio::test]
async fn a_failed_delivery_survives_a_failure_of_any_call() {
    survives(Scenario::FailedDelivery).await;
}

/// This scenario makes the most calls, so each call gets only one of its failures.
#[tokio::test]
async fn a_match_survives_a_failure_of_any_call() {
    let undisturbed = Undisturbed::play(Scenario::Match).await;
    let tags = &undisturbed.outcome.tags["vm-user"];
    let told = ["bsr-state", "bsr-session", "bsr-user"].map(|tag| tags[tag].as_str());
    assert_eq!(told, ["matched", "a", "ada_contoso.example"]);
    let calls = (1..).zip(&undisturbed.calls);
    let runs = calls.map(|(call, label)| {
        let mishaps = mishaps(call, label);
        run(call, mishaps[call % mishaps.len()])
    });
    undisturbed.holds_in(runs.collect()).await;
}
