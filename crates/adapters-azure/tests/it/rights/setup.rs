//! An installation whose setup is checked: the services of an emulator, and a management API with canned answers.

use std::sync::Arc;

use adapters_azure::{AzureDeadLetters, AzurePosture, AzureQueues, Management};
use azurite::Account;
use domain::address::{AccountName, ContainerAddress, ContainerName};
use domain::decide::posture::{ExpectedSetup, WriteAccess};
use pipeline::Archivist;
use pipeline::posture::Watch;
use serde_json::{Value, json};

use super::guard::Guard;
use super::scopes::{AUDIT, AUDIT_CONTAINER, AUDIT_TOPIC, BASTION, RECORDINGS, TOPIC};
use crate::emulated;
use crate::management::api::{CannedReply, FakeManagement};
use crate::promises::run::Run;
use crate::promises::services::LogLines;
use crate::promises::storage::container;
use crate::promises::visits::RESOURCE_ID;
use crate::promises::world::{AzureWorld, logging};

pub struct RightsSetup {
    pub archivist: Archivist,
    pub management: Management,
}

impl RightsSetup {
    /// Creates an installation with one recording, called with the rights of this holder.
    pub async fn new(who: &Guard) -> Self {
        assert_eq!(BASTION, RESOURCE_ID);
        let account = emulated::account();
        let lines = LogLines::new(&account).through(&who.clone().before(&account));
        let world = AzureWorld::new(&lines, &account, &account, &Run::UNDISTURBED, logging()).await;
        world.healthy.ledger.create_container().await.unwrap();
        world.storage.write("vm-user", 9, world.now()).await;
        let management = api().client_through(Arc::new(who.clone()));
        let watch = Watch {
            posture: Arc::new(posture(&account, who, &management)),
            expected: vec![expected()],
            live: Some(Arc::new(management.clone())),
        };
        let archivist = world.archivist.lock().unwrap().clone().with_watch(watch);
        Self { archivist, management }
    }
}

fn posture(account: &Account, who: &Guard, management: &Management) -> AzurePosture {
    let endpoint = emulated::endpoint(&account.blob_url);
    let of_recordings = emulated::access(account).with_policy(who.clone().of_account(RECORDINGS).before(account));
    let own = emulated::access(account).with_policy(who.clone().before(account));
    let queues = Arc::new(AzureQueues::new(&own, &emulated::endpoint(&account.queue_url)).unwrap());
    let letters = ContainerName::parse("dead-letters").unwrap();
    let letters = Arc::new(AzureDeadLetters::new(&own, &endpoint, &letters).unwrap());
    let posture = AzurePosture::default().with_management(management.clone());
    let posture = posture.with_account(&of_recordings, &endpoint, container().account).unwrap();
    posture.with_state(&own, &endpoint, queues).unwrap().with_dead_letters(letters)
}

fn expected() -> ExpectedSetup {
    ExpectedSetup {
        bastion: "bas".to_owned(),
        resource_id: Some(BASTION.to_owned()),
        recordings: container(),
        audit_logs: Some(ContainerAddress::parse("staudit01", AUDIT_CONTAINER).unwrap()),
        access_logs: Some(AccountName::parse("staudit01").unwrap()),
        access: WriteAccess::NotStated,
        suffix_warning_at: 100,
        deleted_by: None,
    }
}

/// Name of the account with the recordings.
pub fn recordings_account() -> AccountName {
    container().account
}

/// A management API that knows the bastion, both accounts and their topics.
fn api() -> Arc<FakeManagement> {
    let named = |id: &str| id.rsplit('/').next().unwrap().to_owned();
    let account = |id: &str| json!({ "id": id, "name": named(id), "properties": {} });
    let topic = |id: &str, source: &str| json!({ "id": id, "name": named(id), "properties": { "source": source } });
    let list = |all: &[Value]| CannedReply::body(&json!({ "value": all }).to_string());
    let below = |provider: &str| format!("GET /subscriptions/s/providers/{provider}");
    let bastion = json!({ "id": BASTION, "location": "westeurope", "sku": { "name": "Premium" }, "properties": {} });
    let none = [list(&[])];
    FakeManagement::answering(&[
        (&below("Microsoft.Storage/storageAccounts"), &[list(&[account(RECORDINGS), account(AUDIT)])]),
        (&below("Microsoft.EventGrid/systemTopics"), &[list(&[topic(TOPIC, RECORDINGS), topic(AUDIT_TOPIC, AUDIT)])]),
        (&below("Microsoft.Network/bastionHosts"), &[list(std::slice::from_ref(&bastion))]),
        (&format!("GET {RECORDINGS}/managementPolicies"), &[CannedReply::status(404)]),
        (&format!("GET {RECORDINGS}/blobServices/default?"), &[CannedReply::body(r#"{"properties":{}}"#)]),
        (&format!("GET {BASTION}?"), &[CannedReply::body(&bastion.to_string())]),
        (&format!("POST {BASTION}/"), &none),
        (&format!("PUT {RECORDINGS}/"), &[CannedReply::body("{}")]),
        ("GET ", &none),
    ])
}
