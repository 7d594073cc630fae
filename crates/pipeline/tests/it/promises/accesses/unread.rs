//! Times for which the log of reads was not read: nobody says that nobody watched.

use domain::record::accessor::AccessRole;
use domain::record::estate::BastionName;
use domain::record::notification::Event;
use jiff::{SignedDuration, Timestamp};
use pipeline::testing::schedule::now;

use super::estate::{ARCHIVIST, BASTION_ID, NAME, Request, Who, world};
use crate::promises::world::World;

const GRACE: Who = Who::Person("grace@contoso.example");

/// Times of the recording's life that are unread, in minutes since its creation.
fn unread(world: &World) -> Vec<(Option<i64>, i64)> {
    let entry = world.entry_of(NAME);
    let created = entry.created_at().unwrap();
    let minutes = |at: Timestamp| at.duration_since(created).as_mins();
    let accesses = world.accesses_of(&entry);
    accesses.unread.iter().map(|unread| (unread.from.map(minutes), minutes(unread.to))).collect()
}

/// A recording with the log of its first hour, which was read, and half of the next hour.
fn in_the_second_hour() -> World {
    let world = world();
    world.recorded(NAME);
    world.logs_requests(&[Request::new(1, world.now(), GRACE, "GetBlob")]);
    world.pass_time(SignedDuration::from_mins(90));
    world
}

#[test]
fn the_life_of_a_recording_is_unread_until_a_log_of_reads_was_read() {
    let world = world();
    world.recorded(NAME);
    world.pass_time(SignedDuration::from_mins(30));
    assert_eq!(unread(&world), [(Some(0), 30)]);
    let world = in_the_second_hour();
    assert_eq!(unread(&world), [(Some(0), 90)], "the log of the first hour may still grow");
    world.logs_requests(&[Request::new(2, world.now(), GRACE, "GetBlob")]);
    assert_eq!(unread(&world), [(Some(60), 90)]);
}

#[test]
fn a_log_that_was_found_and_not_read_covers_nothing() {
    let world = in_the_second_hour();
    world.appends_requests(&[Request::new(2, world.now(), GRACE, "GetBlob")]);
    now(world.archivist().tailing.tail(&|| false)).unwrap();
    assert_eq!(unread(&world), [(Some(0), 90)]);
    now(world.archivist().tailing.tail(&|| true)).unwrap();
    assert_eq!(unread(&world), [(Some(60), 90)]);
}

#[test]
fn an_end_of_the_log_for_days_is_unread_afterwards() {
    let world = in_the_second_hour();
    world.pass_time(SignedDuration::from_hours(72));
    world.logs_requests(&[Request::new(2, world.now(), GRACE, "GetBlob")]);
    world.pass_time(SignedDuration::from_hours(1));
    world.logs_requests(&[Request::new(3, world.now(), GRACE, "GetBlob")]);
    let (silent, present) = (72 * 60 + 60, 72 * 60 + 150);
    assert_eq!(unread(&world), [(Some(60), silent), (Some(silent + 60), present)]);
}

#[test]
fn a_recording_without_an_access_log_has_no_unread_times() {
    let mut world = world();
    world.recorded(NAME);
    world.estate.bastions[0].access_logs = None;
    let accesses = world.accesses_of(&world.entry_of(NAME));
    assert_eq!((accesses.is_logged, accesses.unread), (false, Vec::new()));
}

#[test]
fn the_archivist_and_the_bastion_are_known_after_the_bastion_was_renamed() {
    let mut world = world();
    world.recorded(NAME);
    world.estate.bastions[0].name = BastionName::new("renamed");
    let readers = [Who::Application(ARCHIVIST), Who::Application(BASTION_ID)];
    let reads: Vec<Request> =
        (1..).zip(readers).map(|(id, who)| Request::new(id, world.now(), who, "GetBlob")).collect();
    world.logs_requests(&reads);
    world.reads_for(30);
    assert_eq!(world.told_of(Event::RecordingViewed).len(), 0);
    let accesses = world.accesses_of(&world.entry_of(NAME));
    let mut roles: Vec<AccessRole> = accesses.accesses.iter().map(|access| access.role).collect();
    roles.sort_unstable();
    assert_eq!((accesses.is_logged, roles), (true, vec![AccessRole::Archivist, AccessRole::Bastion]));
}
