//! The command line: which command, with which settings, ending with which exit code.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use adapters_local::sqlite::{OpenError, SqliteCatalogue, SqliteStore};
use channels::address_guard::Loopback;
use clap::{Parser, Subcommand};
use cli::{CommandContext, Terminal};
use configuration::Configuration;
use configuration::state::StatePlace;
use pipeline::ports::Catalogue;

use crate::local::{self, LocalArgs};
use crate::logs;
use crate::ready::Ready;
use crate::router::{App, router};
use crate::serve;
use crate::settings::Settings;
use crate::start::{StartError, configuration, state};
use crate::wiring::{Azure, Keep, LOCAL_FOLDER, Plan, State, catalogue_at, catalogue_path, open, recordings};

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
    let configured = configuration(line.config.as_deref(), &settings, problems);
    runtime.block_on(async {
        match line.command {
            Command::Serve => {
                logs::for_the_host(settings.log.as_deref());
                serve(&settings, configured).await
            }
            Command::Local(args) => {
                logs::for_people(settings.log.as_deref());
                local::run(&args, &settings, configured?).await
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

async fn serve(
    settings: &Settings,
    configured: Result<Option<Configuration>, StartError>,
) -> Result<ExitCode, StartError> {
    let mut problems = Vec::new();
    let configured = configured.map(|configured| configured.filter(|configuration| !configuration.bastions.is_empty()));
    match &configured {
        Err(error) => problems.extend(error.message().lines().map(str::to_owned)),
        Ok(None) => problems.push(NO_BASTION.to_owned()),
        Ok(Some(_)) => {}
    }
    if !settings.names_port() {
        problems.push(
            "FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it, or use `archivist local`".to_owned(),
        );
    }
    let (Some(port), Ok(Some(configuration))) = (settings.port, configured) else {
        return Err(StartError::Problems(problems));
    };
    let azure = Azure::new(settings);
    let place = state(Some(&configuration), settings)?;
    let (keep, made) = keep(settings, place.as_ref(), &azure)?;
    let on_this_machine = place.as_ref().is_some_and(|place| place.queue.is_local());
    let plan = Plan {
        configuration: &configuration,
        keep,
        blobs: recordings(&configuration, &azure)?,
        clock: Arc::new(SystemClock),
        loopback: if on_this_machine { Loopback::Allowed } else { Loopback::Refused },
        announce_started: false,
        show: Arc::new(|line| tracing::info!(notification = line, "notification shown")),
    };
    let wired = plan.wire()?;
    let stop = serve::stop_signal()?;
    let app = App { archivist: wired.archivist, counts: Arc::default(), ready: made };
    let listener = serve::listen(port).await?;
    tracing::info!(port, bastions = configuration.bastions.len(), "archivist ready");
    serve::serve(listener, router(app), stop).await?;
    Ok(ExitCode::from(serve::RESTART_ME))
}

/// Where our own things are, and whether everything there has been made.
fn keep(settings: &Settings, place: Option<&StatePlace>, azure: &Azure<'_>) -> Result<(Keep, Ready), StartError> {
    let file = || open(&catalogue_path(settings.catalogue.as_ref()));
    let Some(place) = place else {
        return Ok((Keep::in_file(&file()?, Arc::new(SystemClock)), Ready::at_once()));
    };
    let state = State::at(place, azure)?;
    let mut keep = Keep::in_storage(&state);
    if !settings.keeps_catalogue_in_table(Some(place)) {
        keep = keep.with_catalogue_in_file(&file()?);
    }
    let made = Ready::after(async move {
        if let Err(fault) = state.create().await {
            tracing::warn!(%fault, "tables, queues or container not made, they may be there already");
        }
    });
    Ok((keep, made))
}

async fn other(
    command: &cli::Command,
    settings: &Settings,
    configured: Option<Configuration>,
) -> Result<ExitCode, StartError> {
    let place = state(configured.as_ref(), settings)?;
    let catalogue: Arc<dyn Catalogue> = match place.filter(|place| settings.keeps_catalogue_in_table(Some(place))) {
        Some(place) => Arc::new(catalogue_at(&place, &Azure::new(settings))?),
        None => Arc::new(SqliteCatalogue::new(&existing(&catalogue_path(settings.catalogue.as_ref()))?)),
    };
    let configuration = configured.filter(|configuration| !configuration.bastions.is_empty());
    let configuration = match configuration {
        Some(configuration) => configuration,
        None => Configuration::local(Path::new(LOCAL_FOLDER)).map_err(StartError::needed)?,
    };
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let mut context = CommandContext {
        catalogue: catalogue.as_ref(),
        estate: &configuration.estate(),
        terminal: terminal(settings),
        out: &mut out,
        err: &mut err,
    };
    let exit = cli::run(command, &mut context).await.map_err(StartError::needed)?;
    Ok(ExitCode::from(exit.code()))
}

fn existing(catalogue: &Path) -> Result<SqliteStore, StartError> {
    SqliteStore::open_existing(catalogue).map_err(|error| match error {
        OpenError::Absent(path) => StartError::Problems(vec![format!(
            "there is no catalogue at {}; `archivist local` makes one, or name one with ARCHIVIST_CATALOGUE=sqlite:PATH",
            path.display()
        )]),
        error => StartError::needed(error),
    })
}

fn terminal(settings: &Settings) -> Terminal {
    let shown = std::io::stdout().is_terminal();
    Terminal {
        width: local::terminal_width().filter(|_| shown),
        colour: shown && !settings.no_color,
        progress: std::io::stderr().is_terminal(),
    }
}
