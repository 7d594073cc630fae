//! Reads a database file without writing anything, neither into it nor beside it.
//!
//! SQLite creates files beside a database with a write-ahead log even for a reader. If there is no log, no process
//! uses the database, and it is opened as immutable. Every job checks that the file did not change meanwhile.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;

use super::connections::JobRefused;
use super::open::{OpenError, read_only, read_still};

/// Database file others may write.
#[derive(Debug)]
pub(super) struct DatabaseViewer {
    path: PathBuf,
    open: Option<(Stamp, Connection)>,
}

/// State of a database file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stamp {
    /// The log has content: a process uses the database or died.
    Live,
    /// The file holds all data.
    Still { modified: Option<SystemTime>, size: Option<u64> },
}

impl Stamp {
    fn read(path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return Self::Live;
        }
        let file = fs::metadata(path).ok();
        let modified = file.as_ref().and_then(|file| file.modified().ok());
        Self::Still { modified, size: file.as_ref().map(Metadata::len) }
    }
}

impl DatabaseViewer {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let mut look = Self { path: path.to_owned(), open: None };
        look.renew(Stamp::read(path))?;
        Ok(look)
    }

    /// Runs a job on the present state. Returns an error if the file changed meanwhile.
    pub(super) fn read<T>(&mut self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JobRefused> {
        let stamp = Stamp::read(&self.path);
        let is_open = self.open.as_ref().is_some_and(|(known, _)| *known == stamp);
        if !is_open {
            self.renew(stamp.clone()).map_err(|error| JobRefused::Reopened(Box::new(error)))?;
        }
        let Some((_, connection)) = &self.open else { return Err(JobRefused::Moved) };
        let done = job(connection);
        if Stamp::read(&self.path) != stamp {
            self.open = None;
            return Err(JobRefused::Moved);
        }
        Ok(done?)
    }

    fn renew(&mut self, stamp: Stamp) -> Result<(), OpenError> {
        self.open = None;
        let connection = match stamp {
            Stamp::Live => read_only(&self.path)?,
            Stamp::Still { .. } => read_still(&self.path)?,
        };
        self.open = Some((stamp, connection));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::sqlite::SqliteStore;

    #[test]
    fn a_database_written_during_a_read_is_read_again() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a folder#with?100%.sqlite");
        drop(SqliteStore::open(&path).unwrap());
        let mut look = DatabaseViewer::open(&path).unwrap();
        let count = |connection: &Connection| {
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
        };
        let before = look.read(count).unwrap();
        let moved = look.read(|connection| {
            Connection::open(&path)?.execute_batch("CREATE TABLE written_meanwhile (x)")?;
            count(connection)
        });
        assert!(matches!(moved, Err(JobRefused::Moved)), "{moved:?}");
        assert_eq!(look.read(count).unwrap(), before + 1);
    }
}
