//! The command line: parses it, runs the command and returns the exit code.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use adapters_local::SystemClock;
use clap::{Parser, Subcommand};
use cli::{CommandContext, Terminal};
use configuration::state::StatePlace;
use configuration::{AppPlace, Configuration};
use domain::redaction::redacted;
use pipeline::configuration::digest;
use pipeline::ports::Clock;
use pipeline::{Archivist, Ports};

use crate::backfill::{self, BackfillArgs};
use crate::config::{self, ConfigCommand};
use crate::configured::{Configured, Shared, configuration, state};
use crate::ledger::{self, LedgerCommand};
use crate::live::Live;
use crate::local::{self, LocalArgs};
use crate::logs;
use crate::page::{self, PageArgs};
use crate::policy;
use crate::router::{App, router};
use crate::serve;
use crate::settings::{ConfigPlace, Settings};
use crate::start::StartError;
use crate::watched::{self, WatchedQueue};
use crate::wiring::{Azure, LOCAL_FOLDER, NO_BASTION, Plan, keep, storage_accounts, watch};
use crate::work;

/// Catalogues, tags and announces the session recordings of Azure Bastion.
#[derive(Debug, Parser)]
#[command(name = "archivist", version, propagate_version = true)]
pub struct CommandLine {
    /// The configuration: a file, or the URL of a blob; by default ARCHIVIST_CONFIG, or ./archivist.yaml
    // Parsed later, because clap repeats rejected values, and a URL may carry a signature.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Local(LocalArgs),
    /// Run the custom handler for the Functions host
    ///
    /// Answers on FUNCTIONS_CUSTOMHANDLER_PORT of the loopback address. On SIGTERM it finishes the calls in
    /// flight, then exits with code 200, which makes the host start it again.
    #[command(after_help = "Example:\n  FUNCTIONS_CUSTOMHANDLER_PORT=7071 archivist serve --config archivist.yaml")]
    Serve,
    Page(PageArgs),
    Backfill(BackfillArgs),
    /// Check, compare and replace the configuration shared by several machines
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Verify the ledger of final, held and deleted recordings
    #[command(subcommand)]
    Ledger(LedgerCommand),
    #[command(flatten)]
    Other(cli::Command),
}

