//! Where entries are kept.

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::catalogue::{Entry, Lives};
use domain::estate::BastionName;
use domain::join::JoinKey;
use domain::recording_id::RecordingId;
use domain::session::Span;
use jiff::Timestamp;

use super::{Fault, Heading};

/// The catalogue: all lives of a name are loaded and saved together, under one version.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// All lives of a name; none of them where nothing is stored yet.
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault>;

    /// All lives of the name that the entry with this id belongs to. `None` for an unknown id.
    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault>;

    /// Saves changed entries of the name that `before` was loaded of, all or none, if nothing of it was saved since.
    /// `None` when something was: load and decide again. The revision of an entry rises with every save of it.
    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault>;

    /// Entries in falling order of their ids, which is newest first.
    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault>;

    /// Entries of a bastion that may have been named after any of these keys and were created within this time, each
    /// once, in the order of their ids, at most `limit`. It never misses one that was saved before the call.
    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: Span,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault>;

    /// What is due at `until` or before, in the order of time and id, behind `after`. Costs what it returns.
    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault>;

    /// What the retention sweep must look at by `until`, see [`Entry::disposal_at`], in the order of time and id, behind
    /// `after`. Costs what it returns.
    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault>;
}

/// All lives of a name as they were saved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The lives.
    pub lives: Lives,
    /// The version that a save builds on.
    pub version: Version,
}

impl Loaded {
    /// A name of which nothing is stored.
    pub fn nothing(address: BlobAddress) -> Self {
        Self { lives: Lives::none(address), version: Version(0) }
    }
}

/// How often anything of a name has been saved; 0 for a name never saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// Which entries to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Only entries under this heading.
    pub under: Option<Heading>,
    /// Only entries whose id is below this one: where the last page ended.
    pub below: Option<RecordingId>,
    /// Only entries whose id is this one or above: where a time range begins.
    pub from: Option<RecordingId>,
    /// How many at most.
    pub limit: usize,
}

/// An entry that a sweep must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// Since when.
    pub at: Timestamp,
    /// Which.
    pub id: RecordingId,
}
