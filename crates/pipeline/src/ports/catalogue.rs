//! Port to the stored catalogue entries.

use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;

use super::{Fault, Heading};

/// The catalogue. All lives of a blob name are loaded and saved together, under one version.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Returns all lives of a blob name; empty, with version 0, if nothing is stored.
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault>;

    /// Returns all lives of the blob name that the entry with this id belongs to, or `None` for an unknown id.
    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault>;

    /// Saves changed entries of the name loaded as `before`, all or none. Returns `None` if any life of the name was
    /// saved since: load and decide again. Every save raises the revision of each saved entry.
    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault>;

    /// Returns entries by descending id, newest first.
    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault>;

    /// Returns the entries of a container in the byte order of their names, which storage lists in the same order, and
    /// by ascending id within a name. A store may order names that share their first 285 bytes in another way.
    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault>;

    /// Returns headings under which an entry was saved, with a word that begins with `prefix`, which is folded and cut
    /// (see [`Heading::words`]). Each appears once, in any order, at most `limit`. Includes every heading of every
    /// entry saved before the call, and may include those that no entry has any more.
    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault>;

    /// Returns entries of a bastion whose name may have been derived from one of `keys` and whose creation lies within
    /// `created`. Each entry appears once, by ascending id, at most `limit`. Includes every match saved before the
    /// call.
    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault>;

    /// Returns entries due at or before `until`, ordered by time and id, after `after`. Cost is proportional to the
    /// result.
    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault>;

    /// Returns entries that the retention sweep must check by `until` (see [`Entry::disposal_at`]), ordered by time and
    /// id, after `after`. Cost is proportional to the result.
    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault>;
}

/// All lives of a blob name as last saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Entries of the name.
    pub lives: Lives,
    /// Version to save against.
    pub version: Version,
}

impl Loaded {
    /// Returns a name with nothing stored.
    pub fn nothing(address: BlobAddress) -> Self {
        Self { lives: Lives::none(address), version: Version(0) }
    }
}

/// Number of saves under a blob name; 0 if never saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// Filter and limit of a list of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Only entries under this heading.
    pub under: Option<Heading>,
    /// Only entries with an id below this one: the end of the previous page.
    pub below: Option<RecordingId>,
    /// Only entries with this id or above: the start of a time range.
    pub from: Option<RecordingId>,
    /// Maximum number of entries.
    pub limit: usize,
}

/// Range of the entries of a container by name.
#[derive(Debug, Clone, Copy)]
pub struct NameRange<'a> {
    /// Container of the blobs.
    pub container: &'a ContainerAddress,
    /// Only entries after this name and id: the end of the previous page.
    pub after: Option<(&'a BlobName, RecordingId)>,
    /// Only entries up to this name.
    pub until: Option<&'a BlobName>,
    /// Maximum number of entries.
    pub limit: usize,
}

/// Entry for a sweep to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// Time at which it became due.
    pub at: Timestamp,
    /// Entry id.
    pub id: RecordingId,
}
