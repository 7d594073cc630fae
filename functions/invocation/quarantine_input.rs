//! Quarantines input that no retry can apply.

use std::error::Error;

use pipeline::Archivist;
use pipeline::ports::with_causes;

use super::InvocationOutcome;

/// Stores the raw bytes in quarantine with the full reason. `label` is the counted reason.
///
/// If the quarantine fails too, returns a transient outcome, so the platform keeps the input.
pub async fn quarantine_input(
    archivist: &Archivist,
    function: &'static str,
    raw: &[u8],
    label: &'static str,
    reason: &(dyn Error + Sync),
) -> InvocationOutcome {
    let text = with_causes(reason);
    match archivist.quarantined.quarantine(raw, &text, function).await {
        Ok(_) => InvocationOutcome::Quarantined(label),
        Err(fault) => {
            tracing::error!(%fault, reason = text, "input can be neither read nor quarantined, the platform keeps it");
            InvocationOutcome::Transient("quarantine_failed")
        }
    }
}

/// Number of broken elements per payload to store separately.
const ALONE: usize = 8;

/// Broken elements of one payload. Above a limit the whole payload is stored once, which contains them all:
/// thousands of broken elements in one message have a single cause.
pub struct Broken<'a> {
    archivist: &'a Archivist,
    function: &'static str,
    payload: &'a [u8],
    count: usize,
}

impl<'a> Broken<'a> {
    /// Starts with an unread payload.
    pub fn new(archivist: &'a Archivist, function: &'static str, payload: &'a [u8]) -> Self {
        Self { archivist, function, payload, count: 0 }
    }

    /// Quarantines the next element, or the whole payload.
    pub async fn quarantine(&mut self, raw: &[u8], reason: &(dyn Error + Sync)) -> InvocationOutcome {
        self.count += 1;
        let raw = match self.count {
            ..=ALONE => raw,
            count if count == ALONE + 1 => self.payload,
            _ => return InvocationOutcome::Quarantined("malformed"),
        };
        quarantine_input(self.archivist, self.function, raw, "malformed", reason).await
    }
}
