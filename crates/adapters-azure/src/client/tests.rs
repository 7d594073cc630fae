//! Behaviour of calls to a service that is busy, dead or refuses them. Nothing leaves the process, except one call to
//! a port without a listener.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adapters_local::SystemClock;
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode, Url};
use domain::address::BlobAddress;
use domain::cloud::{CalledService, ExtraSuffixes};
use jiff::SignedDuration;
use pipeline::ports::{BlobStore, Fault, FaultKind, StorageTime};
use pipeline::testing::sample::address;
use tokio::time::{Duration, Instant};

use super::failure::{Trouble, answer};
use super::{AccessError, Patience, ServiceAnswer, StorageAccess};
use crate::AzureBlobs;

/// A transport that gives the same answer to every try, or never answers.
#[derive(Debug)]
struct Wire {
    answer: Option<(StatusCode, &'static [(&'static str, &'static str)])>,
    tries: AtomicUsize,
}

impl Wire {
    fn answering(status: StatusCode, headers: &'static [(&'static str, &'static str)]) -> Arc<Self> {
        Arc::new(Self { answer: Some((status, headers)), tries: AtomicUsize::new(0) })
    }

    fn silent() -> Arc<Self> {
        Arc::new(Self { answer: None, tries: AtomicUsize::new(0) })
    }

    fn tries(&self) -> usize {
        self.tries.load(Ordering::Relaxed)
    }

    /// Reads a blob over this transport; returns the fault and the elapsed time.
    async fn read(self: &Arc<Self>) -> (Fault, Duration) {
        read(emulator().with_wire(Arc::clone(self) as Arc<dyn Policy>), "http://127.0.0.1:10000/account").await
    }
}

#[async_trait]
impl Policy for Wire {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, _: &Context, _: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
        self.tries.fetch_add(1, Ordering::Relaxed);
        let Some((status, headers)) = self.answer else {
            return std::future::pending().await;
        };
        let mut told = Headers::new();
        headers.iter().for_each(|(name, value)| told.insert(*name, *value));
        Ok(AsyncRawResponse::from_bytes(status, told, ""))
    }
}

/// A credential without tokens.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl TokenCredential for Nobody {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        Err(azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, "no identity here"))
    }
}

fn emulator() -> StorageAccess {
    StorageAccess::emulator("account", "a2V5", Arc::new(SystemClock), Patience::default()).unwrap()
}

async fn read(access: StorageAccess, endpoint: &str) -> (Fault, Duration) {
    let BlobAddress { account, .. } = address("x");
    let blobs = AzureBlobs::new(&access, &Url::parse(endpoint).unwrap(), account).unwrap();
    let start = Instant::now();
    let fault = blobs.properties(&address("x")).await.unwrap_err();
    (fault, start.elapsed())
}

#[test]
fn every_response_has_a_meaning() {
    let passing = ServiceAnswer::Trouble(Trouble::Passing { retry_after: None });
    let [refused, wrong] = [Trouble::Refused, Trouble::Wrong].map(ServiceAnswer::Trouble);
    for (status, code, meaning) in [
        (304, "ConditionNotMet", ServiceAnswer::NotModified),
        (400, "InvalidHeaderValue", wrong),
        (401, "InvalidAuthenticationInfo", refused),
        (403, "AuthorizationPermissionMismatch", refused),
        (403, "AccountIsDisabled", refused),
        (404, "BlobNotFound", ServiceAnswer::NotFound),
        (404, "", ServiceAnswer::NotFound),
        (404, "ContainerNotFound", refused),
        (404, "QueueNotFound", refused),
        (404, "TableNotFound", refused),
        (408, "", passing),
        (409, "BlobAlreadyExists", ServiceAnswer::Exists),
        (409, "ContainerAlreadyExists", ServiceAnswer::Exists),
        (409, "EntityAlreadyExists", ServiceAnswer::Exists),
        (409, "ContainerBeingDeleted", passing),
        (409, "BlobImmutableDueToPolicy", refused),
        (409, "BlobImmutableDueToLegalHold", refused),
        (409, "SnapshotsPresent", refused),
        (409, "SomethingNew", passing),
        (412, "ConditionNotMet", ServiceAnswer::PreconditionFailed),
        (412, "LeaseIdMissing", refused),
        (413, "RequestBodyTooLarge", wrong),
        (416, "InvalidRange", ServiceAnswer::RangeNotSatisfiable),
        (429, "", passing),
        (500, "InternalError", passing),
        (500, "OperationTimedOut", passing),
        (503, "ServerBusy", passing),
    ] {
        let code = Some(code).filter(|code| !code.is_empty());
        assert_eq!(answer(StatusCode::from(status), code, None), meaning, "{status} {code:?}");
    }
}

