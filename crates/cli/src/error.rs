//! Errors of commands.

use std::io;

use pipeline::ports::Fault;
use thiserror::Error;
use wiring::CommandError;

use crate::Exit;

/// Error of a command. The message names every cause.
#[derive(Debug, Error)]
pub enum CliError {
    /// The catalogue could not be read. The fault says if a retry helps.
    #[error(transparent)]
    Catalogue(#[from] Fault),
    /// Wrong arguments, input or configuration; one problem a line.
    #[error("{0}")]
    Problems(String),
    /// The answer or the notes could not be written.
    #[error("failed to write the output: {0}")]
    Output(#[from] io::Error),
}

impl CliError {
    /// Returns the exit code for this error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Problems(_) => Exit::WrongUse,
            Self::Catalogue(_) | Self::Output(_) => Exit::OutsideFailed,
        }
    }
}

/// Only the writer can fail, because a view always has a JSON form.
impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Only the writer can fail, because a row is always well-formed.
impl From<csv::Error> for CliError {
    fn from(error: csv::Error) -> Self {
        // The conversion of the crate would hide the kind, by which a closed pipe is recognized.
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Output(error),
            other => Self::Output(io::Error::other(format!("{other:?}"))),
        }
    }
}

impl From<CliError> for CommandError {
    fn from(error: CliError) -> Self {
        match error {
            CliError::Catalogue(fault) => fault.into(),
            CliError::Problems(problems) => Self::Problems(problems.lines().map(str::to_owned).collect()),
            other => Self::needed(other),
        }
    }
}
