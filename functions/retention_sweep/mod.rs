//! Timer: updates verdicts for policy and holds, warns of due recordings, and deletes those cleared for
//! deletion.

use pipeline::Archivist;
use pipeline::retention::RetentionRun;

use crate::invocation::{Call, Counts, InvocationOutcome};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "retention_sweep";

/// Makes one run. The next run continues with the rest.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { deadline, .. }: Call) -> InvocationOutcome {
    let outcome = match archivist.retention.run_retention(&|| !deadline.is_near()).await {
        Ok(retained) => {
            log_run(&retained);
            InvocationOutcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "retention not finished, the next run continues");
            InvocationOutcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}

fn log_run(retained: &RetentionRun) {
    let RetentionRun { planned, in_step, marked, ordered, aborted, failed, unfinished, is_overtaken } = retained;
    let (to_mark, waiting, review) = (planned.to_mark.count, planned.waiting, planned.review.count);
    tracing::info!(
        in_step, to_mark, marked, waiting, review, ordered, failed, unfinished, is_overtaken, "retention swept"
    );
    if let Some(reason) = aborted {
        let (count, plan) = (planned.delete.count, &planned.delete.digest);
        tracing::error!(
            %reason, count, %plan,
            "plan exceeds the limits, only approved recordings are deleted: see `archivist retention plan`"
        );
    }
}
