//! Processes the storage events of one call.

use domain::address::Printable;
use futures_util::future::BoxFuture;
use pipeline::Archivist;
use pipeline::ports::{Fault, FaultKind};
use storage_events::{DecodedEvent, StorageEvent, decode};
use tracing::Instrument as _;

use super::instrumentation::EventInProgress;
use super::{Broken, Counts, Invocation, InvocationOutcome, quarantine_input};

/// Processes one event.
pub type EventHandler =
    for<'a> fn(&'a Archivist, &'a StorageEvent<'a>) -> BoxFuture<'a, Result<InvocationOutcome, Fault>>;

/// Processes and counts every event of one call. An unreadable event does not affect the others.
///
/// Returns the worst outcome. If a single event must be retried, the platform delivers all again; applied
/// events are idempotent.
pub async fn handle_storage_events(
    archivist: &Archivist,
    counts: &Counts,
    function: &'static str,
    body: &[u8],
    handle: EventHandler,
) -> InvocationOutcome {
    let counted = |outcome| {
        counts.add(function, outcome);
        outcome
    };
    let invocation = match Invocation::open(body) {
        Ok(invocation) => invocation,
        Err(error) => return counted(quarantine_input(archivist, function, body, "not_an_invocation", &error).await),
    };
    let payload = invocation.payload();
    let mut worst: Option<InvocationOutcome> = None;
    let mut elements = decode(payload).peekable();
    let (mut is_first, mut broken) = (true, Broken::new(archivist, function, payload));
    while let Some(decoded) = elements.next() {
        let is_alone = std::mem::take(&mut is_first) && elements.peek().is_none();
        let in_progress = EventInProgress::begin(archivist, function, &decoded, is_alone);
        let outcome = async {
            match &decoded {
                DecodedEvent::NotOurs(reason) => InvocationOutcome::Ignored(reason.label()),
                DecodedEvent::Malformed { reason, raw } => broken.quarantine(raw, reason).await,
                DecodedEvent::Blob(event) => match handle(archivist, event).await {
                    Ok(outcome) => outcome,
                    Err(fault) => failed(archivist, function, event, payload, &fault).await,
                },
            }
        };
        let outcome = outcome.instrument(in_progress.span.clone()).await;
        in_progress.end(outcome);
        worst = worst.max(Some(counted(outcome)));
    }
    worst.unwrap_or(InvocationOutcome::Applied)
}

async fn failed(
    archivist: &Archivist,
    function: &'static str,
    event: &StorageEvent<'_>,
    payload: &[u8],
    fault: &Fault,
) -> InvocationOutcome {
    if fault.kind == FaultKind::Permanent {
        return quarantine_input(archivist, function, payload, "refused", fault).await;
    }
    tracing::warn!(blob = %event.address, event = %Printable(&event.id), %fault, "event not applied, the platform delivers it again");
    InvocationOutcome::Transient("not_saved")
}
