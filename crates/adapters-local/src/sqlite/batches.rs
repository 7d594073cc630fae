//! Commits many saves together.
//!
//! A commit waits for the disk. So a caller that saves much, and can repeat lost work, saves into a transaction that
//! stays open. Readers of the file, and the state after a crash, always see all saves up to some point and none after
//! it.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::connections::JobRefused;
use super::open::BUSY_POLL;

/// Longest time a batch stays open and blocks other writers.
const OPEN_AT_MOST: Duration = Duration::from_millis(500);

/// Connection with its open batch.
#[derive(Debug)]
pub(super) struct Batches {
    connection: Connection,
    batch: Batch,
}

#[derive(Debug, Clone, Copy)]
enum Batch {
    None,
    /// Time at which it was opened.
    Open(Instant),
    /// A job failed, so acknowledged saves cannot be committed.
    Lost,
}

impl Batches {
    /// Starts without an open batch.
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, batch: Batch::None }
    }

    /// Runs a reading job, which sees uncommitted saves.
    pub(super) fn read<T>(&mut self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JobRefused> {
        self.commit_in_time()?;
        Ok(job(&self.connection)?)
    }

    /// Runs a writing job. A failed job loses the whole batch.
    pub(super) fn write<T>(&mut self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, JobRefused> {
        self.commit_in_time()?;
        let Batch::Open(since) = self.open()? else { return Err(JobRefused::Lost) };
        // Writes of a job that fails or panics must not be committed with the others.
        self.batch = Batch::Lost;
        let done = job(&self.connection)?;
        self.batch = Batch::Open(since);
        Ok(done)
    }

    /// Commits the batch.
    pub(super) fn commit(&mut self) -> Result<(), JobRefused> {
        match self.batch {
            Batch::None => Ok(()),
            Batch::Lost => Err(JobRefused::Lost),
            Batch::Open(_) => {
                self.batch = Batch::Lost;
                self.connection.execute_batch("COMMIT")?;
                self.batch = Batch::None;
                Ok(())
            }
        }
    }

    fn open(&mut self) -> Result<Batch, JobRefused> {
        if matches!(self.batch, Batch::None) {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.batch = Batch::Open(now());
        }
        Ok(self.batch)
    }

    #[expect(clippy::disallowed_methods, reason = "waiting for the file uses no clock port")]
    fn commit_in_time(&mut self) -> Result<(), JobRefused> {
        let Batch::Open(since) = self.batch else { return Ok(()) };
        if now().duration_since(since) >= OPEN_AT_MOST {
            self.commit()?;
            // Waiting writers poll again within this time; otherwise they would always find the next batch open.
            thread::sleep(BUSY_POLL * 2);
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "other processes wait for the file in real time")]
fn now() -> Instant {
    Instant::now()
}
