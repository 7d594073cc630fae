//! Tests one recording with one session or none.

use domain::decide::join::RecordingEvidence;
use domain::record::join::{Evidence, Match, Points, WritingMode};
use domain::record::join_key::JoinKey;

use crate::join::world::{
    HOUR, candidates, failed, judged, live, named, near, read_to, recording, session, unfinished, uploading,
};

#[test]
fn a_session_with_usual_times_is_matched_with_its_evidence() {
    let verdict = judged(&recording(0, 1638), &live(near(vec![], vec![session("a", -5, Some(1636))])));
    let Match::Matched(matched) = verdict else { panic!("{verdict:?}") };
    assert_eq!(matched.session.tunnel_id.as_str(), "a");
    assert_eq!(matched.evidence, [Evidence::Name, Evidence::Start, Evidence::End, Evidence::Duration, Evidence::Only]);
    let (start, end) = (matched.grounds.start.unwrap(), matched.grounds.end.unwrap());
    assert_eq!((start.millis, end.millis, matched.grounds.written), (5000, 2000, WritingMode::Live));
    assert!(start.is_usual() && end.is_usual());
    assert_eq!((matched.grounds.needed, matched.grounds.learned_from), (Some(Points::whole(30)), 400));
}

#[test]
fn an_uploaded_recording_matches_the_session_ended_before_it() {
    let verdict = judged(&recording(1090, 1091), &uploading(near(vec![], vec![session("a", 0, Some(1000))])));
    let Match::Matched(matched) = verdict else { panic!("{verdict:?}") };
    let grounds = matched.grounds;
    assert_eq!((grounds.written, grounds.start, grounds.needed), (WritingMode::AtEnd, None, Some(Points::whole(40))));
    assert_eq!(grounds.end.unwrap().millis, 90_000);
    let other_day = judged(&recording(1090, 1091), &live(near(vec![], vec![session("a", 0, Some(1000))])));
    assert_eq!(named(&other_day), None, "on a day without uploads");
}

#[test]
fn one_unusual_time_needs_more_evidence_and_two_prevent_a_match() {
    let told = |from, to| {
        judged(&recording(0, 1000), &read_to(60 * HOUR, live(near(vec![], vec![session("a", from, Some(to))]))))
    };
    assert_eq!(named(&told(-4, 998)), Some("a"));
    assert_eq!(named(&told(150, 800)), None, "both are odd");
    assert_eq!(named(&told(-301, 998)), None, "outside the gates");
}

#[test]
fn a_native_client_needs_all_evidence_and_stays_a_candidate() {
    let mut native = session("a", -3, Some(999));
    native.is_native = true;
    let seen = |sessions| judged(&recording(0, 1000), &read_to(60 * HOUR, live(near(vec![], sessions))));
    assert_eq!(named(&seen(vec![native.clone()])), Some("a"), "an agent is a text that a person can choose");
    let both = seen(vec![native, session("b", -120, Some(930))]);
    assert!(named(&both) != Some("b"), "{both:?}");
}

#[test]
fn a_session_of_another_name_is_no_candidate() {
    let mut other = session("a", 0, Some(1000));
    other.keys = [JoinKey::fold("vm-user2")].into();
    assert_eq!(judged(&recording(0, 1000), &near(vec![], vec![other])), Match::Pending);
}

#[test]
fn a_numeric_suffix_may_belong_to_the_name() {
    let keys = [JoinKey::fold("vm-user.7"), JoinKey::fold("vm-user")].into();
    let subject = RecordingEvidence { keys, ..recording(0, 1000) };
    let mut numbered = session("b", 0, Some(1000));
    numbered.keys = [JoinKey::fold("vm-user.7")].into();
    assert_eq!(named(&judged(&subject, &near(vec![], vec![session("a", 0, Some(1000))]))), Some("a"));
    assert_eq!(named(&judged(&subject, &near(vec![], vec![numbered.clone()]))), Some("b"));
    let both = judged(&subject, &near(vec![], vec![numbered, session("a", 0, Some(1000))]));
    assert_eq!(candidates(&both), ["a", "b"], "alike, in the order of their ids");
}

#[test]
fn an_unfinished_recording_is_not_matched() {
    let sessions = vec![session("a", 0, Some(1000))];
    assert_eq!(judged(&unfinished(0, 1000), &read_to(100 * HOUR, near(vec![], sessions))), Match::Pending);
}

#[test]
fn a_start_alone_matches_on_a_quiet_name_and_waits_otherwise() {
    let others: Vec<RecordingEvidence> = (1..40).map(|n| recording(200 + n * 45, 230 + n * 45)).collect();
    let open = |read: i64, others| {
        judged(&recording(0, 2000), &read_to(read, live(near(others, vec![session("a", -4, None)]))))
    };
    assert_eq!(named(&open(2000, Vec::new())), Some("a"));
    assert_eq!(open(2000, others.clone()), Match::Pending);
    assert_eq!(named(&open(2000 + 12 * HOUR, others)), Some("a"));
}

#[test]
fn a_log_silent_since_confirms_no_match() {
    let mut near = read_to(1000 + 100 * HOUR, near(vec![], vec![]));
    near.log.as_mut().unwrap().newest_record = crate::join::world::at(0);
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
}

#[test]
fn a_log_read_only_in_part_confirms_no_match() {
    let mut near = read_to(1000 + 100 * HOUR, near(vec![], vec![]));
    near.log.as_mut().unwrap().read_from = crate::join::world::at(1);
    assert_eq!(judged(&recording(0, 1000), &near), Match::Pending);
}

#[test]
fn an_incomplete_neighbourhood_prevents_a_match() {
    let mut partial = near(vec![], vec![session("a", 0, Some(1000))]);
    partial.steps_read = 1;
    assert_eq!(judged(&recording(0, 1000), &partial), Match::Pending);
    let late = judged(&recording(0, 1000), &read_to(1000 + 48 * HOUR, partial));
    assert_eq!((candidates(&late), late.person()), (vec!["a"], None));
}

#[test]
fn a_recording_without_a_session_is_unmatched_after_two_days() {
    let none = |read: i64| judged(&recording(0, 1000), &read_to(read, near(vec![], vec![])));
    assert_eq!(none(1000 + 48 * HOUR - 1), Match::Pending);
    assert_eq!(none(1000 + 48 * HOUR), Match::Unmatched { attempt: None });
}

#[test]
fn a_short_recording_fitting_only_a_failed_login_is_its_attempt() {
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
fn a_failed_login_is_not_shown_if_two_recordings_fit() {
    let is_shown = |other: RecordingEvidence, sessions| {
        let mut near = read_to(7 * HOUR, near(vec![other], sessions));
        near.failed_logins = vec![failed("f", 14)];
        matches!(judged(&recording(0, 15), &near), Match::Unmatched { attempt: Some(_) })
    };
    assert!(!is_shown(recording(30, 45), vec![]), "it may be the other's");
    assert!(is_shown(recording(30, 600), vec![]), "the other one is too long");
    assert!(is_shown(recording(100, 115), vec![session("a", 390, Some(405))]), "the other one has a session");
}

#[test]
fn contradictory_ends_are_no_evidence() {
    let mut backwards = session("a", 0, Some(1000));
    backwards.ended_at = None;
    assert_eq!(judged(&recording(0, 1000), &near(vec![], vec![backwards])), Match::Pending);
}
