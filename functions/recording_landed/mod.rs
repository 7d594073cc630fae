//! Queue trigger: a recording was written, deleted, or moved to another tier.

use domain::address::Printable;
use pipeline::ports::Fault;
use pipeline::{Archivist, Outcome as Ingested};
use storage_events::{BlobType, StorageEvent};

use crate::invocation::instrumentation::{catalogued, happening};
use crate::invocation::{Call, Counts, InvocationOutcome, handle_storage_events};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "recording_landed";

/// Processes all storage events of one call.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> InvocationOutcome {
    handle_storage_events(archivist, counts, FUNCTION, &body, |archivist, event| Box::pin(ingest(archivist, event)))
        .await
}

/// Processes one event.
pub(crate) async fn ingest(archivist: &Archivist, event: &StorageEvent<'_>) -> Result<InvocationOutcome, Fault> {
    if event.blob_type != BlobType::Block {
        return Ok(InvocationOutcome::Ignored("not_a_block_blob"));
    }
    Ok(match archivist.recordings.ingest(&event.address, &event.event).await? {
        Ingested::Applied => {
            catalogued(archivist, FUNCTION, event);
            let what = happening(&event.event.what);
            tracing::info!(blob = %event.address, event = %Printable(&event.id), what, "event applied");
            InvocationOutcome::Applied
        }
        Ingested::Ignored(reason) => InvocationOutcome::Ignored(reason.label()),
    })
}
