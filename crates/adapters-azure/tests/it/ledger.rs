//! The ledger as append blobs on the emulator.

use std::sync::Arc;
use std::time::Duration;

use adapters_azure::testing::{Mishap, Mishaps};
use adapters_azure::{AzureLedger, Patience, StorageAccess};
use adapters_local::SystemClock;
use azure_core::http::headers::HeaderName;
use azure_core::http::{Method, Request, StatusCode};
use azurite::Account;
use domain::address::ContainerName;
use domain::record::ledger::{LedgerEvent, LedgerFact, SegmentNumber};
use futures_util::future::join_all;
use pipeline::ledger::{VerificationStep, Verify, append};
use pipeline::ports::{Appended, FaultKind, Ledger};
use pipeline::testing::TestClock;
use pipeline::testing::sample::second;

use crate::emulated;
use crate::emulated::answering::Answering;

const FIRST: SegmentNumber = SegmentNumber::FIRST;

async fn make() -> (AzureLedger, ()) {
    let account = emulated::account();
    let ledger = ledger(&account, &emulated::access(&account));
    ledger.create_container().await.unwrap();
    (ledger, ())
}

pipeline::ledger_conformance!(make);

fn ledger(account: &Account, access: &StorageAccess) -> AzureLedger {
    ledger_in("ledger", account, access)
}

fn ledger_in(container: &str, account: &Account, access: &StorageAccess) -> AzureLedger {
    let container = ContainerName::parse(container).unwrap();
    AzureLedger::new(access, &emulated::endpoint(&account.blob_url), &container).unwrap()
}

/// Creates a ledger; also returns it opened through a transport with some canned answers.
async fn through(wire: &Arc<Answering>) -> (AzureLedger, AzureLedger) {
    let account = emulated::account();
    let plain = ledger(&account, &emulated::access(&account));
    plain.create_container().await.unwrap();
    (plain, ledger(&account, &emulated::access(&account).with_policy(wire.clone())))
}

fn told(number: usize) -> LedgerFact {
    let [hold, case, by] = [format!("hold {number}"), "case".to_owned(), "alice".to_owned()];
    LedgerFact::new(second(0), LedgerEvent::HoldPlaced { hold, case, scope: None, by })
}

fn is_append(request: &Request) -> bool {
    request.method() == Method::Put && request.url().query() == Some("comp=appendblock")
}

fn is_create(request: &Request) -> bool {
    request.method() == Method::Put && request.url().query().is_none() && request.url().path().ends_with(".jsonl")
}

async fn facts(ledger: &AzureLedger) -> (u64, u64) {
    let mut findings = 0;
    let verify = Verify { ledger, recordings: None, from_start: false, head: None };
    let verified =
        verify.run(&mut |step| findings += u64::from(matches!(step, VerificationStep::Found(_)))).await.unwrap();
    assert_eq!(findings, 0);
    (verified.facts, verified.repeated)
}

/// Creating the container is idempotent.
#[tokio::test]
async fn an_existing_container_is_left_unchanged() {
    let (ledger, ()) = make().await;
    append(&ledger, &TestClock::default(), &[told(1)]).await.unwrap();
    ledger.create_container().await.unwrap();
    assert_eq!(facts(&ledger).await, (1, 0));
}

#[tokio::test]
async fn a_missing_container_is_a_refusal() {
    let account = emulated::account();
    let ledger = ledger(&account, &emulated::access(&account));
    let fault = append(&ledger, &TestClock::default(), &[told(1)]).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
}

#[tokio::test]
async fn concurrent_appenders_lose_no_facts() {
    let (ledger, ()) = make().await;
    let clock = TestClock::default();
    let batches: Vec<Vec<LedgerFact>> = (0..4).map(|n| (10 * n..10 * n + 10).map(told).collect()).collect();
    let appended = join_all(batches.iter().map(|batch| append(&ledger, &clock, batch))).await;
    assert!(appended.into_iter().all(|appended| appended.is_ok()));
    assert_eq!(facts(&ledger).await, (40, 0));
}

