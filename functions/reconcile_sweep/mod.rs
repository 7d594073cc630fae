//! Timer: lists the containers, catalogues recordings whose events were lost, wakes entries that a wrong clock
//! postponed, and updates the daily counts. Once a day, checks every recording, verifies the ledger and sends its head;
//! once a month, sends the report.

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
    if !deadline.is_near() {
        match archivist.monthly_report.send_monthly_report().await {
            Ok(true) => tracing::info!("monthly report sent"),
            Ok(false) => {}
            Err(fault) => tracing::warn!(%fault, "monthly report not sent, the next pass does it"),
        }
    }
    counts.add(FUNCTION, outcome);
    outcome
}
