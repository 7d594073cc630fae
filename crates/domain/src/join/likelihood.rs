//! How much likelier it is that a session is on a recording than that no session of the log is.

use jiff::SignedDuration;

use super::evidence::{Grounds, Offset, Written};
use super::pair::{Live, Pair};
use super::points::Points;
use super::sides::{Attended, LogRead, Recorded};
use crate::calibration::{Calibration, OPEN_SINCE, seconds};

/// The share of sessions of a known native client whose recording is missing.
const LOST_OF_NATIVE: f64 = 0.99;
/// The share of failed logins that leave no recording.
const LOST_OF_FAILED: f64 = 0.9;
/// The share of recordings that are broken off at once.
const BROKEN_OFF: f64 = 0.002;
/// What remains, each quarter of an hour, of the chance that the log still tells of a session: e to the power of -1/4.
const STILL_TOLD: f64 = 0.778_800_783_071_404_9;
/// After so many quarters of an hour, none is left.
const QUARTERS: i64 = 96;
/// The shortest session that is told apart from none, in seconds, and by how many doublings of a minute sessions differ.
const SHORT: f64 = 60.0;
/// The logarithm of how much longer than [`SHORT`] a session of twelve hours is.
const LENGTHS: f64 = 6.58;
/// In how many seconds a failed login is recorded.
const ATTEMPT: f64 = 60.0;
/// How far recordings of one name are counted: near, and farther.
const BUSY: [SignedDuration; 2] = [SignedDuration::from_mins(5), SignedDuration::from_mins(30)];
/// A name may be so much busier than names are on average.
const BUSIER: f64 = 3.0;

/// One recording beside everything that may be on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Background<'c> {
    calibration: &'c Calibration,
    /// How likely recordings of this name are at this time, per second.
    rate: f64,
    /// How likely it is that the log does not tell of its session, or not yet.
    unlogged: f64,
    /// Whether so much has no counterpart at this time that one clock may be far off, and what fits may fit by chance.
    is_out_of_step: bool,
    /// How likely a session of which no end is known ended when the recording was created, per second.
    ended_unseen: f64,
}

