//! Looks at a world as the product does: what is near is read by name and time, and each day teaches how it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calibration::{Calibration, DayCounts, Gates, LEARNED_FROM_DAYS};
use domain::join::{LogRead, Match, Matching, NameIndex, Recorded, judge};
use domain::session::SessionFacts;
use jiff::Timestamp;

use super::estate::Estate;

/// Somebody who knows an estate and the days of it.
pub struct Player<'e> {
    estate: &'e Estate,
    index: NameIndex<'e>,
    matching: Matching,
    log: Option<LogRead>,
    days: BTreeMap<i64, DayCounts>,
    calibrations: BTreeMap<i64, Arc<Calibration>>,
}

impl<'e> Player<'e> {
    /// Learns from every day of the estate. The log has been read to `read_to`.
    pub fn new(estate: &'e Estate, read_to: Timestamp) -> Self {
        let log = LogRead { read_from: Timestamp::MIN, read_to, newest_record: read_to };
        let (matching, mut player_days) = (Matching::default(), BTreeMap::new());
        let gates = Gates::of(&matching);
        let mut recordings: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let mut sessions: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let mut failed: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (place, recorded) in estate.recordings.iter().enumerate() {
            recordings.entry(day(recorded.created_at)).or_default().push(place);
        }
        for (place, session) in estate.sessions.iter().enumerate() {
            let mut of_days: Vec<i64> =
                [session.facts.started_at, session.ended_at].into_iter().flatten().map(day).collect();
            of_days.dedup();
            for day in of_days {
                sessions.entry(day).or_default().push(place);
            }
        }
        for (place, session) in estate.failed_logins.iter().enumerate() {
            failed.entry(session.ended_at.map_or(0, day)).or_default().push(place);
        }
        for today in recordings.keys().chain(sessions.keys()) {
            if player_days.contains_key(today) {
                continue;
            }
            let around = |places: &BTreeMap<i64, Vec<usize>>| {
                let mut found: Vec<usize> =
                    (today - 1..=today + 1).filter_map(|day| places.get(&day)).flatten().copied().collect();
                found.sort_unstable();
                found.dedup();
                found
            };
            let of = |places: Vec<usize>, all: &[domain::join::Attended]| -> Vec<domain::join::Attended> {
                places.into_iter().map(|place| all[place].clone()).collect()
            };
            let of_today: Vec<Recorded> =
                around(&recordings).into_iter().map(|place| estate.recordings[place].clone()).collect();
            let (sessions, failed) =
                (of(around(&sessions), &estate.sessions), of(around(&failed), &estate.failed_logins));
            let index = NameIndex::new(&of_today, &sessions, &failed);
            let counts = DayCounts::of(&index, &matching, Some(log), |at| day(at) == *today);
            player_days.insert(*today, counts);
        }
        let calibrations = player_days
            .keys()
            .map(|today| {
                let before = (1..=LEARNED_FROM_DAYS as i64).filter_map(|back| player_days.get(&(today - back)));
                (*today, Arc::new(Calibration::learn(&player_days[today], before, gates)))
            })
            .collect();
        let index = NameIndex::new(&estate.recordings, &estate.sessions, &estate.failed_logins);
        Self { estate, index, matching, log: Some(log), days: player_days, calibrations }
    }

    /// What the days show.
    pub fn days(&self) -> impl Iterator<Item = (&DayCounts, &Calibration)> {
        self.days.iter().map(|(day, counts)| (counts, &*self.calibrations[day]))
    }

    /// The verdict on a recording.
    pub fn verdict(&self, place: usize) -> Match<SessionFacts> {
        let subject = &self.estate.recordings[place];
        let near = self.index.near(place, self.log, &self.calibrations[&day(subject.created_at)], &self.matching);
        judge(subject, &near, &self.matching).owned()
    }
}

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}
