//! Setup of the fictitious estate, as its management API would report it.

use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::{
    AccountFacts, BastionFacts, ContainerFacts, CorsRule, DiagnosticSetting, EventSubscription, LifecycleRule,
    MaybeKnown, ResourceId, Role, ServiceFacts, StoredPolicy,
};
use jiff::Timestamp;
use pipeline::ports::posture::{Read, Unseen};
use pipeline::ports::{Clock, Posture, QueueName};

use super::bastion::{BASTIONS, SampleBastion};
use super::weeks::{log_has_stopped, recording_has_stopped};

/// Reports the setup of [`BASTIONS`] at the time of a clock: session recording and a diagnostic setting are switched
/// off during the weeks.
pub struct SampleSetup {
    clock: Arc<dyn Clock>,
}

/// *Storage Blob Data Contributor*.
const CONTRIBUTOR: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

impl SampleSetup {
    /// Creates the setup.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }

    fn facts(&self, bastion: &SampleBastion) -> BastionFacts {
        let account = bastion.recordings_account;
        BastionFacts {
            id: bastion.resource_id(),
            location: location(bastion).to_owned(),
            sku: "Premium".to_owned(),
            dns_name: dns_name(bastion),
            records: !recording_has_stopped(bastion, self.clock.now()),
            lets_native_clients_in: bastion.name == "bas-hub-weu",
            container_url: has_identity(bastion).then(|| format!("https://{account}.blob.core.windows.net/recordings")),
            principals: vec![principal(bastion)],
        }
    }
}

/// Returns true if the bastion writes with an identity, and false if with a signature.
fn has_identity(bastion: &SampleBastion) -> bool {
    bastion.name != "bas-pay-weu"
}

fn location(bastion: &SampleBastion) -> &'static str {
    if bastion.name.ends_with("weu") { "westeurope" } else { "northeurope" }
}

fn dns_name(bastion: &SampleBastion) -> String {
    format!("bst-{}.bastion.azure.com", bastion.name)
}

fn principal(bastion: &SampleBastion) -> String {
    format!("identity of {}", bastion.name)
}

fn bastion(id: &ResourceId) -> Option<&'static SampleBastion> {
    BASTIONS.iter().find(|bastion| ResourceId::parse(&bastion.resource_id()).as_ref() == Some(id))
}

fn account_id(bastion: &SampleBastion, name: &str) -> String {
    let SampleBastion { subscription, group, .. } = bastion;
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}")
}

fn nothing() -> Unseen {
    Unseen("the simulated estate has no such resource".to_owned())
}

#[async_trait]
impl Posture for SampleSetup {
    async fn bastion(&self, id: &ResourceId) -> Read<Option<BastionFacts>> {
        Ok(MaybeKnown::Read(bastion(id).map(|bastion| self.facts(bastion))))
    }

    async fn bastions_beside(&self, id: &ResourceId) -> Read<Vec<BastionFacts>> {
        let is_beside = |bastion: &&SampleBastion| bastion.subscription == id.subscription();
        Ok(MaybeKnown::Read(BASTIONS.iter().filter(is_beside).map(|bastion| self.facts(bastion)).collect()))
    }

    async fn diagnostics(&self, id: &ResourceId) -> Read<Vec<DiagnosticSetting>> {
        let logging = bastion(id).filter(|bastion| !log_has_stopped(bastion, self.clock.now()));
        let setting = |bastion: &SampleBastion| DiagnosticSetting {
            name: "to-storage".to_owned(),
            account_id: Some(account_id(bastion, bastion.audit_account)),
            categories: vec!["BastionAuditLogs".to_owned()],
            groups: Vec::new(),
        };
        Ok(MaybeKnown::Read(logging.map(setting).into_iter().collect()))
    }

    async fn account(&self, name: &AccountName, beside: &ResourceId) -> Read<Option<AccountFacts>> {
        let facts = |bastion: &SampleBastion| AccountFacts {
            id: account_id(bastion, name.as_str()),
            name: name.as_str().to_owned(),
            location: location(bastion).to_owned(),
            takes_keys: true,
            is_public_network_on: true,
            lets_all_networks_in: true,
            lets_services_in: true,
            ..AccountFacts::default()
        };
        Ok(MaybeKnown::Read(bastion(beside).map(facts)))
    }

    async fn service(&self, account: &AccountName, _: Option<&ResourceId>) -> Read<ServiceFacts> {
        let of = BASTIONS.iter().find(|bastion| bastion.recordings_account == account.as_str());
        // The players of `bas-pay-neu` are refused: the rule was never made.
        let rule = |bastion: &SampleBastion| CorsRule {
            origins: vec![format!("https://{}", dns_name(bastion))],
            methods: vec!["GET".to_owned()],
            headers: vec!["*".to_owned()],
            max_age: 86_400,
        };
        let cors = of.filter(|bastion| bastion.name != "bas-pay-neu").map(rule).into_iter().collect();
        Ok(MaybeKnown::Read(ServiceFacts { cors, is_versioned: MaybeKnown::Read(false), soft_delete_days: Some(14) }))
    }

    async fn container(&self, _: &ContainerAddress) -> Read<Option<ContainerFacts>> {
        Ok(MaybeKnown::Read(Some(ContainerFacts::default())))
    }

    async fn policies(&self, at: &ContainerAddress) -> Read<Vec<StoredPolicy>> {
        nothing().policies(at).await
    }

    async fn lifecycle(&self, _: &ResourceId) -> Read<Vec<LifecycleRule>> {
        Ok(MaybeKnown::Read(Vec::new()))
    }

    async fn subscriptions(&self, account: &ResourceId) -> Read<Vec<EventSubscription>> {
        nothing().subscriptions(account).await
    }

    async fn roles(&self, _: &ResourceId, at: &ContainerAddress) -> Read<Vec<Role>> {
        let of = BASTIONS.iter().filter(|bastion| bastion.recordings_account == at.account.as_str());
        let role = |bastion| Role { principal: principal(bastion), definition: CONTRIBUTOR.to_owned() };
        Ok(MaybeKnown::Read(of.map(role).collect()))
    }

    async fn queue(&self, queue: QueueName) -> Read<(usize, Option<Timestamp>)> {
        nothing().queue(queue).await
    }

    async fn dead_letters(&self, most: usize) -> Read<usize> {
        nothing().dead_letters(most).await
    }

    async fn time(&self) -> Read<Timestamp> {
        nothing().time().await
    }

    async fn endpoints(&self) -> Read<(String, String)> {
        nothing().endpoints().await
    }
}
