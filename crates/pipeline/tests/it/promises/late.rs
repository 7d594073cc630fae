//! Events that arrive long after a recording was final, or after the end of the life that they are about.

use domain::record::catalogue::RecordingState;
use domain::record::join::Match;
use domain::record::notification::Event;
use jiff::SignedDuration;

use crate::promises::host::Work;
use crate::promises::outcome::{catalogue, entries};
use crate::promises::visits::Visit;
use crate::promises::world::{ACTIVE_AT_MOST, SETTLE_AFTER, World};

const NAME: &str = "vm-user";

fn pause(world: &World) {
    world.pass_time(SignedDuration::from_secs(30));
}

/// A world with a final recording.
fn with_final_recording() -> World {
    let world = World::new();
    world.does(&Work::Event(world.write(NAME, 9)));
    world.run_until(world.now() + ACTIVE_AT_MOST + SETTLE_AFTER);
    assert!(entries(&world)[0].final_at.is_some());
    world
}

#[test]
fn a_write_after_final_moves_the_settling_time() {
    let world = with_final_recording();
    world.does(&Work::Event(world.write(NAME, 10)));
    let entry = &entries(&world)[0];
    assert_eq!(entry.state, RecordingState::Settled);
    assert_eq!(entry.settled_at, entry.life.last_modified().map(|at| at + SETTLE_AFTER));
}

#[test]
fn an_emptied_final_recording_is_not_settled() {
    let world = with_final_recording();
    world.does(&Work::Event(world.write(NAME, 0)));
    world.run_to_the_end();
    let entry = &entries(&world)[0];
    assert_eq!((entry.state, entry.settled_at), (RecordingState::Active, None));
}

#[test]
fn a_late_delete_divides_the_writes_after_final() {
    let world = with_final_recording();
    let second = world.write(NAME, 10);
    pause(&world);
    let deleted = world.delete(NAME);
    pause(&world);
    let third = world.write(NAME, 11);
    pause(&world);
    let ended = world.delete(NAME);
    for raised in [second, third, ended, deleted] {
        world.does(&Work::Event(raised));
    }
    let sizes: Vec<Option<u64>> = catalogue(&world)[NAME].iter().map(|seen| seen.size).collect();
    assert_eq!(sizes, [Some(10), Some(11)]);
}

#[test]
fn a_late_event_of_an_earlier_delete_is_notified() {
    let world = World::new();
    let first = world.write(NAME, 9);
    pause(&world);
    let deleted = world.delete(NAME);
    pause(&world);
    let second = world.write(NAME, 10);
    pause(&world);
    let ended = world.delete(NAME);
    for raised in [first, second, ended, deleted.clone()] {
        world.does(&Work::Event(raised));
    }
    world.run_to_the_end();
    let told = world.receiver.accepted().into_iter().filter(|it| it.event == Event::RecordingDeletedUnexpectedly);
    let at = format!(r#""timestamp":"{}""#, domain::record::blob::whole_second(deleted.event.at));
    assert_eq!(told.filter(|received| received.body.contains(&at)).count(), 1);
}

#[test]
fn a_late_last_write_causes_no_wrong_match_meanwhile() {
    let world = World::with_log();
    let (long, short) = (Visit::new("a", world.now(), 60), Visit::new("b", world.now(), 1));
    world.does(&Work::Event(world.write(NAME, 0)));
    world.does(&world.tells(&short.over()));
    world.pass_time(SignedDuration::from_mins(60));
    let written = world.write(NAME, 9);
    world.does(&world.tells(&long.over()));
    pause(&world);
    let deleted = world.delete(NAME);
    world.pass_time(SignedDuration::from_mins(10));
    world.does(&Work::Event(deleted));
    world.does(&Work::Sweep);
    assert_eq!(entries(&world)[0].match_state.verdict, Match::Pending, "its content was never read");
    world.does(&Work::Event(written));
    world.does(&Work::Sweep);
    let session = entries(&world)[0].match_state.verdict.session().map(|session| session.tunnel_id.to_string());
    assert_eq!(session.as_deref(), Some("a"));
}
