//! Port to the checkpoints of continuous work.

use async_trait::async_trait;
use domain::named;
use strum::{IntoStaticStr, VariantArray};

use super::{Fault, Version};

/// Small versioned documents, addressed by kind and name.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// Returns the document, or `None` if there is none.
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault>;

    /// Saves a document if its version is still `before`; with `None`, if there is no document yet. Returns the new
    /// version, or `None` if another writer was first.
    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault>;

    /// Removes a document if its version is still `before`. Returns `false` if it was saved again or removed since.
    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault>;

    /// Returns the first `limit` documents of a kind in byte order of their names, after `after`. Returns fewer only if
    /// there are no more.
    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault>;
}

/// Address of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckpointKey {
    /// Kind of document.
    pub kind: CheckpointKind,
    /// Name within the kind; any text.
    pub name: String,
}

/// Kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CheckpointKind {
    /// Audit log blob, possibly still growing.
    OpenLog,
    /// Audit log blob read to its end.
    RetiredLog,
    /// Audit log of a bastion.
    Bastion,
    /// Container with recordings.
    Container,
    /// Legal hold in force.
    Hold,
    /// Released legal hold.
    ReleasedHold,
    /// Pass over all entries.
    Pass,
    /// Plan of deletions for review by a person.
    Plan,
    /// Verification of the ledger, and its last anchor.
    Ledger,
    /// Head of the ledger that was sent to channels.
    Anchor,
    /// Fact not yet recorded in the ledger.
    Fact,
    /// State of a notification channel.
    Channel,
    /// Trouble that channels were told of and that is not over.
    Trouble,
    /// Counts of the days of a month, or of the whole catalogue.
    Summary,
    /// Posture findings already notified.
    Posture,
    /// Identity of the store that holds a container.
    Store,
    /// Calibration of one bastion and day: how recordings are written.
    Calibration,
    /// Day of a bastion with changes since its calibration.
    UnlearnedDay,
    /// Accesses of the recordings under one blob name.
    Access,
    /// Blob name with accesses to announce.
    AccessNews,
}

named!(CheckpointKind: ALL, name);

/// Document as last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Content of the document.
    pub doc: String,
    /// Version to save against.
    pub version: Version,
}
