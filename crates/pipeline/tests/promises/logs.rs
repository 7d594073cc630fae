//! Audit logs that land, grow, break, shrink and are given up, whatever crashes or fails meanwhile.

use std::collections::BTreeMap;

use domain::notification::Event;
use domain::session::SessionState;
use jiff::SignedDuration;
use pipeline::ports::{CheckpointKind, Checkpoints};
use pipeline::testing::Gate;
use proptest::prelude::*;

use crate::crashes::survives_in;
use crate::host::Work;
use crate::outcome::{quarantined, stored_sessions, told};
use crate::visits::Visit;
use crate::world::World;
use pipeline::testing::schedule::now;

/// Two sessions, one of which is over, and a login that failed.
fn three(world: &World) -> String {
    let visit = |tunnel| Visit::new(tunnel, world.now(), 10);
    [visit("a").begun(), visit("a").over(), visit("b").begun(), visit("c").failed()].concat()
}

fn states(world: &World) -> BTreeMap<String, SessionState> {
    stored_sessions(world).iter().map(|entry| (entry.id.tunnel.to_string(), entry.session().state)).collect()
}

fn open_logs(world: &World) -> usize {
    now(world.checkpoints.list(CheckpointKind::OpenLog, None, usize::MAX)).unwrap().len()
}

/// Has the log say that a session begins, and has it read.
fn begun(world: &World, tunnel: &str) {
    world.does(&world.tells(&Visit::new(tunnel, world.now(), 10).begun()));
}

/// A world in which a log was read to its end for good.
fn retired(world: &World) {
    begun(world, "a");
    world.run_until(world.now() + SignedDuration::from_hours(6));
    assert_eq!(open_logs(world), 0, "it is retired");
}

#[test]
fn a_log_that_lands_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| world.tells(&three(world)));
    for call in ["blobs.read", "sessions.load", "sessions.save", "checkpoints.get", "checkpoints.save"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn a_log_of_which_nobody_told_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        drop(world.tells(&three(world)));
        Work::Tail
    });
    assert!(died_in.contains("checkpoints.list") && died_in.contains("blobs.list"), "{died_in:?}");
}

#[test]
fn a_log_that_grows_while_it_is_read_on_survives_a_crash_at_any_call() {
    survives_in(World::with_log, |world| {
        let all = three(world);
        // Inside of the second record.
        let (first, rest) = all.split_at(all.len() / 3);
        world.does(&world.tells(first));
        world.pass_time(SignedDuration::from_secs(30));
        drop(world.tells(rest));
        Work::Tail
    });
}

#[test]
fn a_broken_piece_of_a_log_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let visit = Visit::new("a", world.now(), 10);
        world.tells(&format!("{}{{\"time\": broken}}\n{}", visit.begun(), visit.over()))
    });
    assert!(died_in.contains("quarantine.put"), "{died_in:?}");
}

#[test]
fn a_log_that_is_retired_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        world.grow(&log, &three(world));
        world.does(&Work::Tail);
        world.grow(&log, "{\"time\": ");
        world.does(&Work::Tail);
        world.pass_time(SignedDuration::from_hours(6));
        Work::Tail
    });
    for call in ["checkpoints.remove", "quarantine.put"] {
        assert!(died_in.contains(call), "{call}: {died_in:?}");
    }
}

#[test]
fn a_log_that_grows_after_it_was_retired_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        retired(world);
        world.grow(&log, &Visit::new("b", world.now(), 10).over());
        Work::Tail
    });
    assert!(died_in.contains("sessions.save") && died_in.contains("checkpoints.remove"), "{died_in:?}");
}

#[test]
fn a_log_that_is_replaced_by_a_shorter_one_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        let log = world.log();
        world.does(&world.tells(&three(world)));
        world.blobs.write(&log, Visit::new("d", world.now(), 10).over().as_bytes(), world.now());
        Work::Tail
    });
    assert!(died_in.contains("sessions.save"), "{died_in:?}");
}

