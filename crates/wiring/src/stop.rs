//! Stop signals of a process.

use std::future::Future;
use std::io;

use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};

use crate::start::CommandError;

/// Signal handlers cannot be installed.
#[derive(Debug, Error)]
#[error("failed to listen for signals")]
struct NoSignals(#[source] io::Error);

/// Returns a future that ends at SIGTERM or Ctrl-C.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, CommandError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn no_signals(error: io::Error) -> CommandError {
    CommandError::needed(NoSignals(error))
}
