//! Port to the stored sessions.

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan, TunnelId};
use jiff::Timestamp;

use super::Fault;

/// Sessions of all bastions. Each is saved separately, under its revision.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Returns the sessions with these ids, each once, in order of first appearance. If nothing is stored for an id,
    /// returns a [new](SessionEntry::new) session with revision 0.
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault>;

    /// Saves distinct sessions, each only if it was not saved since it was loaded. Returns `true` for each saved one,
    /// in order. Load and decide again for the others.
    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault>;

    /// Returns sessions of a bastion [indexed](SessionEntry::index) under one of `keys` within this time. Each session
    /// appears once, by ascending id, at most `limit`. Includes every match saved before the call.
    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault>;

    /// Returns sessions by descending [time](SessionEntry::at) and id. Cost is proportional to the result.
    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault>;

    /// Returns sessions due at or before `until`, ordered by time and id, after `after`. Cost is proportional to the
    /// result.
    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault>;
}

/// Change of a session to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionChange {
    /// Session as loaded.
    pub before: SessionEntry,
    /// Session as decided, with a higher revision.
    pub after: SessionEntry,
}

/// Position of a session in time: the end of a list page, or the due time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionPlace {
    /// Time of the position.
    pub at: Timestamp,
    /// Session id.
    pub id: SessionId,
}

impl SessionPlace {
    /// Returns the position below all sessions that began at `at` or later: no session id sorts lower.
    pub(crate) fn before(at: Timestamp) -> Option<Self> {
        Some(Self { at, id: SessionId { bastion: BastionName::new(""), tunnel: TunnelId::parse("!")? } })
    }
}

/// Filter and limit of a list of sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionListRequest {
    /// Only sessions of this bastion.
    pub bastion: Option<BastionName>,
    /// Only sessions [without a recording](SessionEntry::has_gap).
    pub without_recording: bool,
    /// Only sessions before this position: the end of the previous page.
    pub below: Option<SessionPlace>,
    /// Only sessions at or after this time.
    pub from: Option<Timestamp>,
    /// Maximum number of sessions.
    pub limit: usize,
}
