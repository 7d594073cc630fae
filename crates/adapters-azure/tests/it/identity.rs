//! Tokens over https, as with the service: the emulator checks the claims of a token, not its signature.

use std::fs;
use std::sync::Arc;

use adapters_azure::{AzureBlobs, AzureQuarantine, AzureQueues, Patience, StorageAccess};
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::Url;
use azure_core::time::OffsetDateTime;
use azurite::{Azurite, Certificate, Options};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::address::{AccountName, BlobAddress, ContainerName};
use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::ports::{BlobStore, Quarantine, QuarantineId, QuarantinedInput, Queue, QueueName, TagWrite};
use pipeline::testing::sample::second;
use rcgen::{CertifiedKey, generate_simple_self_signed};

/// Provides an unsigned token, valid from 1970 to 2099.
#[derive(Debug)]
struct Unsigned;

#[async_trait]
impl TokenCredential for Unsigned {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        assert_eq!(scopes, ["https://storage.azure.com/.default"]);
        let claims = r#"{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000001/",
            "iat":0,"nbf":0,"exp":4102444800,"oid":"a","tid":"b"}"#;
        let [header, claims] = [r#"{"alg":"RS256","typ":"JWT"}"#, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        let end = OffsetDateTime::from_unix_timestamp(4_102_444_800).unwrap();
        Ok(AccessToken::new(format!("{header}.{claims}.x"), end))
    }
}

#[expect(clippy::disallowed_methods, reason = "calls the emulator alone, and trusts no certificate but its own")]
fn access(certificate: &[u8]) -> StorageAccess {
    let access = StorageAccess::token(Arc::new(Unsigned), Patience::default()).unwrap();
    let certificate = reqwest::Certificate::from_der(certificate).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([certificate]).build().unwrap();
    access.with_http_client(Arc::new(client))
}

/// Every adapter authenticates in the same way; the suites of the adapters test the rest.
#[tokio::test]
async fn every_port_is_reached_with_a_token() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&certificate, cert.pem()).unwrap();
    fs::write(&key, signing_key.serialize_pem()).unwrap();
    let options = Options { certificate: Some(Certificate { certificate, key }), ..Options::default() };
    let emulator = Azurite::start_with(&options).unwrap();
    let account = emulator.account().unwrap();
    let access = access(cert.der());
    let blobs_at = Url::parse(&account.blob_url).unwrap();

    let container = ContainerName::parse("quarantine").unwrap();
    let quarantine = AzureQuarantine::new(&access, &blobs_at, &container).unwrap();
    quarantine.create().await.unwrap();
    let id = QuarantineId::derive(b"x", "y");
    let input = QuarantinedInput { id, raw: b"x".into(), reason: "z".into(), at: second(0), origin: "y".into() };
    quarantine.put(&input).await.unwrap();
    assert_eq!(quarantine.get(&input.id).await.unwrap(), Some(input.clone()));

    // The quarantined input is a blob like any other.
    let blobs = AzureBlobs::new(&access, &blobs_at, AccountName::parse(&account.name).unwrap()).unwrap();
    let blob = BlobAddress::parse(&account.name, "quarantine", &format!("inputs/{}", input.id)).unwrap();
    let found = blobs.properties(&blob).await.unwrap().unwrap();
    let tags = TagSet([("team".to_owned(), "red".to_owned())].into());
    assert_eq!(blobs.replace_tags(&blob, &tags, &found.etag, &TagSet::default()).await.unwrap(), TagWrite::Written);
    assert_eq!(blobs.tags(&blob).await.unwrap(), Some(tags));

    let queues = AzureQueues::new(&access, &Url::parse(&account.queue_url).unwrap()).unwrap();
    queues.create().await.unwrap();
    queues.send(QueueName::Notifications, "{}", SignedDuration::ZERO).await.unwrap();
    let taken = queues.receive(QueueName::Notifications, 1, SignedDuration::from_secs(9)).await.unwrap();
    assert_eq!(taken[0].body, "{}");
}
