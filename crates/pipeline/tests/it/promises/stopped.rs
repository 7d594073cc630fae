//! A bastion that stops logging or recording.

use domain::record::notification::Event;
use domain::record::session::GapCause;
use jiff::SignedDuration;

use crate::promises::host::Work;
use crate::promises::outcome::{sessions, told};
use crate::promises::visits::Visit;
use crate::promises::world::World;
use pipeline::testing::schedule::now;

/// Longest silence of an audit log.
const PATIENCE: SignedDuration = SignedDuration::from_hours(6);

/// A session with its recording; `is_told` adds its record to the log.
fn recorded(world: &World, n: usize, is_told: bool) {
    let visit = Visit::new(&format!("t{n}"), world.now(), 1);
    world.pass_time(SignedDuration::from_mins(1));
    world.does(&Work::Event(world.record(&format!("vm-user.{n}"), visit.start, visit.end)));
    if is_told {
        world.does(&world.tells(&visit.over()));
    }
}

fn wait(world: &World, hours: i64) {
    world.run_until(world.now() + SignedDuration::from_hours(hours));
}

fn is_stopped(world: &World) -> bool {
    let bastion = &world.estate.bastions[0].name;
    now(world.archivist().watermarks.watermark(bastion))
        .unwrap()
        .is_some_and(|watermark| watermark.stopped_at.is_some())
}

/// A world whose log was silent during recordings for long enough to be reported.
fn silent() -> World {
    let world = World::with_log();
    recorded(&world, 0, true);
    wait(&world, 7);
    recorded(&world, 1, false);
    wait(&world, 7);
    world.does(&Work::Tail);
    world.deliver_all();
    world
}

#[test]
fn a_silent_log_with_ongoing_recordings_is_reported_once() {
    let world = silent();
    assert_eq!((told(&world, Event::BastionAuditLogStopped), is_stopped(&world)), (1, true));
    recorded(&world, 2, false);
    world.does(&Work::Tail);
    assert!(is_stopped(&world), "one more recording causes no notification");
    wait(&world, 30);
    assert_eq!(told(&world, Event::BastionAuditLogStopped), 1);
}

#[test]
fn a_log_is_silent_only_after_its_delay_and_with_recordings() {
    let world = World::with_log();
    recorded(&world, 0, true);
    wait(&world, 30);
    assert!(!is_stopped(&world), "no process was running");
    recorded(&world, 1, false);
    world.pass_time(PATIENCE - SignedDuration::from_mins(2));
    world.does(&Work::Tail);
    assert!(!is_stopped(&world), "its records may come late");
    world.pass_time(SignedDuration::from_mins(2));
    world.does(&Work::Tail);
    assert!(is_stopped(&world));
}

#[test]
fn a_resumed_log_is_healthy_and_a_new_silence_is_reported() {
    let world = silent();
    recorded(&world, 2, true);
    world.does(&Work::Tail);
    assert!(!is_stopped(&world));
    wait(&world, 8);
    recorded(&world, 3, false);
    wait(&world, 8);
    world.does(&Work::Tail);
    world.deliver_all();
    assert_eq!((told(&world, Event::BastionAuditLogStopped), is_stopped(&world)), (2, true));
}

#[test]
fn a_log_that_never_started_is_reported_once() {
    let world = World::with_log();
    recorded(&world, 0, false);
    wait(&world, 30);
    assert_eq!((told(&world, Event::BastionAuditLogStopped), is_stopped(&world)), (1, true));
}

#[test]
fn deletes_of_unknown_names_do_not_hide_a_silent_log() {
    let world = World::with_log();
    recorded(&world, 0, false);
    for n in 0..45 {
        world.pass_time(SignedDuration::from_secs(1));
        let name = format!("vm-gone.{n}");
        drop(world.write(&name, 1));
        world.does(&Work::Event(world.delete(&name)));
    }
    wait(&world, 30);
    assert_eq!((told(&world, Event::BastionAuditLogStopped), is_stopped(&world)), (1, true));
}

#[test]
fn an_unlistable_log_is_reported_after_each_recovery() {
    let world = World::with_log();
    let bastion = world.log().container();
    recorded(&world, 0, true);
    world.does(&Work::Tail);
    for times in 1..=2 {
        world.blobs.forbid(&bastion);
        world.pass_time(PATIENCE * 2);
        world.does(&Work::Tail);
        world.deliver_all();
        assert_eq!((told(&world, Event::BastionAuditLogStopped), is_stopped(&world)), (times, true));
        world.blobs.permit(&bastion);
        world.does(&Work::Tail);
        assert!(!is_stopped(&world));
        world.deliver_all();
        assert_eq!(told(&world, Event::BastionAuditLogStoppedResolved), times);
    }
}

#[test]
fn a_bastion_without_recordings_is_reported_once_for_many_sessions() {
    let world = World::with_log();
    recorded(&world, 0, true);
    for n in 1..30 {
        world.pass_time(SignedDuration::from_mins(10));
        world.does(&world.tells(&Visit::new(&format!("t{n}"), world.now(), 1).over()));
    }
    world.run_to_the_end();
    let causes: Vec<_> = sessions(&world).into_values().filter_map(|session| session.gap).collect();
    assert_eq!(causes, vec![(GapCause::RecordingOff, true); 29]);
    assert_eq!(told(&world, Event::BastionRecordingStopped), 1);
    assert_eq!(told(&world, Event::SessionUnrecorded), 29);
    assert_eq!(told(&world, Event::BastionRecordingStoppedResolved), 0);
    for n in 50..52 {
        recorded(&world, n, true);
        world.does(&Work::Tail);
        world.deliver_all();
        assert_eq!(told(&world, Event::BastionRecordingStoppedResolved), 1, "the next recording ends it once");
    }
}

#[test]
fn a_future_record_does_not_hide_a_silent_log() {
    let world = World::with_log();
    let in_ten_years = world.now() + SignedDuration::from_hours(10 * 365 * 24);
    world.does(&world.tells(&Visit::new("odd", in_ten_years, 1).begun()));
    wait(&world, 7);
    recorded(&world, 1, false);
    wait(&world, 7);
    world.does(&Work::Tail);
    assert!(is_stopped(&world));
}
