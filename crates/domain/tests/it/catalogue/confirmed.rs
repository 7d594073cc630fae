//! Tests confirmations of sessions by a person.

use std::sync::Arc;

use domain::decide::calibration::WayOfWriting;
use domain::decide::catalogue::{EntryCommand, Word};
use domain::decide::join::{LogRead, Neighbourhood, SessionEvidence};
use domain::policy::matcher::ConditionResult;
use domain::record::blob::BlobObservation;
use domain::record::catalogue::{Contradiction, Entry, EntryChangeKind};
use domain::record::hold::{Hold, HoldScope};
use domain::record::join::{Match, WritingMode};
use domain::record::ledger;
use domain::record::notification::FactValue;
use domain::record::session::{Records, Session, TunnelId};

use crate::catalogue::custody::{hold, known};
use crate::catalogue::world::{Name, at, there, whole, written};

pub const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

pub fn blob() -> BlobObservation {
    there(0, HOUR, 9)
}

/// A settled recording of one hour.
pub fn recording() -> Name {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(known()));
    name.writes = WayOfWriting::Live;
    name.hear(written(HOUR, 9), blob(), at(HOUR + 1));
    name.look(blob(), at(HOUR + 300));
    name
}

fn session(tunnel: &str, person: &str, start: i64, end: i64) -> SessionEvidence {
    let mut facts = Session::assemble(&TunnelId::parse(tunnel).unwrap(), &Records::default()).facts;
    (facts.started_at, facts.ended_at) = (Some(whole(start)), Some(whole(end)));
    (facts.user_email, facts.user_name) = (Some(person.into()), Some("user".into()));
    facts.target_ip = Some("10.0.0.4".into());
    let keys = recording().only().keys.as_slice().into();
    SessionEvidence { ended_at: facts.ended_at, facts, keys, is_native: false }
}

pub fn ada() -> SessionEvidence {
    session("t-ada", "ada@contoso.example", 0, HOUR)
}

fn bob() -> SessionEvidence {
    session("t-bob", "bob@contoso.example", 0, HOUR)
}

fn word(session: Option<SessionEvidence>, reason: &str) -> Word {
    let session = session.map(Box::new);
    Word { session, by: "eve@contoso.example".to_owned(), reason: reason.to_owned(), also_on: Vec::new() }
}

fn say(name: &mut Name, session: Option<SessionEvidence>, second: i64) -> bool {
    name.command(EntryCommand::Confirm(word(session, "asked her")), blob(), at(second))
}

/// Neighbourhood with these sessions and a log that has been read far enough.
pub fn log(sessions: Vec<SessionEvidence>) -> Neighbourhood {
    let (read_to, newest_record) = (whole(10 * DAY), whole(10 * DAY));
    let log = Some(LogRead { read_from: whole(-DAY), read_to, newest_record });
    Neighbourhood { sessions, steps_read: usize::MAX, log, ..Neighbourhood::default() }
}

fn session_of(entry: &Entry) -> Option<&str> {
    entry.match_state.verdict.session().map(|session| session.tunnel_id.as_str())
}

fn told<'n>(name: &'n Name, event: &str) -> Vec<&'n domain::record::notification::Notification> {
    name.told.iter().filter(|told| told.event.name() == event).collect()
}

fn fact(told: &domain::record::notification::Notification, name: &str) -> Option<String> {
    let fact = told.facts.iter().find(|fact| fact.name == name)?;
    match &fact.value {
        FactValue::Text(text) => Some(text.clone()),
        FactValue::Number(number) => Some(number.to_string()),
    }
}

#[test]
fn a_confirmation_names_the_session_and_its_author() {
    let mut name = recording();
    assert!(say(&mut name, Some(ada()), 2 * HOUR));
    assert_eq!(session_of(name.only()), Some("t-ada"));
    assert_eq!(name.only().match_state.tagged_person.as_deref(), Some("ada_contoso.example"));
    let confirmed = name.only().match_state.confirmed.clone().unwrap();
    assert_eq!((confirmed.by.as_str(), confirmed.reason.as_str()), ("eve@contoso.example", "asked her"));
    assert_eq!(confirmed.at, whole(2 * HOUR));
    let catalogued = told(&name, "recording.catalogued");
    assert_eq!(fact(catalogued[0], "confirmed_by").as_deref(), Some("eve@contoso.example"));
    assert_eq!(fact(catalogued[0], "confirmed_because").as_deref(), Some("asked her"));
    assert_eq!(fact(catalogued[0], "person").as_deref(), Some("ada@contoso.example"));
    let kept = name.only().history.iter().filter(
        |change| matches!(&change.what, EntryChangeKind::Confirmed { session, .. } if session.as_deref() == Some("t-ada")),
    );
    assert_eq!(kept.count(), 1);
}

