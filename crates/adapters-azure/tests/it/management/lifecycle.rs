//! The lifecycle management policy, after `StorageAccountGetManagementPolicy.json` and
//! `StorageAccountSetManagementPolicy.json` of `Microsoft.Storage` 2023-01-01.

use domain::address::AccountName;
use domain::decide::posture::{MaybeKnown, ResourceId};
use pipeline::ports::{FaultKind, LifecyclePolicies};

use crate::management::api::{CannedReply, FakeManagement, hub};

const ACCOUNT: &str = "/subscriptions/s1/resourceGroups/res7687/providers/Microsoft.Storage/storageAccounts/sto9699";
const POLICY: &str = r#"{"id":"/subscriptions/s1/resourceGroups/res7687/providers/Microsoft.Storage/storageAccounts/sto9699/managementPolicies/default",
    "name":"DefaultManagementPolicy","type":"Microsoft.Storage/storageAccounts/managementPolicies","properties":{
    "lastModifiedTime":"2018-06-08T02:42:42.4495321Z","policy":{"rules":[{"enabled":true,"name":"olcmtest","type":"Lifecycle",
    "definition":{"filters":{"blobTypes":["blockBlob"],"prefixMatch":["olcmtestcontainer"]},"actions":{"baseBlob":
    {"tierToCool":{"daysAfterModificationGreaterThan":30},"delete":{"daysAfterModificationGreaterThan":1000}}}}}]}}}"#;
const DOCUMENT: &str = r#"{"properties":{"policy":{"rules":[]}}}"#;

fn account() -> ResourceId {
    ResourceId::parse(ACCOUNT).unwrap()
}

fn put() -> String {
    format!("PUT {ACCOUNT}/managementPolicies/default?api-version=2023-01-01")
}

#[tokio::test]
async fn a_lifecycle_policy_is_read_completely_with_its_time() {
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(POLICY)])]);
    let read = LifecyclePolicies::read(&api.client(), &account()).await.unwrap().read().unwrap().clone().unwrap();
    assert_eq!(read.modified_at.as_deref(), Some("2018-06-08T02:42:42.4495321Z"));
    let (is, was): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&read.document).unwrap(), serde_json::from_str(POLICY).unwrap());
    assert_eq!(is, was);
    let api = FakeManagement::answering(&[]);
    assert_eq!(LifecyclePolicies::read(&api.client(), &account()).await.unwrap(), MaybeKnown::Read(None));
}

#[tokio::test]
async fn a_document_is_put_in_the_place_of_the_policy() {
    let api = FakeManagement::answering(&[(&put(), &[CannedReply::body(POLICY)])]);
    assert_eq!(api.client().write(&account(), DOCUMENT).await.unwrap(), MaybeKnown::Read(()));
    assert_eq!(api.asked(), [put()]);
    assert_eq!(api.given(), [DOCUMENT]);
}

#[tokio::test(start_paused = true)]
async fn an_asynchronous_write_is_awaited() {
    let later = "https://management.azure.com/subscriptions/s1/operations/7?api-version=2023-01-01";
    let operation = [CannedReply::later(later), CannedReply::body(POLICY)];
    let api = FakeManagement::answering(&[
        (&put(), &[CannedReply::later(later)]),
        ("GET /subscriptions/s1/operations/7", &operation),
    ]);
    assert_eq!(api.client().write(&account(), DOCUMENT).await.unwrap(), MaybeKnown::Read(()));
    assert_eq!(api.asked().len(), 3, "{:?}", api.asked());
}

#[tokio::test]
async fn a_forbidden_write_names_the_missing_role_and_its_command() {
    let refusal = r#"{"error":{"code":"AuthorizationFailed","message":"x"}}"#.to_owned();
    let api = FakeManagement::answering(&[(&put(), &[CannedReply(403, vec![], refusal)])]);
    let MaybeKnown::NotReadable(why) = api.client().write(&account(), DOCUMENT).await.unwrap() else {
        panic!("written")
    };
    for said in [
        "403 AuthorizationFailed",
        "Microsoft.Storage/storageAccounts/managementPolicies/write",
        "az role assignment create --assignee CLIENT_ID --role 'Storage Account Contributor'",
        ACCOUNT,
    ] {
        assert!(why.contains(said), "{why}");
    }
}

#[tokio::test]
async fn a_refused_or_failed_write_is_no_success() {
    for (status, kind) in [(400, FaultKind::Permanent), (404, FaultKind::Permanent)] {
        let api = FakeManagement::answering(&[(&put(), &[CannedReply::status(status)])]);
        assert_eq!(api.client().write(&account(), DOCUMENT).await.unwrap_err().kind, kind, "{status}");
    }
    for status in [409, 429, 503] {
        let api = FakeManagement::answering(&[(&put(), &[CannedReply::status(status)])]);
        let fault = api.client().write(&account(), DOCUMENT).await.unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Transient { .. }), "{status}");
    }
}

#[tokio::test]
async fn an_account_is_found_by_its_name_beside_the_bastion() {
    let listed = format!(r#"{{"value":[{{"id":"{ACCOUNT}","name":"STO9699"}}]}}"#);
    let api = FakeManagement::answering(&[("GET ", &[CannedReply::body(&listed)])]);
    let found = async |name| {
        let name = AccountName::parse(name).unwrap();
        LifecyclePolicies::account(&api.client(), &name, &hub()).await.unwrap()
    };
    assert_eq!(found("sto9699").await, MaybeKnown::Read(Some(account())));
    assert_eq!(found("another").await, MaybeKnown::Read(None));
}
