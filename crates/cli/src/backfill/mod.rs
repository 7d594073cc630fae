//! `archivist backfill`: catalogues existing recordings, with the same steps as for events.

mod account;
mod inventory;
mod passes;
mod progress;
mod storage;
mod summary;
#[cfg(test)]
mod tests;
mod watched;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use adapters_local::SystemClock;
use adapters_local::sqlite::SqliteStore;
use clap::Args;
use configuration::Configuration;
use domain::record::estate::BastionName;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::{BlobStore, Clock};
use pipeline::query::range_begin;
use pipeline::{Archivist, Ports, ReconcileScope};
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, WiringInputs, state_store, stop_signal};

use crate::Exit;
use crate::arguments::TimeArg;
use crate::stores::strange_stores;
use passes::Passes;
use progress::BackfillProgress;
use summary::{BackfillSummary, SkippedRows};
use watched::WatchedBlobs;

/// Catalogue existing recordings: lists the containers and reads the audit logs
///
/// Continues after an interruption, and changes nothing if everything is known. With --inventory and
/// --audit-logs it needs no access to Azure: a Blob Inventory report and a folder with audit logs in any
/// layout replace storage. No tags are written then; an archivist with the same catalogue and access to the
/// blobs writes them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist backfill --bastion bas-hub-01 --since 2026-01-01
  ARCHIVIST_CATALOGUE=sqlite:audit.sqlite archivist backfill --inventory report.csv --audit-logs logs/

Exit code 1 if something could not be read or was interrupted; repeat the command to continue.")]
pub struct BackfillArgs {
    /// Only this bastion; with --inventory, the bastion of records that name no configured one
    #[arg(long, value_name = "NAME")]
    bastion: Option<String>,
    /// Only recordings last written on this day or later: a date, a word for a day, or an RFC 3339 time;
    /// logs are read from a day earlier
    #[arg(long, value_name = "DATE", value_parser = TimeArg::parse)]
    since: Option<TimeArg>,
    /// Read this Blob Inventory report (CSV) instead of the containers
    #[arg(long, value_name = "FILE", requires = "audit_logs")]
    inventory: Option<PathBuf>,
    /// Read this folder with copies of audit logs instead of their container
    #[arg(long, value_name = "DIR", requires = "inventory")]
    audit_logs: Option<PathBuf>,
    /// The storage account of the report; by default that of --bastion, or the only one whose containers
    /// are in the report
    #[arg(long, value_name = "NAME", requires = "inventory")]
    account: Option<String>,
    /// Time of the report and of the copied logs; by default the last write of the report, or of the newest
    /// log if that is earlier
    #[arg(long, value_name = "TIME", value_parser = range_begin, requires = "inventory")]
    as_of: Option<Timestamp>,
    /// Use the containers although the catalogue was built from another store: the recordings were moved.
    /// Recordings that are not in them count as missing from then on
    #[arg(long, conflicts_with = "inventory")]
    adopt: bool,
    /// Send notifications about all findings; by default none are sent
    #[arg(long)]
    notify: bool,
    /// Print the summary as one JSON document, and nothing else on stdout
    #[arg(long)]
    json: bool,
    /// Time zone of days; by default that of the configuration.
    #[arg(skip)]
    zone: Option<TimeZone>,
}

impl BackfillArgs {
    /// Sets the time zone of days; `None` stands for that of the configuration.
    pub fn in_zone(self, zone: Option<TimeZone>) -> Self {
        Self { zone, ..self }
    }
}

/// Inputs of a backfill.
struct Source {
    configuration: Configuration,
    blobs: Arc<dyn BlobStore>,
    clock: Arc<dyn Clock>,
    scope: ReconcileScope,
    /// Omitted rows of a report.
    rows: SkippedRows,
    /// Number of recordings and bytes of logs, if known in advance.
    total: progress::WorkAmount,
}

/// Runs until nothing more can be done now, or until a stop signal.
pub async fn run(
    args: &BackfillArgs,
    settings: &AppSettingNames,
    configured: Configured,
) -> Result<ExitCode, CommandError> {
    let stop = stop_signal()?;
    let Configured { configuration, state, .. } = configured;
    let is_configured = configuration.as_ref().is_some_and(|configuration| !configuration.bastions.is_empty());
    let mut source = match (&args.inventory, &args.audit_logs) {
        (Some(report), Some(logs)) => inventory::source(args, report, logs, configuration)?,
        _ => storage::source(args, settings, configuration)?,
    };
    let progress = Arc::new(BackfillProgress::begin(source.total));
    let blobs = Arc::new(WatchedBlobs::new(source.blobs, progress.clone(), &source.configuration.estate()));
    let (azure, is_here) = (Azure::for_command(settings), blobs.as_of().is_some());
    if !is_here {
        azure.sign_in(source.configuration.account_urls()).await?;
    }
    let (ports, made, filled) = if is_here {
        state_store::as_set_to_fill(settings, state.as_ref(), &azure, blobs, source.clock)?
    } else {
        let (ports, made) = state_store::as_set(settings, state.as_ref(), &azure, blobs, source.clock)?;
        (ports, made, None)
    };
    made.wait().await;
    if !is_configured {
        inventory::remember(&mut source.configuration, ports.checkpoints.as_ref()).await?;
    }
    let archivist = archivist(&source.configuration, ports.clone(), args.notify, Some(&azure))?;
    strange_stores(&archivist, args.adopt).await?;
    let passes =
        Passes { archivist: &archivist, ports: &ports, estate: source.configuration.estate(), scope: source.scope };
    let done = tokio::select! {
        done = passes.run(&progress) => Some(done),
        () = stop => None,
    };
    progress.end();
    // Commits after an interruption too, so the next run continues from there.
    let committed = filled.as_ref().map(SqliteStore::commit).transpose();
    let done = done.transpose()?;
    committed?;
    let summary = BackfillSummary::count(&ports, done.as_ref(), source.rows).await?;
    summary.print(args.json)?;
    Ok(ExitCode::from(if summary.is_whole() { Exit::Done } else { Exit::Findings }.code()))
}

fn archivist(
    configuration: &Configuration,
    ports: Ports,
    notify: bool,
    azure: Option<&Azure<'_>>,
) -> Result<Archivist, CommandError> {
    let plan =
        WiringInputs { configuration, ports, announce_started: false, show: Arc::new(|_| {}), accepted: None, azure };
    let archivist = plan.wire()?.archivist;
    Ok(if notify { archivist } else { archivist.quiet() })
}

/// Returns the scope of a run, or an error if its bastion is not configured.
fn scope(args: &BackfillArgs, configuration: &Configuration) -> Result<ReconcileScope, CommandError> {
    let named = args.bastion.as_deref().map(BastionName::new);
    if let Some(name) = named.as_ref().filter(|name| configuration.bastions.iter().all(|known| known.name != **name)) {
        let known: Vec<&str> = configuration.bastions.iter().map(|bastion| bastion.name.as_str()).collect();
        let problem = format!("--bastion: {:?} is not configured; configured are {}", name.as_str(), known.join(", "));
        return Err(CommandError::Problems(vec![problem]));
    }
    let zone = args.zone.clone().unwrap_or_else(|| configuration.time_zone.clone());
    let now = SystemClock.now().to_zoned(zone);
    let since = args.since.and_then(|since| since.begin(&now));
    Ok(ReconcileScope { bastion: named, since })
}
