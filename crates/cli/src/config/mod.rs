//! `archivist config`: checks, compares and replaces the configuration shared by several machines.

pub(crate) mod checked;
pub(crate) mod difference;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use configuration::{AppPlace, BlobUrl, Configuration};
use pipeline::configuration::digest;
use pipeline::ports::{ConfigurationRead, ConfigurationSource, TaggedText};
use serde_json::json;
use wiring::configured::{self, ConfigurationText};
use wiring::settings::{AppSettingNames, ConfigPlace};
use wiring::{CommandError, accepts};

use self::checked::PushableConfiguration;
use crate::output::{ask, human, say};
use crate::policy_commands;
use crate::{Exit, PolicyCommand};

/// Subcommands of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Validate a configuration: errors and likely mistakes
    ///
    /// Exit code 0 if there are none, 1 if there are warnings only, 2 if there are errors.
    #[command(after_help = "Example:\n  archivist config check --config archivist.yaml")]
    Check(ConfigCheckArgs),
    /// Compare a file with the configuration of the app
    ///
    /// The file is that of --config, or ./archivist.yaml; the configuration of the app is the blob in
    /// ARCHIVIST_CONFIG. Exit code 1 if they differ.
    Diff(DiffArgs),
    /// Replace the configuration of the app with a file
    ///
    /// A configuration with errors is not pushed. App settings in the file may be missing on this machine; if
    /// the app lacks them too, it refuses the file and keeps the last good one. Functions load the new version
    /// within a minute. If another version was pushed meanwhile, nothing is overwritten.
    Push(PushArgs),
}

/// Arguments of `config check`.
#[derive(Debug, Args)]
pub struct ConfigCheckArgs {
    /// Write one JSON document: `{"digest": "sha256:…", "problems": [...], "warnings": [...], "policy": {...}}`
    #[arg(long)]
    json: bool,
}

/// Arguments of `config diff`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ARCHIVIST_CONFIG=https://starchivist.blob.core.windows.net/configuration/archivist.yaml archivist config diff")]
pub struct DiffArgs {
    /// The URL of the app's configuration; by default ARCHIVIST_CONFIG
    #[arg(long, value_name = "URL")]
    app: Option<String>,
    /// Write one JSON document: `{"same": false, "ours": "sha256:…", "app": "sha256:…", "diff": "…"}`
    #[arg(long)]
    json: bool,
}

/// Arguments of `config push`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ARCHIVIST_CONFIG=https://starchivist.blob.core.windows.net/configuration/archivist.yaml archivist config push")]
pub struct PushArgs {
    /// The URL of the app's configuration; by default ARCHIVIST_CONFIG
    #[arg(long, value_name = "URL")]
    app: Option<String>,
    /// Skip the confirmation prompt
    #[arg(long)]
    yes: bool,
    /// Write one JSON document: `{"pushed": true, "digest": "sha256:…", "diff": "…"}`
    #[arg(long)]
    json: bool,
}

/// Runs a subcommand.
pub async fn run(
    command: &ConfigCommand,
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
    problems: Vec<String>,
) -> Result<ExitCode, CommandError> {
    if !problems.is_empty() {
        return Err(CommandError::Problems(problems));
    }
    match command {
        ConfigCommand::Check(args) => {
            let check = PolicyCommand::Check(crate::PolicyCheckArgs { json: args.json });
            let exit = policy_commands::run(&check, config, settings).await?;
            let accepted = accepted_here(config, settings).await?;
            if let Some(accepted) = accepted.filter(|_| !args.json) {
                say(&accepted);
            }
            Ok(exit)
        }
        ConfigCommand::Diff(args) => diff(args, config, settings).await,
        ConfigCommand::Push(args) => push(args, config, settings).await,
    }
}

