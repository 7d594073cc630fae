//! Settings that storage reports about itself, on the emulator.

use std::sync::Arc;

use adapters_azure::{AzurePosture, AzureQueues, Policy};
use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};
use azure_storage_blob::BlobServiceClient;
use azure_storage_blob::models::CorsRule;
use azurite::Account;
use domain::address::{AccountName, ContainerAddress};
use domain::decide::posture::{ContainerFacts, MaybeKnown};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Posture, Queue, QueueName};

use crate::emulated;

/// Opens the posture of an account, and a client that changes its settings.
fn look(account: &Account) -> (AzurePosture, BlobServiceClient, AccountName) {
    let (access, endpoint) = (emulated::access(account), emulated::endpoint(&account.blob_url));
    let name = AccountName::parse(&account.name).unwrap();
    let queues = Arc::new(AzureQueues::new(&access, &emulated::endpoint(&account.queue_url)).unwrap());
    let posture = AzurePosture::default().with_account(&access, &endpoint, name.clone()).unwrap();
    let posture = posture.with_state(&access, &endpoint, queues).unwrap();
    let mut signed = endpoint;
    signed.set_query(Some(&account.signature()));
    (posture, BlobServiceClient::new(signed, None, None).unwrap(), name)
}

#[tokio::test]
async fn a_missing_container_is_distinguished_from_an_existing_one() {
    let account = emulated::account();
    let (posture, service, name) = look(&account);
    let at = ContainerAddress::parse(name.as_str(), "recordings").unwrap();
    assert_eq!(posture.container(&at).await.unwrap(), MaybeKnown::Read(None));
    service.blob_container_client("recordings").create(None).await.unwrap();
    assert_eq!(posture.container(&at).await.unwrap(), MaybeKnown::Read(Some(ContainerFacts::default())));
}

/// After the sample of "Get Container ACL" in the documentation of the service; an emulator accepts no policies with
/// a shared access signature.
const POLICIES: &str = r#"<?xml version="1.0" encoding="utf-8"?><SignedIdentifiers><SignedIdentifier><Id>bastion</Id>
    <AccessPolicy><Start>2026-01-01T00:00:00.0000000Z</Start><Expiry>2030-03-17T17:46:40.0000000Z</Expiry>
    <Permission>rcwl</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>"#;

/// A service that returns these policies for every container.
#[derive(Debug)]
struct Policies;

#[async_trait]
impl Policy for Policies {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, _: &Context, request: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        assert!(request.url().query().is_some_and(|query| query.contains("comp=acl")));
        let mut headers = Headers::new();
        headers.insert("content-type", "application/xml");
        Ok(AsyncRawResponse::from_bytes(StatusCode::Ok, headers, POLICIES))
    }
}

#[tokio::test]
async fn stored_policies_of_a_container_are_read() {
    let account = emulated::account();
    let (_, service, name) = look(&account);
    let at = ContainerAddress::parse(name.as_str(), "recordings").unwrap();
    service.blob_container_client("recordings").create(None).await.unwrap();
    let (posture, ..) = look(&account);
    assert_eq!(posture.policies(&at).await.unwrap(), MaybeKnown::Read(Vec::new()));
    let access = emulated::access(&account).with_wire(Arc::new(Policies));
    let endpoint = emulated::endpoint(&account.blob_url);
    let told = AzurePosture::default().with_account(&access, &endpoint, name).unwrap().policies(&at).await.unwrap();
    let [one] = told.read().unwrap().as_slice() else { panic!("{told:?}") };
    assert_eq!((one.id.as_str(), one.permissions.as_deref()), ("bastion", Some("rcwl")));
    assert_eq!(one.start, Some("2026-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(one.expiry, Some(Timestamp::from_second(1_900_000_000).unwrap()));
}

#[tokio::test]
async fn rules_of_the_blob_service_are_read_and_versioning_is_not() {
    let account = emulated::account();
    let (posture, service, name) = look(&account);
    let mut properties = service.get_properties(None).await.unwrap().into_model().unwrap();
    properties.cors = Some(vec![CorsRule {
        allowed_origins: Some("https://bst-1.bastion.azure.com,https://two.example".to_owned()),
        allowed_methods: Some("GET".to_owned()),
        allowed_headers: Some("*".to_owned()),
        exposed_headers: Some("*".to_owned()),
        max_age_in_seconds: Some(86_400),
    }]);
    service.set_properties(properties.try_into().unwrap(), None).await.unwrap();
    let told = posture.service(&name, None).await.unwrap();
    let facts = told.read().unwrap();
    assert_eq!(facts.cors[0].origins, ["https://bst-1.bastion.azure.com", "https://two.example"]);
    assert_eq!((facts.cors[0].headers.as_slice(), facts.cors[0].max_age), (&["*".to_owned()][..], 86_400));
    assert!(matches!(facts.is_versioned, MaybeKnown::NotReadable(_)));
}

#[tokio::test]
async fn a_queue_says_how_much_waits_and_since_when() {
    let account = emulated::account();
    let (posture, ..) = look(&account);
    let queues = AzureQueues::new(&emulated::access(&account), &emulated::endpoint(&account.queue_url)).unwrap();
    queues.create().await.unwrap();
    assert_eq!(posture.queue(QueueName::ResourceEvents).await.unwrap(), MaybeKnown::Read((0, None)));
    queues.send(QueueName::ResourceEvents, "x", SignedDuration::ZERO).await.unwrap();
    let told = posture.queue(QueueName::ResourceEvents).await.unwrap();
    let (count, oldest) = told.read().unwrap();
    let theirs = *posture.time().await.unwrap().read().unwrap();
    assert_eq!(*count, 1);
    assert!(
        oldest.is_some_and(|at| theirs.duration_since(at).abs() < SignedDuration::from_mins(5)),
        "{oldest:?} {theirs}"
    );
}
