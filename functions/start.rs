//! Why a command did not begin, as a person reads it, with the exit code.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use cli::CliError;
use configuration::Problems;
use pipeline::ports::{Fault, Outage, with_causes};
use thiserror::Error;

use crate::serve::ServeError;

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
            CliError::Catalogue(fault) => fault.into(),
            CliError::Problems(problems) => Self::Problems(problems.lines().map(str::to_owned).collect()),
            other => Self::needed(other),
        }
    }

    /// 2 where the person who called can mend it in a setting, 3 where something outside failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Problems(_) | Self::Configuration(_) | Self::Unreadable { .. } => 2,
            // As where there is no database file yet: nothing outside has failed.
            Self::Needed(_) if self.has_no_catalogue() => 2,
            Self::Folder { .. } | Self::Serve(_) | Self::Needed(_) => 3,
        }
    }

    /// The message with its causes, one problem a line. An outage is one line with what to do, whatever was asked for.
    pub fn message(&self) -> String {
        match self.fault() {
            Some(fault) => fault.outage().map_or_else(|| fault.to_string(), Outage::to_string),
            None => with_causes(self),
        }
    }

    /// Whether everything else that is asked of the same service fails as well.
    pub fn is_outage(&self) -> bool {
        self.fault().is_some_and(|fault| fault.outage().is_some())
    }

    fn has_no_catalogue(&self) -> bool {
        self.fault().is_some_and(|fault| matches!(fault.outage(), Some(Outage::NoCatalogue { .. })))
    }

    /// The fault of a port, which tells its causes itself.
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Needed(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
