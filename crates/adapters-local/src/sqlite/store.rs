//! One database file, open.

use std::path::Path;
use std::sync::Arc;

use super::connections::Connections;
use super::open::{OpenError, read_only, read_write, read_write_unsynced};

/// An open database file, shared by the adapters made from it; it is closed when the last of them is gone.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(super) connections: Arc<Connections>,
}

impl SqliteStore {
    /// Opens a database to read and write, and makes it where there is none; its folder must exist.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_write)
    }

    /// The same for a database that can be made again: a power cut may damage it, and no write waits for the disk.
    pub fn open_expendable(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_write_unsynced)
    }

    /// Opens a database that exists, to read only: every write is refused.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_only)
    }

    fn start(path: &Path, open: impl Fn(&Path) -> Result<rusqlite::Connection, OpenError>) -> Result<Self, OpenError> {
        Ok(Self { connections: Arc::new(Connections::new(open(path)?, open(path)?, path)) })
    }
}
