//! Evidence that one clock, or every upload, is off by more than the gates.
//!
//! If sessions follow a rhythm, a recording can fit a session of another hour to the second while the log is an hour
//! off. Times alone then name the wrong person. What gives it away are the ends of the rhythm: at the true shift, the
//! first recording and the last session have a counterpart, too.
//!
//! A shift is suspected while it explains both more recordings and more sessions than no shift. Only one of the two is
//! not enough: sessions without a recording are a failure of recording, and recordings without a session a hole in the
//! log. A recording and session outside the rhythm decide against a shift, so estates with ordinary sessions are never
//! suspected for long.

use std::collections::BTreeMap;

/// Seconds per step of a shift.
pub(crate) const STEP: i64 = 300;
/// Largest shift in steps: fourteen hours, the largest difference of a time zone from UTC.
pub(crate) const FARTHEST: i16 = 168;
/// Smallest shift in steps: smaller ones overlap with the gates, so they are learned as usual offsets.
pub(crate) const NEAREST: i16 = 4;
/// Maximum evidence that is carried from day to day, so that a corrected clock is trusted again soon.
const CARRIED_AT_MOST: i32 = 10;
/// Maximum number of shifts that are carried from day to day.
const CARRIED: usize = 8;

/// Evidence for a shift: how many more recordings, and how many more sessions, have a counterpart at this shift than
/// without a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShiftEvidence {
    /// Recordings.
    pub recordings: i32,
    /// Sessions.
    pub sessions: i32,
}

impl ShiftEvidence {
    /// Returns the weaker side: the shift is suspected if it is above 0.
    fn weaker(self) -> i32 {
        self.recordings.min(self.sessions)
    }
}

/// Evidence for each shift, in steps of five minutes by which recordings are later than the log says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shifts(BTreeMap<i16, ShiftEvidence>);

impl Shifts {
    /// Creates it from evidence per shift, in steps.
    pub fn new(evidence: impl IntoIterator<Item = (i16, ShiftEvidence)>) -> Self {
        Self(evidence.into_iter().collect())
    }

    /// Iterates over the shifts with their evidence.
    pub fn iter(&self) -> impl Iterator<Item = (i16, ShiftEvidence)> {
        self.0.iter().map(|(steps, evidence)| (*steps, *evidence))
    }

    /// Returns the suspected shift with the most evidence, in minutes; of equals the smallest one.
    pub fn suspected(&self) -> Option<i64> {
        let suspected = self.iter().filter(|(_, evidence)| evidence.weaker() > 0);
        let most = suspected.max_by_key(|(steps, evidence)| (evidence.weaker(), -steps.abs(), *steps));
        most.map(|(steps, _)| i64::from(steps) * STEP / 60)
    }

    /// Adds the evidence of another part.
    pub fn merge(&mut self, other: &Self) {
        for (steps, evidence) in other.iter() {
            let sum = self.0.entry(steps).or_default();
            sum.recordings = sum.recordings.saturating_add(evidence.recordings);
            sum.sessions = sum.sessions.saturating_add(evidence.sessions);
        }
    }

    /// Adds the evidence carried from the day before, and keeps what is to be carried on: the most suspected shifts.
    #[must_use]
    pub fn carried_from(&self, before: &Self) -> Self {
        let mut sum = self.clone();
        sum.merge(before);
        let mut suspected: Vec<(i16, ShiftEvidence)> =
            sum.iter().filter(|(_, evidence)| evidence.weaker() > 0).collect();
        suspected.sort_by_key(|(steps, evidence)| (-evidence.weaker(), steps.abs(), *steps));
        suspected.truncate(CARRIED);
        Self::new(suspected.into_iter().map(|(steps, ShiftEvidence { recordings, sessions })| {
            let most = CARRIED_AT_MOST;
            (steps, ShiftEvidence { recordings: recordings.min(most), sessions: sessions.min(most) })
        }))
    }
}
