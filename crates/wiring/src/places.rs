//! Places of the archivist's own data.

use std::path::{Path, PathBuf};

use configuration::Configuration;
use configuration::state::{StatePlace, StateUrls};

use crate::settings::{AppSettingNames, CatalogueSetting};
use crate::start::CommandError;

/// Default folder of the catalogue.
pub const LOCAL_FOLDER: &str = "archivist-data";

/// Folder of the archivist's own data, inside a folder that replaces storage accounts.
pub const OWN_FOLDER: &str = ".archivist";

/// Database file in [`OWN_FOLDER`].
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// Returns the path of a catalogue file: as set, or that of `archivist local` in its folder.
pub fn catalogue_path(settings: &AppSettingNames) -> PathBuf {
    let set = settings.catalogue.as_ref().and_then(CatalogueSetting::file).map(Path::to_owned);
    let folder = settings.folder.as_deref().unwrap_or(Path::new(LOCAL_FOLDER));
    set.unwrap_or_else(|| folder.join(OWN_FOLDER).join(CATALOGUE_FILE))
}

/// Returns the folder that replaces storage accounts: that of `--folder`, that of the catalogue file if the file is
/// where `archivist local` keeps it, otherwise the default.
pub fn local_folder(settings: &AppSettingNames) -> PathBuf {
    if let Some(folder) = &settings.folder {
        return folder.clone();
    }
    let file = catalogue_path(settings);
    let own = file.parent().filter(|own| file.ends_with(CATALOGUE_FILE) && own.ends_with(OWN_FOLDER));
    match own.and_then(Path::parent) {
        Some(here) if here.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from(LOCAL_FOLDER),
    }
}

/// Completes a configuration that lists no bastions with those of `folder`, and keeps everything else of it. Returns
/// the defaults of the folder if there is no configuration.
pub fn with_bastions(configuration: Option<Configuration>, folder: &Path) -> Result<Configuration, CommandError> {
    let local = Configuration::local(folder).map_err(CommandError::needed)?;
    Ok(match configuration {
        Some(configuration) if configuration.bastions.is_empty() => {
            Configuration { bastions: local.bastions, ..configuration }
        }
        Some(configuration) => configuration,
        None => local,
    })
}

/// Returns the storage of the archivist itself, from a configuration or else the settings. `None` with `--folder`,
/// because everything is in the folder then.
pub fn state_place(
    configured: Option<&Configuration>,
    settings: &AppSettingNames,
) -> Result<Option<StatePlace>, CommandError> {
    if settings.folder.is_some() {
        return match settings.catalogue {
            Some(CatalogueSetting::Table) => Err(CommandError::Problems(vec![NO_TABLE_IN_FOLDER.to_owned()])),
            _ => Ok(None),
        };
    }
    let nowhere = StateUrls::default();
    let urls = configured.map_or(&nowhere, |configuration| &configuration.state);
    let state = StatePlace::resolve(urls, &settings.storage).map_err(CommandError::Problems)?;
    if state.is_none() && settings.catalogue == Some(CatalogueSetting::Table) {
        return Err(CommandError::Problems(vec![NO_TABLE.to_owned()]));
    }
    Ok(state)
}

const NO_TABLE_IN_FOLDER: &str =
    "ARCHIVIST_CATALOGUE: table is not the catalogue of a folder; unset it, write sqlite:PATH, or leave out --folder";

const NO_TABLE: &str = "ARCHIVIST_CATALOGUE: table has no storage account; write state.account_urls in archivist.yaml, set AzureWebJobsStorage__accountName, or write sqlite:PATH";
