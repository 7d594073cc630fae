//! Saves that are committed many at a time.
//!
//! A commit waits for the disk, so whoever has much to save, and can do again what was lost, saves into a transaction
//! that stays open. What a reader of the file sees, and what a crash leaves, is always all up to some save and nothing
//! behind it.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::connections::Refused;
use super::open::BUSY_POLL;

/// How long a batch stays open, and so keeps others from writing.
const OPEN_AT_MOST: Duration = Duration::from_millis(500);

/// A connection with the batch that is open on it.
#[derive(Debug)]
pub(super) struct Batches {
    connection: Connection,
    batch: Batch,
}

#[derive(Debug, Clone, Copy)]
enum Batch {
    None,
    /// Since when.
    Open(Instant),
    /// A job has failed, so that what all its savers believe to be saved cannot be committed.
    Lost,
}

impl Batches {
    /// No batch is open yet.
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, batch: Batch::None }
    }

    /// Does a job that reads, and sees what is not committed yet.
    pub(super) fn read<T>(&mut self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Refused> {
        self.commit_in_time()?;
        Ok(job(&self.connection)?)
    }

    /// Does a job that writes. One that fails has taken the batch along.
    pub(super) fn write<T>(&mut self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Refused> {
        self.commit_in_time()?;
        let Batch::Open(since) = self.open()? else { return Err(Refused::Lost) };
        // Whatever a job has written that fails or panics must not be committed with the others.
        self.batch = Batch::Lost;
        let done = job(&self.connection)?;
        self.batch = Batch::Open(since);
        Ok(done)
    }

    /// Commits the batch.
    pub(super) fn commit(&mut self) -> Result<(), Refused> {
        match self.batch {
            Batch::None => Ok(()),
            Batch::Lost => Err(Refused::Lost),
            Batch::Open(_) => {
                self.batch = Batch::Lost;
                self.connection.execute_batch("COMMIT")?;
                self.batch = Batch::None;
                Ok(())
            }
        }
    }

    fn open(&mut self) -> Result<Batch, Refused> {
        if matches!(self.batch, Batch::None) {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.batch = Batch::Open(now());
        }
        Ok(self.batch)
    }

    #[expect(clippy::disallowed_methods, reason = "those who wait for the file have no clock of ours")]
    fn commit_in_time(&mut self) -> Result<(), Refused> {
        let Batch::Open(since) = self.batch else { return Ok(()) };
        if now().duration_since(since) >= OPEN_AT_MOST {
            self.commit()?;
            // Whoever waits to write asks again within this time, and would find the next batch open.
            thread::sleep(BUSY_POLL * 2);
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "others wait for the file in real time, whatever time is driven here")]
fn now() -> Instant {
    Instant::now()
}
