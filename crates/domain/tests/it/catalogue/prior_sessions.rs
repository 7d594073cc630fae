//! Tests the facts about sessions before the one of a recording, for any order of the sessions found.

use domain::decide::join::LogRead;
use domain::decide::prior_sessions::{KNOWN_FOR, PriorFound, PriorSessions};
use domain::policy::join::Tolerances;
use domain::policy::review::PriorSessionTimes;
use domain::record::catalogue::Entry;
use domain::record::join::{Match, MatchGrounds, Matched};
use domain::record::session::{Records, Session, SessionState, TunnelId};
use jiff::Timestamp;

use crate::catalogue::custody::{finished, known};
use crate::catalogue::world::at;

/// A session of the same person, account and machine, `before` seconds before the one of the recording.
fn session(tunnel: &str, before: i64) -> Session {
    let mut session = Session::assemble(&TunnelId::parse(tunnel).unwrap(), &Records::default());
    session.state = SessionState::Ended;
    let facts = &mut session.facts;
    facts.started_at = Some(at(-before));
    facts.user_email = Some("ada@contoso.example".into());
    facts.user_name = Some("ops".into());
    facts.target_resource_id = Some("/x/virtualMachines/vm".into());
    session
}

fn failed(tunnel: &str, before: i64) -> Session {
    Session { state: SessionState::Failed, ..session(tunnel, before) }
}

/// A recording of the session with this tunnel id.
fn recording(tunnel: &str) -> Entry {
    let mut entry = finished(known()).only().clone();
    let (session, evidence, grounds) = (session(tunnel, 0).facts, Vec::new(), MatchGrounds::default());
    entry.match_state.verdict = Match::Matched(Box::new(Matched { session, evidence, grounds }));
    entry
}

/// A log that was read from this long before the session until now.
fn log(known_for: jiff::SignedDuration) -> Option<LogRead> {
    let (read_from, read_to) = (at(0) - known_for, Timestamp::MAX);
    Some(LogRead { read_from, read_to, newest_record: Timestamp::MAX })
}

fn found(sessions: &[Session]) -> PriorFound<'_> {
    PriorFound { sessions, is_whole: true, log: log(KNOWN_FOR) }
}

/// Answers about the first use and failed logins.
fn facts(entry: &Entry, found: PriorFound<'_>) -> (Option<bool>, Option<bool>) {
    let prior = PriorSessions::from_entry(entry, Tolerances::default(), PriorSessionTimes::default()).unwrap();
    (prior.is_first_use(found), prior.is_after_failed_logins(found))
}

#[test]
fn only_a_log_that_was_read_completely_proves_that_there_is_no_earlier_session() {
    let entry = recording("own");
    assert_eq!(facts(&entry, found(&[])), (Some(true), Some(false)));
    for found in [
        PriorFound { is_whole: false, ..found(&[]) },
        PriorFound { log: None, ..found(&[]) },
        PriorFound { log: log(KNOWN_FOR).map(|log| LogRead { read_to: at(60), ..log }), ..found(&[]) },
    ] {
        assert_eq!(facts(&entry, found), (None, None));
    }
    let recent = PriorFound { log: log(KNOWN_FOR / 2), ..found(&[]) };
    assert_eq!(facts(&entry, recent), (None, Some(false)), "a failed login needs a shorter range");
}

#[test]
fn an_earlier_session_counts_even_if_more_is_unknown() {
    let (earlier, failure) = (session("earlier", 86_400), failed("failed", 60));
    for sessions in [[earlier.clone(), failure.clone()], [failure, earlier]] {
        let found = PriorFound { sessions: &sessions, is_whole: false, log: None };
        assert_eq!(facts(&recording("own"), found), (Some(false), Some(true)));
    }
}

#[test]
fn of_two_sessions_that_start_at_once_exactly_one_is_the_first_use() {
    let both = [session("a", 0), session("b", 0)];
    let firsts = ["a", "b"].map(|own| facts(&recording(own), found(&both)).0);
    assert_eq!(firsts, [Some(true), Some(false)]);
}

#[test]
fn a_session_that_may_be_the_same_leaves_the_answer_open() {
    let entry = recording("own");
    let changed = |change: fn(&mut Session)| {
        let mut one = session("earlier", 600);
        change(&mut one);
        facts(&entry, found(&[one])).0
    };
    assert_eq!(changed(|one| one.facts.user_email = None), None);
    assert_eq!(changed(|one| one.facts.user_name = None), None);
    assert_eq!(changed(|one| one.facts.target_resource_id = None), None);
    assert_eq!(changed(|one| one.facts.started_at = None), None);
    assert_eq!(changed(|one| (one.facts.started_at, one.facts.ended_at) = (None, Some(at(-60)))), Some(false));
    assert_eq!(changed(|one| one.facts.user_email = Some("bob@contoso.example".into())), Some(true));
    let mut failure = failed("failed", 60);
    (failure.facts.user_name, failure.facts.client_ip) = (None, None);
    assert_eq!(facts(&entry, found(&[failure])).1, None);
}

#[test]
fn a_start_that_storage_contradicts_answers_nothing() {
    let mut entry = recording("own");
    let Match::Matched(matched) = &mut entry.match_state.verdict else {
        panic!("{entry:?}")
    };
    matched.session.started_at = Some(at(-86_400));
    assert!(PriorSessions::from_entry(&entry, Tolerances::default(), PriorSessionTimes::default()).is_none());
}
