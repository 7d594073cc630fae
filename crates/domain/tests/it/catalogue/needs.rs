//! Tests what a decision asks for before it is made.

use domain::decide::catalogue::{Answer, Decision, EntryCommand, Input, Needs};

use crate::catalogue::confirmed::{HOUR, ada, blob, log, recording};
use crate::catalogue::world::{Name, at, deleted, there, whole, written};

fn needs(decision: Decision) -> Needs {
    match decision {
        Decision::Needs(needs) => needs,
        Decision::Changed(changed) => panic!("nothing asked, but changed {changed:?}"),
    }
}

#[test]
fn a_new_recording_needs_nothing_but_its_event_and_its_blob() {
    let input = Input::new(Some(written(0, 9)), there(0, 0, 9));
    assert!(matches!(Name::new().ask(&input, at(1)), Decision::Changed(changed) if changed.len() == 1));
}

#[test]
fn an_ended_recording_needs_the_sessions_near_it() {
    let mut name = recording();
    let ended = Input::new(None, blob());
    assert_eq!(name.ask(&ended, at(2 * HOUR)), Decision::Changed(Vec::new()), "no log of its bastion is read");
    name.estate.bastions[0].audit_logs = Some(name.lives.address.container());
    let asked = needs(name.ask(&ended, at(2 * HOUR)));
    assert_eq!(asked.sessions_for.iter().map(|entry| entry.id).collect::<Vec<_>>(), [name.only().id]);
    assert!(!asked.holds && !asked.lost_at);
}

/// A hold that covers the recording would otherwise be missing on it and on its tags until the next sweep.
#[test]
fn a_recording_that_its_session_makes_final_needs_the_legal_holds() {
    let name = recording();
    let near = Answer::Read([(name.only().id, log(vec![ada()]))].into());
    let mut input = Input { near, ..Input::new(None, blob()) };
    let asked = needs(name.ask(&input, at(2 * HOUR)));
    assert_eq!(asked, Needs { holds: true, ..Needs::default() });
    input.holds = Answer::NotRead;
    let Decision::Changed(changed) = name.ask(&input, at(2 * HOUR)) else {
        panic!("every question was answered")
    };
    assert!(changed[0].final_at.is_some());
    assert_eq!(changed[0].wake_at, Some(at(2 * HOUR)), "a sweep reads the holds at once");
}

#[test]
fn a_command_of_a_person_needs_the_legal_holds() {
    let name = recording();
    let command = Some((name.only().id, EntryCommand::Mark));
    let input = Input { command, near: Answer::NotRead, ..Input::new(None, blob()) };
    assert_eq!(needs(name.ask(&input, at(2 * HOUR))), Needs { holds: true, ..Needs::default() });
}

#[test]
fn an_unexpected_deletion_needs_the_last_loss_of_the_container() {
    let name = recording();
    let gone = Input {
        near: Answer::NotRead,
        ..Input::new(Some(deleted(2 * HOUR)), domain::record::blob::BlobObservation::Gone)
    };
    assert_eq!(needs(name.ask(&gone, at(2 * HOUR))), Needs { lost_at: true, ..Needs::default() });
    for (lost_at, is_told) in [(None, true), (Some(whole(-HOUR)), true), (Some(whole(HOUR)), false)] {
        let input = Input { lost_at: Answer::Read(lost_at), ..gone.clone() };
        let Decision::Changed(changed) = name.ask(&input, at(2 * HOUR)) else {
            panic!("every question was answered")
        };
        let told = changed[0].pending.iter().filter(|pending| format!("{pending:?}").contains("DeletedUnexpectedly"));
        assert_eq!(told.count(), usize::from(is_told), "lost at {lost_at:?}");
    }
}
