//! A timer: looks every day at how everything is set up, and tells what is new of that which is to be mended.

use pipeline::Archivist;
use pipeline::posture::PostureChecked;

use crate::invocation::{Call, Counts, Outcome};

/// The function's name: its folder, its route, its span.
pub const FUNCTION: &str = "posture_check";

/// Looks at everything once.
pub async fn run(archivist: &Archivist, counts: &Counts, _: Call) -> Outcome {
    let outcome = match archivist.check_posture().await {
        Ok(PostureChecked { asked, findings, not_checked, told }) => {
            tracing::info!(asked, findings, not_checked, told, "set-up looked at");
            Outcome::Applied
        }
        Err(fault) => {
            tracing::warn!(%fault, "what was found is not told yet, the next run does it");
            Outcome::Transient("not_finished")
        }
    };
    counts.add(FUNCTION, outcome);
    outcome
}
