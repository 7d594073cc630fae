//! Why a folder is no app.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::settings::HostJsonError;

/// Why the host would not start with this folder.
#[derive(Debug, Error)]
pub enum AppFolderError {
    /// A file or a folder cannot be read.
    #[error("failed to read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The host does not understand its settings.
    #[error(transparent)]
    HostJson(#[from] HostJsonError),
}
