//! Input that no retry can save.

use std::error::Error;

use pipeline::Archivist;
use pipeline::ports::with_causes;

use super::Outcome;

/// Puts the raw bytes into quarantine with the reason in full; `label` is what is counted.
///
/// Where the quarantine fails too, the platform must keep the input.
pub async fn set_aside(
    archivist: &Archivist,
    function: &'static str,
    raw: &[u8],
    label: &'static str,
    reason: &(dyn Error + Sync),
) -> Outcome {
    let text = with_causes(reason);
    match archivist.set_aside(raw, &text, function).await {
        Ok(_) => Outcome::Quarantined(label),
        Err(fault) => {
            tracing::error!(%fault, reason = text, "input can neither be read nor put aside, the platform keeps it");
            Outcome::Transient("quarantine_failed")
        }
    }
}

/// How many elements of one payload are put into quarantine each by itself.
const ALONE: usize = 8;

/// The elements of one payload that cannot be read. Beyond a limit the whole payload is kept once, which has them all: a
/// message of thousands of broken elements is one thing that went wrong.
pub struct Broken<'a> {
    archivist: &'a Archivist,
    function: &'static str,
    payload: &'a [u8],
    count: usize,
}

impl<'a> Broken<'a> {
    /// Of a payload of which nothing was read yet.
    pub fn new(archivist: &'a Archivist, function: &'static str, payload: &'a [u8]) -> Self {
        Self { archivist, function, payload, count: 0 }
    }

    /// Puts the next element into quarantine, or the whole payload.
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
