//! Loads the configuration from a file, or from a blob shared by several machines.

use std::io;
use std::path::Path;
use std::sync::Arc;

use adapters_azure::AzureConfiguration;
use configuration::state::StatePlace;
use configuration::{AppPlace, BlobUrl, Configuration};
use domain::address::AccountName;
use pipeline::configuration::digest;
use pipeline::ports::{ConfigurationRead, ConfigurationSource};

use crate::places::state_place;
use crate::settings::{AppSettingNames, ConfigPlace};
use crate::start::CommandError;
use crate::{Azure, accepts};

/// A loaded configuration.
pub struct Configured {
    /// The configuration. `None` if there is none.
    pub configuration: Option<Configuration>,
    /// Storage of the archivist itself, from the configuration or else the settings. `None` if neither
    /// names it.
    pub state: Option<StatePlace>,
    /// Source of a shared configuration.
    pub shared: Option<Shared>,
}

/// A configuration shared by several machines.
#[derive(Clone)]
pub struct Shared {
    /// The blob it was read from.
    pub source: Arc<dyn ConfigurationSource>,
    /// ETag of the version read. `None` if the blob is gone and the last good version is used.
    pub tag: Option<String>,
    /// Text of the configuration.
    pub text: String,
    /// Digest of the text in use.
    pub digest: String,
    /// Location of the app that it is for.
    pub place: AppPlace,
    /// Every reason to refuse this version, if the last good one is used instead.
    pub refused: Option<String>,
}

/// Text of a configuration.
pub struct ConfigurationText {
    /// Name, for problems.
    pub name: String,
    /// The text.
    pub text: String,
    /// Source of a shared configuration.
    pub shared: Option<Shared>,
}

/// Loads the configuration named on the command line or in the settings, or `./archivist.yaml`. The default
/// file may be missing. If a shared configuration is invalid or gone, the last good version is used.
///
/// # Errors
/// Returns every problem: `problems`, which are those of the settings, and those of the text. If both are
/// valid, returns the conflicts between them.
pub async fn configuration(
    named: Option<&ConfigPlace>,
    settings: &AppSettingNames,
    mut problems: Vec<String>,
) -> Result<Configured, CommandError> {
    match taken(named, settings).await {
        Err(error) if problems.is_empty() => Err(error),
        Err(error) => {
            problems.extend(error.message().lines().map(str::to_owned));
            Err(CommandError::Problems(problems))
        }
        Ok((mut configuration, shared)) if problems.is_empty() => {
            if let Some(configuration) = &mut configuration {
                own_identity(configuration, settings);
                if let Some(folder) = &settings.folder {
                    configuration.move_to_folder(folder);
                }
            }
            let state = state_place(configuration.as_ref(), settings)?;
            Ok(Configured { configuration, state, shared })
        }
        Ok(_) => Err(CommandError::Problems(problems)),
    }
}

/// Adds the app's identity to those whose accesses of recordings are the archivist's own.
fn own_identity(configuration: &mut Configuration, settings: &AppSettingNames) {
    let Some(own) = settings.app_setting("AZURE_CLIENT_ID").filter(|id| !id.is_empty()) else {
        return;
    };
    for logs in configuration.bastions.iter_mut().filter_map(|bastion| bastion.access_logs.as_mut()) {
        if !logs.archivist_ids.contains(&own) {
            logs.archivist_ids.push(own.clone());
        }
    }
}

