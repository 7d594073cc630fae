//! Opens a database file.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use thiserror::Error;

use super::schema::{APPLICATION_ID, SCHEMA, Schema};

/// Interval at which a writer polls for the write lock. SQLite's own handler ends up polling ten times a second, and
/// would miss the short gaps a process leaves while it fills the database.
pub(super) const BUSY_POLL: Duration = Duration::from_millis(2);
/// Number of polls, five seconds in all, before a call fails with a transient fault.
const BUSY_POLLS: i32 = 2_500;
/// Size of the page cache, which holds the inner pages of the indexes of a large catalogue; it is filled as needed.
const CACHE_KIB: i64 = 16 * 1024;
/// Pages of the write-ahead log for a store being filled: 32 MiB, as many as a few batches write.
const LARGE_LOG: i64 = 8 * 1024;

/// Characters to escape in the path of a URI.
const IN_URI: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// Reason why a database file cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file does not exist.
    #[error("database {0:?} does not exist")]
    Absent(PathBuf),
    /// The file or its folder cannot be opened.
    #[error(
        "database {path:?} cannot be opened; check that its folder exists and that this user may read and write it"
    )]
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: rusqlite::Error,
    },
    /// The file may be read but not written.
    #[error("database {0:?} is read-only")]
    ReadOnly(PathBuf),
    /// The file is no database or is damaged.
    #[error("file {path:?} is not a database, or a damaged one; name another file or restore this one")]
    NotADatabase {
        /// Path of the file.
        path: PathBuf,
        /// Error of SQLite.
        source: rusqlite::Error,
    },
    /// The database belongs to another program.
    #[error("database {0:?} was made by another program; name another file")]
    Foreign(PathBuf),
    /// A newer archivist created the database; it is left unchanged.
    #[error("database {path:?} has version {found}, and this archivist knows versions up to {known}: upgrade it")]
    Newer {
        /// Path of the file.
        path: PathBuf,
        /// Version of the database.
        found: i64,
        /// Version of this archivist.
        known: i64,
    },
    /// An older archivist created the database, and a read-only connection cannot upgrade it.
    #[error("database {path:?} has version {found}, and the archivist upgrades it to {known}: run it once")]
    Older {
        /// Path of the file.
        path: PathBuf,
        /// Version of the database.
        found: i64,
        /// Version of this archivist.
        known: i64,
    },
    /// The disk is full.
    #[error("database {path:?} cannot be written because the disk is full")]
    Full {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: rusqlite::Error,
    },
    /// Another process keeps the database locked.
    #[error("database {path:?} is locked by another process")]
    Locked {
        /// Path of the file.
        path: PathBuf,
        /// Error of SQLite.
        source: rusqlite::Error,
    },
    /// Any other failure.
    #[error("database {path:?} cannot be used")]
    Failed {
        /// Path of the file.
        path: PathBuf,
        /// Underlying error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    fn new(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Unreadable { path, source },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::NotADatabase { path, source },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(path),
            Some(ErrorCode::DiskFull) => Self::Full { path, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path, source },
            _ => Self::Failed { path, source: source.into() },
        }
    }
}

/// Opens a database to read and write; creates it if it is absent.
pub(super) fn read_write(path: &Path) -> Result<Connection, OpenError> {
    read_write_as(SCHEMA, path)
}

/// Opens a database to read and write, and brings it to the newest version of `schema`.
pub(super) fn read_write_as(schema: Schema, path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = connect(path, flags)?;
    let failed = |source| OpenError::new(path, source);
    let found = check(schema, &connection, path)?;
    // SQLite falls back to read-only if it has no permission to write.
    if connection.is_readonly("main").map_err(failed)? {
        return Err(OpenError::ReadOnly(path.to_owned()));
    }
    use_write_ahead_log(&connection).map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    if found < schema.version() {
        schema.upgrade(&mut connection).map_err(failed)?;
    }
    Ok(connection)
}

/// Like [`read_write`], for a store being filled: pages soon written again reach the file once.
pub(super) fn read_write_much(path: &Path) -> Result<Connection, OpenError> {
    let connection = read_write(path)?;
    connection.pragma_update(None, "wal_autocheckpoint", LARGE_LOG).map_err(|source| OpenError::new(path, source))?;
    Ok(connection)
}

/// Like [`read_write`], for a expendable database: no write waits for the disk, so a power cut may damage it.
pub(super) fn read_write_unsynced(path: &Path) -> Result<Connection, OpenError> {
    let connection = read_write(path)?;
    connection.pragma_update(None, "synchronous", "OFF").map_err(|source| OpenError::new(path, source))?;
    Ok(connection)
}

/// Opens an existing database read-only.
pub(super) fn read_only(path: &Path) -> Result<Connection, OpenError> {
    read_only_as(SCHEMA, path)
}

/// Opens an existing database of the newest version of `schema` read-only.
pub(super) fn read_only_as(schema: Schema, path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Absent(path.to_owned()));
    }
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    of_version(schema, connection, path)
}

/// Opens a database no process uses, read-only: takes no lock and creates no file beside it.
pub(super) fn read_still(path: &Path) -> Result<Connection, OpenError> {
    let Some(text) = path.to_str().filter(|_| path.exists()) else {
        return read_only(path);
    };
    let uri = format!("file:{}?immutable=1", utf8_percent_encode(text, IN_URI));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    of_version(SCHEMA, connect(Path::new(&uri), flags)?, path)
}

fn of_version(schema: Schema, connection: Connection, path: &Path) -> Result<Connection, OpenError> {
    let known = schema.version();
    match check(schema, &connection, path)? {
        0 => Err(OpenError::Foreign(path.to_owned())),
        found if found < known => Err(OpenError::Older { path: path.to_owned(), found, known }),
        _ => Ok(connection),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::new(path, source);
    let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_handler(Some(wait)).map_err(failed)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(failed)?;
    // Otherwise SQLite plans a statement with a range again at every run, in case its plan depends on the bound
    // values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Waits for another process. Returns false once the polls are used up.
#[expect(clippy::disallowed_methods, reason = "SQLite asks from within a call, and another process has its own clock")]
fn wait(asked: i32) -> bool {
    thread::sleep(BUSY_POLL);
    asked < BUSY_POLLS
}

/// Returns the version of the database, 0 for an empty one, or an error if it cannot be used. Writes nothing.
fn check(schema: Schema, connection: &Connection, path: &Path) -> Result<i64, OpenError> {
    let failed = |source| OpenError::new(path, source);
    // All three from one snapshot: another process may be creating the tables.
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let pragma = |name: &str| snapshot.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed);
    let (version, application) = (pragma("user_version")?, pragma("application_id")?);
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = snapshot.query_row(tables, [], |row| row.get(0)).map_err(failed)?;
    snapshot.finish().map_err(failed)?;
    let known = schema.version();
    match (application, version) {
        (APPLICATION_ID, version) if (1..=known).contains(&version) => Ok(version),
        (APPLICATION_ID, found) => Err(OpenError::Newer { path: path.to_owned(), found, known }),
        (0, 0) if tables == 0 => Ok(0),
        _ => Err(OpenError::Foreign(path.to_owned())),
    }
}

/// Switches to the write-ahead log. SQLite gives up at once if two processes switch a new file, so the one that lost
/// waits until the file is free and tries again.
fn use_write_ahead_log(connection: &Connection) -> rusqlite::Result<()> {
    let switch = || connection.pragma_update(None, "journal_mode", "WAL");
    for _ in 0..20 {
        match switch() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
            }
            switched => return switched,
        }
    }
    switch()
}
