//! Port to the sessions in progress.

use async_trait::async_trait;
use domain::decide::posture::ResourceId;
use jiff::{SignedDuration, Timestamp};

use super::posture::Read;

/// Lists and ends the sessions in progress at a bastion.
#[async_trait]
pub trait LiveSessions: Send + Sync {
    /// Returns the sessions in progress at a bastion.
    async fn live(&self, bastion: &ResourceId) -> Read<Vec<LiveSession>>;

    /// Ends sessions of a bastion by id. Returns the result of each.
    async fn disconnect(&self, bastion: &ResourceId, ids: &[String]) -> Read<Vec<Disconnected>>;
}

/// Session in progress.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiveSession {
    /// Session id, accepted by [`LiveSessions::disconnect`]. It is undocumented if it equals the tunnel id of the audit
    /// log.
    pub id: String,
    /// Start of the session.
    pub started_at: Option<Timestamp>,
    /// Duration so far.
    pub lasted: Option<SignedDuration>,
    /// Account on the target.
    pub user_name: Option<String>,
    /// `ssh` or `rdp`, in lower case.
    pub protocol: Option<String>,
    /// Host name of the target.
    pub host_name: Option<String>,
    /// Resource id of the target.
    pub target_resource_id: Option<String>,
    /// IP address of the target.
    pub target_ip: Option<String>,
}

/// Result of ending a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnected {
    /// Session id.
    pub id: String,
    /// True if the session has ended.
    pub is_done: bool,
    /// Message of the bastion.
    pub message: String,
}
