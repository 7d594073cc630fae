//! Errors of commands that did not start, with messages and exit codes.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use configuration::Problems;
use pipeline::ports::{Fault, Outage, with_causes};
use thiserror::Error;

/// Error of a command that did not start.
#[derive(Debug, Error)]
pub enum CommandError {
    /// Invalid app settings or configuration; one problem a line.
    #[error("{}", .0.join("\n"))]
    Problems(Vec<String>),
    /// The configuration file is invalid.
    #[error(transparent)]
    Configuration(#[from] Problems),
    /// The configuration file cannot be read.
    #[error("failed to read configuration file {}", .path.display())]
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A folder cannot be created.
    #[error("failed to create folder {}", .folder.display())]
    Folder {
        /// Path of the folder.
        folder: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// Another dependency of the command is not available.
    #[error(transparent)]
    Needed(Box<dyn Error + Send + Sync>),
}

impl CommandError {
    /// Wraps the error of an unavailable dependency.
    pub fn needed(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Needed(Box::new(error))
    }

    /// Returns 2 if the user can fix it in a setting, 3 if an outside service or device failed.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Problems(_) | Self::Configuration(_) | Self::Unreadable { .. } => 2,
            // Same code as for a missing database file: no outside service failed.
            Self::Needed(_) if self.has_no_catalogue() => 2,
            Self::Folder { .. } | Self::Needed(_) => 3,
        }
    }

    /// Returns the message with its causes, one problem a line. An outage is a single line with its remedy.
    pub fn message(&self) -> String {
        match self.fault() {
            Some(fault) => fault.outage().map_or_else(|| fault.to_string(), Outage::to_string),
            None => with_causes(self),
        }
    }

    /// Returns true if all other requests to the same service fail too.
    pub fn is_outage(&self) -> bool {
        self.fault().is_some_and(|fault| fault.outage().is_some())
    }

    fn has_no_catalogue(&self) -> bool {
        self.fault().is_some_and(|fault| matches!(fault.outage(), Some(Outage::NoCatalogue { .. })))
    }

    /// Returns the fault of a port, whose message already contains its causes.
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Needed(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl From<Fault> for CommandError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
