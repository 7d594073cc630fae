//! Why a command did not begin, as a person reads it, with the exit code.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use cli::CliError;
use configuration::state::{StatePlace, StateUrls};
use configuration::{Configuration, Problems};
use pipeline::ports::{Fault, with_causes};
use thiserror::Error;

use crate::serve::ServeError;
use crate::settings::{Catalogue, Settings};

/// Why a command did not begin.
#[derive(Debug, Error)]
pub enum StartError {
    /// App settings or configuration are wrong: every problem, one a line.
    #[error("{}", .0.join("\n"))]
    Problems(Vec<String>),
    /// The configuration file is wrong.
    #[error(transparent)]
    Configuration(#[from] Problems),
    /// The configuration file cannot be read.
    #[error("failed to read configuration file {}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A folder cannot be made.
    #[error("failed to create folder {}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Serving did not begin.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Something else that the command needs is not to be had.
    #[error(transparent)]
    Needed(Box<dyn Error + Send + Sync>),
}

impl StartError {
    /// Something that the command needs is not to be had.
    pub fn needed(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Needed(Box::new(error))
    }

    /// What a command says of itself.
    pub fn of_command(error: CliError) -> Self {
        match error {
            CliError::Problems(problems) => Self::Problems(problems.lines().map(str::to_owned).collect()),
            other => Self::needed(other),
        }
    }

    /// 2 where the person who called can mend it in a setting, 3 where something outside failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Problems(_) | Self::Configuration(_) | Self::Unreadable { .. } => 2,
            Self::Folder { .. } | Self::Serve(_) | Self::Needed(_) => 3,
        }
    }

    /// The message with its causes, one problem a line.
    pub fn message(&self) -> String {
        with_causes(self)
    }
}

/// What a command works by.
#[derive(Debug)]
pub struct Configured {
    /// The configuration file's meaning. `None` where there is no file.
    pub configuration: Option<Configuration>,
    /// Where the archivist keeps its own things, as the file says, and the settings where it does not. `None` where
    /// neither does.
    pub state: Option<StatePlace>,
}

/// Reads the configuration file that the command line or the settings name, or `./archivist.yaml`; nothing need name
/// one, nor need that one be there.
///
/// # Errors
/// Everything that is wrong: `problems`, which are those of the settings, and those of the file; where both are right
/// by themselves, what does not go together.
pub fn configuration(
    named: Option<&Path>,
    settings: &Settings,
    mut problems: Vec<String>,
) -> Result<Configured, StartError> {
    match file(named, settings) {
        Err(error) if problems.is_empty() => Err(error),
        Err(error) => {
            problems.extend(error.message().lines().map(str::to_owned));
            Err(StartError::Problems(problems))
        }
        Ok(configuration) if problems.is_empty() => {
            let state = state(configuration.as_ref(), settings)?;
            Ok(Configured { configuration, state })
        }
        Ok(_) => Err(StartError::Problems(problems)),
    }
}

fn state(configured: Option<&Configuration>, settings: &Settings) -> Result<Option<StatePlace>, StartError> {
    let nowhere = StateUrls::default();
    let urls = configured.map_or(&nowhere, |configuration| &configuration.state);
    let state = StatePlace::of(urls, &settings.storage).map_err(StartError::Problems)?;
    if state.is_none() && settings.catalogue == Some(Catalogue::Table) {
        return Err(StartError::Problems(vec![NO_TABLE.to_owned()]));
    }
    Ok(state)
}

const NO_TABLE: &str = "ARCHIVIST_CATALOGUE: table is nowhere; write state.account_urls in archivist.yaml, set AzureWebJobsStorage__accountName, or write sqlite:PATH";

fn file(named: Option<&Path>, settings: &Settings) -> Result<Option<Configuration>, StartError> {
    let Some((name, text)) = text(named, settings)? else { return Ok(None) };
    Ok(Some(configuration::read(&name, &text, &|name| settings.app_setting(name))?))
}

/// The configuration file's name and text. `None` where none is named and none is there.
pub fn text(named: Option<&Path>, settings: &Settings) -> Result<Option<(String, String)>, StartError> {
    let named = named.or(settings.config.as_deref());
    let path = named.unwrap_or(Path::new("archivist.yaml"));
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.display().to_string(), text))),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::Unreadable { path: path.to_owned(), source }),
    }
}

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
