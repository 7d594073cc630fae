//! The two connections to one database, and the work on them.
//!
//! A job runs in its caller's thread. One machine has one writer, and to hand a job to a thread of its own and to be
//! woken again takes longer than most commits: see `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pipeline::ports::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use thiserror::Error;

/// The database refused a job or failed.
#[derive(Debug, Error)]
#[error("database {path:?}")]
pub(super) struct WorkError {
    path: PathBuf,
    source: rusqlite::Error,
}

/// A connection that writes, and one that reads and so waits for no writer.
#[derive(Debug)]
pub(super) struct Connections {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl Connections {
    /// Two connections to the database at `path`.
    pub(super) fn new(writer: Connection, reader: Connection, path: &Path) -> Self {
        Self { path: path.to_owned(), writer: Mutex::new(writer), reader: Mutex::new(reader) }
    }

    /// Does a job that reads.
    pub(super) fn read<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        job(&lock(&self.reader)).map_err(|source| self.failed(source))
    }

    /// Does a job of one statement that writes.
    pub(super) fn run<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        job(&lock(&self.writer)).map_err(|source| self.failed(source))
    }

    /// Does a job in one transaction, which is rolled back where the job gives `None`, fails or panics.
    pub(super) fn write<T>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Option<T>>,
    ) -> Result<Option<T>, WorkError> {
        let mut writer = lock(&self.writer);
        let work = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = job(&transaction)?;
            if done.is_some() {
                transaction.commit()?;
            }
            Ok(done)
        };
        work().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: rusqlite::Error) -> WorkError {
        WorkError { path: self.path.clone(), source }
    }
}

/// A job that panicked has left nothing behind: its transaction was rolled back.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WorkError {
    /// The fault of a port: a full disk, a lock or a failing device may pass, a closed or broken file has to
    /// be mended by somebody, and the input that met it is as good as before.
    pub(super) fn fault(self, object: impl Into<String>) -> Fault {
        match self.source.sqlite_error_code() {
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
