//! Port to the setup of bastions, accounts and the app, within the caller's permissions.

use async_trait::async_trait;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::{
    AccountFacts, BastionFacts, ContainerFacts, DiagnosticSetting, EventSubscription, LifecycleRule, MaybeKnown,
    ResourceId, Role, ServiceFacts, StoredPolicy,
};
use jiff::Timestamp;

use super::{Fault, QueueName};

/// Fact, or the reason why it may not be read. After an `Err`, a retry may succeed.
pub type Read<T> = Result<MaybeKnown<T>, Fault>;

/// Reads the setup of bastions, accounts and the app's own resources. Changes nothing.
#[async_trait]
pub trait Posture: Send + Sync {
    /// Returns a bastion, or `None` if it does not exist.
    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>>;

    /// Returns the bastions in the subscription of this resource.
    async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>>;

    /// Returns the diagnostic settings of a resource.
    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>>;

    /// Returns a storage account in the subscription of `beside`, or `None` if it is not visible there.
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>>;

    /// Returns the blob service settings of an account; `id` is its resource id, if known.
    async fn service(&self, account: &AccountName, id: Option<&ResourceId>) -> Read<ServiceFacts>;

    /// Returns a container, or `None` if it does not exist.
    async fn container(&self, at: &ContainerAddress) -> Read<Option<ContainerFacts>>;

    /// Returns the stored access policies of a container.
    async fn policies(&self, at: &ContainerAddress) -> Read<Vec<StoredPolicy>>;

    /// Returns the lifecycle rules that delete blobs of an account.
    async fn lifecycle(&self, account: &ResourceId) -> Read<Vec<LifecycleRule>>;

    /// Returns the event subscriptions of an account.
    async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>>;

    /// Returns the role assignments on a container, inherited ones included.
    async fn roles(&self, account: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>>;

    /// Returns the approximate length of a queue and the insertion time of its oldest visible message.
    async fn queue(&self, queue: QueueName) -> Read<(usize, Option<Timestamp>)>;

    /// Counts dead-letter files, up to `most`.
    async fn dead_letters(&self, most: usize) -> Read<usize>;

    /// Returns the time by storage's clock.
    async fn time(&self) -> Read<Timestamp>;

    /// Returns the queue endpoint of the host's triggers, and the one the app sends to.
    async fn endpoints(&self) -> Read<(String, String)>;
}

/// Stands in for a posture that cannot be read: every fact is unread, with this reason.
#[derive(Debug, Clone)]
pub struct Unseen(pub String);

impl Unseen {
    fn no<T>(&self) -> Read<T> {
        Ok(MaybeKnown::unread(self.0.clone()))
    }
}

#[async_trait]
impl Posture for Unseen {
    async fn bastion(&self, _: &ResourceId) -> Read<Option<BastionFacts>> {
        self.no()
    }

    async fn bastions_beside(&self, _: &ResourceId) -> Read<Vec<BastionFacts>> {
        self.no()
    }

    async fn diagnostics(&self, _: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        self.no()
    }

    async fn account(&self, _: &AccountName, _: &ResourceId) -> Read<Option<AccountFacts>> {
        self.no()
    }

    async fn service(&self, _: &AccountName, _: Option<&ResourceId>) -> Read<ServiceFacts> {
        self.no()
    }

    async fn container(&self, _: &ContainerAddress) -> Read<Option<ContainerFacts>> {
        self.no()
    }

    async fn policies(&self, _: &ContainerAddress) -> Read<Vec<StoredPolicy>> {
        self.no()
    }

    async fn lifecycle(&self, _: &ResourceId) -> Read<Vec<LifecycleRule>> {
        self.no()
    }

    async fn subscriptions(&self, _: &ResourceId) -> Read<Vec<EventSubscription>> {
        self.no()
    }

    async fn roles(&self, _: &ResourceId, _: &ContainerAddress) -> Read<Vec<Role>> {
        self.no()
    }

    async fn queue(&self, _: QueueName) -> Read<(usize, Option<Timestamp>)> {
        self.no()
    }

    async fn dead_letters(&self, _: usize) -> Read<usize> {
        self.no()
    }

    async fn time(&self) -> Read<Timestamp> {
        self.no()
    }

    async fn endpoints(&self) -> Read<(String, String)> {
        self.no()
    }
}
