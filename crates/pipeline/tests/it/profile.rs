//! Query for one person or machine.

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::policy::review::ReviewPolicy;
use domain::record::catalogue::Entry;
use domain::record::estate::Estate;
use domain::record::session::{Gap, GapCause, SessionEntry};
use jiff::Timestamp;
use pipeline::CatalogueReader;
use pipeline::ports::{Catalogue, SessionChange, Sessions};
use pipeline::query::{Profile, SessionCursor, Subject, profile};
use pipeline::testing::sample;
use pipeline::testing::schedule::now;

#[derive(Default)]
struct World {
    catalogue: MemoryCatalogue,
    sessions: MemorySessions,
    checkpoints: MemoryCheckpoints,
    estate: Estate,
}

impl World {
    fn add(&self, after: SessionEntry) {
        let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
        assert_eq!(now(self.sessions.save(&[change])).unwrap(), [true]);
    }

    fn ended(&self, tunnel: &str, vm: &str, second: i64) -> SessionEntry {
        sample::ended(sample::session_id("hub", tunnel), vm, "root", sample::second(second))
    }

    fn profile(&self, subject: &Subject, cursor: Option<SessionCursor>) -> Profile {
        let reviews = ReviewPolicy::default();
        let reading = CatalogueReader {
            catalogue: &self.catalogue,
            sessions: &self.sessions,
            checkpoints: &self.checkpoints,
            estate: &self.estate,
            policy: None,
            reviews: &reviews,
            now: Timestamp::UNIX_EPOCH,
            time_zone: &jiff::tz::TimeZone::UTC,
        };
        now(profile(&reading, subject, cursor)).unwrap()
    }
}

fn machine(name: &str) -> Subject {
    Subject::Machine(name.to_owned())
}

fn tunnels(profile: &Profile) -> Vec<&str> {
    profile.sessions.items.iter().map(|found| found.entry.id.tunnel.as_str()).collect()
}

#[test]
fn a_profile_has_the_sessions_gaps_and_recordings_of_one_machine() {
    let world = World::default();
    let gap = Gap { found_at: sample::second(0), cause: GapCause::Unknown, closed_at: None };
    world.add(world.ended("t1", "vm-a", 100));
    world.add(SessionEntry { gap: Some(gap), ..world.ended("t2", "VM-A", 200) });
    world.add(sample::failed(sample::session_id("hub", "t3"), "vm-a", "root", sample::second(300)));
    world.add(world.ended("t4", "vm-b", 400));
    for (name, vm) in [("one", "vm"), ("two", "vm-b")] {
        let mut entry = sample::entry(&sample::address(name), sample::second(50));
        let mut facts = sample::facts(name, sample::second(50));
        facts.target_resource_id = Some(format!("/subscriptions/s/virtualMachines/{vm}").into());
        entry.match_state.verdict = sample::matched(facts);
        let loaded = now(world.catalogue.lives(&entry.address)).unwrap();
        now(world.catalogue.save(&loaded, &[Entry { revision: 1, ..entry }])).unwrap().unwrap();
    }
    let found = world.profile(&machine("vm-A "), None);
    assert_eq!(tunnels(&found), ["t3", "t2", "t1"]);
    assert_eq!(found.gaps.items.iter().map(|gap| gap.entry.id.tunnel.as_str()).collect::<Vec<_>>(), ["t2"]);
    assert!(found.recordings.items.is_empty());
    let names = |profile: Profile| -> Vec<String> {
        profile.recordings.items.iter().map(|entry| entry.address.name.as_str().to_owned()).collect()
    };
    assert_eq!(names(world.profile(&machine("vm"), None)), ["one"]);
    let person = Subject::Person("Person@Contoso.Example".to_owned());
    assert_eq!(names(world.profile(&person, None)).len(), 2);
}

#[test]
fn the_first_time_is_uncertain_while_older_sessions_follow() {
    let world = World::default();
    for n in 0..60 {
        world.add(world.ended(&format!("t{n}"), "vm-a", 100 * n));
    }
    let newest = world.profile(&machine("vm-a"), None);
    let seen = newest.seen().unwrap();
    assert_eq!((seen.first, seen.is_first_certain, seen.last), (sample::second(1000), false, sample::second(5900)));
    let oldest = world.profile(&machine("vm-a"), newest.sessions.next_cursor);
    assert_eq!(tunnels(&oldest).len(), 10);
    assert!(oldest.seen().unwrap().is_first_certain);
}

#[test]
fn a_profile_is_nothing_only_if_everything_was_read() {
    let world = World::default();
    assert!(world.profile(&machine("vm-a"), None).is_nothing());
    for n in 0..2100 {
        world.add(world.ended(&format!("t{n}"), "vm-b", n));
    }
    let found = world.profile(&machine("vm-a"), None);
    assert_eq!((tunnels(&found).len(), found.is_nothing()), (0, false));
}
