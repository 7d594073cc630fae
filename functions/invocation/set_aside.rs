//! Quarantines input that no retry can apply.

use std::error::Error;

use pipeline::Archivist;
use pipeline::ports::with_causes;

use super::Outcome;

/// Stores the raw bytes in quarantine with the full reason. `label` is the counted reason.
///
/// If the quarantine fails too, returns a transient outcome, so the platform keeps the input.
pub async fn set_aside(
    archivist: &Archivist,
    function: &'static str,
    raw: &[u8],
    label: &'static str,
    reason: &(dyn Error + Sync),
) -> Outcome {
    let text = with_causes(reason);
    match archivist.quarantined.set_aside(raw, &text, function).await {
        Ok(_) => Outcome::Quarantined(label),
        Err(fault) => {
            tracing::error!(%fault, reason = text, "input can be neither read nor quarantined, the platform keeps it");
            Outcome::Transient("quarantine_failed")
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
    pub async fn set_aside(&mut self, raw: &[u8], reason: &(dyn Error + Sync)) -> Outcome {
        self.count += 1;
        let raw = match self.count {
            ..=ALONE => raw,
            count if count == ALONE + 1 => self.payload,
            _ => return Outcome::Quarantined("malformed"),
        };
        set_aside(self.archivist, self.function, raw, "malformed", reason).await
    }
}
