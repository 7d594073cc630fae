//! One recording, one session or none.

use domain::join::{Evidence, JoinKey, Match, Recorded, score};

use crate::world::{HOUR, candidates, failed, judged, named, near, read_to, recording, session, unfinished};

#[test]
fn a_session_that_fits_name_start_and_end_is_named() {
    let verdict = judged(&recording(0, 1638), &near(vec![], vec![session("a", -5, Some(1640))]));
    let Match::Matched(matched) = verdict else { panic!("{verdict:?}") };
    assert_eq!(matched.session.tunnel_id.as_str(), "a");
    assert_eq!(matched.evidence, [Evidence::Name, Evidence::Start, Evidence::End, Evidence::Duration, Evidence::Only]);
    assert_eq!(score(&matched.evidence), 100);
}

#[test]
fn the_tolerances_are_what_decides() {
    let fits =
        |from, to| named(&judged(&recording(0, 1000), &near(vec![], vec![session("a", from, Some(to))]))).is_some();
    assert!(fits(120, 1000) && fits(-120, 1000) && fits(0, 1180) && fits(0, 820));
    assert!(!fits(121, 1000) && !fits(-121, 1000) && !fits(0, 1181) && !fits(0, 819));
}

#[test]
fn another_name_is_another_session() {
    let mut other = session("a", 0, Some(1000));
    other.keys = [JoinKey::fold("vm-user2")].into();
    assert_eq!(judged(&recording(0, 1000), &near(vec![], vec![other])), Match::Pending);
}

#[test]
fn either_reading_of_a_number_at_the_end_may_be_the_name() {
    let keys = [JoinKey::fold("vm-user.7"), JoinKey::fold("vm-user")].into();
    let subject = Recorded { keys, ..recording(0, 1000) };
    let mut numbered = session("b", 0, Some(1000));
    numbered.keys = [JoinKey::fold("vm-user.7")].into();
    assert_eq!(named(&judged(&subject, &near(vec![], vec![session("a", 0, Some(1000))]))), Some("a"));
    assert_eq!(named(&judged(&subject, &near(vec![], vec![numbered.clone()]))), Some("b"));
    let both = judged(&subject, &near(vec![], vec![numbered, session("a", 0, Some(1000))]));
    assert_eq!(candidates(&both), ["a", "b"]);
}

#[test]
fn while_it_is_written_nobody_is_named() {
    let sessions = vec![session("a", 0, Some(1000))];
    assert_eq!(judged(&unfinished(0, 1000), &read_to(100 * HOUR, near(vec![], sessions))), Match::Pending);
}

#[test]
fn a_start_alone_names_only_once_the_log_was_read_six_hours_beyond_the_end() {
    let open = |read: i64| judged(&recording(0, 1000), &read_to(read, near(vec![], vec![session("a", 0, None)])));
    assert_eq!(open(1000 + 6 * HOUR - 1), Match::Pending);
    assert_eq!(named(&open(1000 + 6 * HOUR)), Some("a"));
}

#[test]
fn a_log_that_has_been_silent_since_confirms_nothing() {
    let mut near = read_to(1000 + 100 * HOUR, near(vec![], vec![session("a", 0, None)]));
    near.log.as_mut().unwrap().newest_record = crate::world::at(0);
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
    near.sessions.clear();
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
}

#[test]
fn a_log_that_was_not_read_from_the_beginning_confirms_nothing() {
    let mut near = read_to(1000 + 100 * HOUR, near(vec![], vec![session("a", 0, None)]));
    near.log.as_mut().unwrap().read_from = crate::world::at(1);
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
    near.sessions.clear();
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
}

#[test]
fn where_not_every_recording_could_be_seen_nobody_is_named() {
    let mut partial = near(vec![], vec![session("a", 0, Some(1000))]);
    partial.is_whole = false;
    assert_eq!(judged(&recording(0, 1000), &partial), Match::Pending);
    let late = judged(&recording(0, 1000), &read_to(1000 + 48 * HOUR, partial));
    assert_eq!((candidates(&late), late.person()), (vec!["a"], None));
}

#[test]
fn a_recording_without_a_session_is_reported_after_two_days_and_not_before() {
    let none = |read: i64| judged(&recording(0, 1000), &read_to(read, near(vec![], vec![])));
    assert_eq!(none(1000 + 48 * HOUR - 1), Match::Pending);
    assert_eq!(none(1000 + 48 * HOUR), Match::Unmatched { attempt: None });
}

#[test]
fn a_short_recording_that_fits_only_a_failed_login_is_that_attempt() {
    let attempt = |to, failed_logins| {
        let mut near = read_to(to + 7 * HOUR, near(vec![], vec![]));
        near.failed_logins = failed_logins;
        judged(&recording(0, to), &near)
    };
    let shown = |verdict: Match| match verdict {
        Match::Unmatched { attempt: Some(attempt) } => Some(attempt.tunnel_id.to_string()),
        _ => None,
    };
    assert_eq!(shown(attempt(15, vec![failed("f", 14)])), Some("f".to_owned()));
    assert_eq!(shown(attempt(15, vec![failed("f", 14), failed("g", 20)])), None, "one of two attempts");
    assert_eq!(shown(attempt(600, vec![failed("f", 14)])), None, "too long for an attempt");
    assert_eq!(shown(attempt(15, vec![failed("f", 600)])), None, "at another time");
}

#[test]
fn one_failed_login_is_not_shown_with_two_recordings_that_it_may_have_left() {
    let is_shown = |other: Recorded, sessions| {
        let mut near = read_to(7 * HOUR, near(vec![other], sessions));
        near.failed_logins = vec![failed("f", 14)];
        matches!(judged(&recording(0, 15), &near), Match::Unmatched { attempt: Some(_) })
    };
    assert!(!is_shown(recording(30, 45), vec![]), "it may be the other's");
    assert!(is_shown(recording(30, 600), vec![]), "the other one is too long");
    assert!(is_shown(recording(100, 115), vec![session("a", 150, Some(165))]), "the other one has a session");
}

#[test]
fn contradictory_ends_are_no_evidence() {
    let mut backwards = session("a", 0, Some(1000));
    backwards.ended_at = None;
    assert_eq!(judged(&recording(0, 1000), &near(vec![], vec![backwards])), Match::Pending);
}
