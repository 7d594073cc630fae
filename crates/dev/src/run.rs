//! One run: starts emulator, handlers and hosts, plays the day, and stops them in the right order.

use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use adapters_azure::AzureQueues;
use adapters_local::SystemClock;
use azurite::Azurite;
use host_stand_in::{
    AdminServer, AppFolder, Console, HandlerGivenUp, HandlerProcess, Host, LocalQueue, Setup, Trigger, run_real,
};
use pipeline::ports::QueueName;
use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::day::WorkingDay;
use crate::error::DevError;
use crate::expected::ExpectedNotifications;
use crate::storage::DevStorage;
use crate::{Args, account, app, console, say};

/// Maximum wait after the day: the last recording becomes final half a minute after it began; the rest is for slow
/// machines.
const LONGEST_WAIT: Duration = Duration::from_secs(180);

/// Maximum time for calls in flight to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs until asked to stop, or with `--once` until every recording is final.
pub async fn run(args: &Args) -> Result<ExitCode, DevError> {
    let interrupted = stop_signal()?;
    let emulator = Azurite::start().map_err(DevError::needed)?;
    let account = emulator.account().map_err(DevError::needed)?;
    let queues = Arc::new(account::queues(&account).await?);
    let mut storage = DevStorage::new(&account, queues.clone()).await?;
    let day = WorkingDay::new(args.recordings.into()).map_err(DevError::needed)?;
    let (filled, empty) = day.recordings();
    let expected = Arc::new(ExpectedNotifications::new(filled, empty));
    let folder = app::copied(&args.app, &app::configuration(&account))?;
    let mut set =
        Set::start(args, &folder, &app::settings(&account), &queues, &console::console(expected.clone())).await?;
    say(&how_to_look_around(set.port, &folder, &account));
    let story = async {
        day.play(&mut storage, &expected).await?;
        if args.once {
            // On a timeout, the summary lists the missing notifications.
            let _ = timeout(LONGEST_WAIT, expected.all_came()).await;
        } else {
            say("The day is over. Everything keeps running; press Ctrl-C to stop.");
            std::future::pending::<()>().await;
        }
        Ok(())
    };
    let ended = tokio::select! {
        told = story => told,
        Some(given_up) = set.handlers.join_next() => given_up.map_err(DevError::needed)?.map_err(DevError::needed),
        () = interrupted => Ok(()),
    };
    set.stop().await;
    ended?;
    if args.once {
        summary(&expected, &queues).await
    } else {
        Ok(ExitCode::SUCCESS)
    }
}

/// Running handlers and hosts.
struct Set {
    port: u16,
    hosts: JoinSet<()>,
    handlers: JoinSet<Result<(), HandlerGivenUp>>,
    hosts_stop: watch::Sender<bool>,
    handlers_stop: watch::Sender<bool>,
}

impl Set {
    async fn start(
        args: &Args,
        folder: &TempDir,
        settings: &host_stand_in::HandlerEnvironment,
        queues: &Arc<AzureQueues>,
        console: &Console,
    ) -> Result<Self, DevError> {
        let (hosts_stop, handlers_stop) = (watch::Sender::new(false), watch::Sender::new(false));
        let (mut hosts, mut handlers, mut port) = (JoinSet::new(), JoinSet::new(), None);
        for instance in 0..args.instances {
            let mut app = AppFolder::open(folder.path(), settings).map_err(DevError::needed)?;
            if !app.unusable.is_empty() {
                return Err(DevError::Unusable(app.unusable.iter().map(ToString::to_string).collect()));
            }
            if instance > 0 {
                // Only one instance fires the timers, as in Azure.
                app.functions.retain(|function| !matches!(function.trigger, Trigger::Timer { .. }));
            }
            let process = HandlerProcess::new(app.start, Arc::new(SystemClock), console.clone());
            let mut host = Host::new(Setup {
                settings: app.settings,
                functions: app.functions,
                handler: process.place(),
                queue: queues.clone() as Arc<dyn LocalQueue>,
                clock: Arc::new(SystemClock),
                backlog: None,
                events: None,
            });
            if port.is_none() {
                let server = AdminServer::bind(args.port, &host).await.map_err(DevError::needed)?;
                port = Some(server.address().map_err(DevError::needed)?.port());
                tokio::spawn(server.serve());
            }
            handlers.spawn(process.run(asked(&handlers_stop)));
            let stop = asked(&hosts_stop);
            hosts.spawn(async move { run_real(&mut host, stop).await });
        }
        Ok(Self { port: port.unwrap_or_default(), hosts, handlers, hosts_stop, handlers_stop })
    }

    /// Completes the calls in flight, then kills the handlers.
    async fn stop(mut self) {
        self.hosts_stop.send_replace(true);
        let drained = async { while self.hosts.join_next().await.is_some() {} };
        if timeout(DRAIN, drained).await.is_err() {
            tracing::warn!("calls still in flight are abandoned");
        }
        self.handlers_stop.send_replace(true);
        while self.handlers.join_next().await.is_some() {}
    }
}

fn asked(stop: &watch::Sender<bool>) -> impl Future<Output = ()> + Send + use<> {
    let mut stop = stop.subscribe();
    // Fails only if the sender is gone, which also means stop.
    async move { drop(stop.wait_for(|asked| *asked).await) }
}

async fn summary(expected: &ExpectedNotifications, queues: &AzureQueues) -> Result<ExitCode, DevError> {
    say("");
    let mut problems: Vec<String> = expected.missing().iter().map(|it| format!("never notified: {it}")).collect();
    for (event, count) in expected.counts() {
        say(&format!("{count:5}  {event}"));
        // The day contains no malformed input, and the sweep moves poison messages into quarantine.
        if event == "input.quarantined" {
            problems.push(format!("{count} inputs in quarantine"));
        }
    }
    for queue in QueueName::ALL {
        let count = queues.depth(queue).await?;
        if count > 0 && queue.poison().is_none() {
            problems.push(format!("{count} messages in {}", queue.as_str()));
        }
    }
    problems.iter().for_each(|problem| say(problem));
    say(if problems.is_empty() {
        "All recordings are final."
    } else {
        "Some results are not as expected."
    });
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn how_to_look_around(port: u16, folder: &TempDir, account: &azurite::Account) -> String {
    format!(
        "\nThe app runs from {}, on the account {}:\n  blobs   {}\n  queues  {}\n  tables  {}\n\
         Fire a function by hand:\n  curl -X POST http://127.0.0.1:{port}/admin/functions/join_sweep -d '{{}}'\n\
         Ask the catalogue, in that folder:\n  AzureWebJobsStorage='{}' ./archivist recordings list\n",
        folder.path().display(),
        account.name,
        account.blob_url,
        account.queue_url,
        account.table_url,
        account.connection_string(),
    )
}

/// Returns a future completing on SIGTERM or Ctrl-C.
fn stop_signal() -> Result<impl Future<Output = ()>, DevError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(DevError::needed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(DevError::needed)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
