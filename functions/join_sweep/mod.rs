//! Timer: settles recordings, matches recordings and sessions, learns how each bastion writes recordings, retries
//! effects, recalls deliveries whose message was lost, appends facts to the ledger, moves poison messages into
//! quarantine, and announces quarantined input.

use pipeline::Archivist;

use crate::invocation::{Call, Counts, InvocationOutcome};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "join_sweep";

/// Runs one pass over due items. Independent of the host's run information, because the catalogue holds the
/// work.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> InvocationOutcome {
    let outcome = match archivist.due_work.sweep(&|| !deadline.is_near()).await {
        Ok(swept) => {
            if swept != pipeline::Swept::default() {
                let pipeline::Swept {
                    due,
                    sessions,
                    changed,
                    failed,
                    recalled,
                    announced,
                    rescued,
                    recorded,
                    unfinished,
                } = swept;
                tracing::info!(
                    due, sessions, changed, failed, recalled, announced, rescued, recorded, unfinished, "sweep ended"
                );
            }
            InvocationOutcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "sweep not finished, the next one continues");
            InvocationOutcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}
