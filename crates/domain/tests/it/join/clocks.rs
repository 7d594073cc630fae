//! Tests estates with a rhythm whose clocks differ by more than the tolerances.

use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts, LEARNED_FROM_DAYS};
use domain::decide::join::{
    LogRead, NameIndex, RecordingCoverage, RecordingEvidence, SessionEvidence, judge, recording_coverage,
};
use domain::policy::join::{Gates, MatchingRules};
use domain::record::join_key::JoinKey;
use jiff::Timestamp;

use crate::join::world::{HOUR, at, recording, session, with_person};

const DAY: i64 = 24 * HOUR;
const MINUTE: i64 = 60;

/// Sessions of an estate with the times of the log, and the recording of each.
#[derive(Default)]
struct Estate {
    recordings: Vec<RecordingEvidence>,
    sessions: Vec<SessionEvidence>,
}

/// Named recordings of an estate, and those with the wrong person.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    right: usize,
    wrong: usize,
}

impl Estate {
    /// Adds a session of this person, recorded live; the log is `off` seconds ahead.
    fn attend(&mut self, person: &str, from: i64, to: i64, off: i64) {
        self.recordings.push(recording(from + 3, to + 2));
        self.log(person, from + off, to + off);
    }

    /// Adds a session whose recording is uploaded `after` seconds after its end.
    fn upload(&mut self, person: &str, from: i64, to: i64, after: i64) {
        self.recordings.push(recording(to + after, to + after));
        self.log(person, from, to);
    }

    fn log(&mut self, person: &str, from: i64, to: i64) {
        let tunnel = format!("{}-{person}", self.sessions.len());
        self.sessions.push(with_person(person, session(&tunnel, from, Some(to))));
    }

    /// Moves everything to another machine.
    fn elsewhere(mut self) -> Self {
        self.recordings.iter_mut().for_each(|one| one.keys = [JoinKey::fold("other-user")].into());
        self.sessions.iter_mut().for_each(|one| one.keys = [JoinKey::fold("other-user")].into());
        self
    }

    fn with(mut self, other: Self) -> Self {
        self.recordings.extend(other.recordings);
        self.sessions.extend(other.sessions);
        self
    }

