//! Why a command did not begin, as a person reads it, with the exit code.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use cli::CliError;
use configuration::Problems;
use pipeline::ports::{Fault, with_causes};
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

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
