//! From the text of an audit log to sessions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use audit_log::{LogItem, Reader};
use domain::policy::join::Naming;
use domain::record::session::{Records, Session, SessionState, TunnelId, Warning};
use pipeline::audit_log::{RecordFacts, record_facts};
use proptest::prelude::*;
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/audit-logs")
}

/// Parses the records of a file, or of all files below a folder.
fn records(path: &Path) -> Vec<RecordFacts> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        return inside.iter().flat_map(|path| records(path)).collect();
    }
    let mut reader = Reader::at(0);
    let bytes = fs::read(path).unwrap();
    let mut feed = reader.feed(&bytes);
    let mut found = Vec::new();
    while let Some(item) = feed.next_item() {
        if let LogItem::Record(record) = item {
            found.push(record_facts(&record));
        }
    }
    found
}

fn merged(heard: &[RecordFacts]) -> BTreeMap<TunnelId, Records> {
    let mut merged: BTreeMap<TunnelId, Records> = BTreeMap::new();
    for heard in heard {
        merged.entry(heard.tunnel.clone()).or_default().merge(&heard.records);
    }
    merged
}

fn sessions(heard: &[RecordFacts]) -> Vec<Session> {
    merged(heard).iter().map(|(tunnel, records)| Session::assemble(tunnel, records)).collect()
}

#[test]
fn every_fixture_gives_the_sessions_that_are_expected() {
    let expected: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(fixtures().join("expected.json")).unwrap()).unwrap();
    for (file, expected) in expected.iter().filter(|(file, _)| !file.starts_with('_')) {
        let heard = records(&fixtures().join(file));
        assert_eq!(expected["records"], heard.len(), "{file}");
        let (failed, sessions): (Vec<Session>, Vec<Session>) =
            sessions(&heard).into_iter().partition(|session| session.state == SessionState::Failed);
        if let Some(count) = expected.get("failed_logins") {
            assert_eq!(*count, failed.len(), "{file}");
        }
        let Some(expected) = expected["sessions"].as_array() else { continue };
        assert_eq!(expected.len(), sessions.len(), "{file}");
        for (expected, session) in expected.iter().zip(&sessions) {
            for (field, value) in expected.as_object().unwrap() {
                assert_eq!(shown(session, &heard, field), *value, "{file}: {field}");
            }
        }
    }
}

/// Field of the expected results.
fn shown(session: &Session, heard: &[RecordFacts], field: &str) -> Value {
    let facts = &session.facts;
    let machine = || facts.machine().unwrap();
    match field {
        "tunnel" => facts.tunnel_id.as_str().into(),
        "state" => session.state.name().into(),
        "duration_ms" => i64::try_from(facts.duration.unwrap().as_millis()).unwrap().into(),
        "start" => format!("{:.3}", facts.started_at.unwrap()).into(),
        "user_name" => facts.user_name.as_deref().into(),
        "user_email" => facts.user_email.as_deref().into(),
        "target_ip" => facts.target_ip.as_deref().into(),
        "vm_name" => facts.target_resource_id.as_deref().into(),
        "scale_set" => machine().split_once('_').unwrap().0.into(),
        "instance" => machine().split_once('_').unwrap().1.into(),
        "resource_type" => heard[0].records.resource_type.agreed().map(|text| &**text).into(),
        "note" => "start and end in different hour blobs".into(),
        _ => panic!("the expected results have a new field {field}"),
    }
}

#[test]
fn a_native_client_is_recognised_by_name_and_browser_engine() {
    let native = |file: &str| sessions(&records(&fixtures().join(file)))[0].is_native;
    assert!(native("made-native-client-empty-username.json"));
    assert!(!native("made-vmss.json"));
}

#[test]
fn sessions_of_scale_sets_addresses_and_links_may_have_recordings() {
    let keys = |file: &str| {
        let session = &sessions(&records(&fixtures().join(file)))[0];
        let keys = Naming::default().keys_of_session(&session.facts);
        keys.iter().map(|key| key.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(keys("made-vmss.json"), ["7-azureuser", "vmss-api-azureuser", "vmss-api_7-azureuser"]);
    assert_eq!(keys("made-ip-based-target.json"), ["10.50.7.21-localadmin"]);
    assert_eq!(keys("made-shareable-link.json"), ["vmwins2022-vendor"]);
    assert!(keys("made-native-client-empty-username.json").is_empty(), "without an account there is no name");
}

#[test]
fn an_end_before_the_start_is_flagged_and_gives_no_length() {
    let log = br#"{"category":"BastionAuditLogs","properties":{"tunnelId":"t","sessionStartTime":"2026-03-02T09:00:00Z","sessionEndTime":"2026-03-02T08:00:00Z"}}"#;
    let mut reader = Reader::at(0);
    let mut feed = reader.feed(log);
    let Some(LogItem::Record(record)) = feed.next_item() else {
        panic!("one record")
    };
    let session = &sessions(&[record_facts(&record)])[0];
    assert_eq!(session.warnings, [Warning::EndBeforeStart]);
    assert_eq!((session.facts.duration, session.usable_end()), (None, None));
}

#[test]
fn a_record_without_tunnel_id_is_a_stable_session() {
    let log = br#"{"category":"BastionAuditLogs","time":"2026-03-02T09:00:00Z","properties":{"userName":"u"}}"#;
    let read = || {
        let mut reader = Reader::at(0);
        let mut feed = reader.feed(log);
        let Some(LogItem::Record(record)) = feed.next_item() else {
            panic!("one record")
        };
        record_facts(&record).tunnel
    };
    assert_eq!(read(), read());
}

proptest! {
    #[test]
    fn any_order_and_repetition_of_records_gives_the_same_sessions(
        order in Just(records(&fixtures())).prop_shuffle(), again in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40),
    ) {
        let all = records(&fixtures());
        let repeated: Vec<RecordFacts> = again.iter().map(|index| index.get(&all).clone()).chain(order).collect();
        prop_assert_eq!(merged(&repeated), merged(&all));
    }
}