    /// Learns every day, each after the one before, and judges with the calibration of the day of `when`.
    fn play<T>(&self, judge: impl FnOnce(&NameIndex<'_>, &dyn Fn(Timestamp) -> Arc<Calibration>) -> T) -> T {
        let index = NameIndex::new(&self.recordings, &self.sessions, &[]);
        let mut days = Vec::<DayCounts>::new();
        for today in -2..12 {
            let is_of_day = |at: Timestamp| day(at) == today;
            let mut counts = DayCounts::count(&index, &MatchingRules::default(), Some(LOG), is_of_day);
            counts.follow(days.last());
            days.push(counts);
        }
        let learned = |when: Timestamp| {
            let today = (day(when) + 2) as usize;
            let before = &days[today.saturating_sub(LEARNED_FROM_DAYS)..today];
            Arc::new(Calibration::learn(&days[today], before, Gates::from_rules(&MatchingRules::default())))
        };
        judge(&index, &learned)
    }

    fn named(&self) -> Named {
        self.play(|index, learned| {
            let mut named = Named { right: 0, wrong: 0 };
            for (place, recorded) in self.recordings.iter().enumerate() {
                let calibration = learned(recorded.created_at);
                let near = index.near(place, Some(LOG), &calibration, &MatchingRules::default());
                let verdict = judge(recorded, &near, &MatchingRules::default());
                let truth = &self.sessions[place].facts;
                match verdict.session() {
                    Some(session) if session.user_email == truth.user_email => named.right += 1,
                    Some(_) => named.wrong += 1,
                    None => {}
                }
            }
            named
        })
    }

    /// Number of sessions that are called unrecorded.
    fn unrecorded(&self) -> usize {
        self.play(|index, learned| {
            let places = 0..self.sessions.len();
            let missing = places.filter(|place| {
                let session = &self.sessions[*place];
                let calibration = learned(session.facts.started_at.unwrap());
                let near = index.near_session(*place, Some(LOG), &calibration, &MatchingRules::default());
                let recording_coverage = recording_coverage(session, &near, &MatchingRules::default());
                matches!(recording_coverage, RecordingCoverage::Unrecorded | RecordingCoverage::OneOf(_))
            });
            missing.count()
        })
    }
}

const LOG: LogRead = LogRead { read_from: Timestamp::MIN, read_to: Timestamp::MAX, newest_record: Timestamp::MAX };

/// UTC days since the day of the estate's first hour.
fn day(when: Timestamp) -> i64 {
    when.as_second().div_euclid(DAY) - at(0).as_second().div_euclid(DAY)
}

/// Two people who take turns each hour from 9 to 18 o'clock, for some days; sessions differ by seconds only.
fn turns(days: i64, off: i64) -> Estate {
    let mut estate = Estate::default();
    for (today, hour) in (0..days).flat_map(|today| (0..9).map(move |hour| (today, hour))) {
        let from = today * DAY + hour * HOUR;
        let person = if (today + hour) % 2 == 0 { "anna" } else { "ben" };
        estate.attend(person, from + hour % 3, from + 20 * MINUTE + hour % 4, off);
    }
    estate
}

/// Three people in shifts of eight hours around the clock.
fn shifts() -> Estate {
    let mut estate = Estate::default();
    for shift in 0..24 {
        let from = shift * 8 * HOUR + shift % 5;
        estate.attend(["anna", "ben", "chris"][(shift % 3) as usize], from, from + 8 * HOUR - 30, 0);
    }
    estate
}

/// Four people in a rota of half hours, each recording uploaded `after` seconds after its session.
fn rota(after: i64) -> Estate {
    let mut estate = Estate::default();
    for (today, turn) in (0..5).flat_map(|today| (0..16).map(move |turn| (today, turn))) {
        let from = today * DAY + turn * 30 * MINUTE;
        let person = ["anna", "ben", "chris", "dora"][(turn % 4) as usize];
        estate.upload(person, from, from + 29 * MINUTE, after + turn % 7);
    }
    estate
}

/// One person with sessions at ordinary times.
fn ordinary(days: i64) -> Estate {
    let mut estate = Estate::default();
    for today in 0..days {
        for (hour, minutes) in [(1, 13), (3, 41), (7, 8)] {
            let from = today * DAY + hour * HOUR + (today * 17 + hour * 7) % 40 * MINUTE;
            estate.attend("eve", from, from + minutes * MINUTE, 0);
        }
    }
    estate
}

#[test]
fn nobody_is_named_in_an_hourly_rhythm_while_the_log_is_an_hour_off() {
    for off in [-HOUR, HOUR, -2 * HOUR, 30 * MINUTE, 5 * HOUR + 30 * MINUTE] {
        let named = turns(5, off).named();
        assert_eq!(named.wrong, 0, "{off} s: {named:?}");
    }
}

#[test]
fn nobody_is_named_in_a_rota_while_every_upload_is_late() {
    for after in [31 * MINUTE, 62 * MINUTE] {
        assert_eq!(rota(after).named().wrong, 0, "{after} s");
    }
}

#[test]
fn a_rhythm_with_right_clocks_is_named() {
    assert_eq!(turns(5, 0).named(), Named { right: 45, wrong: 0 });
    assert_eq!(shifts().named(), Named { right: 24, wrong: 0 });
    let named = rota(MINUTE).named();
    assert!(named.wrong == 0 && named.right >= 75, "{named:?}");
}

#[test]
fn a_log_that_lacks_a_session_is_trusted_where_ordinary_sessions_fit() {
    let mut jobs = turns(5, 0);
    jobs.sessions.remove(0);
    jobs.recordings.remove(8);
    // From here on the index of a recording differs from that of its session, so only the number is compared.
    let estate = jobs.with(ordinary(5).elsewhere());
    let named = estate.named();
    assert!(named.right + named.wrong >= 57, "{named:?}");
}

#[test]
fn a_clock_that_was_corrected_is_trusted_again_after_ordinary_sessions() {
    let mut estate = turns(2, HOUR);
    let later = ordinary(12);
    let from_day_3 = later.recordings.iter().position(|one| day(one.created_at) == 3).unwrap();
    estate.recordings.extend_from_slice(&later.recordings[from_day_3..]);
    estate.sessions.extend_from_slice(&later.sessions[from_day_3..]);
    let named = estate.named();
    assert_eq!(named.wrong, 0);
    assert!(named.right >= later.recordings.len() - from_day_3 - 6, "{named:?}");
}

#[test]
fn a_single_recording_of_a_small_estate_is_named_at_once() {
    let mut estate = Estate::default();
    estate.attend("anna", 0, 20 * MINUTE, 0);
    assert_eq!(estate.named(), Named { right: 1, wrong: 0 });
}

#[test]
fn no_session_is_called_unrecorded_while_the_log_may_be_an_hour_off() {
    assert_eq!(turns(5, HOUR).unrecorded(), 0);
    let mut lost = turns(5, 0);
    lost.recordings.remove(20);
    assert_eq!(lost.unrecorded(), 1);
}

/// Jobs around the clock: one session each hour for two days.
fn jobs() -> Estate {
    let mut estate = Estate::default();
    (0..48).for_each(|hour| estate.attend("job", hour * HOUR, hour * HOUR + 20 * MINUTE, 0));
    estate
}

#[test]
fn a_failure_of_recording_in_a_rhythm_is_no_shift_of_the_clocks() {
    let mut estate = jobs();
    estate.recordings.truncate(27);
    assert_eq!((estate.named(), estate.unrecorded()), (Named { right: 27, wrong: 0 }, 21));
}

#[test]
fn a_hole_in_the_log_in_a_rhythm_is_no_shift_of_the_clocks() {
    let mut estate = jobs();
    estate.sessions.truncate(27);
    assert_eq!(
        estate.play(|index, learned| {
            let named = (0..27).filter(|place| {
                let recorded = &index.recordings[*place];
                let near = index.near(*place, Some(LOG), &learned(recorded.created_at), &MatchingRules::default());
                judge(recorded, &near, &MatchingRules::default()).session().is_some()
            });
            named.count()
        }),
        27
    );
}
