//! Several recordings and sessions that may belong together.

use domain::join::Match;

use crate::world::{HOUR, candidates, judged, named, near, of, read_to, recording, session, unfinished};

#[test]
fn two_sessions_that_fit_alike_are_both_candidates() {
    let verdict = judged(
        &recording(0, 1000),
        &near(vec![recording(30, 990)], vec![session("b", 5, Some(1000)), session("a", 0, Some(995))]),
    );
    assert_eq!(candidates(&verdict), ["a", "b"]);
    assert_eq!(verdict.person(), None);
}

#[test]
fn the_same_length_does_not_decide_between_two() {
    let verdict = judged(
        &recording(0, 1000),
        &near(vec![recording(60, 1120)], vec![session("a", 0, Some(1000)), session("b", 60, Some(1120))]),
    );
    assert_eq!(candidates(&verdict), ["a", "b"]);
}

#[test]
fn candidates_of_one_person_name_the_person_and_leave_the_session_open() {
    let sessions =
        vec![of("Ann@contoso.com", session("a", 0, Some(1000))), of("ann@contoso.com", session("b", 9, Some(990)))];
    let verdict = judged(&recording(0, 1000), &near(vec![recording(8, 990)], sessions));
    assert_eq!(candidates(&verdict), ["a", "b"]);
    assert_eq!(verdict.person().map(str::to_lowercase).as_deref(), Some("ann@contoso.com"));
}

#[test]
fn one_recording_too_many_takes_the_person_back() {
    let sessions =
        vec![of("ann@contoso.com", session("a", 0, Some(1000))), of("ann@contoso.com", session("b", 9, Some(990)))];
    let verdict = judged(&recording(0, 1000), &near(vec![recording(8, 990), recording(20, 1010)], sessions));
    assert_eq!(verdict.person(), None, "somebody unknown has made one of the three");
}

#[test]
fn a_session_that_only_one_recording_fits_leaves_the_other_one_to_the_other() {
    // a fits both recordings, b only the second one.
    let (one, two) = (recording(0, 1000), recording(100, 1000));
    let sessions = vec![session("a", 50, Some(1000)), session("b", 200, Some(1000))];
    assert_eq!(named(&judged(&one, &near(vec![two.clone()], sessions.clone()))), Some("a"));
    assert_eq!(named(&judged(&two, &near(vec![one], sessions))), Some("b"));
}

#[test]
fn one_session_for_two_recordings_is_given_to_neither() {
    let verdict = judged(&recording(0, 1000), &near(vec![recording(10, 1000)], vec![session("a", 5, Some(1000))]));
    assert_eq!(candidates(&verdict), ["a"]);
    assert_eq!(verdict.person(), None);
}

#[test]
fn a_session_whose_end_is_not_known_yet_keeps_the_name_back() {
    let sessions = vec![session("a", 0, Some(1000)), session("b", 20, None)];
    let early = judged(&recording(0, 1000), &near(vec![], sessions.clone()));
    assert_eq!(early, Match::Pending);
    let late = judged(&recording(0, 1000), &read_to(1000 + 6 * HOUR, near(vec![], sessions)));
    assert_eq!(named(&late), Some("a"), "an end that has not come by now does not count");
}

#[test]
fn a_recording_that_is_still_written_keeps_the_name_back() {
    let sessions = vec![session("a", 0, Some(1000))];
    let early = judged(&recording(0, 1000), &near(vec![unfinished(20, 900)], sessions.clone()));
    assert_eq!(early, Match::Pending);
    let later = judged(&recording(0, 1000), &near(vec![unfinished(20, 1400)], sessions));
    assert_eq!(named(&later), Some("a"), "written long after the session, the other one is another's");
}

#[test]
fn a_recording_that_may_turn_out_not_to_fit_its_session_is_not_counted_on() {
    // The other one may end with neither, and then both sessions are left for this one.
    let sessions = vec![session("a", 0, None), session("b", 150, Some(1000))];
    assert_eq!(judged(&recording(60, 1000), &near(vec![unfinished(0, 1000)], sessions)), Match::Pending);
}

#[test]
fn a_later_session_of_the_same_account_is_no_rival() {
    let sessions = vec![session("a", 0, Some(15)), session("b", 600, None)];
    assert_eq!(named(&judged(&recording(0, 15), &near(vec![unfinished(600, 700)], sessions))), Some("a"));
}

#[test]
fn a_group_too_large_to_solve_names_nobody() {
    let sessions = (0..80).map(|n| session(&format!("s{n:02}"), n % 7, Some(1000))).collect();
    let recordings = (0..79).map(|n| recording(n % 5, 1000)).collect();
    let verdict = judged(&recording(0, 1000), &read_to(1000 + 48 * HOUR, near(recordings, sessions)));
    assert_eq!(candidates(&verdict).len(), 16);
    assert_eq!(verdict.person(), None);
}