/// Requests that a policy with protected append writes forbids are never sent.
#[tokio::test]
async fn no_request_deletes_seals_or_overwrites_the_ledger() {
    let forbidden = |request: &Request| {
        let header = |name: &'static str| request.headers().get_optional_str(&HeaderName::from_static(name));
        let is_guarded = header("if-none-match") == Some("*") || header("x-ms-blob-condition-appendpos").is_some();
        request.method() == Method::Delete
            || request.url().query().is_some_and(|query| query.contains("seal"))
            || (request.method() == Method::Put && !is_guarded)
    };
    let wire = Answering::to(forbidden, StatusCode::Conflict, "BlobImmutableDueToPolicy");
    let (plain, kept) = through(&wire).await;
    let clock = TestClock::default();
    for (n, at) in ["2026-03-02T12:00:00Z", "2026-04-02T12:00:00Z"].into_iter().enumerate() {
        clock.set(at.parse().unwrap());
        append(&kept, &clock, &[told(n)]).await.unwrap();
    }
    assert_eq!(plain.segments().await.unwrap().len(), 2);
    assert!(wire.seen() > 0, "requests went through it");
    assert_eq!(facts(&kept).await, (2, 0));
}

#[tokio::test]
async fn an_immutability_conflict_counts_as_an_existing_segment() {
    let wire = Answering::to(is_create, StatusCode::Conflict, "BlobImmutableDueToPolicy");
    let (plain, kept) = through(&wire).await;
    assert_eq!(kept.create(FIRST).await.unwrap_err().kind, FaultKind::Refused, "nothing is there");
    plain.create(FIRST).await.unwrap();
    kept.create(FIRST).await.unwrap();
}

#[tokio::test]
async fn a_segment_at_its_limit_is_full() {
    for code in ["BlockCountExceedsLimit", "BlobIsSealed"] {
        let wire = Answering::to(is_append, StatusCode::Conflict, code);
        let (plain, full) = through(&wire).await;
        plain.create(FIRST).await.unwrap();
        assert_eq!(full.append(FIRST, 0, b"x\n").await.unwrap(), Appended::Full, "{code}");
    }
}

/// Short waits, so the SDK retries soon.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    call: Duration::from_secs(20),
    retries: 2,
    first_wait: Duration::from_millis(1),
    longest_wait: Duration::from_secs(3),
};

/// Appends twice, in two months; injects a failure into one request of the second append.
async fn appended(account: &Account, number: usize, mishap: Mishap) -> Option<((u64, u64), Vec<String>)> {
    let container = format!("ledger-{number}-{mishap:?}").to_lowercase();
    let plain = ledger_in(&container, account, &emulated::access(account));
    plain.create_container().await.unwrap();
    let clock = TestClock::default();
    append(&plain, &clock, &[told(1)]).await.unwrap();
    clock.set("2026-04-02T12:00:00Z".parse().unwrap());
    let mishaps = Arc::new(Mishaps::one(number, mishap));
    let access = StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), PATIENCE)
        .unwrap()
        .with_policy(mishaps.clone());
    let met = append(&ledger_in(&container, account, &access), &clock, &[told(2), told(3)]).await;
    assert_eq!(met.is_err(), mishaps.is_dead(), "{mishap:?} at {number}");
    append(&plain, &clock, &[told(2), told(3)]).await.unwrap();
    (mishaps.tries() >= number).then_some((facts(&plain).await, mishaps.labels()))
}

#[tokio::test]
async fn appending_survives_a_failure_of_any_request() {
    let account = emulated::account();
    for mishap in [Mishap::AnswerLost, Mishap::NoAnswer, Mishap::Death, Mishap::DeathAfter] {
        for number in 1.. {
            let Some((facts, labels)) = appended(&account, number, mishap).await else {
                assert!(number > 8, "an append makes some requests");
                break;
            };
            assert_eq!(facts, (3, 0), "{mishap:?} at {number} of {labels:?}");
        }
    }
}