impl<'c> Background<'c> {
    /// What is behind a recording, of which the others do not have it once more.
    pub(super) fn of<'a>(
        recorded: &Recorded,
        others: impl Iterator<Item = &'a Recorded>,
        sessions: impl Iterator<Item = &'a Attended>,
        log: Option<LogRead>,
        calibration: &'c Calibration,
    ) -> Self {
        let mut near = [0.0; 2];
        for other in others {
            let apart = other.created_at.duration_since(recorded.created_at).abs();
            if apart > BUSY[1] || !recorded.has_a_name_of(other) {
                continue;
            }
            for (count, within) in near.iter_mut().zip(BUSY) {
                *count += f64::from(u8::from(apart <= within));
            }
        }
        let rates = near.iter().zip(BUSY).map(|(count, within)| count / (2.0 * within.as_secs_f64()));
        let rate = rates.fold(calibration.name_rate * BUSIER, f64::max);
        let open = sessions.filter(|session| session.ended_at.is_none() && recorded.is_named_after(session));
        let mut unseen: Vec<SignedDuration> = open
            .filter_map(|session| session.facts.started_at)
            .map(|at| recorded.created_at.duration_since(at))
            .filter(|since| (SignedDuration::ZERO..=OPEN_SINCE).contains(since))
            .collect();
        // A sum of doubles depends on its order.
        unseen.sort_unstable();
        Self {
            calibration,
            rate,
            is_out_of_step: calibration.is_out_of_step_at(recorded.created_at),
            unlogged: calibration.unlogged_at(recorded.created_at).max(not_told(recorded, log)),
            ended_unseen: unseen.into_iter().map(of_length).sum(),
        }
    }

    /// How much likelier a session is than none that the log tells of.
    pub(super) fn grounds(&self, recorded: &Recorded, session: &Attended, pair: Pair) -> Grounds {
        let calibration = self.calibration;
        let (live, uploaded) = self.ways(recorded, pair);
        let written = if uploaded > live { Written::AtEnd } else { Written::Live };
        let points = self.points(recorded, session, pair);
        let (start, end) = match (written, pair.live) {
            (Written::AtEnd, _) | (_, None) => {
                (None, pair.uploaded.map(|after| offset(after, calibration.uploads.usual())))
            }
            (Written::Live, Some(live)) => (
                live.start.map(|apart| offset(apart, calibration.starts.usual())),
                live.end.map(|apart| offset(apart, calibration.ends.usual())),
            ),
        };
        Grounds { points, needed: None, written, start, end, learned_from: calibration.learned_from }
    }

    /// The same in points only.
    pub(super) fn points(&self, recorded: &Recorded, session: &Attended, pair: Pair) -> Points {
        let began = session.facts.started_at.unwrap_or(recorded.created_at);
        let lost = if session.is_native { LOST_OF_NATIVE } else { self.calibration.lost_at(began) };
        let (live, uploaded) = self.ways(recorded, pair);
        let fits = live + uploaded;
        let by_chance = if self.is_out_of_step { self.unlogged * fits } else { 0.0 };
        Points::of_ratio((1.0 - lost) / lost * fits / self.nobody(recorded).max(by_chance))
    }

    /// How likely the times are if it was written live, and if it was uploaded.
    fn ways(&self, recorded: &Recorded, pair: Pair) -> (f64, f64) {
        let share = self.calibration.uploaded;
        let live = pair.live.map_or(0.0, |live| self.live(recorded, live)) * (1.0 - share);
        let uploaded = pair.uploaded.map_or(0.0, |after| self.uploaded(recorded, after)) * share;
        (live, uploaded)
    }

    /// How much likelier it is that a failed login left it.
    pub(super) fn of_failed_login(&self, recorded: &Recorded, pair: Pair) -> Points {
        let start = pair.live.and_then(|live| live.start).unwrap_or_default();
        let likelihood = self.calibration.starts.of(seconds(start)) / ATTEMPT;
        Points::of_ratio((1.0 - LOST_OF_FAILED) / LOST_OF_FAILED * likelihood / self.nobody(recorded))
    }

    fn live(&self, recorded: &Recorded, live: Live) -> f64 {
        let start = live.start.map(|apart| self.calibration.starts.of(seconds(apart)));
        let end = live.end.map(|apart| self.calibration.ends.of(seconds(apart)));
        let length = if recorded.has_ended { of_length(recorded.length()) } else { 1.0 };
        match (start, end) {
            (Some(start), Some(end)) => start * end,
            (Some(one), None) | (None, Some(one)) => one * length,
            (None, None) => 0.0,
        }
    }

    fn uploaded(&self, recorded: &Recorded, after: SignedDuration) -> f64 {
        self.calibration.uploads.of(seconds(after)) * of_length_at_once(recorded.length())
    }

    /// How likely a recording like this is without a session that the log tells of.
    fn nobody(&self, recorded: &Recorded) -> f64 {
        let calibration = self.calibration;
        let uploaded = calibration.uploaded;
        if !recorded.has_ended {
            return self.rate * self.unlogged;
        }
        let (length, at_once) = (of_length(recorded.length()), of_length_at_once(recorded.length()));
        let unlogged = self.unlogged * ((1.0 - uploaded) * length + uploaded * at_once);
        let unseen = uploaded * at_once * self.ended_unseen;
        let alone = self.rate * (unlogged + BROKEN_OFF * at_once) + unseen;
        let twins = calibration.twins_of(recorded.length());
        let beside_a_twin = self.unlogged * ((1.0 - uploaded) * twins + uploaded * at_once * calibration.twin_ends);
        alone.max(beside_a_twin)
    }
}

/// How likely it is that the log has not told yet of what ended with this recording.
fn not_told(recorded: &Recorded, log: Option<LogRead>) -> f64 {
    let is_read = |quarters: i64| {
        let wait = SignedDuration::from_mins(15 * quarters);
        log.is_some_and(|log| log.is_beyond(recorded.created_at, recorded.last_modified, wait))
    };
    // The farthest that it was read, by halves.
    let (mut read, mut unread) = (0, QUARTERS);
    if !is_read(0) {
        return 1.0;
    }
    while unread - read > 1 {
        let middle = i64::midpoint(read, unread);
        if is_read(middle) { read = middle } else { unread = middle }
    }
    (0..read).fold(1.0, |chance, _| chance * STILL_TOLD)
}

/// How likely a session or recording of this length is, per second: as many of one to two minutes as of one to two hours.
fn of_length(length: SignedDuration) -> f64 {
    1.0 / (LENGTHS * (length.as_secs_f64().max(0.0) + SHORT))
}

/// How likely this length is of a recording that is written at once, per second.
fn of_length_at_once(length: SignedDuration) -> f64 {
    let longer = 1.0 + length.as_secs_f64().max(0.0);
    0.6 / (longer * longer)
}

fn offset(apart: SignedDuration, usual: (i16, i16)) -> Offset {
    Offset { millis: i64::try_from(apart.as_millis()).unwrap_or(i64::MAX), usual }
}