#[test]
fn an_emulator_key_is_sent_only_to_loopback() {
    for local in ["http://127.0.0.1:10000/account", "http://localhost:10000", "https://[::1]:10000"] {
        assert!(emulator().line(CalledService::Blob, &Url::parse(local).unwrap()).is_ok(), "{local}");
    }
    for elsewhere in [
        "https://account.blob.core.windows.net",
        "http://10.0.0.1:10000",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:10000",
        "data:text/plain,127.0.0.1",
    ] {
        let refused = emulator().line(CalledService::Blob, &Url::parse(elsewhere).unwrap()).err();
        assert!(matches!(refused, Some(AccessError::KeyNotLocal(_))), "{elsewhere}");
    }
}

#[test]
fn a_token_is_sent_only_over_https() {
    let access = StorageAccess::token(Arc::new(Nobody), Patience::default()).unwrap();
    let line = |url: &str| access.line(CalledService::Queue, &Url::parse(url).unwrap());
    assert!(line("https://account.queue.core.windows.net").is_ok_and(|line| line.credential.is_some()));
    for open in ["http://account.queue.core.windows.net", "http://127.0.0.1:10001"] {
        assert!(matches!(line(open).err(), Some(AccessError::TokenInTheOpen(_))), "{open}");
    }
}

#[test]
fn a_token_is_sent_only_to_hosts_of_known_clouds() {
    let access = StorageAccess::token(Arc::new(Nobody), Patience::default()).unwrap();
    let extra = access.clone().with_suffixes(ExtraSuffixes::parse("blob.corp.example").unwrap());
    let line = |access: &StorageAccess, service, url: &str| access.line(service, &Url::parse(url).unwrap()).err();
    for (service, elsewhere) in [
        (CalledService::Blob, "https://account.blob.core.windows.net.evil.example"),
        (CalledService::Blob, "https://account.blob.core.windows.net:8443"),
        (CalledService::Blob, "https://account.queue.core.windows.net"),
        (CalledService::Blob, "https://user@account.blob.core.windows.net"),
        (CalledService::Queue, "https://10.0.0.4/account"),
        (CalledService::Table, "https://evil.example"),
        (CalledService::Management, "https://management.azure.com.evil.example"),
        (CalledService::Blob, "https://account.blob.corp.example"),
    ] {
        assert!(matches!(line(&access, service, elsewhere), Some(AccessError::UnknownHost(_))), "{elsewhere}");
    }
    for (service, known) in [
        (CalledService::Blob, "https://account.blob.core.chinacloudapi.cn"),
        (CalledService::Table, "https://cosmos-1.table.cosmos.azure.us"),
        (CalledService::Queue, "https://account.z07.queue.storage.azure.net"),
        (CalledService::Management, "https://management.usgovcloudapi.net"),
        (CalledService::Blob, "https://account.blob.corp.example"),
    ] {
        assert!(line(&extra, service, known).is_none(), "{known}");
    }
}

#[test]
fn the_debug_output_of_an_access_contains_no_key() {
    assert_eq!(format!("{:?}", emulator()), "Access(emulator account account)");
}

