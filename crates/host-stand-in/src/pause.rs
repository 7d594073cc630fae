//! Waits in real time.

use std::time::Duration;

/// Waits in real time: between probes of the handler, and in the loops of a run in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "stands for the host, which runs in real time; a driven clock never reaches this code"
)]
pub(crate) async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
