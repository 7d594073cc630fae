//! `archivist init`: finds the bastions of every subscription, and writes `archivist.yaml` and the parameters of the
//! templates.

mod cloud;
mod compared;
mod found;
mod limits;
mod parameters;
mod plan;
mod render;
mod survey;
mod view;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use adapters_local::SystemClock;
use clap::Args;
use domain::cloud::Cloud;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pipeline::ports::{Clock, Discovery};
use wiring::settings::{AppSettingNames, ConfigPlace};
use wiring::{Azure, CommandError};

use crate::output::json;
use crate::{CliError, Exit, Terminal};
pub(crate) use plan::{Outcome, PlannedFile};

/// Name of the configuration in a folder.
const CONFIG: &str = "archivist.yaml";

/// Find the bastions that you can see, and write archivist.yaml and the parameters of the templates
///
/// Shows for each bastion its container, the account of its audit log, and what is missing. Compares with the file if
/// there is one. A dry run unless --write or --output is given.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist init
  archivist init --output infra && azd up
  archivist init --subscription 00000000-0000-0000-0000-000000000001 --json
  archivist init --cloud us-government
  archivist init --recordings bas-hub-01=https://stbastionrec01.blob.core.windows.net/recordings --write --update

Searches every subscription that you can read; without a right, a fact is shown as not known. Written are archivist.yaml
and bastions.json, which infra/main.bicep reads. In an existing file only bastions are added or changed, and only with
--update: other lines and their comments stay. No bastion is removed.

Exit code 1 if something is missing or not known.")]
pub struct InitArgs {
    /// Search this subscription only; can be repeated
    #[arg(long, value_name = "ID", value_parser = subscription)]
    pub subscription: Vec<String>,
    /// Cloud to search: public, china or us-government; by default that of the file, then that of the Azure CLI
    #[arg(long, value_name = "CLOUD", value_parser = cloud::parse)]
    pub cloud: Option<Cloud>,
    /// The container of a bastion that does not show it; can be repeated
    #[arg(long, value_name = "NAME=URL", value_parser = recordings)]
    pub recordings: Vec<(String, String)>,
    /// Write archivist.yaml (or the file of --config), and bastions.json beside it
    #[arg(long, conflicts_with = "output")]
    pub write: bool,
    /// Write both files into this folder
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Change an existing archivist.yaml: add new bastions, and correct those with another container or account
    #[arg(long)]
    pub update: bool,
    /// Write one JSON document: `{"version": 1, "bastions": [...], "gone": [...], "limits": [...], "files": [...]}`
    #[arg(long)]
    pub json: bool,
}

/// Dependencies of the command.
pub struct InitContext<'a> {
    /// Finds the resources.
    pub discovery: &'a dyn Discovery,
    /// App settings, for the check of the file.
    pub settings: &'a AppSettingNames,
    /// Cloud of the accounts.
    pub cloud: Cloud,
    /// The configuration file, unless a folder is given.
    pub config: &'a Path,
    /// Last day of a container that a bastion has left.
    pub today: Date,
    /// Abilities of the standard streams.
    pub terminal: Terminal,
    /// Receives the answer.
    pub out: &'a mut dyn Write,
    /// Receives notes about the answer.
    pub err: &'a mut dyn Write,
}

/// Runs the command as the signed-in person.
pub async fn run(
    args: &InitArgs,
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<ExitCode, CommandError> {
    let config = match config.or(settings.config.as_ref()) {
        Some(ConfigPlace::File(path)) => path.clone(),
        Some(ConfigPlace::Blob(_)) if args.output.is_none() => {
            return Err(CommandError::Problems(vec![BLOB.to_owned()]));
        }
        _ => CONFIG.into(),
    };
    let azure = Azure::for_survey(settings);
    let of_file = || cloud_of(&args.file(&config), settings);
    let cloud = args.cloud.or_else(of_file).or_else(|| cloud::signed_in(settings)).unwrap_or(Cloud::Public);
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let mut context = InitContext {
        discovery: &azure.management(cloud)?,
        settings,
        cloud,
        config: &config,
        today: SystemClock.now().to_zoned(TimeZone::UTC).date(),
        terminal: Terminal::detect(settings),
        out: &mut out,
        err: &mut err,
    };
    Ok(ExitCode::from(run_init(args, &mut context).await?.code()))
}

const BLOB: &str =
    "ARCHIVIST_CONFIG is a blob: write a file with --output DIR, then push it with archivist config push";

/// Cloud of the accounts in the file. `None` if there is no file, or it names no account.
fn cloud_of(file: &Path, settings: &AppSettingNames) -> Option<Cloud> {
    let text = std::fs::read_to_string(file).ok()?;
    let read = configuration::read(CONFIG, &text, &|name| settings.app_setting(name)).ok()?;
    read.account_urls().find_map(configuration::AccountUrl::cloud)
}

/// Runs the command.
pub async fn run_init(args: &InitArgs, context: &mut InitContext<'_>) -> Result<Exit, CliError> {
    let survey = survey::survey(context.discovery, &args.subscription, context.terminal, context.err).await?;
    let outcome = plan::plan(args, context, &survey)?;
    let is_writing = args.write || args.output.is_some();
    if is_writing {
        outcome.may_be_written(args.update)?;
    }
    if !args.json {
        view::write(&outcome, context.terminal, context.out)?;
    }
    for file in &outcome.files {
        if is_writing {
            file.write()?;
        }
        if !args.json {
            view::write_file(file, is_writing, context.out)?;
        }
    }
    if args.json {
        json::write_line(&mut *context.out, &view::document(&outcome, is_writing))?;
    } else if !is_writing && outcome.has_changes() {
        let update = if outcome.is_update() { " --update" } else { "" };
        writeln!(context.err, "Nothing is written; add --write{update}, or --output DIR{update}")?;
    }
    context.out.flush()?;
    Ok(if outcome.has_findings() { Exit::Findings } else { Exit::Done })
}

impl InitArgs {
    fn file(&self, config: &Path) -> PathBuf {
        self.output.as_ref().map_or_else(|| config.to_owned(), |folder| folder.join(CONFIG))
    }

    fn given(&self) -> BTreeMap<String, String> {
        self.recordings.iter().map(|(name, url)| (name.to_ascii_lowercase(), url.clone())).collect()
    }
}

fn subscription(text: &str) -> Result<String, String> {
    let is_id = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_id {
        Ok(text.to_owned())
    } else {
        Err("write the id of a subscription, not its name".to_owned())
    }
}

fn recordings(text: &str) -> Result<(String, String), String> {
    let (name, url) = text.split_once('=').ok_or("write NAME=https://ACCOUNT.blob.core.windows.net/CONTAINER")?;
    if url.contains('?') {
        return Err("write the URL without the signature".to_owned());
    }
    Ok((name.to_owned(), url.to_owned()))
}
