//! Stored forms round-trip, stay readable for ever, and reject unknown versions.

use domain::record::blob::ETag;
use domain::record::hold::Actor;
use domain::record::ledger::Sha256;
use domain::record::review::ReviewOutcome;
use domain::record::review_mark::{ReviewMark, ReviewValidity, ReviewedContent};
use insta::assert_debug_snapshot;
use pipeline::stored::{StoredError, entry, notification, session};
use pipeline::testing::arbitrary;
use pipeline::testing::sample;
use proptest::prelude::{prop_assert_eq, proptest};

const MINIMAL: &str = include_str!("../golden/stored-v1/entry-minimal.json");
const NOTIFICATION: &str = include_str!("../golden/stored-v1/notification.json");

fn reads_and_writes_entry(golden: &str) -> domain::record::catalogue::Entry {
    let entry = entry::decode(golden).unwrap();
    assert_eq!(entry::encode(&entry).unwrap(), golden.trim_end());
    entry
}

fn reads_and_writes_session(golden: &str) -> domain::record::session::SessionEntry {
    let entry = session::decode(golden).unwrap();
    assert_eq!(session::encode(&entry).unwrap(), golden.trim_end());
    entry
}

fn reads_and_writes_notification(golden: &str) -> pipeline::ports::NotificationRecord {
    let record = notification::decode(golden).unwrap();
    assert_eq!(notification::encode(&record).unwrap(), golden.trim_end());
    record
}

#[test]
fn a_minimal_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(MINIMAL));
}

#[test]
fn a_settled_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-settled.json")));
}

#[test]
fn a_deleted_entry_with_a_hostile_name_is_read() {
    let golden = include_str!("../golden/stored-v1/entry-deleted-hostile-name.json");
    assert_debug_snapshot!(reads_and_writes_entry(golden));
}

#[test]
fn a_pending_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-pending.json")));
}

#[test]
fn a_matched_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-matched.json")));
}

#[test]
fn an_ambiguous_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-ambiguous.json")));
}

#[test]
fn an_unmatched_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-unmatched.json")));
}

#[test]
fn a_held_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-kept.json")));
}

#[test]
fn a_reviewed_entry_is_read() {
    let entry = reads_and_writes_entry(include_str!("../golden/stored-v1/entry-reviewed.json"));
    let [first, last] = entry.reviews.as_slice() else { panic!("{entry:?}") };
    assert_eq!((first.outcome.name(), first.by.is_verified, &first.ticket), ("ok", false, &None));
    assert_eq!((&first.content, entry.validity_of(first)), (&None, ReviewValidity::EarlierContent));
    assert_eq!((last.by.is_verified, last.ticket.as_deref()), (true, Some("INC-4711")));
    assert_eq!((entry.review_outcome(), last.note.as_deref()), ("finding", Some("copied a table")));
}

#[test]
fn an_entry_hashed_before_changes_were_counted_is_read_and_one_with_a_change_too() {
    let altered = |golden: &str| reads_and_writes_entry(golden).custody.fingerprint.unwrap().altered;
    assert_eq!(altered(include_str!("../golden/stored-v1/entry-hashed.json")), None);
    assert_eq!(altered(include_str!("../golden/stored-v1/entry-altered.json")), Some(1));
}

#[test]
fn an_expiring_entry_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-expiring.json")));
}

#[test]
fn an_entry_whose_recording_was_deleted_is_read() {
    assert_debug_snapshot!(reads_and_writes_entry(include_str!("../golden/stored-v1/entry-buried.json")));
}

#[test]
fn an_entry_whose_recording_came_back_is_read() {
    let entry = reads_and_writes_entry(include_str!("../golden/stored-v1/entry-returned.json"));
    let ids: Vec<String> = entry.custody.returned_from.iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["rec_0sjsbfgbk4dn68yjsz5jgpqz3b", "rec_0sjsbfgbk4dn68yjsz5jgpqz3c"]);
}

#[test]
fn an_entry_whose_recording_may_have_come_back_is_read() {
    let entry = reads_and_writes_entry(include_str!("../golden/stored-v1/entry-perhaps-returned.json"));
    let ids: Vec<String> = entry.custody.perhaps_returned_from.iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["rec_0sjsbfgbk4dn68yjsz5jgpqz3c"]);
}

