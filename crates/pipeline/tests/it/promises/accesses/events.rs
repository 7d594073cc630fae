//! Facts, severities and callers of the events about accesses.

use domain::policy::person::{PersonForm, Privacy};
use domain::record::accessor::AccessRole;
use domain::record::catalogue::RecordingState;
use domain::record::notification::Event;
use jiff::SignedDuration;

use super::estate::{ARCHIVIST, BASTION_ID, NAME, Request, Who, world};
use crate::promises::host::Work;
use crate::promises::visits::{PERSON, Visit};
use crate::promises::world::World;

const ADA: Who = Who::Person(PERSON);
const GRACE: Who = Who::Person("grace@contoso.example");

/// A world with a final recording of ada.
fn matched() -> World {
    let world = world();
    let visit = Visit::new("5e55", world.now(), 10);
    world.does(&world.tells(&[visit.begun(), visit.over()].concat()));
    let event = world.record(NAME, visit.start + SignedDuration::from_secs(9), visit.end);
    world.pass_time(SignedDuration::from_mins(11));
    world.does(&Work::Event(event));
    world.run_until(world.now() + SignedDuration::from_hours(20));
    world
}

fn fact(world: &World, event: Event, name: &str) -> Vec<String> {
    let told = world.told_of(event);
    told.iter().map(|body| body["data"]["facts"][name].as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn a_viewing_says_if_it_is_of_ones_own_session() {
    let world = matched();
    world.logs_requests(&[ADA, GRACE, Who::Signature("s")].map(|who| Request::new(1, world.now(), who, "GetBlob")));
    world.reads_for(15);
    let mut own = fact(&world, Event::RecordingViewed, "own_session");
    own.sort_unstable();
    assert_eq!(own, ["no", "none", "yes"]);
}

#[test]
fn a_read_of_the_full_length_is_a_download_and_a_part_is_not() {
    let world = matched();
    let part = Request { bytes: 8, status: 206, ..Request::new(1, world.now(), ADA, "GetBlob") };
    let whole = Request { bytes: 9, ..Request::new(2, world.now(), GRACE, "GetBlob") };
    world.logs_requests(&[part, whole]);
    world.reads_for(15);
    assert_eq!(fact(&world, Event::RecordingDownloaded, "accessed_by"), ["grace@contoso.example"]);
    assert_eq!(world.told_of(Event::RecordingViewed).len(), 2);
}

#[test]
fn a_write_by_a_person_is_an_overwrite_and_one_by_signature_is_unknown() {
    let world = matched();
    let writers = [Who::Signature("s"), Who::Key, Who::Application(BASTION_ID), Who::Application(ARCHIVIST), GRACE];
    let writes: Vec<Request> =
        (1..).zip(writers).map(|(id, who)| Request::new(id, world.now(), who, "PutBlob")).collect();
    world.logs_requests(&writes);
    world.reads_for(15);
    assert_eq!(fact(&world, Event::RecordingOverwritten, "accessed_by"), ["grace@contoso.example"]);
    let accesses = world.accesses_of(&world.entry_of(NAME)).accesses;
    let unknown = accesses.iter().filter(|access| access.role == AccessRole::Unknown).count();
    assert_eq!((accesses.len(), unknown), (5, 2));
}

#[test]
fn people_are_shown_in_viewings_as_the_privacy_setting_says() {
    for (form, expected) in [(PersonForm::None, "none"), (PersonForm::Full, PERSON)] {
        let mut world = matched();
        world.rules.privacy = Privacy { in_notifications: form, ..Privacy::default() };
        world.logs_requests(&[Request::new(1, world.now(), ADA, "GetBlob")]);
        world.reads_for(15);
        assert_eq!(fact(&world, Event::RecordingViewed, "accessed_by"), [expected]);
        let body = world.told_of(Event::RecordingViewed)[0].to_string();
        assert_eq!(body.contains("ada@contoso"), form == PersonForm::Full, "{body}");
        assert_eq!(body.contains("oid-"), form == PersonForm::Full, "{body}");
    }
}

#[test]
fn a_line_before_its_recording_is_announced_later() {
    let world = world();
    world.logs_requests(&[Request::new(1, world.now(), GRACE, "GetBlob")]);
    world.reads_for(30);
    assert_eq!(world.told_of(Event::RecordingViewed).len(), 0);
    let created = world.now() - SignedDuration::from_mins(40);
    let event = world.record(NAME, created, created + SignedDuration::from_mins(1));
    world.does(&Work::Event(event));
    world.reads_for(5);
    assert_eq!(world.told_of(Event::RecordingViewed).len(), 1);
}

#[test]
fn an_access_belongs_to_the_life_in_which_it_was_made() {
    let world = matched();
    world.logs_requests(&[Request::new(1, world.now(), GRACE, "GetBlob")]);
    world.pass_time(SignedDuration::from_hours(1));
    world.does(&Work::Event(world.delete(NAME)));
    world.pass_time(SignedDuration::from_hours(1));
    world.recorded(NAME);
    world.logs_requests(&[Request::new(2, world.now() + SignedDuration::from_mins(1), ADA, "GetBlob")]);
    let lives: Vec<_> = crate::promises::outcome::entries(&world);
    let viewers = |entry| -> Vec<String> {
        let accesses = world.accesses_of(entry).accesses;
        accesses.iter().filter_map(|access| access.viewing.accessor.person.as_deref().map(str::to_owned)).collect()
    };
    let (gone, new): (Vec<_>, Vec<_>) = lives.iter().partition(|entry| entry.state == RecordingState::Deleted);
    assert_eq!(
        (viewers(gone[0]), viewers(new[0])),
        (vec!["grace@contoso.example".to_owned()], vec![PERSON.to_owned()])
    );
}

#[test]
fn a_deletion_names_its_caller_if_the_log_is_first() {
    let world = matched();
    let request = Request { status: 202, ..Request::new(7, world.now(), GRACE, "DeleteBlob") };
    world.logs_requests(std::slice::from_ref(&request));
    let mut event = world.delete(NAME);
    let called = domain::record::blob::StorageRequest { id: Some(request.request_id()), ..Default::default() };
    event.event.what = domain::record::blob::Happening::Deleted(called);
    world.does(&Work::Event(event));
    world.reads_for(5);
    assert_eq!(fact(&world, Event::RecordingDeletedUnexpectedly, "accessed_by"), ["grace@contoso.example"]);
    let accesses = world.accesses_of(&world.entry_of(NAME)).accesses;
    assert_eq!(accesses.iter().filter(|access| access.viewing.kind.name() == "delete").count(), 1);
}

#[test]
fn a_caller_in_a_later_line_is_shown_with_the_recording() {
    let world = matched();
    let at = world.now();
    world.does(&Work::Event(world.delete(NAME)));
    world.reads_for(5);
    world.logs_requests(&[Request { status: 202, ..Request::new(7, at, GRACE, "DeleteBlob") }]);
    world.reads_for(30);
    assert_eq!(world.told_of(Event::RecordingDeletedUnexpectedly).len(), 1);
    let accesses = world.accesses_of(&world.entry_of(NAME)).accesses;
    assert!(accesses.iter().any(|access| access.viewing.accessor.person.as_deref() == Some("grace@contoso.example")));
}
