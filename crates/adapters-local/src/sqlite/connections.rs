//! The connections to one database, and the work on them.
//!
//! A job runs in its caller's thread. One machine has one writer, and to hand a job to a thread of its own and to be
//! woken again takes longer than most commits: see `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pipeline::ports::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use thiserror::Error;

use super::batches::Batches;
use super::look::Look;

/// The database refused a job or failed.
#[derive(Debug, Error)]
#[error("database {path:?}")]
pub(super) struct WorkError {
    path: PathBuf,
    source: Refused,
}

/// Why a job was not done.
#[derive(Debug, Error)]
pub(super) enum Refused {
    #[error(transparent)]
    Failed(#[from] rusqlite::Error),
    /// Whoever goes on would save what builds on it.
    #[error("what was saved before was lost together with a save that failed; begin again")]
    Lost,
    /// The file is only looked at, and was written during the look.
    #[error("it was written while it was read; ask again")]
    Moved,
    /// The file is only looked at, and can no longer be opened.
    #[error("it cannot be opened again")]
    Reopened(#[source] Box<super::open::OpenError>),
    /// The file is only looked at.
    #[error("it is only looked at, and not written")]
    NotWritten,
}

/// Those who work on a database.
#[derive(Debug)]
pub(super) struct Connections {
    path: PathBuf,
    work: Work,
}

#[derive(Debug)]
enum Work {
    /// A connection that writes, and one that reads and so waits for no writer.
    Apart { writer: Mutex<Connection>, reader: Mutex<Connection> },
    /// One for both, since it alone sees what is not committed yet.
    Together(Mutex<Batches>),
    /// One that writes nothing.
    Looking(Mutex<Look>),
}

impl Connections {
    /// Two connections to the database at `path`; every job that writes is a commit.
    pub(super) fn apart(writer: Connection, reader: Connection, path: &Path) -> Self {
        let work = Work::Apart { writer: Mutex::new(writer), reader: Mutex::new(reader) };
        Self { path: path.to_owned(), work }
    }

    /// One connection to the database at `path`, whose jobs are committed many at a time.
    pub(super) fn together(connection: Connection, path: &Path) -> Self {
        Self { path: path.to_owned(), work: Work::Together(Mutex::new(Batches::new(connection))) }
    }

    /// A look at the database at `path`, which others may write.
    pub(super) fn looking(look: Look, path: &Path) -> Self {
        Self { path: path.to_owned(), work: Work::Looking(Mutex::new(look)) }
    }

    /// Does a job that reads.
    pub(super) fn read<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        let done = match &self.work {
            Work::Apart { reader, .. } => job(&lock(reader)).map_err(Refused::from),
            Work::Together(batches) => lock(batches).read(job),
            Work::Looking(look) => lock(look).read(job),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Does a job that reads, all of it from one moment.
    pub(super) fn read_at_once<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        self.read(|connection| {
            // Where a batch is open, its transaction is the moment.
            let snapshot = connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose()?;
            let done = job(connection)?;
            snapshot.map(Transaction::finish).transpose()?;
            Ok(done)
        })
    }

    /// Does a job of one statement that writes.
    pub(super) fn run<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        let done = match &self.work {
            Work::Apart { writer, .. } => job(&lock(writer)).map_err(Refused::from),
            Work::Together(batches) => lock(batches).write(job),
            Work::Looking(_) => Err(Refused::NotWritten),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Does a job whole or not at all: nothing of it stays where it fails or panics. One gives `None` where it writes
    /// nothing.
    pub(super) fn write<T>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> Result<Option<T>, WorkError> {
        let done = match &self.work {
            Work::Apart { writer, .. } => write(&mut lock(writer), job).map_err(Refused::from),
            Work::Together(batches) => lock(batches).write(job),
            Work::Looking(_) => Err(Refused::NotWritten),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Commits what is not committed yet.
    pub(super) fn commit(&self) -> Result<(), WorkError> {
        match &self.work {
            Work::Apart { .. } | Work::Looking(_) => Ok(()),
            Work::Together(batches) => lock(batches).commit().map_err(|source| self.failed(source)),
        }
    }

    fn failed(&self, source: Refused) -> WorkError {
        WorkError { path: self.path.clone(), source }
    }
}

fn write<T>(
    writer: &mut Connection,
    job: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Option<T>> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    if done.is_some() {
        transaction.commit()?;
    }
    Ok(done)
}

/// A job that panicked has left nothing behind: what it did was rolled back.
fn lock<T>(work: &Mutex<T>) -> MutexGuard<'_, T> {
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WorkError {
    /// The fault of a port: a full disk, a lock or a failing device may pass, a closed or broken file has to
    /// be mended by somebody, and the input that met it is as good as before.
    pub(super) fn fault(self, object: impl Into<String>) -> Fault {
        let source = match &self.source {
            Refused::Failed(source) => source,
            Refused::NotWritten => return Fault::refused(object, self),
            Refused::Lost | Refused::Moved | Refused::Reopened(_) => return Fault::transient(object, self),
        };
        match source.sqlite_error_code() {
            Some(
                ErrorCode::DiskFull
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
                | ErrorCode::CannotOpen,
            ) => Fault::transient(object, self),
            Some(
                ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase,
            ) => Fault::refused(object, self),
            _ => Fault::permanent(object, self),
        }
    }
}
