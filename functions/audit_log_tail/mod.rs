//! A timer: reads on in the audit logs that may still grow, and finds those whose event was lost.

use pipeline::Archivist;
use pipeline::audit_log::{ReadOn, Tailed};

use crate::invocation::{Call, Counts, Outcome};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "audit_log_tail";

/// Makes one pass over the logs. What the host says about the run changes nothing: how far each was read is stored.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> Outcome {
    let outcome = match archivist.tail(&|| !deadline.is_near()).await {
        Ok(tailed) => {
            log(tailed);
            Outcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "audit logs not read, the next pass goes on");
            Outcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}

/// A pass without news is not worth a line.
fn log(tailed: Tailed) {
    let Tailed { logs, read, retired, failed, unfinished } = tailed;
    let ReadOn { records, foreign, rejected, changed, .. } = read;
    if records + foreign + rejected + retired + failed > 0 || unfinished {
        tracing::info!(logs, records, foreign, rejected, changed, retired, failed, unfinished, "audit logs read on");
    }
}
