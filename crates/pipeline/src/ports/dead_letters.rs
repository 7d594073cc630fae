//! Port to events that Event Grid could not deliver.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Fault;

/// Dead-letter files of Event Grid. Each file is written once.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Returns files in byte order of their names, after `after` if given, at most `limit`. Returns an empty list if
    /// there has never been a dead letter.
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault>;

    /// Reads a whole file, or returns `None` if it is gone.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// Removes a file; a missing file is no error. The caller must have processed all its events.
    async fn remove(&self, name: &str) -> Result<(), Fault>;
}

/// File of undelivered events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterFile {
    /// Path of the file, folders included.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Time of the write.
    pub written_at: Timestamp,
}
