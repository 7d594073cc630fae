//! Counts the calls of sessions and checkpoints.

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use jiff::Timestamp;
use pipeline::ports::{
    Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, SessionChange, SessionListRequest, SessionPlace,
    Sessions, Version,
};

use super::WatchedPorts;

#[async_trait]
impl Sessions for WatchedPorts<dyn Sessions> {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        self.calls.note(&[]);
        self.port.load(ids).await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        self.calls.note(&[]);
        self.port.save(changes).await
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        self.calls.note(&[]);
        self.port.near(bastion, keys, within, limit).await
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        self.calls.note(&[]);
        self.port.list(request).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        self.calls.note(&[]);
        self.port.due(until, after, limit).await
    }
}

#[async_trait]
impl Checkpoints for WatchedPorts<dyn Checkpoints> {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        self.calls.note(&[]);
        self.port.get(key).await
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        self.calls.note(&[]);
        self.port.save(key, before, doc).await
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        self.calls.note(&[]);
        self.port.remove(key, before).await
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        self.calls.note(&[]);
        self.port.list(kind, after, limit).await
    }
}
