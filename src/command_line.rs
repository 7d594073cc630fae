//! The command line: parses it, runs the command and returns the exit code.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use cli::{
    BackfillArgs, ConfigCommand, EvidenceCommand, InitArgs, LedgerCommand, parse_zone, run_backfill, run_config,
    run_evidence, run_init_command, run_ledger, run_policy_command, run_read_command, run_write_command,
};
use domain::redaction::redacted;
use functions::replay::Functions;
use functions::serve;
use jiff::tz::TimeZone;
use wiring::CommandError;
use wiring::configured::{Configured, configuration};
use wiring::settings::{AppSettingNames, ConfigPlace};

use crate::completions::{self, CompletionsArgs};
use crate::groups::grouped;
use crate::local::{self, LocalArgs};
use crate::logs;
use crate::page::{self, PageArgs};

/// Catalogues, tags and announces the session recordings of Azure Bastion.
#[derive(Debug, Parser)]
#[command(name = "archivist", version = env!("ARCHIVIST_VERSION"), propagate_version = true)]
pub struct CommandLine {
    /// The configuration: a file, or the URL of a blob; by default ARCHIVIST_CONFIG, or ./archivist.yaml
    // Parsed later, because clap repeats rejected values, and a URL may carry a signature.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    /// The time zone of days in options and of times in tables; by default time_zone of the configuration, or UTC
    #[arg(long, global = true, value_name = "ZONE", value_parser = parse_zone)]
    tz: Option<TimeZone>,
    /// The folder of `archivist local`, which replaces the storage accounts and holds the catalogue; by default that of
    /// ARCHIVIST_CATALOGUE, or archivist-data
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
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
    /// Export evidence about recordings, and verify it
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    Init(InitArgs),
    Completions(CompletionsArgs),
    #[command(flatten)]
    Other(cli::CliCommand),
}

/// Returns the tree of all commands.
pub fn command_tree() -> clap::Command {
    grouped(CommandLine::command())
}

/// Parses the arguments of this process.
pub fn parse() -> Result<CommandLine, clap::Error> {
    CommandLine::from_arg_matches(&command_tree().try_get_matches()?)
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

fn begin(line: CommandLine) -> Result<ExitCode, CommandError> {
    let (settings, problems) = AppSettingNames::from_environment();
    if line.folder.is_some() && matches!(line.command, Command::Serve) {
        return Err(CommandError::Problems(vec![NO_FOLDER.to_owned()]));
    }
    let settings = settings.in_folder(line.folder);
    // A single thread suits `serve` and `local`: they mostly wait, and it keeps the order of events in a
    // sample.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CommandError::needed)?;
    runtime.block_on(async {
        let place = line.config.as_deref().map(|text| ConfigPlace::parse(text, &settings.extra_suffixes)).transpose();
        let place = place.map_err(|wrong| CommandError::Problems(vec![format!("--config: {wrong}")]))?;
        if !matches!(line.command, Command::Serve) {
            // The troubles of the sample are meant, and its pages and its summary show them.
            let is_sample = matches!(&line.command, Command::Local(args) if args.is_sample());
            logs::for_people(settings.log.as_deref().or(is_sample.then_some("off")));
        }
        run_command(line.command, place.as_ref(), line.tz, settings, problems).await
    })
}

async fn run_command(
    command: Command,
    config: Option<&ConfigPlace>,
    zone: Option<TimeZone>,
    settings: AppSettingNames,
    problems: Vec<String>,
) -> Result<ExitCode, CommandError> {
    // Read lazily: some commands read each configuration themselves, and one of them may be invalid.
    let configured = configuration(config, &settings, problems.clone());
    match command {
        Command::Serve => serve(&settings, configured).await,
        Command::Local(args) => local::run(&args, &settings, configured.await?.configuration).await,
        Command::Page(args) => {
            let of_catalogue = |problem: &String| problem.starts_with("ARCHIVIST_CATALOGUE") && !args.names_catalogue();
            if let Some(problem) = problems.into_iter().find(of_catalogue) {
                return Err(CommandError::Problems(vec![problem]));
            }
            let configured = configuration(config, &settings, Vec::new()).await;
            page::run(&args, settings.clone(), configured).await
        }
        Command::Completions(args) => {
            completions::run(&args).map_err(CommandError::needed)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Backfill(args) => run_backfill(&args.in_zone(zone), &settings, configured.await?).await,
        Command::Config(command) => run_config(&command, config, &settings, problems).await,
        Command::Init(args) => run_init_command(&args, config, &settings).await,
        Command::Evidence(command) => run_evidence(&command, &settings, zone, configured).await,
        Command::Ledger(command) => run_ledger(&command, &settings, configured.await?).await,
        Command::Other(command) if command.is_work() => {
            run_write_command(&command, &settings, zone, configured.await?, |archivist, estate| {
                Box::new(Functions { archivist, estate })
            })
            .await
        }
        Command::Other(cli::CliCommand::Policy(command)) if !command.asks_catalogue() => {
            if !problems.is_empty() {
                return Err(CommandError::Problems(problems));
            }
            run_policy_command(&command, config, &settings).await
        }
        Command::Other(command) => run_read_command(&command, &settings, zone, configured.await?).await,
    }
}

/// Runs the custom handler. Sends its telemetry, if there is a collector.
async fn serve(
    settings: &AppSettingNames,
    configured: impl Future<Output = Result<Configured, CommandError>>,
) -> Result<ExitCode, CommandError> {
    let (layer, collection) = settings.collector.as_ref().map(serve::collect).transpose().map(Option::unzip)?;
    logs::for_the_host(settings.log.as_deref(), layer);
    let served = serve::run(settings, configured.await).await;
    if let Some(collection) = collection {
        collection.end(LAST_WORDS).await;
    }
    served
}

const NO_FOLDER: &str = "--folder: `archivist serve` works on storage accounts; use `archivist local --folder DIR`";

/// Time limit for the last export to a collector, because the host waits for this process.
const LAST_WORDS: Duration = Duration::from_secs(2);
