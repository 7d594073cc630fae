//! A confirmed session of a recording, under concurrent and later events.

use std::sync::Arc;

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::join::Match;
use domain::record::notification::Event;
use domain::record::recording_id::RecordingId;
use domain::record::session::TunnelId;
use jiff::{SignedDuration, Timestamp};
use pipeline::confirm::{Confirmation, NotConfirmed, PersonAnswer};
use pipeline::ports::Ledger;
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, Turns, interleaved, now, turns};
use proptest::prelude::*;

use crate::promises::crashes::survives_in;
use crate::promises::host::{Work, perform, person};
use crate::promises::outcome::{entries, stored_sessions, tags, told};
use crate::promises::visits::Visit;
use crate::promises::world::World;

const NAME: &str = "vm-user";

fn visit(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_000, 0), 10)
}

/// A session of the same machine and account long before, which fits no time of the recording.
fn far(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_000 - 8 * 3600, 0), 10)
}

fn recorded(world: &World, visit: &Visit) {
    world.does(&Work::Event(world.record(NAME, visit.start, visit.end)));
}

fn later(world: &World, minutes: i64) {
    world.run_until(world.now() + SignedDuration::from_mins(minutes));
}

fn say(world: &World, said: &PersonAnswer) -> Result<Confirmation, NotConfirmed> {
    now(world.archivist().confirmation.confirm(entries(world)[0].id, said, "asked her", &person())).unwrap()
}

fn session(tunnel: &str) -> PersonAnswer {
    PersonAnswer::Session(TunnelId::parse(tunnel).unwrap())
}

fn tunnel_of(entry: &Entry) -> Option<&str> {
    entry.match_state.verdict.session().map(|session| session.tunnel_id.as_str())
}

/// A settled recording without a matching session in the log, and a session that its times would never match.
fn recording(world: &World) {
    world.pass_time(SignedDuration::from_mins(20));
    recorded(world, &visit("a"));
    world.does(&world.tells(&far("far").over()));
    later(world, 10);
    assert_eq!(entries(world)[0].match_state.verdict, Match::Pending);
}

fn confirms(world: &World, tunnel: Option<&str>) -> Work {
    Work::Confirm(entries(world)[0].id, tunnel.map(str::to_owned))
}

#[test]
fn a_confirmation_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        recording(world);
        confirms(world, Some("far"))
    });
    assert!(died_in.contains("catalogue.save") && died_in.contains("blobs.replace_tags"), "{died_in:?}");
    survives_in(World::with_log, |world| {
        recording(world);
        world.does(&confirms(world, Some("far")));
        confirms(world, None)
    });
}

#[test]
fn a_contradicting_record_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        recording(world);
        world.does(&confirms(world, Some("far")));
        world.tells(&visit("a").over())
    });
}

#[test]
fn a_confirmation_reaches_tags_ledger_and_notifications() {
    let world = World::with_log();
    recording(&world);
    let confirmation = say(&world, &session("far")).unwrap();
    assert!(confirmation.is_changed);
    later(&world, 5);
    let own = &tags(&world)[NAME].0;
    assert_eq!((own["bsr-session"].as_str(), own["bsr-state"].as_str()), ("far", "matched"));
    assert_eq!(told(&world, Event::RecordingCatalogued), 1);
    let segment = now(world.ledger.segments()).unwrap()[0];
    let bytes = now(world.ledger.read(segment, 0, 100_000)).unwrap().unwrap();
    let lines = String::from_utf8(bytes).unwrap();
    assert!(lines.contains("\"recording.confirmed\"") && lines.contains("asked her"), "{lines}");
}

#[test]
fn a_repeated_confirmation_is_notified_once() {
    let world = World::with_log();
    recording(&world);
    say(&world, &session("far")).unwrap();
    let again = say(&world, &session("far")).unwrap();
    assert!(!again.is_changed);
    later(&world, 5);
    assert_eq!(told(&world, Event::RecordingCatalogued), 1);
}

#[test]
fn a_second_confirmation_withdraws_the_first() {
    let world = World::with_log();
    recording(&world);
    say(&world, &session("far")).unwrap();
    let none = say(&world, &PersonAnswer::NoneOfThem).unwrap();
    assert_eq!(none.withdrawn.as_deref(), Some("matched far"));
    assert_eq!(tunnel_of(&none.entry), None);
    later(&world, 5);
    assert!(!tags(&world)[NAME].0.contains_key("bsr-session"));
}

