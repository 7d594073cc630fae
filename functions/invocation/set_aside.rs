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
