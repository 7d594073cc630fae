//! Timer: checks the setup every day, and notifies people of new findings.

use pipeline::Archivist;
use pipeline::posture::PostureChecked;

use crate::invocation::{Call, Counts, InvocationOutcome};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "posture_check";

/// Runs all checks once.
pub async fn run(archivist: &Archivist, counts: &Counts, _: Call) -> InvocationOutcome {
    let outcome = match archivist.posture.check_posture().await {
        Ok(PostureChecked { asked, findings, not_checked, notified }) => {
            tracing::info!(asked, findings, not_checked, told = notified, "setup checked");
            InvocationOutcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "findings not reported yet, the next run reports them");
            InvocationOutcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}