#[test]
fn a_confirmation_is_entered_in_the_ledger() {
    let mut name = recording();
    let command = Some((name.only().id, EntryCommand::Confirm(word(Some(ada()), "asked her"))));
    name.decide_and_die(command, blob(), at(2 * HOUR));
    let facts = name.only().pending.iter().filter_map(|pending| match &pending.effect {
        domain::record::effect::Effect::Record(fact) => Some(&fact.what),
        _ => None,
    });
    let facts: Vec<_> = facts.collect();
    assert!(
        matches!(facts[..], [ledger::LedgerEvent::RecordingConfirmed { session: Some(session), by, reason, .. }]
            if session == "t-ada" && by == "eve@contoso.example" && reason == "asked her"),
        "{facts:?}"
    );
}

#[test]
fn a_repeated_confirmation_changes_no_state() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    let before = (name.only().history.clone(), name.told.len());
    say(&mut name, Some(ada()), 3 * HOUR);
    assert_eq!((name.only().history.clone(), name.told.len()), before);
}

#[test]
fn a_new_confirmation_replaces_the_former_and_names_it() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    say(&mut name, Some(bob()), 3 * HOUR);
    say(&mut name, None, 4 * HOUR);
    let catalogued = told(&name, "recording.catalogued");
    let withdrawn: Vec<_> = catalogued.iter().map(|told| fact(told, "withdraws")).collect();
    assert_eq!(withdrawn, [None, Some("matched t-ada".to_owned())]);
    let unmatched = told(&name, "recording.unmatched");
    assert_eq!(fact(unmatched[0], "withdraws").as_deref(), Some("matched t-bob"));
    assert_eq!(fact(unmatched[0], "person"), None, "no person is named any more");
    assert_eq!(name.only().match_state.verdict, Match::Unmatched { attempt: None });
    assert_eq!(name.only().match_state.tagged_person, None);
}

#[test]
fn a_confirmation_of_an_unfinished_recording_is_rejected() {
    let mut name = Name::new();
    name.hear(written(0, 0), there(0, 0, 0), at(1));
    name.command(EntryCommand::Confirm(word(Some(ada()), "asked her")), there(0, 0, 0), at(60));
    assert_eq!((session_of(name.only()), &name.only().match_state.confirmed), (None, &None));
}

#[test]
fn a_confirmation_survives_any_later_log() {
    for sessions in [Vec::new(), vec![ada()], vec![bob()], vec![ada(), bob()]] {
        let mut name = recording();
        say(&mut name, Some(ada()), 2 * HOUR);
        name.judge(log(sessions.clone()), blob(), at(11 * DAY));
        assert_eq!(session_of(name.only()), Some("t-ada"), "{} sessions", sessions.len());
        assert!(name.only().match_state.confirmed.is_some());
    }
}

#[test]
fn a_log_naming_another_session_is_reported_once() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    for day in [11, 12] {
        name.judge(log(vec![bob()]), blob(), at(day * DAY));
    }
    assert_eq!(name.only().match_state.found().session().unwrap().tunnel_id.as_str(), "t-bob", "the log names it");
    let contradicted = told(&name, "recording.ambiguous");
    assert_eq!(contradicted.len(), 1);
    assert_eq!(fact(contradicted[0], "contradicted_by").as_deref(), Some("the log names session t-bob"));
    assert_eq!(fact(contradicted[0], "confirmed_by").as_deref(), Some("eve@contoso.example"));
    assert_eq!(session_of(name.only()), Some("t-ada"));
}

#[test]
fn a_log_confirming_the_session_is_not_notified() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    let before = name.told.len();
    name.judge(log(vec![ada()]), blob(), at(11 * DAY));
    assert_eq!(told(&name, "recording.ambiguous").len(), 0);
    assert!(name.told[before..].iter().all(|told| told.event.name() == "recording.ready"));
}