#[tokio::test]
async fn a_token_request_is_retried_after_a_failure() {
    let access = StorageAccess::token(Arc::new(Nobody), Patience::default()).unwrap();
    let (fault, _) = read(access, "https://account.blob.core.windows.net").await;
    assert_eq!(fault.kind, FaultKind::Transient { retry_after: None }, "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_service_without_a_response_is_given_up_at_the_limit() {
    let (fault, took) = Wire::silent().read().await;
    assert_eq!(fault.kind, FaultKind::Transient { retry_after: None }, "{fault}");
    assert_eq!(took.as_secs(), Patience::default().call.as_secs());
    assert!(fault.to_string().contains("no answer within 20 s"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_long_requested_wait_is_left_to_the_caller() {
    for status in [StatusCode::TooManyRequests, StatusCode::ServiceUnavailable] {
        let wire = Wire::answering(status, &[("retry-after", "30")]);
        let (fault, took) = wire.read().await;
        assert_eq!(fault.kind, FaultKind::Transient { retry_after: Some(SignedDuration::from_secs(30)) }, "{fault}");
        assert_eq!((wire.tries(), took), (1, Duration::ZERO));
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_requested_wait_is_spent_within_the_call() {
    let wire = Wire::answering(StatusCode::ServiceUnavailable, &[("retry-after", "2")]);
    let (fault, took) = wire.read().await;
    let retry_after = Some(SignedDuration::from_secs(2));
    assert_eq!(fault.kind, FaultKind::Transient { retry_after }, "{fault}");
    assert_eq!(wire.tries(), 4, "one try and three retries");
    assert!(took >= Duration::from_secs(6) && took <= Patience::default().call, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_failing_service_is_retried_and_then_given_up() {
    let wire = Wire::answering(StatusCode::InternalServerError, &[("x-ms-error-code", "InternalError")]);
    let (fault, took) = wire.read().await;
    assert_eq!(fault.kind, FaultKind::Transient { retry_after: None }, "{fault}");
    assert_eq!(wire.tries(), 4, "one try and three retries");
    assert!(took <= Patience::default().call, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_not_retried() {
    let wire = Wire::answering(StatusCode::Forbidden, &[("x-ms-error-code", "AuthorizationFailure")]);
    let (fault, _) = wire.read().await;
    assert_eq!((fault.kind, wire.tries()), (FaultKind::Refused, 1), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_service_is_given_up_within_the_limit() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (fault, took) = read(emulator(), &format!("http://127.0.0.1:{port}/account")).await;
    assert_eq!(fault.kind, FaultKind::Transient { retry_after: None }, "{fault}");
    assert!(took <= Patience::default().call + Duration::from_millis(1), "{took:?}");
}

#[tokio::test]
async fn any_response_gives_the_storage_time_without_extra_requests() {
    const DATE: &[(&str, &str)] = &[("date", "Mon, 02 Mar 2026 09:00:00 GMT")];
    let wire = Wire::answering(StatusCode::Forbidden, DATE);
    let access = emulator().with_wire(Arc::clone(&wire) as Arc<dyn Policy>);
    let BlobAddress { account, .. } = address("x");
    let endpoint = Url::parse("http://127.0.0.1:10000/account").unwrap();
    let silent = AzureBlobs::new(&access, &endpoint, account.clone()).unwrap();
    assert_eq!(silent.time(), StorageTime::NoClock, "without a listener");
    let access = access.with_server_time();
    let blobs = AzureBlobs::new(&access, &endpoint, account.clone()).unwrap();
    let beside = AzureBlobs::new(&access.clone(), &endpoint, account).unwrap();
    assert_eq!(blobs.time(), StorageTime::NotReceived);
    blobs.properties(&address("x")).await.unwrap_err();
    let tries = wire.tries();
    let told = "2026-03-02T09:00:00Z".parse().unwrap();
    let is_told =
        |time| matches!(time, StorageTime::Known(now) if now >= told && now < told + SignedDuration::from_mins(1));
    assert!(is_told(blobs.time()) && is_told(beside.time()), "clones of an access share it");
    assert_eq!(wire.tries(), tries);
}