#[test]
fn an_open_session_is_read() {
    assert_debug_snapshot!(reads_and_writes_session(include_str!("../golden/stored-v1/session-open.json")));
}

#[test]
fn an_ended_session_with_a_gap_is_read() {
    assert_debug_snapshot!(reads_and_writes_session(include_str!("../golden/stored-v1/session-ended-gap.json")));
}

#[test]
fn a_session_with_an_uncertain_recording_is_read() {
    let session = reads_and_writes_session(include_str!("../golden/stored-v1/session-unclear.json"));
    assert!(session.is_unclear && !session.has_gap());
}

#[test]
fn a_failed_login_is_read() {
    assert_debug_snapshot!(reads_and_writes_session(include_str!("../golden/stored-v1/session-failed.json")));
}

#[test]
fn a_notification_is_read() {
    assert_debug_snapshot!(reads_and_writes_notification(NOTIFICATION));
}

#[test]
fn a_gathered_notification_is_read() {
    let golden = include_str!("../golden/stored-v1/notification-gathered.json");
    assert_debug_snapshot!(reads_and_writes_notification(golden));
}

#[test]
fn a_notification_without_channels_is_read() {
    let golden = include_str!("../golden/stored-v1/notification-without-channels.json");
    assert_debug_snapshot!(reads_and_writes_notification(golden));
}

