//! Review rules about earlier sessions: first use of an account, and failed logins.

use std::sync::Arc;

use domain::policy::matcher::{Condition, Test};
use domain::policy::review::{DueWithin, ReviewPolicy, ReviewRule};
use domain::record::estate::BastionName;
use jiff::{SignedDuration, Timestamp};
use pipeline::recording_review::{ReviewQueueQuery, review_queue};
use pipeline::testing::schedule::now;
use proptest::prelude::{Just, Strategy, prop_assert_eq, proptest};

use crate::promises::host::Work;
use crate::promises::outcome::entries;
use crate::promises::visits::Visit;
use crate::promises::world::{BASTION, World};

const FIRST_USE: Test = Test::FirstUse(true);
const AFTER_FAILURES: Test = Test::AfterFailedLogins(true);

/// Waiting recordings, each with the unknown facts of its rule.
type Waiting = Vec<(String, Vec<String>)>;

/// A session of ten minutes, at half past nine.
fn visit() -> Visit {
    Visit::new("own", Timestamp::constant(1_772_443_800, 0), 10)
}

fn minutes_before(tunnel: &str, minutes: i64) -> Visit {
    Visit::new(tunnel, visit().start - SignedDuration::from_mins(minutes), 1)
}

fn days_before(tunnel: &str, days: i64) -> Visit {
    Visit::new(tunnel, visit().start - SignedDuration::from_hours(24 * days), 10)
}

fn world(test: Test) -> World {
    let mut world = World::with_log();
    let due_within = DueWithin::Hours(SignedDuration::from_hours(48));
    let rule = ReviewRule { name: "rule".to_owned(), when: Condition::Is(test), sample: 100, due_within };
    world.rules.reviews = Arc::new(ReviewPolicy { rules: vec![rule], ..ReviewPolicy::default() });
    world
}

/// Notes that the log of the last hundred days was read.
fn read_far_back(world: &World) {
    let since = visit().start - SignedDuration::from_hours(24 * 100);
    now(world.archivist().watermark_moves.log_was_read_since(&BastionName::new(BASTION), since)).unwrap();
}

/// The recording of the session, matched, after these records of the log.
fn recorded(world: &World, records: &[String]) {
    world.clock.set(visit().end + SignedDuration::from_mins(10));
    read_far_back(world);
    world.does(&world.tells(&records.concat()));
    world.does(&Work::Event(world.record("vm-user", visit().start, visit().end)));
    world.does(&world.tells(&[visit().begun(), visit().over()].concat()));
    world.run_to_the_end();
    let entry = entries(world).into_iter().find(|entry| entry.address.name.as_str() == "vm-user").unwrap();
    assert_eq!(entry.match_state.verdict.name(), "matched");
}

fn waiting(world: &World) -> Waiting {
    let query =
        ReviewQueueQuery { bastion: None, overdue: false, limit: 100, after: None, walked_at_most: Some(1_000) };
    let queue = now(review_queue(&world.archivist().reading(), &query)).unwrap();
    assert!(queue.is_complete);
    queue.items.into_iter().map(|item| (item.name, item.unknown_facts)).collect()
}

fn certain() -> Waiting {
    vec![("vm-user".to_owned(), Vec::new())]
}

fn unknown(fact: &str) -> Waiting {
    vec![("vm-user".to_owned(), vec![fact.to_owned()])]
}

#[test]
fn the_first_use_of_an_account_waits_for_a_review_until_a_late_record_shows_an_earlier_one() {
    let world = world(FIRST_USE);
    recorded(&world, &[]);
    assert_eq!(waiting(&world), certain());
    world.does(&world.tells(&days_before("earlier", 200).over()));
    assert_eq!(waiting(&world), []);
}

#[test]
fn sessions_of_another_person_account_or_machine_and_failed_and_later_ones_are_no_earlier_use() {
    let world = world(FIRST_USE);
    let earlier = |tunnel| days_before(tunnel, 10);
    let others = [
        Visit { person: "bob@contoso.example".to_owned(), ..earlier("person") }.over(),
        Visit { account: "root".to_owned(), ..earlier("account") }.over(),
        Visit { machine: "vm-b".to_owned(), ..earlier("machine") }.over(),
        earlier("failed").failed(),
        days_before("later", -1).over(),
    ];
    recorded(&world, &others);
    assert_eq!(waiting(&world), certain());
    let spelled = Visit { person: "ADA@Contoso.example".to_owned(), machine: "VM".to_owned(), ..earlier("spelled") };
    world.does(&world.tells(&spelled.over()));
    assert_eq!(waiting(&world), []);
}

