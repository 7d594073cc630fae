//! Conditions that block a match, and some that do not: rivals under other spellings, failed logins, an unread log.

use domain::record::join::Match;
use jiff::{SignedDuration, Timestamp};

use crate::promises::host::Work;
use crate::promises::outcome::entries;
use crate::promises::visits::Visit;
use crate::promises::world::World;

const NAME: &str = "vm-user";

/// A session of ten minutes, from nine on.
fn visit(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_000, 0), 10)
}

/// A session of the same length, a little later than the first.
fn another(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_010, 0), 10)
}

fn recorded(world: &World, visit: &Visit) -> Work {
    Work::Event(world.record(NAME, visit.start, visit.end))
}

fn later(world: &World, minutes: i64) {
    world.run_until(world.now() + SignedDuration::from_mins(minutes));
}

/// Lets minutes pass without a listing of containers, so only an explicit lookup finds a blob.
fn unlisted(world: &World, minutes: i64) {
    for _ in 0..minutes {
        world.pass_time(SignedDuration::from_mins(1));
        world.does(&Work::Tail);
        world.does(&Work::Sweep);
    }
}

/// Failed logins with the account of the recording, one a second from `begin` on.
fn failures(begin: Timestamp, many: i64) -> String {
    let failed = |n: i64| Visit::new(&format!("f{n}"), begin + SignedDuration::from_secs(n), 1).failed();
    (0..many).map(failed).collect()
}

fn verdict(world: &World, name: &str) -> Match {
    entries(world).into_iter().find(|entry| entry.address.name.as_str() == name).unwrap().match_state.verdict
}

fn is_open(verdict: &Match) -> bool {
    verdict.session().is_none() && verdict.person().is_none()
}

#[test]
fn hundreds_of_failed_logins_do_not_prevent_a_match() {
    let world = World::with_log();
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&world.tells(&failures(visit("a").start - SignedDuration::from_mins(1), 600)));
    world.does(&world.tells(&visit("a").over()));
    world.does(&recorded(&world, &visit("a")));
    later(&world, 10);
    assert_eq!(verdict(&world, NAME).session().map(|session| session.tunnel_id.as_str()), Some("a"));
}

#[test]
fn a_short_recording_shows_its_only_failed_login() {
    for (many, shown) in [(1, true), (2, false), (600, false)] {
        let world = World::with_log();
        let begin = visit("a").start;
        world.pass_time(SignedDuration::from_mins(20));
        // All within the same minutes.
        let failed = |n: i64| Visit::new(&format!("f{n}"), begin + SignedDuration::from_millis(n), 1).failed();
        world.does(&world.tells(&(0..many).map(failed).collect::<String>()));
        world.does(&Work::Event(world.record(NAME, begin, begin + SignedDuration::from_secs(20))));
        let spoken = Visit::new("b", world.now() + SignedDuration::from_hours(8), 1);
        world.run_until(world.now() + SignedDuration::from_hours(8));
        world.does(&world.tells(&Visit { machine: "other".to_owned(), ..spoken }.begun()));
        world.run_to_the_end();
        let Match::Unmatched { attempt } = verdict(&world, NAME) else {
            panic!("{many}: {:?}", verdict(&world, NAME))
        };
        assert_eq!(attempt.is_some(), shown, "{many}");
    }
}

#[test]
fn an_unannounced_recording_in_another_case_blocks_a_match() {
    for (name, is_rival) in [("VM-user.1", true), ("Vm-USER", true), ("vM-User.3", true), ("vn-user", false)] {
        let world = World::with_log();
        world.pass_time(SignedDuration::from_mins(20));
        // Both may belong to the known session.
        drop(world.record(name, another("b").start, another("b").end));
        world.does(&recorded(&world, &visit("a")));
        world.does(&world.tells(&visit("a").over()));
        unlisted(&world, 10);
        assert_eq!(is_open(&verdict(&world, NAME)), is_rival, "{name}");
    }
}

#[test]
fn a_recording_under_another_instance_name_blocks_a_match() {
    let instance =
        |tunnel, start| Visit { machine: "set/virtualMachines/7".to_owned(), ..Visit::new(tunnel, start, 10) };
    for (name, is_rival) in [("set-user", true), ("7-user.1", true), ("SET_7-user.2", true), ("8-user", false)] {
        let world = World::with_log();
        world.pass_time(SignedDuration::from_mins(20));
        let (known, unknown) = (instance("a", visit("a").start), instance("b", another("b").start));
        drop(world.record(name, unknown.start, unknown.end));
        world.does(&Work::Event(world.record("set_7-user", known.start, known.end)));
        let record = known.over().replace("VIRTUALMACHINES/SET", "VIRTUALMACHINESCALESETS/SET");
        world.does(&world.tells(&record));
        unlisted(&world, 10);
        assert_eq!(is_open(&verdict(&world, "set_7-user")), is_rival, "{name}");
    }
}

#[test]
fn a_match_ignores_blanks_case_and_equivalent_letters() {
    for (account, name) in [(" user ", "vm- user .2"), ("stra\u{df}e", "VM-STRASSE"), ("\u{e9}ve", "vm-e\u{301}VE.1")] {
        let world = World::with_log();
        world.pass_time(SignedDuration::from_mins(20));
        let visit = Visit { account: account.to_owned(), ..visit("a") };
        world.does(&world.tells(&visit.over()));
        world.does(&Work::Event(world.record(name, visit.start, visit.end)));
        later(&world, 10);
        assert_eq!(verdict(&world, name).name(), "matched", "{name:?}");
    }
}

#[test]
fn a_match_waiting_for_a_log_is_decided_after_reading_it() {
    let world = World::with_log();
    let elsewhere = |tunnel, at| Visit { machine: "other".to_owned(), ..Visit::new(tunnel, at, 10) };
    world.does(&world.tells(&elsewhere("y", world.now()).begun()));
    world.does(&Work::Tail);
    // No pass reads the log for days.
    world.pass_time(SignedDuration::from_hours(60));
    world.does(&recorded(&world, &visit("a")));
    world.does(&Work::Sweep);
    world.pass_time(SignedDuration::from_hours(1));
    world.does(&Work::Sweep);
    assert_eq!(entries(&world)[0].match_state.verdict, Match::Pending, "the log was not read far enough");
    let asked_at = entries(&world)[0].match_state.ask_at.unwrap();
    assert!(asked_at > world.now() + SignedDuration::from_mins(5), "{asked_at}");
    // The event of the log is lost. The log is about another machine, so no record in it is near the recording.
    drop(world.tells(&elsewhere("z", world.now()).begun()));
    world.does(&Work::Tail);
    world.does(&Work::Sweep);
    assert_eq!(entries(&world)[0].match_state.verdict.name(), "unmatched");
}

#[test]
fn a_late_found_recording_is_joined_within_minutes() {
    let world = World::with_log();
    world.pass_time(SignedDuration::from_hours(60));
    world.does(&recorded(&world, &visit("a")));
    world.does(&Work::Sweep);
    let asked_at = entries(&world)[0].match_state.ask_at.unwrap();
    assert!(asked_at <= world.now() + SignedDuration::from_mins(2), "{asked_at}");
}
