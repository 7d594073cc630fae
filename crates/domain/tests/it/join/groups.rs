//! Tests several recordings and sessions that may belong together.

use domain::decide::join::RecordingEvidence;
use domain::record::join::Match;

use crate::join::world::{
    HOUR, candidates, judged, live, named, near, read_to, recording, session, unfinished, uploading, with_person,
};

/// The neighbourhood after everything has been read, long after.
fn told(near: domain::decide::join::Neighbourhood) -> domain::decide::join::Neighbourhood {
    read_to(100 * HOUR, near)
}

#[test]
fn two_similar_sessions_are_candidates_ordered_by_likelihood() {
    let sessions = vec![session("a", -60, Some(940)), session("b", -3, Some(998))];
    let verdict = judged(&recording(0, 1000), &near(vec![recording(30, 990)], sessions));
    assert_eq!(candidates(&verdict), ["b", "a"]);
    assert_eq!(verdict.person(), None);
}

#[test]
fn candidates_of_one_person_name_the_person_without_the_session() {
    let sessions = vec![
        with_person("Ann@contoso.com", session("a", 0, Some(1000))),
        with_person("ann@contoso.com", session("b", 2, Some(999))),
    ];
    let verdict = judged(&recording(4, 1002), &told(live(near(vec![recording(6, 1001)], sessions))));
    assert_eq!(candidates(&verdict).len(), 2);
    assert_eq!(verdict.person().map(str::to_lowercase).as_deref(), Some("ann@contoso.com"));
}

#[test]
fn one_recording_too_many_withdraws_the_person() {
    let sessions = vec![
        with_person("ann@contoso.com", session("a", 0, Some(1000))),
        with_person("ann@contoso.com", session("b", 2, Some(999))),
    ];
    let others = vec![recording(6, 1001), recording(5, 1003)];
    let verdict = judged(&recording(4, 1002), &told(live(near(others, sessions))));
    assert_eq!(verdict.person(), None, "an unknown session has made one of the three");
}

#[test]
fn a_session_fitting_one_recording_frees_the_other_session() {
    // Session a fits both recordings, b only the second one.
    let (one, two) = (recording(55, 1002), recording(207, 1003));
    let sessions = vec![session("a", 50, Some(1000)), session("b", 200, Some(1000))];
    let seen =
        |subject, other: &RecordingEvidence| judged(subject, &told(live(near(vec![other.clone()], sessions.clone()))));
    assert_eq!(named(&seen(&one, &two)), Some("a"));
    assert_eq!(named(&seen(&two, &one)), Some("b"));
}

#[test]
fn one_session_with_two_recordings_matches_neither() {
    let beside = live(near(vec![recording(3, 1002)], vec![session("a", 0, Some(1000))]));
    let verdict = judged(&recording(2, 1001), &told(beside));
    assert_eq!((candidates(&verdict), verdict.person()), (vec!["a"], None));
}

#[test]
fn an_unfinished_recording_delays_a_match() {
    let sessions = vec![session("a", 0, Some(1000))];
    let seen = |to| judged(&recording(2, 1002), &told(near(vec![unfinished(3, to)], sessions.clone())));
    assert_eq!(named(&seen(1400)), Some("a"), "written long after the session, the other one is another's");
    assert_eq!(named(&seen(900)), None, "it may be of either");
}

#[test]
fn a_later_session_of_the_same_account_is_no_rival() {
    let sessions = vec![session("a", 0, Some(15)), session("b", 600, None)];
    let beside = live(near(vec![unfinished(604, 700)], sessions));
    assert_eq!(named(&judged(&recording(3, 17), &told(beside))), Some("a"));
}

#[test]
fn uploads_with_simultaneous_session_ends_match_neither() {
    let sessions = vec![session("a", 0, Some(1000)), session("b", 500, Some(1020))];
    let seen = |other| judged(&recording(1090, 1090), &told(uploading(near(vec![other], sessions.clone()))));
    assert_eq!(candidates(&seen(recording(1095, 1095))).len(), 2);
    assert_eq!(named(&seen(recording(9000, 9000))), None, "one of the two has no recording");
}

#[test]
fn a_crowd_yields_no_match_and_the_likeliest_candidates() {
    let sessions = (0..80).map(|n| session(&format!("s{n:02}"), n % 7, Some(1000))).collect();
    let recordings = (0..79).map(|n| recording(n % 5, 1000)).collect();
    let verdict = judged(&recording(0, 1000), &told(near(recordings, sessions)));
    let Match::Ambiguous { candidates, more, person } = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!((candidates.len(), more, person), (16, 64, None));
}
