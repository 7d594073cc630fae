//! Queue trigger: one attempt to deliver one notification to one channel.

use domain::address::Printable;
use pipeline::message::Attempt;
use pipeline::ports::{FaultKind, QueueName};
use pipeline::{Archivist, Outcome as Delivered};

use crate::invocation::instrumentation;
use crate::invocation::{Call, Counts, Invocation, InvocationOutcome, quarantine_input};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "notification_delivery";

/// Makes the attempt. A failed delivery is a success to the host, because the next attempt is queued.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> InvocationOutcome {
    let outcome = match Invocation::open(&body) {
        Ok(invocation) => attempt(archivist, invocation.payload()).await,
        Err(error) => quarantine_input(archivist, FUNCTION, &body, "not_an_invocation", &error).await,
    };
    counts.add(FUNCTION, outcome);
    outcome
}

async fn attempt(archivist: &Archivist, payload: &[u8]) -> InvocationOutcome {
    let attempt = match Attempt::decode(payload) {
        Ok(attempt) => attempt,
        Err(error) => return quarantine_input(archivist, FUNCTION, payload, "malformed", &error).await,
    };
    let id = attempt.notification.as_str();
    instrumentation::message(archivist, FUNCTION, QueueName::Notifications, id, payload);
    match archivist.delivery.deliver(&attempt).await {
        Ok(Delivered::Applied) => InvocationOutcome::Applied,
        Ok(Delivered::Ignored(reason)) => InvocationOutcome::Ignored(reason.label()),
        Err(fault) if fault.kind == FaultKind::Permanent => {
            quarantine_input(archivist, FUNCTION, payload, "refused", &fault).await
        }
        Err(fault) => {
            tracing::warn!(notification = attempt.notification.as_str(), channel = %Printable(&attempt.channel), %fault, "attempt not made, the platform delivers it again");
            InvocationOutcome::Transient("not_saved")
        }
    }
}
