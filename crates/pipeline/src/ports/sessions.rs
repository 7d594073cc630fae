//! Where sessions are kept.

use async_trait::async_trait;
use domain::estate::BastionName;
use domain::session::{IndexKey, SessionEntry, SessionId, Span};
use jiff::Timestamp;

use super::Fault;

/// The sessions of all bastions, each saved by itself under its revision.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// The sessions with these ids, each once, in the order asked for; one of which nothing is stored is
    /// [new](SessionEntry::new), with revision 0.
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault>;

    /// Saves sessions, each once, and each only if nothing of it was saved since. Says of each, in their order, whether
    /// it was saved: one that was not is loaded and decided on again.
    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault>;

    /// Sessions of a bastion that are [found](SessionEntry::index) under any of these keys within this time, each once,
    /// in the order of their ids, at most `limit`. It never misses one that was saved before the call.
    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: Span,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault>;

    /// Sessions in falling order of their [time](SessionEntry::at) and id. Costs what it returns.
    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault>;

    /// What is due at `until` or before, in the order of time and id, behind `after`. Costs what it returns.
    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault>;
}

/// A session to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionChange {
    /// The session as it was loaded.
    pub before: SessionEntry,
    /// The session as it is now; its revision is higher.
    pub after: SessionEntry,
}

/// A session at a time: where a list ends, or since when it is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionPlace {
    /// The time.
    pub at: Timestamp,
    /// The session.
    pub id: SessionId,
}

/// Which sessions to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionListRequest {
    /// Only sessions of this bastion.
    pub bastion: Option<BastionName>,
    /// Only sessions that are [known to have no recording](SessionEntry::has_gap).
    pub without_recording: bool,
    /// Only sessions below this place: where the last page ended.
    pub below: Option<SessionPlace>,
    /// Only sessions of this time or later.
    pub from: Option<Timestamp>,
    /// How many at most.
    pub limit: usize,
}
