//! The process dies at its n-th port call, for every n, before the call and after it; or only the call fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::record::catalogue::Entry;
use domain::record::delivery::ChannelAnswer;
use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::ports::{FaultKind, QueueName};
use pipeline::testing::{Death, Gate};

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{
    Seen, SeenSession, entries, facts, heard, heard_except_anchors, poison, quarantined, seen, sessions,
    stored_sessions, tags,
};
use crate::promises::world::{ACTIVE_AT_MOST, SETTLE_AFTER, World};
use pipeline::testing::schedule::now;

/// Prepares a world and returns the work during which the process dies.
pub type CrashScenario = fn(&World) -> Work;

/// Catalogue by id, tags by name, sessions by tunnel id.
type Shown = (BTreeMap<String, Seen>, BTreeMap<String, TagSet>, BTreeMap<String, SeenSession>);

/// State that must not depend on a crash.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// State after some minutes. Much later, a recording that becomes final is tagged again in any case.
    soon: Shown,
    finally: Shown,
    heard: BTreeSet<String>,
    /// Facts of reviews in the ledger, each as often as it is written.
    reviewed: Vec<String>,
    quarantine: BTreeSet<String>,
    poison: usize,
}

/// Recovery of the interrupted work.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Recovery {
    /// The platform delivers the same work again.
    Redelivery,
    /// Only timers fire.
    SweepsAlone,
}

/// Result of one process.
struct Crash {
    /// Call in which it died. `None` if it completed.
    died_in: Option<&'static str>,
    /// True if any of its work was saved.
    saved: bool,
}

fn shown(world: &World) -> Shown {
    (entries(world).iter().map(|entry| (entry.id.to_string(), seen(entry))).collect(), tags(world), sessions(world))
}

fn crash(world: &World, work: &Work, death: Death) -> Crash {
    let stored = |world: &World| (entries(world), quarantined(world), stored_sessions(world));
    let before: (Vec<Entry>, _, _) = stored(world);
    let gate = Arc::new(Gate::deadly(death));
    // A result of a dead process is lost.
    drop(now(perform(&world.archivist_behind(&gate), work)));
    // Messages, logs and timers exist before the work begins.
    let kept = !matches!(work, Work::Event(_) | Work::Malformed(_) | Work::Confirm(..) | Work::Review(..));
    Crash { died_in: gate.died_in(), saved: kept || stored(world) != before }
}

fn recover(world: &World, work: &Work, recovery: Recovery) -> Outcome {
    match (work, recovery) {
        (Work::Delivery(message), Recovery::Redelivery) => world.give_back(message),
        (Work::Delivery(message), Recovery::SweepsAlone) => world.forget(message),
        (_, Recovery::Redelivery) => world.does(work),
        (_, Recovery::SweepsAlone) => {}
    }
    world.run_until(world.now() + SignedDuration::from_mins(4));
    let soon = shown(world);
    world.run_to_the_end();
    Outcome {
        soon,
        finally: shown(world),
        heard: heard_except_anchors(world),
        reviewed: facts(world, "recording.reviewed"),
        quarantine: quarantined(world).into_iter().collect(),
        poison: poison(world),
    }
}

fn without_crash(begin: fn() -> World, scenario: CrashScenario) -> Outcome {
    let world = begin();
    let work = scenario(&world);
    recover(&world, &work, Recovery::Redelivery)
}

/// Runs the scenario with a crash at every call; returns the names of the calls in which it died.
fn survives(scenario: CrashScenario) -> BTreeSet<&'static str> {
    survives_in(World::new, scenario)
}

/// Like [`survives`], in a world of this kind.
pub fn survives_in(begin: fn() -> World, scenario: CrashScenario) -> BTreeSet<&'static str> {
    let expected = without_crash(begin, scenario);
    assert_failures_change_nothing(begin, scenario, &expected);
    let mut died_in = BTreeSet::new();
    for recovery in [Recovery::Redelivery, Recovery::SweepsAlone] {
        for variant in [Death::Before, Death::After] {
            for n in 1.. {
                let world = begin();
                let work = scenario(&world);
                let crash = crash(&world, &work, variant(n));
                let Some(call) = crash.died_in else { break };
                died_in.insert(call);
                if recovery == Recovery::SweepsAlone && !crash.saved {
                    continue;
                }
                let recovered = recover(&world, &work, recovery);
                assert_eq!(recovered, expected, "died at {call}, {:?}, then {recovery:?}", variant(n));
                assert_repeats_only_where_an_answer_was_lost(&world, variant(n), call);
            }
        }
    }
    died_in
}

/// Runs the scenario with a failure of every call. The platform delivers the work again only if it returned an error.
fn assert_failures_change_nothing(begin: fn() -> World, scenario: CrashScenario, expected: &Outcome) {
    for n in 1.. {
        let world = begin();
        let work = scenario(&world);
        let gate = Arc::new(Gate::failing_at(n, FaultKind::Transient { retry_after: None }));
        let result = now(perform(&world.archivist_behind(&gate), &work));
        let Some(call) = gate.failed_in() else { break };
        let recovery = if result.is_err() { Recovery::Redelivery } else { Recovery::SweepsAlone };
        assert_eq!(recover(&world, &work, recovery), *expected, "call {n}, {call}, failed, then {recovery:?}");
    }
}