#[test]
fn a_log_that_grew_after_it_was_retired_and_a_shorter_one_are_read() {
    let world = World::with_log();
    let log = world.log();
    retired(&world);
    world.grow(&log, &Visit::new("b", world.now(), 10).over());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["b"], SessionState::Ended);
    world.blobs.write(&log, Visit::new("c", world.now(), 10).failed().as_bytes(), world.now());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["c"], SessionState::Failed);
    assert_eq!(states(&world).len(), 3, "what the earlier one said stays said");
}

#[test]
fn a_broken_piece_of_a_log_is_put_aside_once_and_told_once() {
    let world = World::with_log();
    let visit = Visit::new("a", world.now(), 10);
    world.does(&world.tells(&format!("{}{{\"time\": broken}}\n{}", visit.begun(), visit.over())));
    for checkpoint in [CheckpointKind::OpenLog, CheckpointKind::RetiredLog] {
        forget(&world, checkpoint);
        world.does(&Work::Tail);
    }
    world.run_to_the_end();
    assert_eq!((quarantined(&world).len(), told(&world, Event::InputQuarantined)), (1, 1));
    assert_eq!(states(&world)["a"], SessionState::Ended, "what stands behind it is read");
}

/// Forgets how far the logs were read.
fn forget(world: &World, kind: CheckpointKind) {
    for (name, checkpoint) in now(world.checkpoints.list(kind, None, usize::MAX)).unwrap() {
        let key = pipeline::ports::CheckpointKey { kind, name };
        assert!(now(world.checkpoints.remove(&key, checkpoint.version)).unwrap());
    }
}

#[test]
fn a_log_that_is_read_once_more_changes_nothing_and_saves_nothing() {
    let world = World::with_log();
    world.does(&world.tells(&three(&world)));
    world.run_until(world.now());
    let (sessions, saved) = (stored_sessions(&world), world.sessions.saves.revisions());
    forget(&world, CheckpointKind::OpenLog);
    world.does(&Work::Tail);
    assert_eq!((stored_sessions(&world), world.sessions.saves.revisions()), (sessions, saved));
}

proptest! {
    #[test]
    fn a_log_that_is_read_on_after_every_growth_tells_what_one_tells_that_is_read_whole(
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let (whole, pieces) = (World::with_log(), World::with_log());
        let text = three(&whole);
        whole.does(&whole.tells(&text));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        for piece in cuts.windows(2) {
            drop(pieces.tells(&text[piece[0]..piece[1]]));
            pieces.does(&Work::Tail);
        }
        let records = |world: &World| stored_sessions(world).into_iter().map(|one| (one.id, one.records)).collect::<Vec<_>>();
        prop_assert_eq!(records(&pieces), records(&whole));
        prop_assert_eq!(quarantined(&pieces), Vec::<String>::new());
    }
}

#[test]
fn a_position_that_cannot_be_saved_loses_and_repeats_nothing() {
    let world = World::with_log();
    let log = world.tells(&three(&world));
    let gate = std::sync::Arc::new(Gate::open());
    gate.fail("checkpoints.save", pipeline::ports::FaultKind::Transient { retry_after: None });
    assert!(now(crate::host::perform(&world.archivist_behind(&gate), &log)).is_err());
    world.run_until(world.now());
    assert_eq!(states(&world).len(), 3);
    let begun: Vec<u64> =
        world.sessions.saves.revisions().into_iter().filter(|(_, revision)| *revision == 1).map(|(_, it)| it).collect();
    assert_eq!(begun.len(), 3, "each is new once");
}

#[test]
fn a_log_that_is_replaced_by_one_that_ends_inside_the_last_record_of_the_former_is_read_from_its_beginning() {
    let world = World::with_log();
    let log = world.log();
    let begun = |tunnel| Visit::new(tunnel, world.now(), 10).begun();
    world.grow(&log, &[&begun("a"), &begun("b")[..400]].concat());
    world.does(&Work::Tail);
    world.blobs.write(&log, format!("{}   \n", begun("c")).as_bytes(), world.now());
    world.does(&Work::Tail);
    assert_eq!(states(&world)["c"], SessionState::Open);
}
