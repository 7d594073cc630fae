//! Counts the calls of the catalogue and stores its saves.

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, NameRange, Version};

use super::WatchedPorts;

#[async_trait]
impl Catalogue for WatchedPorts<dyn Catalogue> {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        self.calls.note(&[]);
        self.port.lives(address).await
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        self.calls.note(&[]);
        self.port.lives_of(id).await
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        self.calls.note(changed);
        self.port.save(before, changed).await
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        self.calls.note(&[]);
        self.port.list(request).await
    }

    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        self.calls.note(&[]);
        self.port.by_name(range).await
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        self.calls.note(&[]);
        self.port.words(prefix, limit).await
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        self.calls.note(&[]);
        self.port.near(bastion, keys, created, limit).await
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.calls.note(&[]);
        self.port.due(until, after, limit).await
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.calls.note(&[]);
        self.port.disposals(until, after, limit).await
    }
}
