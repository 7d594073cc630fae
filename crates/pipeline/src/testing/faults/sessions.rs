//! Sessions and checkpoints behind a gate.

use async_trait::async_trait;
use domain::estate::BastionName;
use domain::session::{IndexKey, SessionEntry, SessionId, Span};
use jiff::Timestamp;

use super::ports::Gated;
use crate::ports::{
    Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, SessionChange, SessionListRequest, SessionPlace,
    Sessions, Version,
};

#[async_trait]
impl Sessions for Gated<dyn Sessions> {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        self.gate.pass("sessions.load", self.port.load(ids)).await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        self.gate.pass("sessions.save", self.port.save(changes)).await
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: Span,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        self.gate.pass("sessions.near", self.port.near(bastion, keys, within, limit)).await
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        self.gate.pass("sessions.list", self.port.list(request)).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        self.gate.pass("sessions.due", self.port.due(until, after, limit)).await
    }
}

#[async_trait]
impl Checkpoints for Gated<dyn Checkpoints> {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        self.gate.pass("checkpoints.get", self.port.get(key)).await
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        self.gate.pass("checkpoints.save", self.port.save(key, before, doc)).await
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        self.gate.pass("checkpoints.remove", self.port.remove(key, before)).await
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        self.gate.pass("checkpoints.list", self.port.list(kind, after, limit)).await
    }
}
