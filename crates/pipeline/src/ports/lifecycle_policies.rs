//! Port to the lifecycle management policies of storage accounts.

use async_trait::async_trait;
use domain::address::AccountName;
use domain::decide::posture::ResourceId;

use super::posture::Read;

/// Reads and writes the lifecycle management policy of an account, always as a whole.
#[async_trait]
pub trait LifecyclePolicies: Send + Sync {
    /// Returns the resource id of an account in the subscription of `beside`, or `None` if it is not visible there.
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<ResourceId>>;

    /// Returns the policy of an account, or `None` if it has none.
    async fn read(&self, account: &ResourceId) -> Read<Option<LifecyclePolicy>>;

    /// Replaces the policy with a document of the form `{"properties": {"policy": {"rules": [...]}}}`. The service has
    /// no conditional write, so a change since the last read is overwritten.
    async fn write(&self, account: &ResourceId, document: &str) -> Read<()>;
}

/// Policy as returned by the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecyclePolicy {
    /// Last modification, as text of the service. `None` if the service sends none.
    pub modified_at: Option<String>,
    /// Whole document, as JSON.
    pub document: String,
}
