//! Query for one day.

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use jiff::Timestamp;
use jiff::civil::date;
use pipeline::CatalogueReader;
use pipeline::ports::Catalogue;
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
    let (sessions, checkpoints, estate) = (MemorySessions::default(), MemoryCheckpoints::default(), Estate::default());
    let reviews = ReviewPolicy::default();
    let reading = CatalogueReader {
        catalogue: &catalogue,
        sessions: &sessions,
        checkpoints: &checkpoints,
        estate: &estate,
        policy: None,
        reviews: &reviews,
        now: Timestamp::UNIX_EPOCH,
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
