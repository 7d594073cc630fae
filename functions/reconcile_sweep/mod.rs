//! A timer: lists the containers, catalogues the recordings whose events never came, and counts what there is.

use pipeline::summary::Summarised;
use pipeline::{Archivist, Reconciled};

use crate::invocation::{Call, Counts, Outcome};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "reconcile_sweep";

/// Makes one pass over the containers. A listing that does not end in one pass goes on in the next.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> Outcome {
    let outcome = match archivist.reconcile(&|| !deadline.is_near()).await {
        Ok(reconciled) => {
            let Reconciled { listed, found, amiss, failed, unfinished } = reconciled;
            tracing::info!(listed, found, amiss, failed, unfinished, "containers listed");
            Outcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "containers not listed, the next pass does it");
            Outcome::Transient("not_finished")
        }
    };
    // Numbers are of what is catalogued, whether or not all could be listed.
    match archivist.summarise(&|| !deadline.is_near()).await {
        Ok(Summarised { days, unfinished }) => tracing::info!(days, unfinished, "days counted"),
        Err(fault) => tracing::warn!(%fault, "days not counted, the next pass does it"),
    }
    counts.add(FUNCTION, outcome);
    outcome
}
