//! Queue trigger: starts reading a new audit log. Storage sends no event when a log grows; `audit_log_tail`
//! reads on.

use domain::record::blob::Happening;
use pipeline::Archivist;
use pipeline::audit_log::Landed;
use pipeline::ports::Fault;
use storage_events::StorageEvent;

use crate::invocation::{Call, Counts, InvocationOutcome, handle_storage_events};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "audit_log_landed";

/// Processes all storage events of one call.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> InvocationOutcome {
    handle_storage_events(archivist, counts, FUNCTION, &body, |archivist, event| Box::pin(read(archivist, event))).await
}

/// Processes one event. Sessions of a deleted log stay known.
pub(crate) async fn read(archivist: &Archivist, event: &StorageEvent<'_>) -> Result<InvocationOutcome, Fault> {
    if !matches!(event.event.what, Happening::Written { .. }) {
        return Ok(InvocationOutcome::Ignored("not_a_new_log"));
    }
    // Reads one piece at most; the timer reads on in a log found late.
    let landed = archivist.audit_log.log_landed(&event.address, &|| false).await?;
    let Landed::Read(read) = landed else {
        return Ok(InvocationOutcome::Ignored("foreign_container"));
    };
    let pipeline::audit_log::ReadOn { records, foreign, rejected, changed, is_at_end } = read;
    tracing::info!(log = %event.address, records, foreign, rejected, changed, is_at_end, "audit log read");
    Ok(InvocationOutcome::Applied)
}
