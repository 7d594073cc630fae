//! Queue trigger, the change alarm: a bastion, its diagnostic setting or its recording account was changed.

use domain::address::Printable;
use domain::decide::posture::ResourceChange;
use pipeline::ports::{Fault, FaultKind};
use pipeline::{Archivist, Outcome};
use storage_events::{DecodedResource, decode_resources};

use crate::invocation::{Broken, Call, Counts, Invocation, InvocationOutcome, quarantine_input};

/// Function name: folder, route and span.
pub const FUNCTION: &str = "resource_changed";

/// Processes and counts every event of one call. An unreadable event does not affect the others.
pub async fn run(archivist: &Archivist, counts: &Counts, Call { body, .. }: Call) -> InvocationOutcome {
    let counted = |outcome| {
        counts.add(FUNCTION, outcome);
        outcome
    };
    let invocation = match Invocation::open(&body) {
        Ok(invocation) => invocation,
        Err(error) => return counted(quarantine_input(archivist, FUNCTION, &body, "not_an_invocation", &error).await),
    };
    let payload = invocation.payload();
    let mut worst: Option<InvocationOutcome> = None;
    let mut broken = Broken::new(archivist, FUNCTION, payload);
    for decoded in decode_resources(payload) {
        let outcome = match &decoded {
            DecodedResource::NotOurs(reason) => InvocationOutcome::Ignored(reason.label()),
            DecodedResource::Malformed { reason, raw } => broken.quarantine(raw, reason).await,
            DecodedResource::Changed(change) => match report(archivist, change).await {
                Ok(outcome) => outcome,
                Err(fault) if fault.kind == FaultKind::Permanent => {
                    quarantine_input(archivist, FUNCTION, payload, "refused", &fault).await
                }
                Err(fault) => {
                    tracing::warn!(resource = %Printable(change.resource.as_str()), %fault, "change not reported, the platform delivers it again");
                    InvocationOutcome::Transient("not_saved")
                }
            },
        };
        worst = worst.max(Some(counted(outcome)));
    }
    worst.unwrap_or(InvocationOutcome::Applied)
}

/// Processes one change.
pub(crate) async fn report(archivist: &Archivist, change: &ResourceChange) -> Result<InvocationOutcome, Fault> {
    Ok(match archivist.resource_change.resource_changed(change).await? {
        Outcome::Applied => {
            tracing::info!(resource = %Printable(change.resource.as_str()), event = %Printable(&change.id), "change reported");
            InvocationOutcome::Applied
        }
        Outcome::Ignored(reason) => InvocationOutcome::Ignored(reason.label()),
    })
}
