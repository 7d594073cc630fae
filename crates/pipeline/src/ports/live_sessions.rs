//! The sessions that go on at this moment.

use async_trait::async_trait;
use domain::posture::ResourceId;
use jiff::{SignedDuration, Timestamp};

use super::posture::Read;

/// Asks a bastion for the sessions that go on, and ends them.
#[async_trait]
pub trait LiveSessions: Send + Sync {
    /// The sessions of a bastion.
    async fn live(&self, bastion: &ResourceId) -> Read<Vec<LiveSession>>;

    /// Ends sessions of a bastion, by their ids. Says of each what became of it.
    async fn disconnect(&self, bastion: &ResourceId, ids: &[String]) -> Read<Vec<Disconnected>>;
}

/// A session that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiveSession {
    /// Its id, by which it can be ended. Whether it is the tunnel id of the audit log, nobody says.
    pub id: String,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// For how long it has gone on.
    pub lasted: Option<SignedDuration>,
    /// The account on the target.
    pub user_name: Option<String>,
    /// `ssh` or `rdp`, in lower case.
    pub protocol: Option<String>,
    /// The target's name.
    pub host_name: Option<String>,
    /// The target's resource id.
    pub target_resource_id: Option<String>,
    /// The target's address.
    pub target_ip: Option<String>,
}

/// What became of a session that was to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnected {
    /// Its id.
    pub id: String,
    /// Whether it has ended.
    pub is_done: bool,
    /// What the bastion says of it.
    pub said: String,
}
