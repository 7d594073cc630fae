//! The handler as a process: started, watched and started again as the host does.

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

pub use console::{Console, ConsoleLevel, log_console};
pub use killer::Killer;
pub use start::HandlerStart;

use failures::Failures;
use start::Started;

/// The process of one handler. [`run`](Self::run) starts it.
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
pub struct GivenUp {
    /// How often it failed.
    pub failures: u32,
    /// What it did last.
    pub last: String,
}

/// How one run of the handler ended.
enum Ended {
    Exited(ExitStatus),
    NotReady(NotReady),
    NotStarted(std::io::Error),
    /// By whoever has the [`Killer`].
    Killed,
}

/// Exit codes that the host takes for no failure.
const NEVER_AGAIN: i32 = 0;
const AGAIN: i32 = 200;

impl HandlerProcess {
    /// Starts nothing yet. `console` gets what the handler writes.
    pub fn new(start: HandlerStart, clock: Arc<dyn Clock>, console: Console) -> Self {
        Self { start, clock, console, place: HandlerPlace::starting(), killer: Killer::default() }
    }

    /// Where the handler is, now and after it was started again.
    pub fn place(&self) -> HandlerPlace {
        self.place.clone()
    }

    /// What has the handler killed.
    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Starts the handler and keeps it running until `shutdown`, which kills it.
    ///
    /// After exit code 0 it is not started again, and every invocation fails. After 200 it is started again. Any other
    /// end is a failure, and so is no answer within 30 seconds of the start: it is started again at once, and the third
    /// time given up, where half an hour without a failure begins the count anew. Kills by the [`Killer`] do not count.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), GivenUp> {
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
                Some(AGAIN) => info!("handler wishes to be started again"),
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
                        return Err(GivenUp { failures: number, last });
                    }
                    warn!(number, "handler {last}; it is started again");
                }
            }
        }
    }

    /// Waits for the handler's end, and tells where it is as soon as it answers.
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

/// SIGKILL, as the host does; no harm where it has ended.
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
