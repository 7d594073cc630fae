//! A timer: settles recordings, looks for the sessions of recordings and the recordings of sessions, retries effects,
//! recalls deliveries whose message was lost, moves poison into quarantine.

use pipeline::Archivist;

use crate::invocation::{Call, Counts, Outcome};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "join_sweep";

/// Makes one pass over what is due. What the host says about the run changes nothing: the work is found in
/// the catalogue.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> Outcome {
    let outcome = match archivist.sweep(&|| !deadline.is_near()).await {
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
            Outcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "sweep not finished, the next one goes on");
            Outcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}