/// Prints help, or the problem of a command line. Repeats the arguments without the secrets in them.
pub fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    // A closed output is ignored; there is no other place for the message.
    let _ = match redacted(&text) {
        Cow::Borrowed(_) => error.print(),
        Cow::Owned(text) => io::stderr().write_all(text.as_bytes()),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Runs the command. Prints the reason if it fails.
pub fn run(line: CommandLine) -> ExitCode {
    match begin(line) {
        Ok(code) => code,
        Err(error) => {
            for problem in redacted(&error.message()).lines() {
                // A closed output is ignored, as above.
                let _ = writeln!(std::io::stderr(), "archivist: {problem}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn begin(line: CommandLine) -> Result<ExitCode, StartError> {
    let (settings, problems) = Settings::from_environment();
    // A single thread suits `serve` and `local`: they mostly wait, and it keeps the order of events in a
    // sample.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::needed)?;
    let setting_problems = problems.clone();
    runtime.block_on(async {
        let place = line.config.as_deref().map(|text| ConfigPlace::parse(text, &settings.extra_suffixes)).transpose();
        let place = place.map_err(|wrong| StartError::Problems(vec![format!("--config: {wrong}")]))?;
        let config = place.as_ref();
        // Read lazily: some commands read each configuration themselves, and one of them may be invalid.
        let configured = configuration(config, &settings, problems);
        match line.command {
            Command::Serve => {
                let watched = settings.collector.as_ref().map(watched::collect).transpose();
                let (layer, collection) = watched.map(Option::unzip)?;
                logs::for_the_host(settings.log.as_deref(), layer);
                let served = serve(&settings, configured.await).await;
                if let Some(collection) = collection {
                    collection.end(LAST_WORDS).await;
                }
                served
            }
            Command::Local(args) => {
                logs::for_people(settings.log.as_deref());
                local::run(&args, &settings, configured.await?.configuration).await
            }
            Command::Page(args) => {
                logs::for_people(settings.log.as_deref());
                let of_catalogue =
                    |problem: &String| problem.starts_with("ARCHIVIST_CATALOGUE") && !args.names_catalogue();
                if let Some(problem) = setting_problems.iter().find(|problem| of_catalogue(problem)) {
                    return Err(StartError::Problems(vec![problem.clone()]));
                }
                let configured = configuration(config, &settings, Vec::new()).await;
                page::run(&args, settings.clone(), configured).await
            }
            Command::Backfill(args) => {
                logs::for_people(settings.log.as_deref());
                backfill::run(&args, &settings, configured.await?).await
            }
            Command::Config(command) => {
                logs::for_people(settings.log.as_deref());
                config::run(&command, config, &settings, setting_problems).await
            }
            Command::Other(command) if command.is_work() => {
                logs::for_people(settings.log.as_deref());
                work::run(&command, &settings, configured.await?, terminal(&settings)).await
            }
            Command::Other(cli::Command::Policy(command)) if !command.asks_catalogue() => {
                logs::for_people(settings.log.as_deref());
                if !setting_problems.is_empty() {
                    return Err(StartError::Problems(setting_problems));
                }
                policy::run(&command, config, &settings).await
            }
            Command::Ledger(command) => {
                logs::for_people(settings.log.as_deref());
                ledger::run(&command, &settings, configured.await?).await
            }
            Command::Other(command) => {
                logs::for_people(settings.log.as_deref());
                other(&command, &settings, configured.await?).await
            }
        }
    })
}

/// Time limit for the last export to a collector, because the host waits for this process.
const LAST_WORDS: Duration = Duration::from_secs(2);

async fn serve(settings: &Settings, configured: Result<Configured, StartError>) -> Result<ExitCode, StartError> {
    let mut problems = Vec::new();
    let configured = configured.map(|Configured { configuration, state, shared }| {
        (configuration.filter(|configuration| !configuration.bastions.is_empty()), state, shared)
    });
    match &configured {
        Err(error) => problems.extend(error.message().lines().map(str::to_owned)),
        Ok((None, ..)) => problems.push(NO_BASTION.to_owned()),
        Ok((Some(_), ..)) => {}
    }
    if !settings.names_port() {
        problems.push(
            "FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`".to_owned(),
        );
    }
    let (Some(port), Ok((Some(configuration), state, shared))) = (settings.port, configured) else {
        return Err(StartError::Problems(problems));
    };
    let azure = Azure::new(settings);
    let blobs = storage_accounts(&configuration, &azure)?;
    let (ports, made) = keep::as_set(settings, state.as_ref(), &azure, blobs, Arc::new(SystemClock))?;
    let place = shared.as_ref().map_or(AppPlace::AsSet, |shared| shared.place);
    let queue = Arc::new(WatchedQueue::new(ports.queue.clone(), ports.clock.clone()));
    let set = Set { settings: settings.clone(), ports: Ports { queue, ..ports }, state, place };
    let archivist = set.archivist(&configuration, &azure)?;
    let live = match shared {
        Some(shared) => {
            let archivist = archivist.under(&shared.digest).refusing(shared.refused.as_deref());
            follow(set, archivist, &shared).await
        }
        None => Live::fixed(archivist),
    };
    let stop = serve::stop_signal()?;
    let app = App { live, counts: Arc::default(), ready: made, pages: settings.pages };
    let listener = serve::listen(port).await?;
    tracing::info!(port, bastions = configuration.bastions.len(), "archivist ready");
    serve::serve(listener, router(app), settings.front, stop).await?;
    Ok(ExitCode::from(serve::RESTART_ME))
}

/// Loads each new version of the configuration, with the ports created at the start.
async fn follow(set: Set, archivist: Archivist, shared: &Shared) -> Live {
    let clock = set.ports.clock.clone();
    let live = Live::shared(archivist, shared, clock, Box::new(move |text| set.made_anew(text)));
    live.began(shared).await;
    live
}

/// Parts that are shared by the archivists of all configuration versions.
struct Set {
    settings: Settings,
    ports: Ports,
    state: Option<StatePlace>,
    place: AppPlace,
}

impl Set {
    fn archivist(&self, configuration: &Configuration, azure: &Azure<'_>) -> Result<Archivist, StartError> {
        let plan = Plan {
            configuration,
            ports: Ports { blobs: storage_accounts(configuration, azure)?, ..self.ports.clone() },
            announce_started: false,
            show: Arc::new(|line| tracing::info!(notification = line, "notification shown")),
            accepted: None,
            azure: Some(azure),
        };
        let watching = watch(&self.settings, configuration, self.state.as_ref(), azure)?;
        let wired = plan.wire()?;
        wired.log_channels_off();
        Ok(wired.archivist.with_watch(watching.watch))
    }

    fn made_anew(&self, text: &str) -> Result<Archivist, String> {
        let settings = &self.settings;
        let read = configuration::check("archivist.yaml", text, self.place, &|name| settings.app_setting(name));
        let configuration = read.configuration.map_err(|problems| problems.to_string())?;
        if configuration.bastions.is_empty() {
            return Err(NO_BASTION.to_owned());
        }
        let state = state(Some(&configuration), settings).map_err(|error| error.message())?;
        if state != self.state {
            return Err(
                "state is another place; stop the app, move what is there, and start it with this configuration"
                    .to_owned(),
            );
        }
        let archivist = self.archivist(&configuration, &Azure::new(settings)).map_err(|error| error.message())?;
        Ok(archivist.under(&digest(text)))
    }
}

async fn other(
    command: &cli::Command,
    settings: &Settings,
    Configured { configuration, state, .. }: Configured,
) -> Result<ExitCode, StartError> {
    let kept = keep::to_read(settings, state.as_ref(), &Azure::for_command(settings))?;
    let local = Configuration::local(Path::new(LOCAL_FOLDER)).map_err(StartError::needed)?;
    let policy = configuration.as_ref().unwrap_or(&local).retention.clone();
    let configuration = match configuration.filter(|configuration| !configuration.bastions.is_empty()) {
        Some(configuration) => configuration,
        None => local,
    };
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let mut context = CommandContext {
        catalogue: kept.catalogue.as_ref(),
        sessions: kept.sessions.as_ref(),
        checkpoints: kept.checkpoints.as_ref(),
        estate: &configuration.estate(),
        policy: policy.as_ref(),
        now: SystemClock.now(),
        terminal: terminal(settings),
        out: &mut out,
        err: &mut err,
    };
    let exit = cli::run(command, &mut context).await.map_err(StartError::of_command)?;
    Ok(ExitCode::from(exit.code()))
}

fn terminal(settings: &Settings) -> Terminal {
    let shown = std::io::stdout().is_terminal();
    Terminal {
        width: local::terminal_width().filter(|_| shown),
        colour: shown && !settings.no_color,
        progress: std::io::stderr().is_terminal(),
    }
}
