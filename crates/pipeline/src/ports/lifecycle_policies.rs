//! The lifecycle management policies of storage accounts.

use async_trait::async_trait;
use domain::address::AccountName;
use domain::posture::ResourceId;

use super::posture::Read;

/// Reads and writes the lifecycle management policy of an account, which is replaced as a whole.
#[async_trait]
pub trait LifecyclePolicies: Send + Sync {
    /// The resource id of an account, looked for in the subscription of this resource. `None` where it is not to be seen
    /// there.
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<ResourceId>>;

    /// The policy of an account. `None` where it has none.
    async fn read(&self, account: &ResourceId) -> Read<Option<LifecyclePolicy>>;

    /// Puts this document in the place of the policy: `{"properties": {"policy": {"rules": [...]}}}`. The service compares
    /// nothing, so whoever wrote since the last reading is written over.
    async fn write(&self, account: &ResourceId, document: &str) -> Read<()>;
}

/// A policy as the service tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecyclePolicy {
    /// When it was written last, in the words of the service. `None` where it does not say.
    pub modified_at: Option<String>,
    /// The whole document, as JSON.
    pub document: String,
}
