//! The command line: which command, with which settings, ending with which exit code.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use channels::address_guard::Loopback;
use clap::{Parser, Subcommand};
use cli::{CommandContext, Terminal};
use configuration::Configuration;
use pipeline::ports::Clock;

use crate::backfill::{self, BackfillArgs};
use crate::ledger::{self, LedgerCommand};
use crate::local::{self, LocalArgs};
use crate::logs;
use crate::policy;
use crate::router::{App, router};
use crate::serve;
use crate::settings::Settings;
use crate::start::{Configured, StartError, configuration};
use crate::wiring::{Azure, LOCAL_FOLDER, Plan, keep, storage_accounts};
use crate::work;

/// Catalogues, tags and announces the session recordings of Azure Bastion.
#[derive(Debug, Parser)]
#[command(name = "archivist", version, propagate_version = true)]
pub struct CommandLine {
    /// The configuration file; else ARCHIVIST_CONFIG, else ./archivist.yaml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Local(LocalArgs),
    /// The custom handler that the Functions host starts
    ///
    /// Answers on FUNCTIONS_CUSTOMHANDLER_PORT of the loopback address. SIGTERM lets calls in flight end, then
    /// exits with 200, which the host takes as a wish to be started again.
    #[command(after_help = "Example:\n  FUNCTIONS_CUSTOMHANDLER_PORT=7071 archivist serve --config archivist.yaml")]
    Serve,
    Backfill(BackfillArgs),
    /// The ledger of what was final, held and deleted
    #[command(subcommand)]
    Ledger(LedgerCommand),
    #[command(flatten)]
    Other(cli::Command),
}

/// Carries the command out and says why where it cannot be.
pub fn run(line: CommandLine) -> ExitCode {
    match begin(line) {
        Ok(code) => code,
        Err(error) => {
            for problem in error.message().lines() {
                // Nothing is left to be said where even this cannot be written.
                let _ = writeln!(std::io::stderr(), "archivist: {problem}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}

fn begin(line: CommandLine) -> Result<ExitCode, StartError> {
    let (settings, problems) = Settings::from_environment();
    // One thread serves `serve` and `local` best: the work is waiting, and the order of a sample stays its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::needed)?;
    let setting_problems = problems.clone();
    let configured = configuration(line.config.as_deref(), &settings, problems);
    runtime.block_on(async {
        match line.command {
            Command::Serve => {
                logs::for_the_host(settings.log.as_deref());
                serve(&settings, configured).await
            }
            Command::Local(args) => {
                logs::for_people(settings.log.as_deref());
                local::run(&args, &settings, configured?.configuration).await
            }
            Command::Backfill(args) => {
                logs::for_people(settings.log.as_deref());
                backfill::run(&args, &settings, configured?).await
            }
            Command::Other(command) if command.is_work() => {
                logs::for_people(settings.log.as_deref());
                work::run(&command, &settings, configured?, terminal(&settings)).await
            }
            Command::Other(cli::Command::Policy(command)) if !command.asks_catalogue() => {
                logs::for_people(settings.log.as_deref());
                if !setting_problems.is_empty() {
                    return Err(StartError::Problems(setting_problems));
                }
                policy::run(&command, line.config.as_deref(), &settings)
            }
            Command::Ledger(command) => {
                logs::for_people(settings.log.as_deref());
                ledger::run(&command, &settings, configured?).await
            }
            Command::Other(command) => {
                logs::for_people(settings.log.as_deref());
                other(&command, &settings, configured?).await
            }
        }
    })
}

const NO_BASTION: &str =
    "no bastion is configured; write archivist.yaml, or name a file with --config or ARCHIVIST_CONFIG";

async fn serve(settings: &Settings, configured: Result<Configured, StartError>) -> Result<ExitCode, StartError> {
    let mut problems = Vec::new();
    let configured = configured.map(|Configured { configuration, state }| {
        (configuration.filter(|configuration| !configuration.bastions.is_empty()), state)
    });
    match &configured {
        Err(error) => problems.extend(error.message().lines().map(str::to_owned)),
        Ok((None, _)) => problems.push(NO_BASTION.to_owned()),
        Ok((Some(_), _)) => {}
    }
    if !settings.names_port() {
        problems.push(
            "FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`".to_owned(),
        );
    }
    let (Some(port), Ok((Some(configuration), state))) = (settings.port, configured) else {
        return Err(StartError::Problems(problems));
    };
    let azure = Azure::new(settings);
    let blobs = storage_accounts(&configuration, &azure)?;
    let (ports, made) = keep::as_set(settings, state.as_ref(), &azure, blobs, Arc::new(SystemClock))?;
    let on_this_machine = state.as_ref().is_some_and(|place| place.queue.is_local());
    let plan = Plan {
        configuration: &configuration,
        ports,
        loopback: if on_this_machine { Loopback::Allowed } else { Loopback::Refused },
        announce_started: false,
        show: Arc::new(|line| tracing::info!(notification = line, "notification shown")),
        azure: Some(&azure),
    };
    let wired = plan.wire()?;
    let stop = serve::stop_signal()?;
    let app = App { archivist: wired.archivist, counts: Arc::default(), ready: made, pages: settings.pages };
    let listener = serve::listen(port).await?;
    tracing::info!(port, bastions = configuration.bastions.len(), "archivist ready");
    serve::serve(listener, router(app), stop).await?;
    Ok(ExitCode::from(serve::RESTART_ME))
}

async fn other(
    command: &cli::Command,
    settings: &Settings,
    Configured { configuration, state }: Configured,
) -> Result<ExitCode, StartError> {
    let kept = keep::to_read(settings, state.as_ref(), &Azure::new(settings))?;
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
