//! Queue trigger: hashes the content of one recording for the ledger.

use pipeline::message::HashRequest;
use pipeline::ports::{FaultKind, QueueName};
use pipeline::{Archivist, Outcome as Hashed};

use crate::invocation::instrumentation;
use crate::invocation::{Call, Counts, Invocation, Outcome, set_aside};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "recording_hash";

/// Reads the content and stores its hash. Takes time in proportion to the size, so no sweep does it.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> Outcome {
    let outcome = match Invocation::open(&body) {
        Ok(invocation) => hash(archivist, invocation.payload()).await,
        Err(error) => set_aside(archivist, FUNCTION, &body, "not_an_invocation", &error).await,
    };
    counts.add(FUNCTION, outcome);
    outcome
}

async fn hash(archivist: &Archivist, payload: &[u8]) -> Outcome {
    let request = match HashRequest::decode(payload) {
        Ok(request) => request,
        Err(error) => return set_aside(archivist, FUNCTION, payload, "malformed", &error).await,
    };
    let id = request.recording.to_string();
    instrumentation::message(archivist, FUNCTION, QueueName::Hashes, &id, payload);
    match archivist.hashing.hash_recording(request.recording).await {
        Ok(Hashed::Applied) => Outcome::Applied,
        Ok(Hashed::Ignored(reason)) => Outcome::Ignored(reason.label()),
        Err(fault) if fault.kind == FaultKind::Permanent => {
            set_aside(archivist, FUNCTION, payload, "refused", &fault).await
        }
        Err(fault) => {
            tracing::warn!(recording = %request.recording, %fault, "not hashed, the platform delivers the request again");
            Outcome::Transient("not_hashed")
        }
    }
}