proptest! {
    #[test]
    fn an_entry_round_trips(written in arbitrary::entries()) {
        let read = entry::decode(&entry::encode(&written).unwrap()).unwrap();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn a_session_round_trips(written in arbitrary::session_entries()) {
        let read = session::decode(&session::encode(&written).unwrap()).unwrap();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn a_notification_round_trips(written in arbitrary::notification_records()) {
        let read = notification::decode(&notification::encode(&written).unwrap()).unwrap();
        prop_assert_eq!(read, written);
    }
}

#[test]
fn a_newer_version_is_rejected_despite_unknown_fields() {
    for text in [
        MINIMAL.replace(r#""schema":1"#, r#""schema":2"#),
        r#"{"schema":2,"everything":"new"}"#.to_owned(),
        r#"{"name":["also new"],"schema":2}"#.to_owned(),
    ] {
        let error = entry::decode(&text).unwrap_err();
        assert!(matches!(error, StoredError::Newer { what: "entry", schema: 2 }), "{error:?}");
        assert!(error.to_string().contains("upgrade"), "{error}");
    }
    let newer = include_str!("../golden/stored-v1/session-open.json").replace(r#""schema":1"#, r#""schema":2"#);
    let error = session::decode(&newer).unwrap_err();
    assert!(matches!(error, StoredError::Newer { what: "session", schema: 2 }), "{error:?}");
    let newer = NOTIFICATION.replace(r#""schema":1"#, r#""schema":7"#);
    let error = notification::decode(&newer).unwrap_err();
    assert!(matches!(error, StoredError::Newer { what: "notification", schema: 7 }), "{error:?}");
}

#[test]
fn an_entry_with_an_invalid_tombstone_is_damaged() {
    let golden = include_str!("../golden/stored-v1/entry-buried.json");
    for (part, by) in [
        (r#""then":"review""#, r#""then":"burn""#),
        (r#""by":"archivist""#, r#""by":"somebody""#),
        (r#""retain_until":"2026-04-02""#, r#""retain_until":"2026-02-30""#),
        (r#""tombstone":{"#, r#""tombstone":{"surprise":1,"#),
        (r#""approval":{"#, r#""approval":{"surprise":1,"#),
        (r#""by":{"#, r#""by":{"surprise":1,"#),
    ] {
        let text = golden.replace(part, by);
        assert_ne!(text, golden, "{part}");
        let error = entry::decode(&text).unwrap_err();
        assert!(matches!(error, StoredError::Damaged { what: "entry", .. }), "{text}: {error:?}");
    }
    let reviewed =
        include_str!("../golden/stored-v1/entry-reviewed.json").replace(r#""outcome":"ok""#, r#""outcome":"fine""#);
    assert!(matches!(entry::decode(&reviewed), Err(StoredError::Damaged { what: "entry", .. })));
    let held = include_str!("../golden/stored-v1/entry-kept.json").replace("hold_0", "held_0");
    assert!(matches!(entry::decode(&held), Err(StoredError::Damaged { what: "entry", .. })));
}

#[test]
fn a_session_that_no_version_wrote_is_damaged() {
    let golden = include_str!("../golden/stored-v1/session-ended-gap.json");
    for (part, by) in [
        (r#""schema":1"#, r#""schema":0"#),
        (r#""revision":5"#, r#""revision":5,"surprise":1"#),
        (r#""records":{"#, r#""records":{"surprise":1,"#),
        (r#""tunnel":"5e55100a-0000-4000-8000-000000000001""#, r#""tunnel":" ""#),
        ("PT27M18.000000001S", "a while"),
        ("one_of", "bad_luck"),
        ("session.unrecorded", "session.unknown"),
    ] {
        let text = golden.replace(part, by);
        assert_ne!(text, golden, "{part}");
        let error = session::decode(&text).unwrap_err();
        assert!(matches!(error, StoredError::Damaged { what: "session", .. }), "{text}: {error:?}");
    }
}

#[test]
fn a_document_that_no_version_wrote_is_damaged() {
    let replaced = |part: &str, by: &str| {
        let text = MINIMAL.replace(part, by);
        assert_ne!(text, MINIMAL, "{part}");
        text
    };
    for text in [
        String::new(),
        "{}".to_owned(),
        MINIMAL[..MINIMAL.len() / 2].to_owned(),
        replaced(r#""schema":1"#, r#""schema":0"#),
        replaced(r#""revision":0"#, r#""revision":0,"surprise":1"#),
        replaced("rec_", "ntf_"),
        replaced("active", "unknown"),
        replaced(r#""account":"local""#, r#""account":"..""#),
        replaced(r#"{}"#, r#"{"heard":[{"sequencer":"","at":"2026-03-02T09:12:44Z","what":"deleted"}]}"#),
        replaced(r#"{}"#, r#"{"heard":[{"sequencer":"1","at":"yesterday","what":"deleted"}]}"#),
        replaced(r#""revision":0"#, r#""revision":0,"announced":["recording.unknown"]"#),
    ] {
        let error = entry::decode(&text).unwrap_err();
        assert!(matches!(error, StoredError::Damaged { what: "entry", .. }), "{text}: {error:?}");
    }
    let fact = r#""facts":[{"name":"bastion"}]"#;
    let settled = include_str!("../golden/stored-v1/entry-settled.json");
    let damaged = settled.replace(r#""facts":[{"name":"bastion","text":"bas-hub-01"}"#, &fact[..fact.len() - 1]);
    assert_ne!(damaged, settled);
    assert!(matches!(entry::decode(&damaged), Err(StoredError::Damaged { .. })));
}

/// Capacity of a property of Azure Tables in UTF-16 units.
const PROPERTY: usize = 32 * 1024;

#[test]
fn the_largest_entry_fits_into_one_property_of_a_table_row() {
    let address = sample::address(&"\u{1f511}".repeat(1024));
    let mut entry = sample::large_entry(&address, sample::second(0));
    let units = |entry: &domain::record::catalogue::Entry| entry::encode(entry).unwrap().encode_utf16().count();
    // Azure Tables holds 32 Ki characters of UTF-16 in one property, and 1 MiB in one row.
    assert!(units(&entry) < PROPERTY, "{} UTF-16 units", units(&entry));
    let mark = ReviewMark {
        outcome: ReviewOutcome::Finding,
        by: Actor { name: "x".repeat(100), is_verified: true },
        at: sample::second(0),
        ticket: Some("x".repeat(100)),
        note: Some("\u{1f511}".repeat(500)),
        content: Some(ReviewedContent { etag: ETag::new("0x8DC0FFEE12345678"), sha256: Some(Sha256::hash(b"")) }),
    };
    entry.reviews = vec![mark; 4];
    assert!(units(&entry) < 2 * PROPERTY, "a reviewed entry may continue in a second one: {}", units(&entry));
}
