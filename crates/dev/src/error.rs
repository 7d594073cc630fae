//! Why a run did not come about or did not go on.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use pipeline::ports::Fault;
use thiserror::Error;

/// Why a run did not come about or did not go on.
#[derive(Debug, Error)]
pub enum DevError {
    /// The app cannot be copied or changed.
    #[error("failed to use {}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Not all functions of the app can be fired.
    #[error("{}", .0.join("\n"))]
    Unusable(Vec<String>),
    /// Something that is needed is not to be had.
    #[error(transparent)]
    Needed(Box<dyn Error + Send + Sync>),
}

impl DevError {
    /// Something that is needed is not to be had.
    pub fn needed(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Needed(Box::new(error))
    }

    /// What to make of a failure with this file.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

impl From<Fault> for DevError {
    fn from(fault: Fault) -> Self {
        Self::needed(fault)
    }
}
