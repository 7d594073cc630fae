//! Tests that a recording stays while its session may still go on.

use domain::decide::catalogue::EntryCommand;
use domain::policy::retention::{Policy, RetentionVerdict};
use domain::record::catalogue::{JudgedTimes, RecordingState};
use domain::record::join::Match;
use domain::record::session::SessionFacts;
use jiff::Timestamp;

use crate::catalogue::custody::{DAY, finished, known, verdict};
use crate::catalogue::holds::{ambiguous, matched, nobody};
use crate::catalogue::world::{Name, at, there};

/// A final recording of 2026-03-02 with a retention of one day and this match.
fn short_lived(found: Match) -> Name {
    let mut policy: Policy = known();
    policy.rules.clear();
    policy.default_class = 1;
    let mut name = finished(policy);
    let mut entry = name.only().clone();
    let recorded = entry.evidence().unwrap();
    entry.match_state.judged =
        Some(JudgedTimes { created_at: recorded.created_at, last_modified: recorded.last_modified });
    entry.match_state.verdict = found;
    name.lives.replace(&[entry]);
    name
}

fn session(started_at: Option<Timestamp>, ended_at: Option<Timestamp>) -> SessionFacts {
    SessionFacts { started_at, ended_at, ..nobody("tunnel") }
}

fn is_due(found: Match, days: i64) -> bool {
    verdict(&short_lived(found), at(days * DAY)) == RetentionVerdict::Due
}

#[test]
fn a_session_without_an_end_keeps_its_recording_for_a_week() {
    let open = || session(Some(at(0)), None);
    for found in [matched(open()), ambiguous(vec![session(Some(at(0)), Some(at(9))), open()], 0, None)] {
        assert!(!is_due(found.clone(), 6));
        assert!(is_due(found, 8));
    }
    assert!(is_due(matched(session(Some(at(0)), Some(at(9)))), 3), "the session is over");
    assert!(is_due(Match::Unmatched { attempt: None }, 3), "there is no session");
}

#[test]
fn an_open_match_and_unlisted_candidates_keep_a_recording_for_a_week() {
    let ended = session(Some(at(0)), Some(at(9)));
    for found in [Match::Pending, ambiguous(vec![ended], 1, None), matched(session(None, None))] {
        assert!(!is_due(found.clone(), 6));
        assert!(is_due(found, 8));
    }
}

#[test]
fn a_start_after_the_last_write_keeps_no_recording_longer() {
    assert!(is_due(matched(session(Some(at(900 * DAY)), None)), 8));
}

#[test]
fn a_session_found_open_stops_a_deletion_that_has_begun() {
    let ended = || matched(session(Some(at(0)), Some(at(9))));
    let mut name = short_lived(ended());
    name.command(EntryCommand::Mark, there(0, 0, 9), at(2 * DAY));
    assert_eq!(name.only().state, RecordingState::Expiring);
    let mut entry = name.only().clone();
    entry.match_state.verdict = matched(session(Some(at(0)), None));
    name.lives.replace(&[entry]);
    name.look(there(0, 0, 9), at(3 * DAY));
    assert_eq!((name.only().state, &name.only().custody.disposal), (RecordingState::Settled, &None));
    assert_eq!(name.only().disposal_at().unwrap().as_second(), at(7 * DAY).as_second());
}