async fn taken(
    named: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<(Option<Configuration>, Option<Shared>), CommandError> {
    let text = match named.or(settings.config.as_ref()) {
        Some(ConfigPlace::Blob(url)) => Some(or_last_good(url, source(url, settings)?).await?),
        _ => text(named, settings).await?,
    };
    match text {
        Some(text) => chosen(text, settings).await.map(|(configuration, shared)| (Some(configuration), shared)),
        None => Ok((None, None)),
    }
}

/// Converts a text. If a start would refuse a shared text, converts the last good version instead.
async fn chosen(
    ConfigurationText { name, text, shared }: ConfigurationText,
    settings: &AppSettingNames,
) -> Result<(Configuration, Option<Shared>), CommandError> {
    let Some(shared) = shared else {
        let configuration = configuration::read(&name, &text, &|name| settings.app_setting(name))?;
        return Ok((configuration, None));
    };
    let meaning = |text: &str| usable(&name, text, shared.place, settings);
    let error = match meaning(&text) {
        Ok(configuration) => return Ok((configuration, Some(shared))),
        Err(error) => error,
    };
    let last_good = shared.source.last_good().await?;
    let last_good = last_good.and_then(|text| Some((meaning(&text).ok()?, digest(&text))));
    let Some((last_good, digest)) = last_good else { return Err(error) };
    let problems = error.message();
    tracing::error!(%problems, "the configuration is refused, the last good one is used");
    Ok((last_good, Some(Shared { refused: Some(problems), digest, ..shared })))
}

/// Converts a shared text. Returns an error if a start would refuse it.
fn usable(name: &str, text: &str, place: AppPlace, settings: &AppSettingNames) -> Result<Configuration, CommandError> {
    let read = configuration::check(name, text, place, &|name| settings.app_setting(name));
    let configuration = read.configuration?;
    accepts(&configuration, settings)?;
    Ok(configuration)
}

/// Reads the text of the configuration. `None` if none is named and the default file is missing.
pub async fn text(
    named: Option<&ConfigPlace>,
    settings: &AppSettingNames,
) -> Result<Option<ConfigurationText>, CommandError> {
    let (is_named, place) = match named.or(settings.config.as_ref()) {
        Some(ConfigPlace::Blob(url)) => return blob(url, settings).await.map(Some),
        Some(ConfigPlace::File(path)) => (true, path.as_path()),
        None => (false, Path::new("archivist.yaml")),
    };
    match std::fs::read_to_string(place) {
        Ok(text) => Ok(Some(ConfigurationText { name: place.display().to_string(), text, shared: None })),
        Err(error) if !is_named && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CommandError::Unreadable { path: place.to_owned(), source }),
    }
}

async fn blob(url: &BlobUrl, settings: &AppSettingNames) -> Result<ConfigurationText, CommandError> {
    let source = source(url, settings)?;
    in_blob(url, &source).await?.ok_or_else(|| gone(url))
}

/// Reads a shared configuration. If the blob was deleted, uses the last good version, so a restart still
/// works.
async fn or_last_good(url: &BlobUrl, source: Arc<dyn ConfigurationSource>) -> Result<ConfigurationText, CommandError> {
    if let Some(text) = in_blob(url, &source).await? {
        return Ok(text);
    }
    let text = source.last_good().await?.ok_or_else(|| gone(url))?;
    tracing::error!(%url, "the configuration is gone, the last good one is used; restore it with config push");
    Ok(shared(url, &source, text, None))
}

async fn in_blob(
    url: &BlobUrl,
    source: &Arc<dyn ConfigurationSource>,
) -> Result<Option<ConfigurationText>, CommandError> {
    Ok(match source.read(None).await? {
        ConfigurationRead::Text(found) => Some(shared(url, source, found.text, Some(found.tag))),
        ConfigurationRead::Same | ConfigurationRead::Nothing => None,
    })
}

fn shared(
    url: &BlobUrl,
    source: &Arc<dyn ConfigurationSource>,
    text: String,
    tag: Option<String>,
) -> ConfigurationText {
    let (source, digest, place) = (source.clone(), digest(&text), place(url));
    let shared = Shared { source, tag, digest, text: text.clone(), place, refused: None };
    ConfigurationText { name: url.to_string(), text, shared: Some(shared) }
}

/// Returns the location of the app whose configuration is at `url`.
pub fn place(url: &BlobUrl) -> AppPlace {
    if url.account.is_local() { AppPlace::AsSet } else { AppPlace::Azure }
}

fn gone(url: &BlobUrl) -> CommandError {
    let what = format!("{url}: no configuration is there; put one there with `archivist config push --app {url}`");
    CommandError::Problems(vec![what])
}

/// Opens a configuration blob.
pub fn source(url: &BlobUrl, settings: &AppSettingNames) -> Result<Arc<dyn ConfigurationSource>, CommandError> {
    let account = url.account.account().map_or("", AccountName::as_str);
    let access = Azure::for_command(settings).access(account, url.account.is_local())?;
    let source = AzureConfiguration::new(&access, url.account.url(), &url.container, &url.name);
    Ok(Arc::new(source.map_err(CommandError::needed)?))
}

#[cfg(test)]
mod tests;
