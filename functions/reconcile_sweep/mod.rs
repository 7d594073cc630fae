//! Timer: lists the containers, catalogues recordings whose events were lost, and updates the daily counts.

use pipeline::summary::Summarised;
use pipeline::{Archivist, Reconciled};

use crate::invocation::{Call, Counts, InvocationOutcome};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "reconcile_sweep";

/// Runs one pass over the containers. A listing that does not finish continues in the next pass.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> InvocationOutcome {
    let outcome = match archivist.reconciliation.reconcile(&|| !deadline.is_near()).await {
        Ok(reconciled) => {
            let Reconciled { listed, found, amiss, failed, unfinished } = reconciled;
            tracing::info!(listed, found, amiss, failed, unfinished, "containers listed");
            InvocationOutcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "containers not listed, the next pass does it");
            InvocationOutcome::Transient("not_finished")
        }
    };
    // Counts cover the catalogue, so they do not depend on a complete listing.
    match archivist.summary.summarise(&|| !deadline.is_near()).await {
        Ok(Summarised { days, unfinished }) => tracing::info!(days, unfinished, "days counted"),
        Err(fault) => tracing::warn!(%fault, "days not counted, the next pass does it"),
    }
    counts.add(FUNCTION, outcome);
    outcome
}
