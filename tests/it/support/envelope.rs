//! Builds the host's request bodies for each function's binding.

use functions::registry::FUNCTIONS;
use host_protocol::host::{HostQueueMessage, Sys, TimerRun};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Invocation id of every call.
pub const INVOCATION_ID: &str = "5e0f9c1a-7d2b-4a36-9f58-0c1d2e3f4a5b";

/// Wraps a queue message like the host.
pub fn queue(function: &str, text: &str, dequeue_count: u64, now: Timestamp) -> String {
    let message = HostQueueMessage {
        text,
        id: "b9d1f0a2-3c4e-4f5a-8b6c-7d8e9f0a1b2c",
        dequeue_count,
        inserted_at: now,
        expires_at: now + SignedDuration::from_hours(7 * 24),
        next_visible_at: now + SignedDuration::from_mins(10),
        pop_receipt: "AgAAAAMAAAAAAAAA",
    };
    message.invocation(&binding(function), &sys(function, now)).unwrap()
}

/// Wraps a timer run like the host.
pub fn timer(function: &str, now: Timestamp) -> String {
    let run = TimerRun { last: None, next: now + SignedDuration::from_mins(1), is_past_due: false };
    run.invocation(&binding(function), &sys(function, now)).unwrap()
}

fn sys(function: &str, now: Timestamp) -> Sys<'_> {
    Sys { function, utc_now: now, rand_guid: INVOCATION_ID }
}

/// Returns the trigger's name in the function's `function.json`.
fn binding(function: &str) -> String {
    let deployed = FUNCTIONS.iter().find(|deployed| deployed.name == function);
    let deployed = deployed.unwrap_or_else(|| panic!("no function {function}"));
    let definition: Value = serde_json::from_str(deployed.function_json).unwrap();
    definition["bindings"][0]["name"].as_str().unwrap().to_owned()
}
