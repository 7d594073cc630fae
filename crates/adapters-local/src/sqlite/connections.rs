//! Connections to one database, and the jobs on them.
//!
//! A job runs in its caller's thread. One machine has one writer, and handing a job to another thread and waking up
//! again takes longer than most commits: see `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pipeline::ports::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use thiserror::Error;

use super::batches::Batches;
use super::look::DatabaseViewer;

/// The database refused a job or failed.
#[derive(Debug, Error)]
#[error("database {path:?}")]
pub(super) struct WorkError {
    path: PathBuf,
    source: JobRefused,
}

/// Reason why a job was not done.
#[derive(Debug, Error)]
pub(super) enum JobRefused {
    #[error(transparent)]
    Failed(#[from] rusqlite::Error),
    /// Continuing would save changes that build on lost ones.
    #[error("earlier saves were lost together with a save that failed; begin again")]
    Lost,
    /// The file is opened only to look, and changed during the read.
    #[error("it was written while it was read; read again")]
    Moved,
    /// The file is opened only to look, and can no longer be opened.
    #[error("it cannot be opened again")]
    Reopened(#[source] Box<super::open::OpenError>),
    /// The file is opened only to look.
    #[error("it is open read-only")]
    NotWritten,
}

/// Connections to a database.
#[derive(Debug)]
pub(super) struct DatabaseConnections {
    path: PathBuf,
    work: Work,
}

#[derive(Debug)]
enum Work {
    /// A connection for writes and one for reads, which waits for no writer.
    Apart { writer: Mutex<Connection>, reader: Mutex<Connection> },
    /// One connection for both, because only it sees uncommitted saves.
    Together(Mutex<Batches>),
    /// A read-only connection.
    Looking(Mutex<DatabaseViewer>),
}

impl DatabaseConnections {
    /// Uses two connections to the database at `path`; every writing job is a commit.
    pub(super) fn apart(writer: Connection, reader: Connection, path: &Path) -> Self {
        let work = Work::Apart { writer: Mutex::new(writer), reader: Mutex::new(reader) };
        Self { path: path.to_owned(), work }
    }

    /// Uses one connection to the database at `path`, with many jobs per commit.
    pub(super) fn together(connection: Connection, path: &Path) -> Self {
        Self { path: path.to_owned(), work: Work::Together(Mutex::new(Batches::new(connection))) }
    }

    /// Only looks at the database at `path`, which others may write.
    pub(super) fn looking(look: DatabaseViewer, path: &Path) -> Self {
        Self { path: path.to_owned(), work: Work::Looking(Mutex::new(look)) }
    }

    /// Runs a reading job.
    pub(super) fn read<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        let done = match &self.work {
            Work::Apart { reader, .. } => job(&lock(reader)).map_err(JobRefused::from),
            Work::Together(batches) => lock(batches).read(job),
            Work::Looking(look) => lock(look).read(job),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Runs a reading job on one snapshot.
    pub(super) fn read_at_once<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        self.read(|connection| {
            // If a batch is open, its transaction is the snapshot.
            let snapshot = connection.is_autocommit().then(|| connection.unchecked_transaction()).transpose()?;
            let done = job(connection)?;
            snapshot.map(Transaction::finish).transpose()?;
            Ok(done)
        })
    }

    /// Runs a writing job of one statement.
    pub(super) fn run<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        let done = match &self.work {
            Work::Apart { writer, .. } => job(&lock(writer)).map_err(JobRefused::from),
            Work::Together(batches) => lock(batches).write(job),
            Work::Looking(_) => Err(JobRefused::NotWritten),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Runs a job in a transaction: if it fails or panics, nothing is written. A job without writes returns `None`.
    pub(super) fn write<T>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> Result<Option<T>, WorkError> {
        let done = match &self.work {
            Work::Apart { writer, .. } => write(&mut lock(writer), job).map_err(JobRefused::from),
            Work::Together(batches) => lock(batches).write(job),
            Work::Looking(_) => Err(JobRefused::NotWritten),
        };
        done.map_err(|source| self.failed(source))
    }

    /// Commits open saves.
    pub(super) fn commit(&self) -> Result<(), WorkError> {
        match &self.work {
            Work::Apart { .. } | Work::Looking(_) => Ok(()),
            Work::Together(batches) => lock(batches).commit().map_err(|source| self.failed(source)),
        }
    }

    fn failed(&self, source: JobRefused) -> WorkError {
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

/// Locks even after a panic: the changes of the job were rolled back.
fn lock<T>(work: &Mutex<T>) -> MutexGuard<'_, T> {
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WorkError {
    /// Converts to the fault of a port. A full disk, a lock, a failing device or an unopenable file is transient. A
    /// read-only or damaged file needs an operator, so it is refused; the input itself stays valid. Any other error
    /// is permanent.
    pub(super) fn fault(self, object: impl Into<String>) -> Fault {
        let source = match &self.source {
            JobRefused::Failed(source) => source,
            JobRefused::NotWritten => return Fault::refused(object, self),
            JobRefused::Lost | JobRefused::Moved | JobRefused::Reopened(_) => return Fault::transient(object, self),
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
