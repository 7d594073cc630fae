//! One database file, open.

use std::path::Path;
use std::sync::Arc;

use pipeline::ports::Fault;

use super::connections::Connections;
use super::look::Look;
use super::open::{OpenError, read_only, read_write, read_write_much, read_write_unsynced};

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

    /// The same for a run that can be called again and goes on where it stopped: what is saved is committed many saves
    /// at a time, at the latest by [`commit`](Self::commit). Whatever a crash leaves is all up to some save and nothing
    /// behind it. Others may read and write meanwhile, and see what is committed.
    pub fn open_to_fill(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        Ok(Self { connections: Arc::new(Connections::together(read_write_much(path)?, path)) })
    }

    /// Commits what was saved and is not committed yet, where the store was [opened to be filled](Self::open_to_fill).
    pub fn commit(&self) -> Result<(), Fault> {
        self.connections.commit().map_err(|error| error.fault("commit what was saved"))
    }

    /// Opens a database that exists, to read only: every write is refused.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_only)
    }

    /// Opens a database that exists for a look: nothing is written, neither into it nor beside it unless its log is not
    /// yet brought into it. Others may write it meanwhile.
    pub fn open_to_look(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        Ok(Self { connections: Arc::new(Connections::looking(Look::open(path)?, path)) })
    }

    fn start(path: &Path, open: impl Fn(&Path) -> Result<rusqlite::Connection, OpenError>) -> Result<Self, OpenError> {
        Ok(Self { connections: Arc::new(Connections::apart(open(path)?, open(path)?, path)) })
    }
}
