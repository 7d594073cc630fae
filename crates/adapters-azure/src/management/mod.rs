//! Reads how resources are set up, from the management API and from storage itself.

mod account;
mod bastion;
mod client;
mod diagnostics;
mod events;
mod graph;
mod lifecycle;
mod roles;
mod sessions;
mod setup;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::http::Url;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::{
    AccountFacts, BastionFacts, ContainerFacts, DiagnosticSetting, EventSubscription, LifecycleRule, MaybeKnown,
    ResourceId, Role, ServiceFacts, StoredPolicy,
};
use jiff::Timestamp;
use pipeline::ports::posture::Read;
use pipeline::ports::{DeadLetters, Posture, QueueName};

use crate::AzureQueues;
use crate::client::{AccessError, StorageAccess};
pub use client::Management;
use setup::StorageSetup;

/// A folder has no settings of an Azure account.
const FOLDER: &str = "a folder of this machine replaces the storage account";
const NO_MANAGEMENT: &str = "the management API needs an identity, and an emulator has none";
const NO_STATE: &str = "the state is in a file of this machine";

/// Settings of bastions, accounts and the archivist's own resources, as far as our identity may read them.
#[derive(Default)]
pub struct AzurePosture {
    management: Option<Management>,
    accounts: BTreeMap<AccountName, StorageSetup>,
    queues: Option<Arc<AzureQueues>>,
    state: Option<StorageSetup>,
    dead_letters: Option<Arc<dyn DeadLetters>>,
    endpoints: Option<(String, String)>,
}

impl AzurePosture {
    /// Reads resources through the management API.
    #[must_use]
    pub fn with_management(self, management: Management) -> Self {
        Self { management: Some(management), ..self }
    }

    /// Reads the settings of this account at its blob endpoint.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn with_account(
        mut self,
        access: &StorageAccess,
        endpoint: &Url,
        name: AccountName,
    ) -> Result<Self, AccessError> {
        self.accounts.insert(name, StorageSetup::new(access, endpoint)?);
        Ok(self)
    }

    /// Reads the archivist's own resources: these queues and the blob endpoint of the same account.
    ///
    /// # Errors
    /// Returns an [`AccessError`] if the access may not be used for this endpoint.
    pub fn with_state(self, access: &StorageAccess, blob: &Url, queues: Arc<AzureQueues>) -> Result<Self, AccessError> {
        Ok(Self { state: Some(StorageSetup::new(access, blob)?), queues: Some(queues), ..self })
    }

    /// Counts the dead letters of this store.
    #[must_use]
    pub fn with_dead_letters(self, letters: Arc<dyn DeadLetters>) -> Self {
        Self { dead_letters: Some(letters), ..self }
    }

    /// Knows the queue endpoint the host listens on and the one the archivist sends to.
    #[must_use]
    pub fn with_endpoints(self, host: String, ours: String) -> Self {
        Self { endpoints: Some((host, ours)), ..self }
    }

    fn management<T>(&self) -> Result<&Management, Read<T>> {
        self.management.as_ref().ok_or_else(|| Ok(MaybeKnown::unread(NO_MANAGEMENT)))
    }

    fn account_setup<T>(&self, name: &AccountName) -> Result<&StorageSetup, Read<T>> {
        self.accounts.get(name).ok_or_else(|| Ok(MaybeKnown::unread(FOLDER)))
    }
}

/// Evaluates to the management API, or returns the reason why there is none.
macro_rules! managed {
    ($self:ident) => {
        match $self.management() {
            Ok(management) => management,
            Err(none) => return none,
        }
    };
}

macro_rules! stored {
    ($self:ident, $account:expr) => {
        match $self.account_setup($account) {
            Ok(setup) => setup,
            Err(none) => return none,
        }
    };
}

#[async_trait]
impl Posture for AzurePosture {
    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>> {
        managed!(self).bastion(id).await
    }

    async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>> {
        managed!(self).bastions_beside(id).await
    }

    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        managed!(self).diagnostics(id).await
    }

    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>> {
        managed!(self).account(name, beside).await
    }

    async fn service(&self, account: &AccountName, id: Option<&ResourceId>) -> Read<ServiceFacts> {
        if let (Some(management), Some(id)) = (&self.management, id)
            && let MaybeKnown::Read(service) = management.service(id).await?
        {
            return Ok(MaybeKnown::Read(service));
        }
        stored!(self, account).service().await
    }

    async fn container(&self, at: &ContainerAddress) -> Read<Option<ContainerFacts>> {
        stored!(self, &at.account).container(&at.container).await
    }

    async fn policies(&self, at: &ContainerAddress) -> Read<Vec<StoredPolicy>> {
        stored!(self, &at.account).policies(&at.container).await
    }

    async fn lifecycle(&self, account: &ResourceId) -> Read<Vec<LifecycleRule>> {
        managed!(self).lifecycle(account).await
    }

    async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>> {
        managed!(self).subscriptions(account).await
    }

    async fn roles(&self, account: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>> {
        managed!(self).roles(account, at).await
    }

    async fn queue(&self, queue: QueueName) -> Read<(usize, Option<Timestamp>)> {
        let Some(queues) = &self.queues else {
            return Ok(MaybeKnown::unread(NO_STATE));
        };
        let (count, oldest) = (queues.depth(queue).await?, queues.oldest(queue).await?);
        Ok(MaybeKnown::Read((count, oldest)))
    }

    async fn dead_letters(&self, most: usize) -> Read<usize> {
        let Some(letters) = &self.dead_letters else {
            return Ok(MaybeKnown::unread(NO_STATE));
        };
        Ok(MaybeKnown::Read(letters.list(None, most).await?.len()))
    }

    async fn time(&self) -> Read<Timestamp> {
        match self.state.as_ref().or_else(|| self.accounts.values().next()) {
            Some(setup) => setup.time().await,
            None => Ok(MaybeKnown::unread("no storage service is called that would give the time")),
        }
    }

    async fn endpoints(&self) -> Read<(String, String)> {
        Ok(match &self.endpoints {
            Some(both) => MaybeKnown::Read(both.clone()),
            None => MaybeKnown::unread("the app setting AzureWebJobsStorage__queueServiceUri is not set here"),
        })
    }
}

impl fmt::Debug for AzurePosture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzurePosture").field("accounts", &self.accounts.keys()).finish_non_exhaustive()
    }
}
