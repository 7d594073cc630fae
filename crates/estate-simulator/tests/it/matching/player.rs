//! Runs the matcher like the product: finds neighbours by name and time, and learns a calibration from each day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts, LEARNED_FROM_DAYS};
use domain::decide::join::{LogRead, NameIndex, Neighbourhood, RecordingEvidence, SessionEvidence, judge};
use domain::policy::join::{Gates, MatchingRules};
use domain::record::join::Match;
use domain::record::session::SessionFacts;
use jiff::Timestamp;

use super::estate::PlayedEstate;

/// A log that has been read to its end.
pub const ALL_READ: Timestamp = Timestamp::MAX;

/// Recordings and sessions near a recording.
pub type Near<'e> = Neighbourhood<&'e RecordingEvidence, &'e SessionEvidence>;

/// The matcher with an estate and the calibrations of its days.
pub struct Player<'e> {
    estate: &'e PlayedEstate,
    index: NameIndex<'e>,
    matching: MatchingRules,
    log: Option<LogRead>,
    calibrations: BTreeMap<i64, Arc<Calibration>>,
}

impl<'e> Player<'e> {
    /// Learns from every day of the estate. The log has been read to `read_to`.
    pub fn new(estate: &'e PlayedEstate, read_to: Timestamp) -> Self {
        let log = Some(LogRead { read_from: Timestamp::MIN, read_to, newest_record: read_to });
        let matching = MatchingRules::default();
        let mut days = days(estate, log, &matching);
        let mut before = None;
        for counts in days.values_mut() {
            counts.follow(before);
            before = Some(&*counts);
        }
        let learned = |(today, counts): (&i64, &DayCounts)| {
            let before = (1..=LEARNED_FROM_DAYS as i64).filter_map(|back| days.get(&(today - back)));
            (*today, Arc::new(Calibration::learn(counts, before, Gates::from_rules(&matching))))
        };
        let calibrations = days.iter().map(learned).collect();
        let index = NameIndex::new(&estate.recordings, &estate.sessions, &estate.failed_logins);
        Self { estate, index, matching, log, calibrations }
    }

    /// Returns the neighbourhood of a recording.
    pub fn near(&self, place: usize) -> Near<'e> {
        let calibration = &self.calibrations[&day(self.estate.recordings[place].created_at)];
        self.index.near(place, self.log, calibration, &self.matching)
    }

    /// Returns the verdict on a recording.
    pub fn judged<'n>(&self, place: usize, near: &'n Near<'e>) -> Match<&'n SessionFacts>
    where
        'e: 'n,
    {
        judge(&self.estate.recordings[place], near, &self.matching)
    }
}

/// Returns the counts of each day of an estate.
fn days(estate: &PlayedEstate, log: Option<LogRead>, matching: &MatchingRules) -> BTreeMap<i64, DayCounts> {
    let recordings = by_day(&estate.recordings, |one| [Some(one.created_at), None]);
    let sessions = by_day(&estate.sessions, |one| [one.facts.started_at, one.ended_at]);
    let failed = by_day(&estate.failed_logins, |one| [one.ended_at, None]);
    let all: BTreeSet<i64> = recordings.keys().chain(sessions.keys()).copied().collect();
    let shows = |today: i64| {
        let recordings = around(today, &recordings, &estate.recordings);
        let sessions = around(today, &sessions, &estate.sessions);
        let failed = around(today, &failed, &estate.failed_logins);
        let index = NameIndex::new(&recordings, &sessions, &failed);
        (today, DayCounts::count(&index, matching, log, |at| day(at) == today))
    };
    all.into_iter().map(shows).collect()
}

/// Returns the indices of each day's entries.
fn by_day<T>(all: &[T], times: impl Fn(&T) -> [Option<Timestamp>; 2]) -> BTreeMap<i64, BTreeSet<usize>> {
    let mut places = BTreeMap::<i64, BTreeSet<usize>>::new();
    for (place, one) in all.iter().enumerate() {
        for at in times(one).into_iter().flatten() {
            places.entry(day(at)).or_default().insert(place);
        }
    }
    places
}

/// Returns the entries of a day, the day before and the day after.
fn around<T: Clone>(today: i64, places: &BTreeMap<i64, BTreeSet<usize>>, all: &[T]) -> Vec<T> {
    let near = places.range(today - 1..=today + 1).flat_map(|(_, places)| places);
    let once: BTreeSet<usize> = near.copied().collect();
    once.into_iter().map(|place| all[place].clone()).collect()
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}
