//! Port to the resources that the signed-in person can see.

use async_trait::async_trait;
use domain::decide::posture::{BastionFacts, DiagnosticSetting, ResourceId};

use super::posture::Read;

/// Kind of resource to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    /// Bastions.
    Bastions,
    /// Storage accounts.
    Accounts,
    /// System topics of Event Grid.
    SystemTopics,
}

/// Resource that the signed-in person can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleResource {
    /// Resource id, as reported.
    pub id: ResourceId,
    /// Region, as reported.
    pub location: String,
    /// Blob endpoint of an account, source of a system topic, else empty.
    pub detail: String,
    /// True if the resource has an identity of its own.
    pub has_identity: bool,
}

/// Finds resources in every subscription. Changes nothing.
#[async_trait]
pub trait Discovery: Send + Sync {
    /// Returns the resources of this kind, ordered by id. Searches `subscriptions`, or every visible one if there are
    /// none. Resources without read access are absent.
    async fn visible(&self, kind: ResourceKind, subscriptions: &[String]) -> Read<Vec<VisibleResource>>;

    /// Returns a bastion, or `None` if it does not exist.
    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>>;

    /// Returns the diagnostic settings of a resource.
    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>>;
}
