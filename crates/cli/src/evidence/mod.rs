//! `archivist evidence`: exports bundles of evidence and verifies them.

mod export;
mod progress;
mod selection;
mod signer;
mod target;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::address::Printable;
use domain::record::ledger::Sha256;
use jiff::tz::TimeZone;
use wiring::CommandError;
use wiring::configured::Configured;
use wiring::settings::AppSettingNames;

use crate::CliError;
use crate::recordings::Filters;

/// Subcommands of `evidence`.
#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// Export everything known of some recordings into one file that verifies itself
    ///
    /// The bundle is a ZIP file with the entries, sessions, audit records, legal holds, policy and ledger lines of
    /// the recordings, a page for people, and the hash of every file. The same state gives the same bytes.
    Export(Box<ExportEvidenceArgs>),
    /// Verify a bundle, without a catalogue, a configuration or a network
    ///
    /// Checks every byte of the archive, all hashes, the chain of its ledger lines, and that its parts agree.
    Verify(VerifyEvidenceArgs),
}

/// Arguments of `evidence export`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist evidence export --case 2026-17 --out case-2026-17.zip
  archivist evidence export --recording rec_01kjpyph1yv56czgxgxa6hk7hq --with-content --sign-key key.pem --out one.zip
  archivist evidence export --person ann@contoso.com --from 2026-03-01 --to 2026-03-31 --out march.zip

A case has all recordings that one of its holds covers or covered. The words are those of `archivist recordings list`.
Make a key with `openssl genpkey -algorithm ed25519 -out key.pem`, and its public key with `openssl pkey -in key.pem
-pubout -out public.pem`. With a key in a vault, such as `--sign-key https://kv-evidence.vault.azure.net/keys/evidence`,
you need the role Key Vault Crypto User; `az keyvault key download` writes its public key.

Exit code 1 if no recording is found, if a content differs from its hash in the catalogue, or if the command was
interrupted. Whatever cannot be read is listed as unknown, in the bundle and on standard error.")]
pub struct ExportEvidenceArgs {
    /// Write the bundle to this file.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace the file if it exists.
    #[arg(long)]
    pub overwrite: bool,
    /// Export the recordings of this legal case.
    #[arg(long, value_name = "ID", conflicts_with = "recording")]
    pub case: Option<String>,
    /// Export this recording, by its id, whole or short.
    #[arg(long, value_name = "ID", value_parser = crate::IdArg::parse)]
    pub recording: Option<crate::IdArg>,
    /// Export all recordings.
    #[arg(long, conflicts_with_all = ["case", "recording"])]
    pub all: bool,
    /// Filters.
    #[command(flatten)]
    pub filters: Filters,
    /// Include the recordings themselves.
    #[arg(long)]
    pub with_content: bool,
    /// Sign the bundle with this key: a PEM file in PKCS#8 form with an Ed25519 key, or the address of a P-256 key in
    /// Azure Key Vault.
    #[arg(long, value_name = "FILE or URL")]
    pub sign_key: Option<String>,
    /// Print the result as one JSON document, and nothing else on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `evidence verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archivist evidence verify case-2026-17.zip
  archivist evidence verify case-2026-17.zip --key public.pem --json > verified.json
  archivist evidence verify case-2026-17.zip --head ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

Without --key, the signer is not checked: anybody could have made the bundle. With --head, a hash that you received in a
message `ledger.anchored`, the bundle must contain that line of the ledger, and you see how much it covers.

Exit code 1 if there are findings. docs/evidence.md describes the format, and how to verify it with other tools.")]
pub struct VerifyEvidenceArgs {
    /// The bundle.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Require a signature of this public key, a PEM file.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Require the ledger line with this hash.
    #[arg(long, value_name = "HASH", value_parser = crate::arguments::parse_hash)]
    pub head: Option<Sha256>,
    /// Print the result as one JSON document, and nothing else on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Runs a subcommand. `configured` is read by `export` only: `verify` works without any configuration.
pub async fn run(
    command: &EvidenceCommand,
    settings: &AppSettingNames,
    zone: Option<TimeZone>,
    configured: impl Future<Output = Result<Configured, CommandError>>,
) -> Result<ExitCode, CommandError> {
    let exit = match command {
        EvidenceCommand::Verify(args) => verify::run(args)?,
        EvidenceCommand::Export(args) => export::run(args, settings, zone, configured).await?,
    };
    Ok(ExitCode::from(exit.code()))
}

/// Reads a file named on the command line.
fn read(path: &Path) -> Result<String, CliError> {
    let text = std::fs::read_to_string(path);
    text.map_err(|error| CliError::Problems(format!("{}: cannot be read: {error}", shown(path))))
}

/// Returns a path for messages.
fn shown(path: &Path) -> String {
    Printable(&path.display().to_string()).to_string()
}
