//! Six weeks of the fictitious estate: four bastions in two subscriptions.
//!
//! Every working day of every bastion is a day of the same generator as [`SampleDay`]. The last one is Monday, 2 March
//! 2026, with the hand-written sessions at the first bastion.

use domain::address::{AddressError, BlobName};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use random::SplitMix;

use super::bastion::{BASTIONS, SampleBastion};
use super::day::{Names, deletion};
use super::session::{LoggedRecords, SampleSession, Shape, difficult_day, ordinary_day};
use super::staged::{attempts, guesses};
use super::{Addition, DAY_BEGINS, DELETED, RecordingChange, SEED, SampleDay, SampleVisit};

/// Days before the last one.
const DAYS: i64 = 42;
/// Day on which `bas-hub-neu` stops recording: Wednesday, 25 February.
const RECORDING_STOPS: i64 = 5;
/// Day on which the audit log of `bas-pay-neu` stops: Thursday, 26 February.
const LOG_STOPS: i64 = 4;
/// Day with many short attempts at `bas-pay-weu`: Thursday, 5 February. They are due together.
const ATTEMPTS: i64 = 25;
/// Day with a burst of failed logins at `bas-pay-weu`: Tuesday, 17 February.
const GUESSES: i64 = 13;
/// Largest recording in bytes: every one is read for its hash.
const LARGEST: u64 = 40_000;

/// Script of six weeks, identical in every run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SampleWeeks {
    actions: Vec<OfBastion<RecordingChange>>,
    additions: Vec<OfBastion<Addition>>,
    visits: Vec<OfBastion<SampleVisit>>,
}

/// Something at one of [`BASTIONS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfBastion<T> {
    /// Index in [`BASTIONS`].
    pub bastion: usize,
    /// What happens there.
    pub what: T,
}

impl SampleWeeks {
    /// Generates the weeks.
    pub fn new() -> Result<Self, AddressError> {
        let mut weeks = Self::default();
        for (number, bastion) in (0_u64..).zip(&BASTIONS) {
            let mut random = SplitMix::new(SEED + number);
            let mut names = Names::from_session(number * 100_000);
            for before in (0..=DAYS).rev() {
                if !is_weekend(before) {
                    let day = day_of(bastion, before, &mut names, &mut random)?;
                    weeks.add(number as usize, day);
                }
            }
        }
        weeks.actions.sort_by_key(|action| action.what.at);
        weeks.additions.sort_by_key(|addition| addition.what.at);
        weeks.visits.sort_by_key(|visit| visit.what.started_at);
        Ok(weeks)
    }

    fn add(&mut self, bastion: usize, day: SampleDay) {
        let (actions, additions, visits) = day.into_parts();
        self.actions.extend(actions.into_iter().map(|what| OfBastion { bastion, what }));
        self.additions.extend(additions.into_iter().map(|what| OfBastion { bastion, what }));
        self.visits.extend(visits.into_iter().map(|what| OfBastion { bastion, what }));
    }

    /// Start of the first day.
    pub fn start(&self) -> Timestamp {
        day_begins(DAYS)
    }

    /// Start of the last day: Monday, 2 March 2026, 06:00 UTC.
    pub fn last_day(&self) -> Timestamp {
        DAY_BEGINS
    }

    /// End of the weeks, two days after the last one: everything that was missing has been reported by then.
    pub fn end(&self) -> Timestamp {
        DAY_BEGINS + SignedDuration::from_mins(64 * 60 + 5)
    }

    /// All changes of recordings, by time.
    pub fn actions(&self) -> &[OfBastion<RecordingChange>] {
        &self.actions
    }

    /// All additions to audit logs, by time.
    pub fn additions(&self) -> &[OfBastion<Addition>] {
        &self.additions
    }

    /// All uses of the bastions, by time.
    pub fn visits(&self) -> &[OfBastion<SampleVisit>] {
        &self.visits
    }
}

/// Returns the beginning of the day this many days before the last one.
pub(super) fn day_begins(before: i64) -> Timestamp {
    DAY_BEGINS - SignedDuration::from_hours(24 * before)
}

/// Returns true if session recording is off.
pub(super) fn recording_has_stopped(bastion: &SampleBastion, at: Timestamp) -> bool {
    bastion.name == "bas-hub-neu" && at >= day_begins(RECORDING_STOPS)
}

/// Returns true if no diagnostic setting sends the audit log any more.
pub(super) fn log_has_stopped(bastion: &SampleBastion, at: Timestamp) -> bool {
    bastion.name == "bas-pay-neu" && at >= day_begins(LOG_STOPS)
}

fn is_weekend(before: i64) -> bool {
    let day = TimeZone::UTC.to_datetime(day_begins(before)).date().weekday();
    [Weekday::Saturday, Weekday::Sunday].contains(&day)
}

fn day_of(
    bastion: &SampleBastion,
    before: i64,
    names: &mut Names,
    random: &mut SplitMix,
) -> Result<SampleDay, AddressError> {
    let (mut sessions, mut deletions) = (sessions_of(bastion, before, random), Vec::new());
    if bastion.name == "bas-hub-weu" && before == 0 {
        deletions.push(deletion(BlobName::parse(DELETED)?));
    }
    for session in &mut sessions {
        session.started_at -= SignedDuration::from_hours(24 * before);
        if recording_has_stopped(bastion, session.started_at) {
            session.shape = Shape::Unrecorded;
        }
        if log_has_stopped(bastion, session.started_at) {
            session.told = LoggedRecords::Nothing;
        }
    }
    SampleDay::played(bastion, sessions, deletions, names, random).map(|day| day.up_to(LARGEST))
}

/// Returns the sessions of a day, as if it were the last one.
fn sessions_of(bastion: &SampleBastion, before: i64, random: &mut SplitMix) -> Vec<SampleSession> {
    let busy = usize::try_from(random.between(1, 3)).unwrap_or(1);
    let mut sessions = match (bastion.name, before) {
        ("bas-hub-weu", 0) => return difficult_day(bastion.machines, 24, random),
        ("bas-hub-weu", _) => ordinary_day(bastion.machines, busy + 1, random),
        ("bas-pay-neu", _) => ordinary_day(bastion.machines, 1, random),
        _ => ordinary_day(bastion.machines, busy, random),
    };
    match (bastion.name, before) {
        ("bas-pay-weu", ATTEMPTS) => sessions.extend(attempts()),
        ("bas-pay-weu", GUESSES) => sessions.extend(guesses("vm-hsm-01")),
        _ => {}
    }
    sessions.sort_by_key(|session| session.started_at);
    sessions
}
