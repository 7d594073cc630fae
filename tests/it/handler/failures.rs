//! The failure table of `docs/failures.md`: each failure, the platform's behaviour, and the counted reason.

use std::sync::Arc;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, FaultKind, Heading, ListRequest, Loaded, NameRange, Version};

use crate::support::{TestApp, event_fixture};

const UNREACHABLE: FaultKind = FaultKind::Transient { retry_after: None };

#[tokio::test]
async fn a_foreign_event_is_ignored_with_a_counted_reason() {
    let app = TestApp::new();
    let recording = event_fixture("made-recording-end.eventgrid.json");
    for not_ours in [
        recording.replace("storageAccounts/stbastionrec01", "storageAccounts/stsomebodyelse"),
        recording.replace("containers/bastion-recordings/", "containers/holiday-photos/"),
        event_fixture("doc-lifecycle-policy-completed.eventgrid.json"),
        event_fixture("doc-subscription-validation.eventgrid.json"),
        event_fixture("made-audit-blob-created.cloudevents.json"),
    ] {
        assert_eq!(app.storage_event(&not_ours).await, 200, "{not_ours}");
    }
    insta::assert_debug_snapshot!(app.counted("recording_landed"), @r#"
    [
        "ignored foreign_account: 1",
        "ignored foreign_container: 1",
        "ignored not_a_block_blob: 1",
        "ignored subscription_validation: 1",
        "ignored unhandled_type: 1",
    ]
    "#);
    assert!(app.recordings().await.is_empty());
    assert!(app.gate.calls().is_empty(), "foreign input needs no port call");
}

#[tokio::test]
async fn the_same_event_again_is_ignored() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    assert_eq!(app.storage_event(&event).await, 200);
    let before = app.only_recording().await;

    assert_eq!(app.storage_event(&event).await, 200);
    assert_eq!(app.only_recording().await, before);
    assert_eq!(app.counted("recording_landed"), ["applied: 1", "ignored already_known: 1"]);
}

#[tokio::test]
async fn an_unreachable_catalogue_leaves_the_event_to_the_platform() {
    for call in ["catalogue.lives", "catalogue.save"] {
        let app = TestApp::new();
        let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
        app.gate.fail(call, UNREACHABLE);
        assert_eq!(app.storage_event(&event).await, 503, "{call}");
        assert_eq!(app.counted("recording_landed"), ["transient not_saved: 1"]);
        assert!(app.recordings().await.is_empty());

        app.gate.mend();
        assert_eq!(app.storage_event(&event).await, 200, "{call}");
        assert_eq!(app.only_recording().await.life.size(), Some(4_096));
    }
}

#[tokio::test]
async fn an_event_with_a_contended_entry_stays_with_the_platform() {
    let app = TestApp::with_catalogue(|catalogue| Arc::new(Contested(catalogue)));
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    assert_eq!(app.storage_event(&event).await, 503);
    assert_eq!(app.counted("recording_landed"), ["transient not_saved: 1"]);
}

#[tokio::test]
async fn an_unreadable_message_is_quarantined_and_reported() {
    let app = TestApp::new();
    let message = "<?xml version=\"1.0\"?>";
    assert_eq!(app.storage_event(message).await, 200);
    assert_eq!(app.counted("recording_landed"), ["quarantined malformed: 1"]);

    let quarantined = app.quarantined().await;
    let [input] = quarantined.as_slice() else { panic!("{quarantined:?}") };
    assert_eq!((input.raw.as_slice(), input.origin.as_str()), (message.as_bytes(), "recording_landed"));

    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["input.quarantined"]);
    let body = app.audience.only_body();
    assert_eq!(body["data"]["severity"], "warning");
    assert_eq!(body["data"]["facts"]["quarantine"], input.id.as_str());
}

