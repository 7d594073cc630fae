//! Why a command could not be carried out.

use std::io;

use pipeline::ports::Fault;
use thiserror::Error;

use crate::Exit;

/// Why a command could not be carried out. The message names every cause.
#[derive(Debug, Error)]
pub enum CliError {
    /// The catalogue could not be read; the fault knows whether a retry helps.
    #[error(transparent)]
    Catalogue(#[from] Fault),
    /// What the command was given is wrong: every problem, one a line.
    #[error("{0}")]
    Problems(String),
    /// The answer could not be written, or the notes about it.
    #[error("failed to write the output: {0}")]
    Output(#[from] io::Error),
}

impl CliError {
    /// The exit code to end with.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Problems(_) => Exit::WrongUse,
            Self::Catalogue(_) | Self::Output(_) => Exit::OutsideFailed,
        }
    }
}

/// A view always has a JSON form, so only the writer can fail.
impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// A row is always well-formed, so only the writer can fail.
impl From<csv::Error> for CliError {
    fn from(error: csv::Error) -> Self {
        Self::Output(error.into())
    }
}
