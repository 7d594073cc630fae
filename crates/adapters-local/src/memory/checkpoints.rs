//! The checkpoints port in memory.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Mutex;

use async_trait::async_trait;
use pipeline::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};

use super::lock;

/// Checkpoints in an ordered map.
#[derive(Debug, Default)]
pub struct MemoryCheckpoints {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    /// Source of versions. Versions never repeat, so the version of a removed document cannot match a later one of
    /// the same name.
    saves: u64,
    by_key: BTreeMap<CheckpointKey, Checkpoint>,
}

#[async_trait]
impl Checkpoints for MemoryCheckpoints {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        Ok(lock(&self.rows).by_key.get(key).cloned())
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        let mut rows = lock(&self.rows);
        if rows.by_key.get(key).map(|checkpoint| checkpoint.version) != before {
            return Ok(None);
        }
        rows.saves += 1;
        let version = Version(rows.saves);
        rows.by_key.insert(key.clone(), Checkpoint { doc: doc.to_owned(), version });
        Ok(Some(version))
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        let mut rows = lock(&self.rows);
        let unchanged = rows.by_key.get(key).is_some_and(|checkpoint| checkpoint.version == before);
        if unchanged {
            rows.by_key.remove(key);
        }
        Ok(unchanged)
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        let rows = lock(&self.rows);
        let key = |name: &str| CheckpointKey { kind, name: name.to_owned() };
        let behind = after.map_or_else(|| Bound::Included(key("")), |name| Bound::Excluded(key(name)));
        let found = rows.by_key.range((behind, Bound::Unbounded)).take_while(|(key, _)| key.kind == kind);
        Ok(found.take(limit).map(|(key, checkpoint)| (key.name.clone(), checkpoint.clone())).collect())
    }
}
