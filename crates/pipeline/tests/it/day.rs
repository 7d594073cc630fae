//! Query for one day.

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use jiff::civil::date;
use pipeline::CatalogueReader;
use pipeline::ports::{Catalogue, SessionChange, Sessions};
use pipeline::query::{DayOfActivity, activity_of};
use pipeline::testing::sample;
use pipeline::testing::schedule::now;

/// Returns what happened on 2026-03-02, with recordings created these seconds after 09:00 of that day.
fn activity(created: impl IntoIterator<Item = i64>) -> DayOfActivity {
    let catalogue = MemoryCatalogue::default();
    for second in created {
        let entry = sample::entry(&sample::address(&format!("vm-{second}")), sample::second(second));
        let loaded = now(catalogue.lives(&entry.address)).unwrap();
        now(catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    }
    activity_in(&catalogue, &MemorySessions::default(), Timestamp::UNIX_EPOCH)
}

/// Returns what these stores have of 2026-03-02.
fn activity_in(catalogue: &MemoryCatalogue, sessions: &MemorySessions, at: Timestamp) -> DayOfActivity {
    let (checkpoints, estate) = (MemoryCheckpoints::default(), Estate::default());
    let reviews = ReviewPolicy::default();
    let reading = CatalogueReader {
        catalogue,
        sessions,
        checkpoints: &checkpoints,
        estate: &estate,
        policy: None,
        reviews: &reviews,
        now: at,
        time_zone: &jiff::tz::TimeZone::UTC,
    };
    now(activity_of(&reading, date(2026, 3, 2), None)).unwrap().unwrap()
}

#[test]
fn a_recording_is_found_below_thousands_of_the_next_day() {
    let found = activity((80_000..82_500).chain([60]));
    let names: Vec<&str> = found.recordings.items.iter().map(|entry| entry.address.name.as_str()).collect();
    assert_eq!((names, found.is_cut()), (vec!["vm-60"], false));
}

#[test]
fn a_day_with_more_than_500_recordings_is_cut() {
    let found = activity(0..501);
    assert_eq!((found.recordings.items.len(), found.is_cut()), (500, true));
    assert!(!activity(0..500).is_cut());
}

#[test]
fn what_goes_on_over_midnight_is_on_both_days() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let (catalogue, sessions) = (MemoryCatalogue::default(), MemorySessions::default());
    // Each recording is written for half a minute.
    for (name, created) in [("over", "2026-03-01T23:59:50Z"), ("before", "2026-03-01T23:50:00Z")] {
        let entry = sample::large_entry(&sample::address(name), at(created));
        let loaded = now(catalogue.lives(&entry.address)).unwrap();
        now(catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    }
    let tunnels = ["2026-03-01T23:55:00Z", "2026-03-01T23:40:00Z", "2026-03-02T23:55:00Z"];
    for (tunnel, start) in ["over", "before", "from"].into_iter().zip(tunnels) {
        let after = sample::ended(sample::session_id("hub", tunnel), "vm", "root", at(start));
        let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
        now(sessions.save(&[change])).unwrap();
    }
    let found = activity_in(&catalogue, &sessions, at("2026-03-04T00:00:00Z"));
    let recordings: Vec<&str> = found.recordings.items.iter().map(|entry| entry.address.name.as_str()).collect();
    let sessions: Vec<&str> = found.sessions.items.iter().map(|found| found.entry.id.tunnel.as_str()).collect();
    assert_eq!((recordings, sessions, found.is_cut()), (vec!["over"], vec!["from", "over"], false));
}