/// Describes the configuration that a start on this machine would accept. Returns `None` if it has errors, which are
/// reported already.
///
/// # Errors
/// A start on this machine would refuse a configuration that is valid by itself.
async fn accepted_here(
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<Option<String>, CommandError> {
    let Some(text) = configured::text(config, settings).await? else {
        return Ok(Some("OK: there is no archivist.yaml, so the defaults of `archivist local` apply".to_owned()));
    };
    let place = text.shared.map_or(AppPlace::AsSet, |shared| shared.place);
    let read = configuration::check(&text.name, &text.text, place, &|name| settings.app_setting(name));
    match read.configuration {
        Ok(configuration) => {
            // A file without bastions has no further checks.
            if !configuration.bastions.is_empty() {
                accepts(&configuration, settings)?;
            }
            let warnings = match read.warnings.len() {
                0 => "",
                1 => ", with 1 warning",
                _ => ", with warnings",
            };
            Ok(Some(format!("OK{warnings}: {}", described(&text.name, &configuration))))
        }
        Err(_) => Ok(None),
    }
}

/// Names the file, the bastions and the channels of a configuration.
fn described(file: &str, configuration: &Configuration) -> String {
    let bastions = configuration.bastions.iter().map(|bastion| human::text(bastion.name.as_str()));
    let channels = configuration.channels.keys().map(|name| human::text(name));
    let named = |names: Vec<String>, one: &str, many: &str| match names.len() {
        0 => format!("no {one}"),
        1 => format!("{one} {}", names.join(", ")),
        count => format!("{count} {many} {}", names.join(", ")),
    };
    let (bastions, channels) =
        (named(bastions.collect(), "bastion", "bastions"), named(channels.collect(), "channel", "channels"));
    format!("{}: {bastions}; {channels}", human::text(file))
}

async fn diff(
    args: &DiffArgs,
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<ExitCode, CommandError> {
    let ours = ours(config, settings).await?;
    let (url, source) = app(args.app.as_deref(), settings)?;
    let before = now(source.as_ref()).await?;
    let app = before.as_ref().map_or("", |found| &found.text);
    let diff = difference::between((&url.to_string(), app), (&ours.name, &ours.text));
    if args.json {
        let app = before.as_ref().map(|found| digest(&found.text));
        say(&json!({ "same": diff.is_empty(), "ours": digest(&ours.text), "app": app, "diff": diff }).to_string());
    } else if diff.is_empty() {
        eprintln!("no difference: {}", digest(&ours.text));
    } else {
        say(diff.trim_end_matches('\n'));
        let of_app = before.as_ref().map_or("none".to_owned(), |found| digest(&found.text));
        eprintln!("ours: {}\napp: {of_app}", digest(&ours.text));
    }
    Ok(ExitCode::from(if diff.is_empty() { Exit::Done } else { Exit::Findings }.code()))
}

async fn push(
    args: &PushArgs,
    config: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<ExitCode, CommandError> {
    let ours = ours(config, settings).await?;
    let (url, source) = app(args.app.as_deref(), settings)?;
    let PushableConfiguration { warnings } = checked::check(&ours.name, &ours.text, configured::place(&url), settings)?;
    warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let before = now(source.as_ref()).await?;
    let app = before.as_ref().map_or("", |found| &found.text);
    let diff = difference::between((&url.to_string(), app), (&ours.name, &ours.text));
    let digest = digest(&ours.text);
    if diff.is_empty() && before.is_some() {
        write_push(args.json, false, &digest, &diff, "nothing to push: the app uses this configuration already");
        return Ok(ExitCode::SUCCESS);
    }
    if !args.json {
        say(diff.trim_end_matches('\n'));
    }
    if !args.yes && !is_wanted(&url)? {
        eprintln!("nothing was pushed");
        return Ok(ExitCode::from(Exit::Findings.code()));
    }
    if source.replace(before.as_ref().map(|found| found.tag.as_str()), &ours.text).await?.is_none() {
        let what = format!(
            "{url}: another version was pushed in the meantime; compare with `archivist config diff`, and push again"
        );
        return Err(CommandError::Problems(vec![what]));
    }
    write_push(args.json, true, &digest, &diff, "pushed; the functions apply it within a minute");
    Ok(ExitCode::SUCCESS)
}

fn write_push(as_json: bool, pushed: bool, digest: &str, diff: &str, what: &str) {
    if as_json {
        say(&json!({ "pushed": pushed, "digest": digest, "diff": diff }).to_string());
    } else {
        eprintln!("{what}: {digest}");
    }
}

/// Reads the file of this machine.
async fn ours(config: Option<&ConfigPlace>, settings: &AppSettingNames) -> Result<ConfigurationText, CommandError> {
    let here = ConfigPlace::File("archivist.yaml".into());
    match configured::text(Some(config.unwrap_or(&here)), settings).await? {
        Some(text) => Ok(text),
        None => {
            Err(CommandError::Problems(vec!["there is no archivist.yaml here; name a file with --config".to_owned()]))
        }
    }
}

/// Returns the URL and the source of the app's configuration.
fn app(
    named: Option<&str>,
    settings: &AppSettingNames,
) -> Result<(BlobUrl, Arc<dyn ConfigurationSource>), CommandError> {
    let url = match (named, &settings.config) {
        (Some(text), _) => {
            let url = BlobUrl::parse(text, &settings.extra_suffixes);
            url.map_err(|wrong| CommandError::Problems(vec![format!("--app: {wrong}")]))?
        }
        (None, Some(ConfigPlace::Blob(url))) => url.clone(),
        _ => return Err(CommandError::Problems(vec![NO_APP.to_owned()])),
    };
    let source = configured::source(&url, settings)?;
    Ok((url, source))
}

const NO_APP: &str = "the app's configuration is not known; name its blob with --app https://ACCOUNT.blob.core.windows.net/CONTAINER/archivist.yaml, or with ARCHIVIST_CONFIG";

/// Reads the present configuration of the app. `None` if there is none.
async fn now(source: &dyn ConfigurationSource) -> Result<Option<TaggedText>, CommandError> {
    Ok(match source.read(None).await? {
        ConfigurationRead::Text(found) => Some(found),
        ConfigurationRead::Same | ConfigurationRead::Nothing => None,
    })
}

/// Asks for confirmation; only yes counts. Returns an error if the command is not interactive.
fn is_wanted(url: &BlobUrl) -> Result<bool, CommandError> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(CommandError::Problems(vec!["no terminal to confirm on; add --yes".to_owned()]));
    }
    ask(&format!("Replace {url} with this configuration?")).map_err(CommandError::needed)
}
