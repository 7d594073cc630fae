//! The checkpoints port on a table.

use async_trait::async_trait;
use azure_core::Uuid;
use pipeline::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};

use super::doc::{doc, with_doc};
use super::keys::{from_number, number};
use super::ordered::ordered;
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{Operation, Range, Row};
use crate::client::Failure;

/// Checkpoints in a table: one row for each document and one for its version.
#[derive(Debug, Clone)]
pub struct TableCheckpoints {
    store: TableStore,
}

impl TableCheckpoints {
    /// Opens the checkpoints of a store.
    pub fn new(store: &TableStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Checkpoints for TableCheckpoints {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        let row = self.store.checkpoints.get(key.kind.name(), &ordered(key.name.as_bytes()), None).await;
        let row = row.map_err(|failure| failure.fault(object("load", key)))?;
        Ok(row.as_ref().and_then(checkpoint))
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        let (partition, stem) = (key.kind.name(), ordered(key.name.as_bytes()));
        let save = Save::new(partition.to_owned(), stem.clone(), before.unwrap_or(Version(0)));
        let save = if before.is_some() { save } else { save.to(a_first_version()) };
        let row = Row::new(partition, stem).text("name", &*key.name).text("version", number(save.next().0));
        let row = with_doc(row, doc);
        let replaced = before.map(|_| Operation::Replace(row.clone()));
        let saved = save.run(&self.store.checkpoints, save.operations(|_| row, replaced)).await;
        let saved = saved.map_err(|failure| failure.fault(object("save", key)))?;
        Ok(saved.then(|| save.next()))
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        let stem = ordered(key.name.as_bytes());
        let removed = versions::remove(&self.store.checkpoints, key.kind.name(), &stem, before).await;
        removed.map_err(|failure| failure.fault(object("remove", key)))
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        let failed = |failure: Failure| failure.fault(format!("list checkpoints of kind {}", kind.name()));
        let range = Range::partition(kind.name());
        let range = after.into_iter().fold(range, |range, after| range.behind(ordered(after.as_bytes())));
        let (mut listed, mut next) = (Vec::new(), None);
        while listed.len() < limit {
            // Each checkpoint has a second row for its version.
            let wanted = limit.saturating_sub(listed.len()).saturating_mul(2);
            let page = self.store.checkpoints.page(&range, wanted, None, next.as_ref()).await.map_err(failed)?;
            listed.extend(page.rows.iter().filter_map(|row| Some((row.get("name")?.to_owned(), checkpoint(row)?))));
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        listed.truncate(limit);
        Ok(listed)
    }
}

/// Returns a random first version. A document created again after its removal never repeats an earlier version, so a
/// writer with an old version cannot overwrite it.
fn a_first_version() -> Version {
    let (random, ..) = Uuid::new_v4().as_fields();
    Version(u64::from(random) << 20 | 1)
}

fn checkpoint(row: &Row) -> Option<Checkpoint> {
    let version = Version(row.get("version").and_then(from_number)?);
    Some(Checkpoint { doc: doc(row), version })
}

fn object(verb: &str, key: &CheckpointKey) -> String {
    format!("{verb} the checkpoint of {} {:?}", key.kind.name(), key.name)
}
