//! Queue trigger: hashes the content of one recording for the ledger.

use pipeline::message::HashRequest;
use pipeline::ports::{FaultKind, QueueName};
use pipeline::{Archivist, Outcome as Hashed};

use crate::invocation::instrumentation;
use crate::invocation::{Call, Counts, Invocation, InvocationOutcome, quarantine_input};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "recording_hash";

/// Reads the content and stores its hash. Takes time in proportion to the size, so no sweep does it.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> InvocationOutcome {
    let outcome = match Invocation::open(&body) {
        Ok(invocation) => hash(archivist, invocation.payload()).await,
        Err(error) => quarantine_input(archivist, FUNCTION, &body, "not_an_invocation", &error).await,
    };
    counts.add(FUNCTION, outcome);
    outcome
}

async fn hash(archivist: &Archivist, payload: &[u8]) -> InvocationOutcome {
    let request = match HashRequest::decode(payload) {
        Ok(request) => request,
        Err(error) => return quarantine_input(archivist, FUNCTION, payload, "malformed", &error).await,
    };
    let id = request.recording.to_string();
    instrumentation::message(archivist, FUNCTION, QueueName::Hashes, &id, payload);
    match archivist.hashing.hash_recording(request.recording).await {
        Ok(Hashed::Applied) => InvocationOutcome::Applied,
        Ok(Hashed::Ignored(reason)) => InvocationOutcome::Ignored(reason.label()),
        Err(fault) if fault.kind == FaultKind::Permanent => {
            quarantine_input(archivist, FUNCTION, payload, "refused", &fault).await
        }
        Err(fault) => {
            tracing::warn!(recording = %request.recording, %fault, "not hashed, the platform delivers the request again");
            InvocationOutcome::Transient("not_hashed")
        }
    }
}
