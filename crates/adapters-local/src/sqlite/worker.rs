//! Who works on the database: a thread for all that writes, its callers for what reads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use pipeline::ports::Fault;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use thiserror::Error;
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Why a job on the database failed.
#[derive(Debug, Error)]
pub(super) enum WorkError {
    /// The database refused or failed.
    #[error("database {path:?}")]
    Database { path: PathBuf, source: rusqlite::Error },
    /// The job panicked.
    #[error("a job on database {path:?} panicked")]
    Panicked { path: PathBuf },
}

/// Hands jobs to the thread; when it is dropped, the database is closed.
#[derive(Debug)]
pub(super) struct Worker {
    path: PathBuf,
    reader: Mutex<Connection>,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread. `reader` is another connection to the same database.
    pub(super) fn start(mut connection: Connection, reader: Connection, path: &Path) -> std::io::Result<Self> {
        let (jobs, inbox) = channel::<Job>();
        let thread = thread::Builder::new().name("sqlite".to_owned()).spawn(move || {
            for job in inbox {
                // A job that panics is a bug of its own; its caller hears of it, and the next job is done.
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
            }
        })?;
        Ok(Self { path: path.to_owned(), reader: Mutex::new(reader), jobs: Some(jobs), thread: Some(thread) })
    }

    /// Does a job that reads, in the caller's own thread: it finds rows by a key and waits for no writer and for no
    /// disk to be flushed, so a hand-over would cost more than the job.
    pub(super) fn read<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, WorkError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        job(&reader).map_err(|source| WorkError::Database { path: self.path.clone(), source })
    }

    /// Does a job that writes and waits for its answer. A caller that stops waiting does not stop the job.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WorkError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody listens when the caller has stopped waiting.
            let _ = answer.send(job(connection));
        });
        let panicked = || WorkError::Panicked { path: self.path.clone() };
        self.jobs.as_ref().ok_or_else(panicked)?.send(job).map_err(|_| panicked())?;
        let done = answered.await.map_err(|_| panicked())?;
        done.map_err(|source| WorkError::Database { path: self.path.clone(), source })
    }

    /// Does a job in one transaction, which is rolled back where the job gives `None`.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Option<T>> + Send + 'static,
    ) -> Result<Option<T>, WorkError> {
        self.run(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = job(&transaction)?;
            if done.is_some() {
                transaction.commit()?;
            }
            Ok(done)
        })
        .await
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // The thread ends when its inbox does; it has nothing to say.
            let _ = thread.join();
        }
    }
}

impl WorkError {
    /// The fault of a port: a full disk, a lock or a failing device may pass, a closed or broken file has to
    /// be mended by somebody, and the input that met it is as good as before.
    pub(super) fn fault(self, object: impl Into<String>) -> Fault {
        let code = match &self {
            Self::Database { source, .. } => source.sqlite_error_code(),
            Self::Panicked { .. } => return Fault::transient(object, self),
        };
        match code {
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