fn assert_repeats_only_where_an_answer_was_lost(world: &World, death: Death, call: &str) {
    let repeats = world.receiver.accepted().len() - heard(world).len();
    let answer_lost = match death {
        Death::Before(_) => call == "notifications.save",
        Death::After(_) => call == "channel.send",
    };
    assert!(repeats <= usize::from(answer_lost), "{repeats} repeats after dying at {call}, {death:?}");
}

fn try_later() -> ChannelAnswer {
    ChannelAnswer::TryLater { reason: "503".into(), retry_after: None, overloaded: false }
}

#[test]
fn a_new_recording_survives_a_crash_at_any_call() {
    let died_in = survives(|world| Work::Event(world.write("vm-user", 9)));
    let expected = [
        "blobs.properties", "blobs.replace_tags", "blobs.tags", "catalogue.lives", "catalogue.save",
        "checkpoints.list", "notifications.add", "queue.send",
    ];
    assert_eq!(died_in, BTreeSet::from(expected), "the test must reach every call");
}

#[test]
fn a_rewrite_survives_a_crash_at_any_call() {
    survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.run_until(world.now() + SETTLE_AFTER * 2);
        Work::Event(world.write("vm-user", 10))
    });
}

#[test]
fn a_delete_survives_a_crash_at_any_call() {
    survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.pass_time(SignedDuration::from_secs(30));
        Work::Event(world.delete("vm-user"))
    });
}

#[test]
fn a_late_delete_dividing_a_life_survives_a_crash() {
    survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.pass_time(SignedDuration::from_secs(30));
        let deleted = world.delete("vm-user");
        world.pass_time(SignedDuration::from_secs(30));
        world.does(&Work::Event(world.write("vm-user", 10)));
        world.pass_time(SignedDuration::from_secs(30));
        Work::Event(deleted)
    });
}

#[test]
fn a_late_delete_among_writes_survives_a_crash_at_any_call() {
    survives(|world| {
        let mut raised = Vec::new();
        for size in [1, 2] {
            raised.push(world.write("vm-user", size));
            world.pass_time(SignedDuration::from_secs(30));
            raised.push(world.delete("vm-user"));
            world.pass_time(SignedDuration::from_secs(30));
        }
        let late = raised.remove(1);
        raised.into_iter().for_each(|raised| world.does(&Work::Event(raised)));
        Work::Event(late)
    });
}

#[test]
fn settling_survives_a_crash_at_any_call() {
    survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.pass_time(SETTLE_AFTER * 2);
        Work::Sweep
    });
}

#[test]
fn becoming_final_survives_a_crash_at_any_call() {
    let died_in = survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.run_until(world.now() + SETTLE_AFTER * 2);
        world.pass_time(ACTIVE_AT_MOST);
        Work::Sweep
    });
    assert!(died_in.contains("notifications.add"), "recording.ready is sent: {died_in:?}");
}

#[test]
fn a_vanished_recording_survives_a_crash_at_any_call() {
    survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        drop(world.delete("vm-user"));
        world.pass_time(SETTLE_AFTER * 2);
        Work::Sweep
    });
}

#[test]
fn a_delivery_survives_a_crash_at_any_call() {
    let died_in = survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        Work::Delivery(world.take_messages().remove(0))
    });
    assert_eq!(died_in, BTreeSet::from(["channel.send", "checkpoints.get", "notifications.get", "notifications.save"]));
}

#[test]
fn a_failed_delivery_survives_a_crash_at_any_call() {
    let died_in = survives(|world| {
        world.receiver.will_answer(try_later());
        world.does(&Work::Event(world.write("vm-user", 9)));
        Work::Delivery(world.take_messages().remove(0))
    });
    assert!(died_in.contains("queue.send"), "the next attempt is queued: {died_in:?}");
}

#[test]
fn malformed_input_survives_a_crash_at_any_call() {
    let died_in = survives(|_| Work::Malformed(b"{ not JSON"));
    assert_eq!(
        died_in,
        BTreeSet::from([
            "notifications.add", "notifications.get", "quarantine.announced", "quarantine.put", "queue.send",
        ])
    );
}

#[test]
fn a_sweep_replacing_lost_messages_survives_a_crash_at_any_call() {
    let died_in = survives(|world| {
        world.does(&Work::Event(world.write("vm-user", 9)));
        world.take_messages().iter().for_each(|message| world.forget(message));
        world.pass_time(SignedDuration::from_mins(20));
        Work::Sweep
    });
    assert!(died_in.contains("notifications.save"), "the delivery is resumed: {died_in:?}");
}

#[test]
fn poison_survives_a_crash_at_any_call() {
    let died_in = survives(|world| {
        world.give_up(QueueName::RecordingEvents, "{ not JSON");
        world.give_up(QueueName::Notifications, "{ not JSON");
        Work::Sweep
    });
    let expected = [
        "catalogue.due", "checkpoints.get", "checkpoints.list", "notifications.add", "notifications.forgotten",
        "notifications.get", "quarantine.announced", "quarantine.get", "quarantine.put", "quarantine.unannounced",
        "queue.delete", "queue.receive", "queue.send", "sessions.due",
    ];
    assert_eq!(died_in, BTreeSet::from(expected), "the test must reach every call");
}
