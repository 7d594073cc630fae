//! A storage event: a recording was written, deleted, or moved to another tier.

use domain::address::Printable;
use pipeline::ports::FaultKind;
use pipeline::{Archivist, Outcome as Ingested};
use storage_events::{BlobType, Decoded, StorageEvent, decode};

use crate::invocation::{Counts, Invocation, Outcome, set_aside};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "recording_landed";

/// Takes in every event of one call. One that cannot be read never takes the others along.
///
/// The answer is the worst of what became of them: a single one that must be retried has all delivered
/// again, which changes nothing for those that were applied.
pub async fn run(archivist: &Archivist, counts: &Counts, body: &[u8]) -> Outcome {
    let invocation = match Invocation::open(body) {
        Ok(invocation) => invocation,
        Err(error) => return counted(counts, set_aside(archivist, FUNCTION, body, "not_an_invocation", &error).await),
    };
    let mut worst: Option<Outcome> = None;
    for decoded in decode(invocation.payload()) {
        let outcome = counted(counts, one(archivist, &decoded, invocation.payload()).await);
        worst = worst.max(Some(outcome));
    }
    worst.unwrap_or(Outcome::Applied)
}

async fn one(archivist: &Archivist, decoded: &Decoded<'_>, payload: &[u8]) -> Outcome {
    match decoded {
        Decoded::NotOurs(reason) => Outcome::Ignored(reason.label()),
        Decoded::Malformed { reason, raw } => set_aside(archivist, FUNCTION, raw, "malformed", reason).await,
        Decoded::Blob(event) if event.blob_type != BlobType::Block => Outcome::Ignored("not_a_block_blob"),
        Decoded::Blob(event) => ingest(archivist, event, payload).await,
    }
}

async fn ingest(archivist: &Archivist, event: &StorageEvent<'_>, payload: &[u8]) -> Outcome {
    match archivist.ingest(&event.address, &event.event).await {
        Ok(Ingested::Applied) => {
            tracing::info!(blob = %event.address, event = %Printable(&event.id), "event applied");
            Outcome::Applied
        }
        Ok(Ingested::Ignored(reason)) => Outcome::Ignored(reason.label()),
        Err(fault) if fault.kind == FaultKind::Permanent => {
            set_aside(archivist, FUNCTION, payload, "refused", &fault).await
        }
        Err(fault) => {
            tracing::warn!(blob = %event.address, event = %Printable(&event.id), %fault, "event not applied, the platform delivers it again");
            Outcome::Transient("not_saved")
        }
    }
}

fn counted(counts: &Counts, outcome: Outcome) -> Outcome {
    counts.add(FUNCTION, outcome);
    outcome
}
