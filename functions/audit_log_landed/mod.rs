//! A storage event: an audit log has begun. Storage tells of that alone; `audit_log_tail` hears of the rest.

use domain::blob::Happening;
use pipeline::Archivist;
use pipeline::audit_log::Landed;
use pipeline::ports::Fault;
use storage_events::StorageEvent;

use crate::invocation::{Call, Counts, Outcome, take_in_storage_events};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "audit_log_landed";

/// Takes in every event of one call.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> Outcome {
    take_in_storage_events(archivist, counts, FUNCTION, &body, |archivist, event| Box::pin(read(archivist, event)))
        .await
}

/// Takes in one event. What a log has said stays known when it is deleted.
pub(crate) async fn read(archivist: &Archivist, event: &StorageEvent<'_>) -> Result<Outcome, Fault> {
    if !matches!(event.event.what, Happening::Written { .. }) {
        return Ok(Outcome::Ignored("not_a_new_log"));
    }
    // One piece at most: the timer reads on in a log that is found long after it began.
    let landed = archivist.log_landed(&event.address, &|| false).await?;
    let Landed::Read(read) = landed else {
        return Ok(Outcome::Ignored("foreign_container"));
    };
    let pipeline::audit_log::ReadOn { records, foreign, rejected, changed, is_at_end } = read;
    tracing::info!(log = %event.address, records, foreign, rejected, changed, is_at_end, "audit log read");
    Ok(Outcome::Applied)
}
