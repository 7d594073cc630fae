//! The reported coverage of a hold equals the recordings that it holds.

use std::sync::Arc;

use adapters_local::memory;
use domain::decide::context::Rules;
use domain::record::catalogue::{Entry, JudgedTimes, RecordingState};
use domain::record::hold::HoldScope;
use domain::record::session::SessionEntry;
use jiff::SignedDuration;
use pipeline::hold::Coverage;
use pipeline::ports::SessionChange;
use pipeline::testing::schedule::now;
use pipeline::testing::{TestClock, sample};
use pipeline::{Archivist, ArchivistSettings};

const TUNNEL: &str = "t-1";

/// Coverage of `scope` in an archive with a ten-minute session and its recording, which storage has from the first
/// second on; `change` modifies the recording.
fn covered(scope: &HoldScope, change: impl FnOnce(&mut Entry)) -> Coverage {
    let ports = memory::ports(Arc::new(TestClock::at(sample::second(0))));
    let id = sample::session_id("bas-hub-01", TUNNEL);
    let after = sample::ended(id.clone(), "vm", "user", sample::second(0));
    let before = SessionEntry { revision: 0, ..SessionEntry::new(id) };
    let mut entry = sample::large_entry(&sample::address("vm-user.1"), sample::second(0));
    entry.match_state.verdict = sample::matched(after.session().facts);
    entry.match_state.judged = Some(JudgedTimes { created_at: sample::second(0), last_modified: sample::second(31) });
    (entry.match_state.ask_at, entry.final_at, entry.pending) = (None, Some(sample::second(86_400)), Vec::new());
    assert!(entry.has_settled_match());
    change(&mut entry);
    assert_eq!(now(ports.sessions.save(&[SessionChange { before, after }])).unwrap(), [true]);
    let loaded = now(ports.catalogue.lives(&entry.address)).unwrap();
    now(ports.catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    let settings =
        ArchivistSettings { rules: Rules::default(), estate: Default::default(), channels: Default::default() };
    now(Archivist::new(ports, settings).hold_coverage.coverage(scope)).unwrap()
}

/// The session in the log lasted until then; its recording in storage ended before.
fn after_the_recording() -> HoldScope {
    HoldScope { from: Some(sample::second(300)), ..HoldScope::default() }
}

#[test]
fn a_session_with_its_recording_outside_is_not_covered() {
    let coverage = covered(&after_the_recording(), |_| {});
    assert_eq!((coverage.recordings.certain, coverage.recordings.possible), (0, 0));
    assert_eq!((coverage.sessions.certain, coverage.sessions.possible), (0, 0));
    assert!(coverage.is_nothing_known());
}

#[test]
fn a_session_with_a_deleted_recording_is_not_covered() {
    let person = HoldScope { person: Some("person@contoso.example".to_owned()), ..HoldScope::default() };
    assert!(!covered(&person, |_| {}).is_nothing_known());
    assert!(covered(&person, |entry| entry.state = RecordingState::Deleted).is_nothing_known());
}

#[test]
fn a_session_with_a_revocable_match_is_possibly_covered() {
    let coverage = covered(&after_the_recording(), |entry| entry.final_at = None);
    assert_eq!((coverage.sessions.certain, coverage.sessions.possible), (0, 1));
    assert!(coverage.is_nothing_known());
}

#[test]
fn a_session_counts_as_covered_if_its_recording_may_be() {
    let all = HoldScope { from: Some(sample::second(0)), ..HoldScope::default() };
    assert_eq!(covered(&all, |_| {}).sessions.certain, 1);
    let of_another = |entry: &mut Entry| {
        entry.match_state.verdict = sample::matched(sample::facts("t-2", sample::second(0)));
    };
    assert_eq!(covered(&after_the_recording(), of_another).sessions.certain, 1);
    let unseen = |entry: &mut Entry| entry.life.observation = None;
    let coverage = covered(&after_the_recording(), unseen);
    assert_eq!((coverage.recordings.possible, coverage.sessions.certain), (1, 1));
    let later = sample::second(0) + SignedDuration::from_hours(1);
    assert!(covered(&HoldScope { from: Some(later), ..HoldScope::default() }, |_| {}).is_nothing_known());
}
