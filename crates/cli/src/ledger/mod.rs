//! `archivist ledger`: verifies the ledger against storage.

mod finding;
mod progress;
mod summary;

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use domain::record::ledger::Sha256;
use pipeline::ledger::{VerificationStep, Verify};
use pipeline::{KnownStores, Ports};
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;
use wiring::{Azure, CommandError, state_store, stop_signal};

use crate::Exit;
use crate::arguments::parse_hash;
use crate::stores::open_existing;
use progress::VerificationProgress;
use summary::VerificationSummary;

/// Subcommands of `ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Verify the chain of the ledger, and the recordings whose hashes it contains
    ///
    /// Reads the whole ledger, then each recording with a hash in it, unless it was deleted since. After an
    /// interruption, the same command reads the ledger again and continues with the recordings. A verification
    /// that finished starts over at the next run.
    Verify(VerifyArgs),
}

/// Arguments of `ledger verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist ledger verify --chain-only
  archivist ledger verify --json > verified.json
  archivist ledger verify --chain-only --head ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

All lines up to that of --head existed when you received the hash, and have not changed since.

Exit code 1 if something was changed, is missing or could not be read, if no line has the hash of --head, if there is no
ledger, or if the command was interrupted. docs/ledger.md describes how to verify a ledger without this program.")]
pub struct VerifyArgs {
    /// Start with the first recording, even after an interruption
    #[arg(long, conflicts_with = "chain_only")]
    from_start: bool,
    /// Require the line with this hash, received in a message `ledger.anchored` or written down earlier
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    head: Option<Sha256>,
    /// Read the ledger only, and no recordings
    #[arg(long)]
    chain_only: bool,
    /// Print the result as one JSON document, and nothing else on stdout
    #[arg(long)]
    json: bool,
}

/// Runs a subcommand.
pub async fn run(
    command: &LedgerCommand,
    settings: &AppSettingNames,
    configured: Configured,
) -> Result<ExitCode, CommandError> {
    let LedgerCommand::Verify(args) = command;
    verify(args, settings, configured).await
}

async fn verify(
    args: &VerifyArgs,
    settings: &AppSettingNames,
    configured: Configured,
) -> Result<ExitCode, CommandError> {
    let stop = stop_signal()?;
    let ledger = state_store::ledger(settings, configured.state.as_ref(), &Azure::for_command(settings))?;
    let ports = if args.chain_only { None } else { Some(ports(settings, configured).await?) };
    let recordings = ports.as_ref().map(|ports| (ports.blobs.as_ref(), ports.checkpoints.as_ref()));
    let verify = Verify { ledger: ledger.as_ref(), recordings, from_start: args.from_start, head: args.head };
    let (mut progress, mut summary) = (VerificationProgress::default(), VerificationSummary::new(args.json));
    let mut on_step = |step| match step {
        VerificationStep::Found(finding) => progress.aside(|| summary.found(&finding)),
        step => progress.step(&step),
    };
    let verified = tokio::select! {
        verified = verify.run(&mut on_step) => Some(verified?),
        () = stop => None,
    };
    progress.end();
    let is_sound = summary.end(verified)?;
    Ok(ExitCode::from(if is_sound { Exit::Done } else { Exit::Findings }.code()))
}

/// Opens the blobs of the recordings, and the checkpoints of the verification.
async fn ports(settings: &AppSettingNames, configured: Configured) -> Result<Ports, CommandError> {
    let (configuration, ports) = open_existing(settings, configured).await?;
    let blobs = Arc::new(KnownStores::new(&ports, &configuration.estate()));
    Ok(Ports { blobs, ..ports })
}
