//! Events that the event service could not deliver.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Fault;

/// Where the event service leaves files of events that it could not deliver. Each is written once.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// The files in the order of the bytes of their names, those behind `after` where there is one, at most `limit`.
    /// Where nothing was ever left, there are none.
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault>;

    /// The whole content of a file. `None` where it is not there any more.
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// Removes a file. Whoever calls this has seen all its events taken; one that is not there changes nothing.
    async fn remove(&self, name: &str) -> Result<(), Fault>;
}

/// A file of events that could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetterFile {
    /// Its name, with the folders above it.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub written_at: Timestamp,
}
