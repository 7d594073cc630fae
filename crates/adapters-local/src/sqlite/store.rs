//! An open database file.

use std::path::Path;
use std::sync::Arc;

use pipeline::ports::Fault;

use super::connections::DatabaseConnections;
use super::look::DatabaseViewer;
use super::open::{OpenError, read_only, read_write, read_write_much, read_write_unsynced};

/// Open database file, shared by the adapters made from it; closed with the last of them.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(super) connections: Arc<DatabaseConnections>,
}

impl SqliteStore {
    /// Opens a database to read and write; creates it if it is absent. Its folder must exist.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_write)
    }

    /// Like [`open`](Self::open), for a database that can be created again: no write waits for the disk, and a power
    /// cut may damage it.
    pub fn open_expendable(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_write_unsynced)
    }

    /// Like [`open`](Self::open), for a run that can be repeated and continues after an interruption: many saves
    /// share a commit, at the latest at [`commit`](Self::commit). A crash leaves all saves up to some point and none
    /// after it. Other processes may read and write meanwhile, and see committed saves.
    pub fn open_to_fill(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        Ok(Self { connections: Arc::new(DatabaseConnections::together(read_write_much(path)?, path)) })
    }

    /// Commits open saves of a store [opened to be filled](Self::open_to_fill).
    pub fn commit(&self) -> Result<(), Fault> {
        self.connections.commit().map_err(|error| error.fault("commit the transaction"))
    }

    /// Opens an existing database read-only: every write is refused.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::start(path.as_ref(), read_only)
    }

    /// Opens an existing database only to look: writes nothing into it, and creates no files beside it unless its log
    /// has content. Other processes may write it meanwhile.
    pub fn open_to_look(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        Ok(Self { connections: Arc::new(DatabaseConnections::looking(DatabaseViewer::open(path)?, path)) })
    }

    fn start(path: &Path, open: impl Fn(&Path) -> Result<rusqlite::Connection, OpenError>) -> Result<Self, OpenError> {
        Ok(Self { connections: Arc::new(DatabaseConnections::apart(open(path)?, open(path)?, path)) })
    }
}
