//! How things are set up, as far as somebody may read it.

use async_trait::async_trait;
use domain::address::{AccountName, ContainerAddress};
use domain::posture::{
    AccountFacts, BastionFacts, ContainerFacts, DiagnosticSetting, EventSubscription, Known, LifecycleRule, ResourceId,
    Role, ServiceFacts, StoredPolicy,
};
use jiff::Timestamp;

use super::{Fault, QueueName};

/// What a reader gives: the fact, or that it may not be read and why. A fault says that it could be read another time.
pub type Read<T> = Result<Known<T>, Fault>;

/// Reads how bastions, accounts and our own things are set up. Changes nothing.
#[async_trait]
pub trait Posture: Send + Sync {
    /// A bastion. `None` where there is none.
    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>>;

    /// The bastions of the subscription that this resource is in.
    async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>>;

    /// Where a resource sends its logs.
    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>>;

    /// A storage account, looked for in the subscription of this resource. `None` where it is not to be seen there.
    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>>;

    /// The settings of the blob service of an account; `id` is its resource id, where that is known.
    async fn service(&self, account: &AccountName, id: Option<&ResourceId>) -> Read<ServiceFacts>;

    /// A container. `None` where there is none.
    async fn container(&self, at: &ContainerAddress) -> Read<Option<ContainerFacts>>;

    /// The stored access policies of a container.
    async fn policies(&self, at: &ContainerAddress) -> Read<Vec<StoredPolicy>>;

    /// The rules by which blobs of an account are deleted.
    async fn lifecycle(&self, account: &ResourceId) -> Read<Vec<LifecycleRule>>;

    /// The subscriptions to events of an account.
    async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>>;

    /// Who has which role for a container, inherited ones included.
    async fn roles(&self, account: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>>;

    /// About how many messages are in a queue, and when the oldest that can be seen was put there.
    async fn queue(&self, queue: QueueName) -> Read<(usize, Option<Timestamp>)>;

    /// How many files of dead letters there are; counting ends at `most`.
    async fn dead_letters(&self, most: usize) -> Read<usize>;

    /// What storage takes the time to be.
    async fn time(&self) -> Read<Timestamp>;

    /// The queue endpoint that the host listens at, and the one that we send to.
    async fn endpoints(&self) -> Read<(String, String)>;
}

/// Where nothing can be asked: every answer is that, with the reason.
#[derive(Debug, Clone)]
pub struct Unseen(pub String);

impl Unseen {
    fn no<T>(&self) -> Read<T> {
        Ok(Known::unread(self.0.clone()))
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
