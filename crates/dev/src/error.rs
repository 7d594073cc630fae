//! Errors of a run.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use pipeline::ports::Fault;
use thiserror::Error;

/// Reason why a run did not start or was aborted.
#[derive(Debug, Error)]
pub enum DevError {
    /// The app cannot be copied or changed.
    #[error("failed to use {}", path.display())]
    File {
        /// File or folder.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// Some functions of the app cannot be fired.
    #[error("{}", .0.join("\n"))]
    Unusable(Vec<String>),
    /// A required resource is not available.
    #[error(transparent)]
    Needed(Box<dyn Error + Send + Sync>),
}

impl DevError {
    /// Wraps the error of a required resource.
    pub fn needed(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Needed(Box::new(error))
    }

    /// Returns a wrapper for I/O errors of this file.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

impl From<Fault> for DevError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