#[test]
fn a_confirmation_of_unknown_ids_is_rejected() {
    let world = World::with_log();
    recording(&world);
    world.does(&world.tells(&visit("failed").failed()));
    let unknown = RecordingId::derive(&entries(&world)[0].address, world.now(), b"unknown");
    let of_unknown =
        now(world.archivist().confirmation.confirm(unknown, &session("far"), "asked her", &person())).unwrap();
    assert_eq!(of_unknown.unwrap_err(), NotConfirmed::UnknownRecording);
    assert_eq!(say(&world, &session("nobody")).unwrap_err(), NotConfirmed::UnknownSession);
    assert_eq!(say(&world, &session("failed")).unwrap_err(), NotConfirmed::FailedLogin);
    assert!(entries(&world)[0].match_state.confirmed.is_none());
}

#[test]
fn a_confirmation_during_recording_is_refused() {
    let world = World::with_log();
    world.does(&world.tells(&far("far").over()));
    recorded(&world, &visit("a"));
    assert_eq!(entries(&world)[0].state, RecordingState::Active);
    assert_eq!(say(&world, &session("far")).unwrap_err(), NotConfirmed::NotEnded);
}

#[test]
fn a_contradicting_log_is_reported_once_and_the_confirmation_stays() {
    let world = World::with_log();
    recording(&world);
    say(&world, &session("far")).unwrap();
    world.does(&world.tells(&visit("a").over()));
    world.run_to_the_end();
    let entry = entries(&world).remove(0);
    assert_eq!(tunnel_of(&entry), Some("far"));
    assert_eq!(entry.match_state.found().session().map(|found| found.tunnel_id.as_str()), Some("a"));
    assert_eq!(told(&world, Event::RecordingAmbiguous), 1);
}

#[test]
fn a_contradicting_later_recording_is_reported_once_and_the_confirmation_stays() {
    let world = World::with_log();
    world.pass_time(SignedDuration::from_mins(20));
    recorded(&world, &visit("a"));
    world.does(&world.tells(&far("far").over()));
    later(&world, 10);
    say(&world, &session("far")).unwrap();
    let id = entries(&world)[0].id;
    world.does(&Work::Event(world.record("vm-user.1", far("far").start, far("far").end)));
    world.run_to_the_end();
    let all = entries(&world);
    let (confirmed, other) =
        (all.iter().find(|one| one.id == id).unwrap(), all.iter().find(|one| one.id != id).unwrap());
    assert_eq!((tunnel_of(confirmed), tunnel_of(other)), (Some("far"), Some("far")));
    assert_eq!(told(&world, Event::RecordingAmbiguous), 1);
    assert_eq!(confirmed.match_state.confirmed.as_ref().unwrap().contradictions.len(), 1);
}

#[test]
fn a_confirmed_session_has_no_gap_until_the_confirmation_is_withdrawn() {
    let world = World::with_log();
    recording(&world);
    say(&world, &session("far")).unwrap();
    world.run_to_the_end();
    let has_gap = |world: &World| stored_sessions(world)[0].has_gap();
    assert!(!has_gap(&world));
    say(&world, &PersonAnswer::NoneOfThem).unwrap();
    world.run_to_the_end();
    assert!(has_gap(&world));
}

#[test]
fn a_confirmation_does_not_affect_other_matches() {
    let told = |world: &World| {
        world.does(&Work::Event(world.record("vm-user.1", far("b").start, far("b").end)));
        world.run_to_the_end();
        let all = entries(world);
        all.iter().find(|one| one.address.name.as_str() == "vm-user.1").unwrap().match_state.verdict.clone()
    };
    let with_word = World::with_log();
    recording(&with_word);
    say(&with_word, &session("far")).unwrap();
    let without = World::with_log();
    recording(&without);
    assert_eq!(told(&with_word), told(&without));
}

/// A confirmation, with a sweep and a record that would match another session, polled in any order.
fn at_the_same_time(turns: &Turns) -> World {
    let world = World::with_log();
    recording(&world);
    let log = world.tells(&visit("a").over());
    let works = [confirms(&world, Some("far")), log, Work::Sweep];
    let tasks = works.into_iter().map(|work| {
        let archivist = world.archivist_behind(&Arc::new(Gate::open().yielding()));
        let task: Task<'_, _> = Box::pin(async move { perform(&archivist, &work).await });
        task
    });
    for result in interleaved(tasks.collect(), turns) {
        result.unwrap();
    }
    world.run_to_the_end();
    world
}

proptest! {
    #[test]
    fn a_confirmation_survives_a_concurrent_sweep(turns in turns()) {
        let world = at_the_same_time(&turns);
        let entry = entries(&world).remove(0);
        prop_assert_eq!(tunnel_of(&entry), Some("far"));
        prop_assert!(entry.pending.is_empty() && entry.refusals.is_empty());
        // The log matched another session before the confirmation, or contradicts it afterwards.
        prop_assert!(told(&world, Event::RecordingAmbiguous) <= 1);
        prop_assert_eq!(entry.match_state.confirmed.unwrap().contradictions.len(), 1);
    }
}
