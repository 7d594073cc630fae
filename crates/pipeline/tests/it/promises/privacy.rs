//! If people must not be named, no tag and no notification names them.

use std::collections::BTreeSet;

use domain::policy::person::{PersonForm, Privacy};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::testing::schedule::now;

use crate::promises::host::Work;
use crate::promises::outcome::{entries, tags};
use crate::promises::visits::{PERSON, Visit};
use crate::promises::world::World;

/// Events that recordings and sessions notify.
const TOLD: [Event; 7] = [
    Event::RecordingReady,
    Event::RecordingCatalogued,
    Event::RecordingAmbiguous,
    Event::RecordingUnmatched,
    Event::SessionUnrecorded,
    Event::SessionFailedLogins,
    Event::InputQuarantined,
];

/// A day with every event whose notification can name a person.
fn day(shown: PersonForm) -> World {
    let mut world = World::with_log();
    world.rules.privacy = Privacy { in_tags: shown, in_notifications: shown };
    let on = |machine: &str, tunnel: &str| Visit {
        machine: machine.to_owned(),
        ..Visit::new(tunnel, world.now() + SignedDuration::from_mins(1), 10)
    };
    let record = |visit: &Visit| {
        let name = format!("{}-{}", visit.machine, visit.account);
        world.record(&name, visit.start, visit.end)
    };
    let (matched, late, unrecorded) = (on("vm", "a"), on("vm", "b"), on("alone", "c"));
    let (of_many, shared) = (on("shared", "d"), on("shared", "e"));
    let attempt = on("attempt", "f");
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&Work::Event(record(&matched)));
    world.does(&Work::Event(record(&of_many)));
    world.does(&Work::Event(world.record("attempt-user", attempt.start, attempt.start + SignedDuration::from_secs(9))));
    let burst: String = (0..6).map(|n| Visit { tunnel: format!("g{n}"), ..on("other", "g") }.failed()).collect();
    let broken = format!("{{\"userEmail\": \"{PERSON}\", broken}}\n");
    let told = [matched.begun(), matched.over(), unrecorded.over(), of_many.over(), shared.over(), attempt.failed()];
    world.does(&world.tells(&[told.concat(), burst, broken].concat()));
    world.run_until(world.now() + SignedDuration::from_hours(8));
    world.does(&world.tells(&late.over()));
    world.run_to_the_end();
    world
}

/// Everything that leaves the catalogue, in lower case.
fn shown(world: &World) -> Vec<String> {
    let told = world.receiver.accepted().into_iter().map(|received| received.body);
    let tags = tags(world).into_values().flat_map(|tags| tags.0.into_values());
    told.chain(tags).map(|text| text.to_lowercase()).collect()
}

fn naming(world: &World, text: &str) -> usize {
    shown(world).iter().filter(|shown| shown.contains(text)).count()
}

#[test]
fn without_named_people_no_notification_or_tag_has_their_address() {
    for way in [PersonForm::Sanitised, PersonForm::Pseudonym, PersonForm::None] {
        let world = day(way);
        let told: BTreeSet<Event> = world.receiver.accepted().iter().map(|received| received.event).collect();
        assert!(TOLD.iter().all(|event| told.contains(event)), "every event is notified: {told:?}");
        assert_eq!(naming(&world, PERSON), 0, "{way:?}");
        let people = ["ada_contoso.example", "person-"].map(|text| naming(&world, text) > 0);
        assert_eq!(people, [way == PersonForm::Sanitised, way == PersonForm::Pseudonym], "{way:?}");
    }
}

#[test]
fn without_named_people_a_hold_names_neither_subject_nor_author() {
    const COUNSEL: &str = "bob@contoso.example";
    for way in PersonForm::ALL {
        let mut world = World::new();
        world.rules.privacy = Privacy { in_tags: PersonForm::None, in_notifications: way };
        let by = Actor { name: COUNSEL.to_owned(), is_verified: true };
        let scope = HoldScope { person: Some(PERSON.to_owned()), ..HoldScope::default() };
        let hold = Hold::new("case 1", "a letter of the court", scope, by.clone(), world.now());
        now(world.archivist().hold_placing.place_hold(&hold)).unwrap();
        now(world.archivist().hold_release.release_holds("case 1", &by)).unwrap();
        world.deliver_all();
        let told: Vec<Event> = world.receiver.accepted().iter().map(|received| received.event).collect();
        assert_eq!(told, [Event::HoldPlaced, Event::HoldReleased]);
        let often = if way == PersonForm::Full { 2 } else { 0 };
        assert_eq!([PERSON, COUNSEL].map(|person| naming(&world, person)), [often; 2], "{way:?}");
        let shown = ["ada_contoso.example", "person-"].map(|person| naming(&world, person) > 0);
        assert_eq!(shown, [way == PersonForm::Sanitised, way == PersonForm::Pseudonym], "{way:?}");
    }
}

#[test]
fn sweeps_rewrite_the_people_in_tags_after_a_privacy_change() {
    let mut world = day(PersonForm::Sanitised);
    let user = |world: &World| -> BTreeSet<String> {
        tags(world).into_values().filter_map(|tags| tags.0.get("bsr-user").cloned()).collect()
    };
    assert_eq!(user(&world), BTreeSet::from(["ada_contoso.example".to_owned()]));
    let pseudonym = PersonForm::Pseudonym.show(PERSON).unwrap();
    for (way, shown) in [(PersonForm::Pseudonym, Some(pseudonym)), (PersonForm::None, None)] {
        world.rules.privacy.in_tags = way;
        for _ in 0..2 {
            now(world.archivist().retention.run_retention(&|| true)).unwrap();
            now(world.archivist().due_work.sweep(&|| true)).unwrap();
        }
        assert_eq!(user(&world), shown.into_iter().collect(), "{way:?}");
        let again = now(world.archivist().retention.run_retention(&|| true)).unwrap();
        assert_eq!((again.in_step, again.failed, again.unfinished), (0, 0, false), "{way:?}");
    }
}

#[test]
fn people_are_named_if_the_configuration_allows_it() {
    let world = day(PersonForm::Full);
    assert!(naming(&world, PERSON) > 0, "otherwise no search would find them in wrong places");
}

#[test]
fn a_notification_names_a_person_only_for_a_certain_match() {
    let world = day(PersonForm::Full);
    assert!(entries(&world).iter().any(|entry| entry.match_state.verdict.name() == "ambiguous"));
    for received in world.receiver.accepted() {
        let names_recording = matches!(
            received.event,
            Event::RecordingStarted | Event::RecordingReady | Event::RecordingAmbiguous | Event::RecordingUnmatched
        );
        let is_matched = received.body.contains(r#""match":"matched""#);
        assert!(!names_recording || is_matched || !received.body.contains(PERSON), "{}", received.body);
    }
}
