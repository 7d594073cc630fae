//! Published and invented storage events, from the message to the catalogue.

use crate::support::{TestApp, event_fixture};

#[tokio::test]
async fn a_mixed_batch_catalogues_our_recordings_and_counts_the_rest() {
    let app = TestApp::new();
    app.at("2025-11-05T09:12:45Z");
    app.storage.upload("vmwins2022-AzureAdmin", 0);
    app.at("2025-11-05T09:21:09Z");
    app.storage.upload("vmwins2022-AzureAdmin", 7_340_032);
    app.at("2025-11-05T09:22:00Z");

    assert_eq!(app.storage_event(&event_fixture("made-batch-mixed.eventgrid.json")).await, 200);
    insta::assert_debug_snapshot!(app.counted("recording_landed"), @r#"
    [
        "applied: 2",
        "ignored already_known: 1",
        "ignored foreign_container: 1",
        "ignored not_a_block_blob: 1",
        "ignored unhandled_type: 1",
    ]
    "#);
    let recording = app.only_recording().await;
    assert_eq!(recording.address.name.as_str(), "vmwins2022-AzureAdmin");
    assert_eq!(recording.life.size(), Some(7_340_032));
    assert_eq!(recording.life.created_at().unwrap().to_string(), "2025-11-05T09:12:45Z");
    assert_eq!(
        app.tags("vmwins2022-AzureAdmin").await,
        ["bsr-hold=none", "bsr-start=2025-11-05T09:12:45Z", "bsr-state=active"]
    );
}

#[tokio::test]
async fn special_names_come_through_unchanged_in_both_schemas() {
    let names = ["vmlin01-50%off+more", "vmwin02-CONTOSO/jdoe", "vmlin01-user@contoso.com", "vmlin01-jörg müller"];
    for fixture in ["made-recording-special-names.eventgrid.json", "made-recording-special-names.cloudevents.json"] {
        let app = TestApp::new();
        app.at("2025-11-05T11:00:00Z");
        for name in names {
            app.storage.upload(name, 20_480);
        }
        app.at("2025-11-05T11:04:00Z");
        assert_eq!(app.storage_event(&event_fixture(fixture)).await, 200);
        let recordings = app.recordings().await;
        let mut found: Vec<_> = recordings.iter().map(|entry| entry.address.name.as_str()).collect();
        let mut expected = names;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{fixture}");
        for name in names {
            assert!(app.tags(name).await.contains(&"bsr-state=active".to_owned()), "{name}");
        }
    }
}

#[tokio::test]
async fn hostile_names_are_data() {
    let app = TestApp::new();
    let names = [".", "..", "a/../b", "%2e%2e%2f", "a\\b", "\u{202e}gpj.exe", "a\u{1b}[2J", "<script>", "'; --"];
    for name in names {
        let event = app.storage.upload(name, 1);
        assert_eq!(app.storage_event(&event).await, 200, "{name:?}");
        assert!(app.tags(name).await.contains(&"bsr-state=active".to_owned()), "{name:?}");
    }
    let recordings = app.recordings().await;
    assert_eq!(recordings.len(), names.len());
    assert!(names.iter().all(|name| recordings.iter().any(|entry| entry.address.name.as_str() == *name)));
}

#[tokio::test]
async fn an_empty_batch_is_ignored() {
    let app = TestApp::new();
    assert_eq!(app.storage_event("[]").await, 200);
    assert_eq!(app.counted("recording_landed"), ["ignored empty_batch: 1"]);
}

#[tokio::test]
async fn a_foreign_account_is_distinguished_from_a_foreign_container() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    let foreign_account = event.replace("storageAccounts/stbastionrec01", "storageAccounts/stbastionrec02");
    let foreign_container = event.replace("containers/bastion-recordings/", "containers/bastion-recordings2/");
    let both = foreign_account.replace("containers/bastion-recordings/", "containers/bastion-recordings2/");
    for event in [foreign_account, foreign_container, both] {
        assert_eq!(app.storage_event(&event).await, 200);
    }
    assert_eq!(app.counted("recording_landed"), ["ignored foreign_account: 2", "ignored foreign_container: 1"]);
}

#[tokio::test]
async fn an_account_is_ours_however_its_case_is_spelled() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096).replace("stbastionrec01", "StBastionRec01");
    assert_eq!(app.storage_event(&event).await, 200);
    assert_eq!(app.counted("recording_landed"), ["applied: 1"]);
}
