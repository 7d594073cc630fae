//! How far work has come that goes on and on.

use async_trait::async_trait;

use super::{Fault, Version};

/// Small documents under a kind and a name, each saved under its version.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// The document. `None` where none was saved.
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault>;

    /// Saves a document if nothing was saved since `before` was read; with `None`, if nothing is there. `None` when
    /// something was.
    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault>;

    /// Removes a document if nothing was saved since. False when something was, or when it is gone.
    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault>;

    /// The documents of a kind in the order of their names, byte by byte, behind `after`.
    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault>;
}

/// What a document is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckpointKey {
    /// The kind of thing.
    pub kind: CheckpointKind,
    /// Which one. It may hold anything.
    pub name: String,
}

/// The kinds of things that work has come to a point of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckpointKind {
    /// An audit log blob that may still grow.
    OpenLog,
    /// An audit log blob that has been read to its end.
    RetiredLog,
    /// The audit log of a bastion.
    Bastion,
    /// A container with recordings.
    Container,
    /// A legal hold that counts.
    Hold,
    /// A legal hold that was released.
    ReleasedHold,
    /// A pass over all entries.
    Pass,
    /// A plan of deletions that was made for people.
    Plan,
    /// A verification of the ledger.
    Ledger,
    /// A fact that waits to be told by the ledger.
    Fact,
    /// What is remembered of a channel.
    Channel,
    /// Counts of the days of a month, or of everything.
    Summary,
    /// What people have heard of how things are set up.
    Posture,
    /// The store that holds a container.
    Store,
    /// What a day of a bastion shows of how recordings are written.
    Calibration,
    /// A day of a bastion of which something has changed since it was learned.
    UnlearnedDay,
}

impl CheckpointKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::OpenLog,
        Self::RetiredLog,
        Self::Bastion,
        Self::Container,
        Self::Hold,
        Self::ReleasedHold,
        Self::Pass,
        Self::Plan,
        Self::Ledger,
        Self::Fact,
        Self::Channel,
        Self::Summary,
        Self::Posture,
        Self::Store,
        Self::Calibration,
        Self::UnlearnedDay,
    ];

    /// The name in stored forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenLog => "open_log",
            Self::RetiredLog => "retired_log",
            Self::Bastion => "bastion",
            Self::Container => "container",
            Self::Hold => "hold",
            Self::ReleasedHold => "released_hold",
            Self::Pass => "pass",
            Self::Plan => "plan",
            Self::Ledger => "ledger",
            Self::Fact => "fact",
            Self::Channel => "channel",
            Self::Summary => "summary",
            Self::Posture => "posture",
            Self::Store => "store",
            Self::Calibration => "calibration",
            Self::UnlearnedDay => "unlearned_day",
        }
    }
}

/// A document as it was saved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The document.
    pub doc: String,
    /// The version that a save builds on.
    pub version: Version,
}
