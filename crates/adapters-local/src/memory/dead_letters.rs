//! The dead letters port in memory.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{DeadLetterFile, DeadLetters, Fault};

use super::lock;

/// Time of writing and content, by name.
type Files = BTreeMap<String, (Timestamp, Vec<u8>)>;

/// Files by name; clones share them.
#[derive(Debug, Clone, Default)]
pub struct MemoryDeadLetters {
    files: Arc<Mutex<Files>>,
}

impl MemoryDeadLetters {
    /// Writes a file, as Event Grid does.
    pub fn put(&self, name: &str, content: &[u8], at: Timestamp) {
        lock(&self.files).insert(name.to_owned(), (at, content.to_vec()));
    }
}

#[async_trait]
impl DeadLetters for MemoryDeadLetters {
    async fn list(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetterFile>, Fault> {
        let files = lock(&self.files);
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let listed = files.range::<str, _>((from, Bound::Unbounded)).take(limit);
        let file = |(name, (at, content)): (&String, &(Timestamp, Vec<u8>))| DeadLetterFile {
            name: name.clone(),
            size: content.len() as u64,
            written_at: *at,
        };
        Ok(listed.map(file).collect())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(lock(&self.files).get(name).map(|(_, content)| content.clone()))
    }

    async fn remove(&self, name: &str) -> Result<(), Fault> {
        lock(&self.files).remove(name);
        Ok(())
    }
}
