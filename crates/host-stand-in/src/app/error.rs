//! Errors of reading an app's folder.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::settings::HostJsonError;

/// Reason why the host would not start with this folder.
#[derive(Debug, Error)]
pub enum AppFolderError {
    /// A file or a folder cannot be read.
    #[error("failed to read {}", path.display())]
    Unreadable {
        /// Path of the file or folder.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// `host.json` is invalid.
    #[error(transparent)]
    HostJson(#[from] HostJsonError),
}