#[tokio::test]
async fn a_body_without_an_invocation_is_quarantined_whole() {
    for function in ["recording_landed", "notification_delivery"] {
        let app = TestApp::new();
        assert_eq!(app.call(function, r#"{"Data":{}}"#).await, 200, "{function}");
        assert_eq!(app.counted(function), ["quarantined not_an_invocation: 1"]);
        assert_eq!(app.quarantined().await[0].raw, br#"{"Data":{}}"#);
        assert_eq!(app.deliver_all().await, [200]);
    }
}

#[tokio::test]
async fn one_unreadable_event_does_not_affect_its_batch() {
    let app = TestApp::new();
    let (first, second) =
        (app.storage.upload("vm-web-01-azureadmin", 4_096), app.storage.upload("vm-web-02-azureadmin", 8_192));
    let unreadable = r#"{"eventType":"Microsoft.Storage.BlobCreated","id":"x"}"#;
    assert_eq!(app.storage_event(&format!("[{first},{unreadable},{second}]")).await, 200);

    assert_eq!(app.recordings().await.len(), 2);
    assert_eq!(app.counted("recording_landed"), ["applied: 2", "quarantined malformed: 1"]);
    let quarantined = app.quarantined().await;
    assert_eq!(quarantined.len(), 1);
    assert_eq!(quarantined[0].raw, unreadable.as_bytes(), "only unreadable input, byte for byte");
    assert_eq!(app.deliver_all().await, [200]);
}

#[tokio::test]
async fn thousands_of_malformed_events_become_few_inputs() {
    let app = TestApp::new();
    let good = app.storage.upload("vm-web-01-azureadmin", 4_096);
    let broken = (0..3_000).map(|n| format!(r#"{{"eventType":"Microsoft.Storage.BlobCreated","id":"{n}"}}"#));
    let payload = format!("[{},{good}]", broken.collect::<Vec<_>>().join(","));
    assert_eq!(app.storage_event(&payload).await, 200);

    assert_eq!(app.recordings().await.len(), 1);
    assert_eq!(app.counted("recording_landed"), ["applied: 1", "quarantined malformed: 3000"]);
    let quarantined = app.quarantined().await;
    assert_eq!(quarantined.len(), 9);
    assert!(quarantined.iter().any(|input| input.raw == payload.as_bytes()), "all of them, byte for byte");
    assert_eq!(app.deliver_all().await, vec![200; 9], "as many notifications");
}

#[tokio::test]
async fn a_failing_quarantine_leaves_the_input_to_the_platform() {
    let app = TestApp::new();
    app.gate.fail("quarantine.put", UNREACHABLE);
    assert_eq!(app.storage_event("not an event").await, 503);
    assert_eq!(app.counted("recording_landed"), ["transient quarantine_failed: 1"]);

    app.gate.mend();
    assert_eq!(app.storage_event("not an event").await, 200);
    assert_eq!(app.quarantined().await.len(), 1);
    assert_eq!(app.deliver_all().await, [200]);
}

#[tokio::test]
async fn a_batch_with_one_transient_failure_is_retried_without_repetition() {
    let app = TestApp::new();
    let (first, second) =
        (app.storage.upload("vm-web-01-azureadmin", 4_096), app.storage.upload("vm-web-02-azureadmin", 8_192));
    assert_eq!(app.storage_event(&first).await, 200);
    app.gate.fail("catalogue.save", UNREACHABLE);
    let batch = format!("[{first},{second}]");
    assert_eq!(app.storage_event(&batch).await, 503);

    app.gate.mend();
    assert_eq!(app.storage_event(&batch).await, 200);
    assert_eq!(app.recordings().await.len(), 2);
}

#[tokio::test]
async fn a_sweep_without_a_catalogue_fails_and_the_next_succeeds() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    assert_eq!(app.storage_event(&event).await, 200);
    app.at("2025-11-05T09:05:00Z");
    app.gate.fail("catalogue.due", UNREACHABLE);
    assert_eq!(app.host_fires("join_sweep").await, 503);
    assert_eq!(app.only_recording().await.state.name(), "active");

    app.gate.mend();
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.only_recording().await.state.name(), "settled");
}

/// A catalogue in which every save loses a race.
struct Contested(Arc<dyn Catalogue>);

#[async_trait]
impl Catalogue for Contested {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        self.0.lives(address).await
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        self.0.lives_of(id).await
    }

    async fn save(&self, _: &Loaded, _: &[Entry]) -> Result<Option<Version>, Fault> {
        Ok(None)
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        self.0.near(bastion, keys, created, limit).await
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        self.0.list(request).await
    }

    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        self.0.by_name(range).await
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        self.0.words(prefix, limit).await
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.0.due(until, after, limit).await
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.0.disposals(until, after, limit).await
    }
}
