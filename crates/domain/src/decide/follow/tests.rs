use super::*;
use crate::address::BlobAddress;
use crate::record::blob::ETag;
use crate::record::estate::BastionName;
use crate::record::recording_id::RecordingId;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_772_442_000 + minute * 60).unwrap()
}

fn blob() -> BlobProperties {
    BlobProperties {
        created_at: at(0),
        last_modified: at(0),
        etag: ETag::new("0x1"),
        size: 9,
        tier: None,
        content_type: None,
    }
}

fn path() -> EventPath {
    EventPath {
        queue: MaybeKnown::Read((0, None)),
        poison: MaybeKnown::Read(0),
        dead_letters: MaybeKnown::Read(0),
        quarantine: MaybeKnown::Read(0),
        last_pass: MaybeKnown::Read(None),
        strange: MaybeKnown::Read(None),
    }
}

/// A blob without an entry.
fn alone(path: EventPath) -> FollowFacts {
    FollowFacts { blob: MaybeKnown::Read(Some(blob())), path: Some(path), ..FollowFacts::before(MaybeKnown::Read(())) }
}

fn event(facts: &FollowFacts, minute: i64) -> LinkState {
    chain(facts, at(minute)).into_iter().find(|link| link.name == LinkName::Event).unwrap().state
}

#[test]
fn nothing_is_late_before_a_recording_exists() {
    let links = chain(&FollowFacts::before(MaybeKnown::Read(())), Timestamp::MAX);
    assert!(links.iter().all(|link| matches!(link.state, LinkState::Waiting(_))), "{links:?}");
}

#[test]
fn a_fact_that_cannot_be_read_breaks_no_link() {
    let facts = FollowFacts {
        blob: MaybeKnown::unread("403"),
        entry: MaybeKnown::unread("403"),
        path: Some(path()),
        tags: MaybeKnown::unread("403"),
        log: MaybeKnown::unread("403"),
        has_log: true,
        has_channels: true,
        deliveries: MaybeKnown::unread("403"),
    };
    for link in chain(&facts, Timestamp::MAX) {
        assert_eq!(link.state, LinkState::Unknown("403".to_owned()), "{:?}", link.name);
    }
}

fn state(facts: &FollowFacts, name: LinkName, minute: i64) -> LinkState {
    chain(facts, at(minute)).into_iter().find(|link| link.name == name).unwrap().state
}

#[test]
fn a_chain_with_an_unknown_link_is_not_complete() {
    let link = |state| [Link { name: LinkName::Blob, state }];
    assert!(is_complete(&link(LinkState::done(at(0), "seen"))));
    assert!(is_complete(&link(LinkState::NotUsed("no log".to_owned()))));
    for state in [LinkState::Unknown("403".to_owned()), LinkState::waiting("soon"), LinkState::broken("late", "fix")] {
        assert!(!is_complete(&link(state.clone())), "{state:?}");
    }
}

#[test]
fn a_catalogued_recording_without_its_blob_breaks_the_first_link() {
    let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
    let entry = Entry::new(RecordingId::first_at(at(0)), address, BastionName::new("bas"));
    let facts =
        FollowFacts { entry: MaybeKnown::Read(Some(Box::new(entry))), ..FollowFacts::before(MaybeKnown::Read(())) };
    assert!(matches!(state(&facts, LinkName::Blob, 0), LinkState::Broken { .. }));
}

#[test]
fn the_log_is_read_once_it_has_a_record_of_the_time_of_the_recording() {
    let log = |newest| {
        let position = LogPosition { read_to: Some(at(1)), newest_record: Some(at(newest)) };
        FollowFacts { log: MaybeKnown::Read(Some(position)), ..alone(path()) }
    };
    assert!(matches!(state(&log(2), LinkName::AuditLog, 3), LinkState::Done { .. }));
    assert!(matches!(state(&log(-60), LinkName::AuditLog, 3), LinkState::Waiting(_)));
    assert!(matches!(state(&log(-60), LinkName::AuditLog, 91), LinkState::Broken { .. }));
}

#[test]
fn an_event_is_late_after_ten_minutes() {
    assert!(matches!(event(&alone(path()), 9), LinkState::Waiting(_)));
    assert!(matches!(event(&alone(path()), 10), LinkState::Broken { .. }));
}

#[test]
fn the_fix_of_a_lost_event_is_that_of_the_first_place_where_it_may_be() {
    let unread = || MaybeKnown::unread("403");
    let places = [
        (path(), "azd provision --no-state"),
        (EventPath { dead_letters: unread(), ..path() }, "signed in"),
        (EventPath { dead_letters: MaybeKnown::Read(1), ..path() }, "replay dead-letters"),
        (
            EventPath { quarantine: MaybeKnown::Read(1), dead_letters: MaybeKnown::Read(1), ..path() },
            "replay quarantine",
        ),
        (EventPath { poison: MaybeKnown::Read(1), queue: MaybeKnown::unread("403"), ..path() }, "replay poison"),
        (EventPath { queue: MaybeKnown::Read((3, None)), poison: MaybeKnown::Read(1), ..path() }, "start the app"),
        (EventPath { strange: MaybeKnown::Read(Some("is in another store".to_owned())), ..path() }, "--adopt"),
    ];
    for (path, expected) in places {
        match event(&alone(path), 11) {
            LinkState::Broken { fix, .. } => assert!(fix.contains(expected), "{fix}"),
            other => panic!("{other:?}"),
        }
    }
}