#[test]
fn a_contradiction_known_at_confirmation_is_not_reported_later() {
    let mut name = recording();
    name.judge(log(vec![bob()]), blob(), at(11 * DAY));
    assert_eq!(session_of(name.only()), Some("t-bob"));
    say(&mut name, Some(ada()), 12 * DAY);
    name.judge(log(vec![bob()]), blob(), at(13 * DAY));
    assert_eq!(told(&name, "recording.ambiguous").len(), 0);
    assert_eq!(session_of(name.only()), Some("t-ada"));
}

#[test]
fn a_confirmed_session_on_another_recording_is_reported_once() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    let address = domain::address::BlobAddress::parse("stbastionrec01", "recordings", "vm-user.1").unwrap();
    let other = domain::record::recording_id::RecordingId::derive(&address, whole(0), b"other");
    let tunnel = |tunnel: &str| TunnelId::parse(tunnel).unwrap();
    assert!(!name.contradict(&tunnel("t-bob"), other, at(3 * HOUR)), "it is not the confirmed session");
    assert!(name.contradict(&tunnel("t-ada"), other, at(4 * HOUR)));
    assert!(!name.contradict(&tunnel("t-ada"), other, at(5 * HOUR)));
    name.look(blob(), at(6 * HOUR));
    let contradicted = told(&name, "recording.ambiguous");
    assert_eq!(contradicted.len(), 1);
    assert!(
        name.only().match_state.confirmed.as_ref().unwrap().contradictions.contains(&Contradiction::Recording(other))
    );
    assert_eq!(session_of(name.only()), Some("t-ada"));
}

#[test]
fn a_later_record_updates_the_confirmed_session() {
    let mut name = recording();
    let mut open = ada();
    (open.ended_at, open.facts.ended_at) = (None, None);
    say(&mut name, Some(open), 2 * HOUR);
    name.judge(log(vec![ada()]), blob(), at(11 * DAY));
    assert_eq!(name.only().match_state.verdict.session().unwrap().ended_at, Some(whole(HOUR)));
}

#[test]
fn the_way_of_writing_of_a_confirmation_follows_its_times() {
    for (session, written) in [(ada(), WritingMode::Live), (session("t-ada", "ada", -HOUR, -60), WritingMode::AtEnd)] {
        let mut name = Name::new();
        let last = if written == WritingMode::Live { HOUR } else { 1 };
        let blob = there(0, last, 9);
        name.hear(crate::catalogue::world::written(last, 9), blob.clone(), at(last + 1));
        name.look(blob.clone(), at(last + 300));
        name.command(EntryCommand::Confirm(word(Some(session), "asked her")), blob, at(2 * HOUR));
        assert_eq!(name.only().match_state.verdict.matched().unwrap().grounds.written, written);
        assert_eq!(name.only().match_state.contradicted.names().len(), 0);
    }
}

fn held_for(person: &str) -> Hold {
    hold(HoldScope { person: Some(person.to_owned()), ..HoldScope::default() })
}

/// Whatever log and person say afterwards, a hold that covered the recording keeps covering it.
#[test]
fn a_confirmation_adds_a_recording_to_holds_and_never_removes_it() {
    let people = ["ada@contoso.example", "bob@contoso.example", "carol@contoso.example"];
    for sessions in [Vec::new(), vec![ada()], vec![bob()], vec![ada(), bob()]] {
        for said in [Some(ada()), Some(bob()), None] {
            let mut name = recording();
            name.judge(log(sessions.clone()), blob(), at(11 * DAY));
            let before = people.map(|person| held_for(person).covers(name.only()));
            say(&mut name, said.clone(), 12 * DAY);
            let after = people.map(|person| held_for(person).covers(name.only()));
            for (before, after) in before.into_iter().zip(after) {
                assert!(after >= before, "{before:?} becomes {after:?}");
            }
            if let Some(said) = &said {
                let person = said.facts.user_email.as_deref().unwrap();
                assert_eq!(
                    held_for(person).covers(name.only()),
                    ConditionResult::True,
                    "the hold covers whom the word names"
                );
            }
        }
    }
}

#[test]
fn a_restored_recording_keeps_its_confirmation() {
    let mut name = recording();
    say(&mut name, Some(ada()), 2 * HOUR);
    name.hear(crate::catalogue::world::deleted(3 * HOUR), BlobObservation::Gone, at(3 * HOUR + 1));
    name.look(blob(), at(4 * HOUR));
    let back = name.lives.entries.last().unwrap();
    assert_eq!(name.lives.entries.len(), 2);
    assert_eq!(session_of(back), Some("t-ada"));
    assert!(back.match_state.confirmed.is_some());
}
