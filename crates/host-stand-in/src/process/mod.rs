//! Runs the handler as a process: starts, watches and restarts it as the host does.

mod console;
mod failures;
mod killer;
mod start;

use std::future::Future;
use std::process::ExitStatus;
use std::sync::Arc;

use pipeline::ports::Clock;
use thiserror::Error;
use tokio::process::Child;
use tracing::{error, info, warn};

use crate::handler::{HandlerClient, NotReady};
use crate::place::HandlerPlace;

pub use console::{Console, ConsoleLevel};
pub use killer::Killer;
pub use start::HandlerStart;

use failures::Failures;
use start::Started;

/// Process of one handler, started by [`run`](Self::run).
pub struct HandlerProcess {
    start: HandlerStart,
    clock: Arc<dyn Clock>,
    console: Console,
    place: HandlerPlace,
    killer: Killer,
}

/// The handler failed three times, which ends the host.
#[derive(Debug, Error)]
#[error("the handler failed {failures} times, the last time it {last}")]
pub struct HandlerGivenUp {
    /// Number of failures.
    pub failures: u32,
    /// Description of the last failure.
    pub last: String,
}

/// Reason for the end of a handler run.
enum Ended {
    Exited(ExitStatus),
    NotReady(NotReady),
    NotStarted(std::io::Error),
    /// Requested through the [`Killer`].
    Killed,
}

/// Exit codes not counted as failures by the host.
const NEVER_AGAIN: i32 = 0;
const AGAIN: i32 = 200;

impl HandlerProcess {
    /// Creates a process without starting it. `console` receives the handler's output.
    pub fn new(start: HandlerStart, clock: Arc<dyn Clock>, console: Console) -> Self {
        Self { start, clock, console, place: HandlerPlace::starting(), killer: Killer::default() }
    }

    /// Returns the handler's address, which follows restarts.
    pub fn place(&self) -> HandlerPlace {
        self.place.clone()
    }

    /// Returns a handle for killing the handler.
    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Starts the handler and keeps it running until `shutdown`, which kills it.
    ///
    /// After exit code 0 the handler is not restarted and every invocation fails. After 200 it is restarted. Any other
    /// exit code, and no response within 30 seconds of the start, is a failure: the handler is restarted at once, and
    /// given up after the third failure. Half an hour without a failure resets the count. Kills by the [`Killer`] do
    /// not count.
    ///
    /// # Errors
    /// Returns [`HandlerGivenUp`] after the third failure.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), HandlerGivenUp> {
        tokio::pin!(shutdown);
        let client = HandlerClient::new();
        let mut failures = Failures::default();
        loop {
            self.place.starts_again();
            let ended = match self.start.spawn(&self.console, self.clock.now()) {
                Err(error) => Ended::NotStarted(error),
                Ok(mut started) => {
                    let ended = tokio::select! {
                        ended = self.watch(&client, &mut started) => Some(ended),
                        () = self.killer.asked() => Some(Ended::Killed),
                        () = &mut shutdown => None,
                    };
                    kill(&mut started.child).await;
                    started.console_ends().await;
                    let Some(ended) = ended else {
                        self.place.is_gone();
                        return Ok(());
                    };
                    ended
                }
            };
            match ended.code() {
                _ if matches!(ended, Ended::Killed) => info!("handler killed; it is started again"),
                Some(AGAIN) => info!("handler asks to be restarted"),
                Some(NEVER_AGAIN) => {
                    error!("handler exited with code 0: it is not started again, and every invocation fails");
                    self.place.is_gone();
                    shutdown.await;
                    return Ok(());
                }
                _ => {
                    let (last, number) = (ended.to_string(), failures.one_more(self.clock.now()));
                    if number == Failures::TOO_MANY {
                        self.place.is_gone();
                        return Err(HandlerGivenUp { failures: number, last });
                    }
                    warn!(number, "handler {last}; it is started again");
                }
            }
        }
    }

    /// Waits for the end of the handler, and publishes its address as soon as it responds.
    async fn watch(&self, client: &HandlerClient, started: &mut Started) -> Ended {
        let Started { child, address, .. } = started;
        tokio::select! {
            ended = child.wait() => return ended.into(),
            ready = client.ready(*address) => if let Err(error) = ready {
                return Ended::NotReady(error);
            }
        }
        self.place.moves_to(*address);
        child.wait().await.into()
    }
}

/// Sends SIGKILL, as the host does; harmless if the handler has already ended.
async fn kill(child: &mut Child) {
    if let Err(error) = child.kill().await {
        warn!(%error, "handler not killed");
    }
}

impl Ended {
    fn code(&self) -> Option<i32> {
        match self {
            Self::Exited(status) => status.code(),
            Self::NotReady(_) | Self::NotStarted(_) | Self::Killed => None,
        }
    }
}

impl From<std::io::Result<ExitStatus>> for Ended {
    fn from(ended: std::io::Result<ExitStatus>) -> Self {
        ended.map_or_else(Self::NotStarted, Self::Exited)
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "ended with {status}"),
            Self::NotReady(error) => write!(f, "was not ready: {error}"),
            Self::NotStarted(error) => write!(f, "could not be started: {error}"),
            Self::Killed => f.write_str("was killed"),
        }
    }
}
