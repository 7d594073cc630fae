//! `archivist config`: checks, compares and replaces the configuration shared by several machines.

pub(crate) mod checked;
pub(crate) mod difference;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use configuration::{AppPlace, BlobUrl};
use pipeline::configuration::digest;
use pipeline::ports::{ConfigurationRead, ConfigurationSource, TaggedText};
use serde_json::json;
use wiring::configured::{self, ConfigurationText};
use wiring::settings::{AppSettingNames, ConfigPlace};
use wiring::{CommandError, accepts};

use self::checked::PushableConfiguration;
use crate::output::ask;
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
            let said = policy_commands::run(&check, config, settings).await?;
            accepted_here(config, settings).await?;
            Ok(said)
        }
        ConfigCommand::Diff(args) => diff(args, config, settings).await,
        ConfigCommand::Push(args) => push(args, config, settings).await,
    }
}

/// Returns an error if a start on this machine would refuse a configuration that is valid by itself.
async fn accepted_here(config: Option<&ConfigPlace>, settings: &AppSettingNames) -> Result<(), CommandError> {
    let Some(text) = configured::text(config, settings).await? else {
        return Ok(());
    };
    let place = text.shared.map_or(AppPlace::AsSet, |shared| shared.place);
    let read = configuration::check(&text.name, &text.text, place, &|name| settings.app_setting(name));
    match read.configuration {
        Ok(configuration) if !configuration.bastions.is_empty() => accepts(&configuration, settings),
        // A file without bastions has no further checks; problems of the text are already reported.
        _ => Ok(()),
    }
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
        println!("{}", json!({ "same": diff.is_empty(), "ours": digest(&ours.text), "app": app, "diff": diff }));
    } else if diff.is_empty() {
        eprintln!("no difference: {}", digest(&ours.text));
    } else {
        print!("{diff}");
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
        say(args.json, false, &digest, &diff, "nothing to push: the app uses this configuration already");
        return Ok(ExitCode::SUCCESS);
    }
    if !args.json {
        print!("{diff}");
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
    say(args.json, true, &digest, &diff, "pushed; the functions apply it within a minute");
    Ok(ExitCode::SUCCESS)
}

fn say(as_json: bool, pushed: bool, digest: &str, diff: &str, what: &str) {
    if as_json {
        println!("{}", json!({ "pushed": pushed, "digest": digest, "diff": diff }));
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
