//! Timer: reads on in growing audit logs and logs of accesses, finds logs whose event was lost, announces accesses, and
//! reports an audit log that stopped.

use pipeline::Archivist;
use pipeline::audit_log::{ReadOn, Tailed};

use crate::invocation::{Call, Counts, InvocationOutcome};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "audit_log_tail";

/// Runs one pass over the logs. Independent of the host's run information, because checkpoints are stored.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> InvocationOutcome {
    let outcome = match archivist.tailing.tail(&|| !deadline.is_near()).await {
        Ok(tailed) => {
            log(tailed);
            InvocationOutcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "audit logs not read, the next pass continues");
            InvocationOutcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}

/// Logs a pass, unless it found nothing new.
fn log(tailed: Tailed) {
    let Tailed { logs, read, retired, failed, unfinished } = tailed;
    let ReadOn { records, foreign, rejected, changed, .. } = read;
    if records + foreign + rejected + retired + failed > 0 || unfinished {
        tracing::info!(logs, records, foreign, rejected, changed, retired, failed, unfinished, "audit logs read on");
    }
}