#[test]
fn an_earlier_session_of_an_unknown_person_leaves_the_first_use_open() {
    let world = world(FIRST_USE);
    recorded(&world, &[Visit { person: String::new(), ..days_before("unknown", 10) }.over()]);
    assert_eq!(waiting(&world), unknown("first_use"));
}

#[test]
fn a_log_that_was_not_read_far_back_leaves_the_first_use_open() {
    let world = world(FIRST_USE);
    world.clock.set(visit().end + SignedDuration::from_mins(10));
    world.does(&Work::Event(world.record("vm-user", visit().start, visit().end)));
    world.does(&world.tells(&[visit().begun(), visit().over()].concat()));
    world.run_to_the_end();
    assert_eq!(waiting(&world), unknown("first_use"));
    read_far_back(&world);
    assert_eq!(waiting(&world), certain());
}

#[test]
fn a_recording_without_a_known_session_is_open_about_earlier_ones() {
    for (test, fact) in [(FIRST_USE, "first_use"), (AFTER_FAILURES, "after_failed_logins")] {
        let world = world(test);
        read_far_back(&world);
        world.does(&Work::Event(world.record("vm-user", visit().start, visit().end)));
        world.run_to_the_end();
        assert_eq!(waiting(&world), unknown(fact));
    }
}

#[test]
fn a_login_that_failed_just_before_asks_for_a_review_and_an_older_one_does_not() {
    for (minutes, wanted) in [(1, certain()), (15, certain()), (16, Vec::new()), (-1, Vec::new())] {
        let world = world(AFTER_FAILURES);
        recorded(&world, &[minutes_before("failed", minutes).failed()]);
        assert_eq!(waiting(&world), wanted, "{minutes}");
    }
}

#[test]
fn a_failed_login_counts_by_account_or_address_on_the_same_machine_only() {
    let failed = || minutes_before("failed", 5);
    let elsewhere = Visit { machine: "vm-b".to_owned(), ..failed() };
    let other_account = Visit { account: "root".to_owned(), ..failed() };
    for (failed, wanted) in [(elsewhere, Vec::new()), (other_account, certain())] {
        let world = world(AFTER_FAILURES);
        recorded(&world, &[failed.failed()]);
        assert_eq!(waiting(&world), wanted);
    }
    let other_address = minutes_before("failed", 5).failed().replace("198.51.100.7", "203.0.113.9");
    for (record, wanted) in
        [(other_address.clone(), certain()), (other_address.replace("\"user\"", "\"root\""), Vec::new())]
    {
        let world = world(AFTER_FAILURES);
        recorded(&world, &[record]);
        assert_eq!(waiting(&world), wanted);
    }
}

#[test]
fn a_late_record_that_turns_the_failure_into_a_session_takes_the_recording_out_of_the_queue() {
    let world = world(AFTER_FAILURES);
    recorded(&world, &[minutes_before("failed", 5).failed()]);
    assert_eq!(waiting(&world), certain());
    world.does(&world.tells(&minutes_before("failed", 5).over()));
    assert_eq!(waiting(&world), []);
}

proptest! {
    #[test]
    fn records_in_any_order_give_the_same_queue(order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle()) {
        let works: [fn(&World) -> Work; 5] = [
            |world| Work::Event(world.record("vm-user", visit().start, visit().end)),
            |world| world.tells(&visit().begun()),
            |world| world.tells(&visit().over()),
            |world| world.tells(&days_before("earlier", 20).over()),
            |world| world.tells(&minutes_before("failed", 5).failed()),
        ];
        for (test, wanted) in [(FIRST_USE, Vec::new()), (AFTER_FAILURES, certain())] {
            let world = world(test);
            world.clock.set(visit().end + SignedDuration::from_mins(10));
            read_far_back(&world);
            for at in &order {
                world.does(&works[*at](&world));
                world.pass_time(SignedDuration::from_mins(7));
            }
            world.run_to_the_end();
            prop_assert_eq!(waiting(&world), wanted);
        }
    }
}
