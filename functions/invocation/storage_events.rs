//! Processes the storage events of one call.

use domain::address::Printable;
use futures_util::future::BoxFuture;
use pipeline::Archivist;
use pipeline::ports::{Fault, FaultKind};
use storage_events::{Decoded, StorageEvent, decode};
use tracing::Instrument as _;

use super::instrumentation::Heard;
use super::{Broken, Counts, Invocation, Outcome, set_aside};

/// Processes one event.
pub type TakeIn = for<'a> fn(&'a Archivist, &'a StorageEvent<'a>) -> BoxFuture<'a, Result<Outcome, Fault>>;

/// Processes and counts every event of one call. An unreadable event does not affect the others.
///
/// Returns the worst outcome. If a single event must be retried, the platform delivers all again; applied
/// events are idempotent.
pub async fn take_in_storage_events(
    archivist: &Archivist,
    counts: &Counts,
    function: &'static str,
    body: &[u8],
    take_in: TakeIn,
) -> Outcome {
    let counted = |outcome| {
        counts.add(function, outcome);
        outcome
    };
    let invocation = match Invocation::open(body) {
        Ok(invocation) => invocation,
        Err(error) => return counted(set_aside(archivist, function, body, "not_an_invocation", &error).await),
    };
    let payload = invocation.payload();
    let mut worst: Option<Outcome> = None;
    let mut elements = decode(payload).peekable();
    let (mut is_first, mut broken) = (true, Broken::new(archivist, function, payload));
    while let Some(decoded) = elements.next() {
        let is_alone = std::mem::take(&mut is_first) && elements.peek().is_none();
        let heard = Heard::begin(archivist, function, &decoded, is_alone);
        let outcome = async {
            match &decoded {
                Decoded::NotOurs(reason) => Outcome::Ignored(reason.label()),
                Decoded::Malformed { reason, raw } => broken.set_aside(raw, reason).await,
                Decoded::Blob(event) => match take_in(archivist, event).await {
                    Ok(outcome) => outcome,
                    Err(fault) => failed(archivist, function, event, payload, &fault).await,
                },
            }
        };
        let outcome = outcome.instrument(heard.span.clone()).await;
        heard.end(outcome);
        worst = worst.max(Some(counted(outcome)));
    }
    worst.unwrap_or(Outcome::Applied)
}

async fn failed(
    archivist: &Archivist,
    function: &'static str,
    event: &StorageEvent<'_>,
    payload: &[u8],
    fault: &Fault,
) -> Outcome {
    if fault.kind == FaultKind::Permanent {
        return set_aside(archivist, function, payload, "refused", fault).await;
    }
    tracing::warn!(blob = %event.address, event = %Printable(&event.id), %fault, "event not applied, the platform delivers it again");
    Outcome::Transient("not_saved")
}
