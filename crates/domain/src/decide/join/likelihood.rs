//! Likelihood ratio of a pair: this session on the recording, against no session of the log.

use jiff::SignedDuration;

use super::pair::{LiveOffsets, Pair};
use super::sides::{LogRead, RecordingEvidence, SessionEvidence};
use crate::decide::calibration::{Calibration, seconds};
use crate::policy::join::OPEN_SINCE;
use crate::record::join::{MatchGrounds, Offset, Points, WritingMode};

/// Share of sessions of a known native client without a recording.
const LOST_OF_NATIVE: f64 = 0.99;
/// Share of failed logins without a recording.
const LOST_OF_FAILED: f64 = 0.9;
/// Share of recordings that break off immediately.
const BROKEN_OFF: f64 = 0.002;
/// Factor per quarter of an hour for the chance that the log still delivers a session: e to the power of -1/4.
const STILL_LOGGED: f64 = 0.778_800_783_071_404_9;
/// Number of quarter hours after which no late record is expected.
const QUARTERS: i64 = 96;
/// Scale in seconds of the length density: lengths far below it are equally likely, longer ones are spread evenly over
/// doublings.
const SHORT: f64 = 60.0;
/// Natural logarithm of twelve hours divided by [`SHORT`].
const LENGTHS: f64 = 6.58;
/// Range in seconds over which the length of a failed login's recording is spread evenly.
const ATTEMPT: f64 = 60.0;
/// Windows in which recordings of one name are counted: near, and farther.
const BUSY: [SignedDuration; 2] = [SignedDuration::from_mins(5), SignedDuration::from_mins(30)];
/// A name counts as at least this many times as busy as the average name.
const BUSIER: f64 = 3.0;

/// A recording with the likelihood of every other explanation for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Background<'c> {
    calibration: &'c Calibration,
    /// Density of recordings of this name at this time, per second.
    rate: f64,
    /// Probability that the log lacks the session, or does not contain it yet.
    unlogged: f64,
    /// Probability that a clock is far off, so that a fit is chance.
    by_chance: f64,
    /// Density, per second, of sessions without a known end that ended when the recording was created.
    ended_unseen: f64,
}

impl<'c> Background<'c> {
    /// Computes the background of `recording`; `others` must not contain it.
    pub(super) fn compute<'a>(
        recording: &RecordingEvidence,
        others: impl Iterator<Item = &'a RecordingEvidence>,
        sessions: impl Iterator<Item = &'a SessionEvidence>,
        log: Option<LogRead>,
        calibration: &'c Calibration,
    ) -> Self {
        let mut near = [0.0; 2];
        for other in others {
            let apart = other.created_at.duration_since(recording.created_at).abs();
            if apart > BUSY[1] || !recording.has_a_name_of(other) {
                continue;
            }
            for (count, within) in near.iter_mut().zip(BUSY) {
                *count += f64::from(u8::from(apart <= within));
            }
        }
        let rates = near.iter().zip(BUSY).map(|(count, within)| count / (2.0 * within.as_secs_f64()));
        let rate = rates.fold(calibration.name_rate * BUSIER, f64::max);
        let open = sessions.filter(|session| session.ended_at.is_none() && recording.is_named_after(session));
        let mut unseen: Vec<SignedDuration> = open
            .filter_map(|session| session.facts.started_at)
            .map(|at| recording.created_at.duration_since(at))
            .filter(|since| (SignedDuration::ZERO..=OPEN_SINCE).contains(since))
            .collect();
        // A floating-point sum depends on its order.
        unseen.sort_unstable();
        let unlogged = calibration.unlogged_at(recording.created_at).max(not_logged(recording, log));
        Self {
            calibration,
            rate,
            by_chance: by_chance(calibration, recording, unlogged),
            unlogged,
            ended_unseen: unseen.into_iter().map(of_length).sum(),
        }
    }

    /// Returns points, way of writing and offsets of a pair.
    pub(super) fn grounds(&self, recording: &RecordingEvidence, session: &SessionEvidence, pair: Pair) -> MatchGrounds {
        let calibration = self.calibration;
        let (live, uploaded) = self.ways(recording, pair);
        let written = if uploaded > live { WritingMode::AtEnd } else { WritingMode::Live };
        let points = self.points(recording, session, pair);
        let (start, end) = match (written, pair.live) {
            (WritingMode::AtEnd, _) | (_, None) => {
                (None, pair.uploaded.map(|after| offset(after, calibration.uploads.usual())))
            }
            (WritingMode::Live, Some(live)) => (
                live.start.map(|apart| offset(apart, calibration.starts.usual())),
                live.end.map(|apart| offset(apart, calibration.ends.usual())),
            ),
        };
        MatchGrounds { points, needed: None, written, start, end, learned_from: calibration.learned_from }
    }

    /// Returns the log-likelihood ratio of a pair against no session in the log.
    pub(super) fn points(&self, recording: &RecordingEvidence, session: &SessionEvidence, pair: Pair) -> Points {
        let began = session.facts.started_at.unwrap_or(recording.created_at);
        let lost = if session.is_native { LOST_OF_NATIVE } else { self.calibration.lost_at(began) };
        let (live, uploaded) = self.ways(recording, pair);
        let fits = live + uploaded;
        Points::of_ratio((1.0 - lost) / lost * fits / self.no_session(recording).max(self.by_chance * fits))
    }

    /// Likelihoods of the pair's times if the recording was written live, and if it was uploaded.
    fn ways(&self, recording: &RecordingEvidence, pair: Pair) -> (f64, f64) {
        let share = self.calibration.uploaded;
        let live = pair.live.map_or(0.0, |live| self.live(recording, live)) * (1.0 - share);
        let uploaded = pair.uploaded.map_or(0.0, |after| self.uploaded(recording, after)) * share;
        (live, uploaded)
    }

    /// Returns the log-likelihood ratio of a failed login against no session in the log.
    pub(super) fn of_failed_login(&self, recording: &RecordingEvidence, pair: Pair) -> Points {
        let start = pair.live.and_then(|live| live.start).unwrap_or_default();
        let likelihood = self.calibration.starts.at(seconds(start)) / ATTEMPT;
        Points::of_ratio((1.0 - LOST_OF_FAILED) / LOST_OF_FAILED * likelihood / self.no_session(recording))
    }

    fn live(&self, recording: &RecordingEvidence, live: LiveOffsets) -> f64 {
        let start = live.start.map(|apart| self.calibration.starts.at(seconds(apart)));
        let end = live.end.map(|apart| self.calibration.ends.at(seconds(apart)));
        let length = if recording.has_ended { of_length(recording.length()) } else { 1.0 };
        match (start, end) {
            (Some(start), Some(end)) => start * end,
            (Some(one), None) | (None, Some(one)) => one * length,
            (None, None) => 0.0,
        }
    }

    fn uploaded(&self, recording: &RecordingEvidence, after: SignedDuration) -> f64 {
        self.calibration.uploads.at(seconds(after)) * of_length_at_once(recording.length())
    }

    /// Likelihood of such a recording without a session in the log.
    fn no_session(&self, recording: &RecordingEvidence) -> f64 {
        let calibration = self.calibration;
        let uploaded = calibration.uploaded;
        if !recording.has_ended {
            return self.rate * self.unlogged;
        }
        let (length, at_once) = (of_length(recording.length()), of_length_at_once(recording.length()));
        let unlogged = self.unlogged * ((1.0 - uploaded) * length + uploaded * at_once);
        let unseen = uploaded * at_once * self.ended_unseen;
        let alone = self.rate * (unlogged + BROKEN_OFF * at_once) + unseen;
        let twins = calibration.twins_of(recording.length());
        let beside_a_twin = self.unlogged * ((1.0 - uploaded) * twins + uploaded * at_once * calibration.twin_ends);
        alone.max(beside_a_twin)
    }
}

/// Probability that a clock is far off, so that a fit is chance.
fn by_chance(calibration: &Calibration, recording: &RecordingEvidence, unlogged: f64) -> f64 {
    match calibration.shifted {
        Some(_) => 1.0,
        None if calibration.is_out_of_step_at(recording.created_at) => unlogged,
        None => 0.0,
    }
}

/// Probability that the log has not yet delivered a session that ended with this recording.
fn not_logged(recording: &RecordingEvidence, log: Option<LogRead>) -> f64 {
    let is_read = |quarters: i64| {
        let wait = SignedDuration::from_mins(15 * quarters);
        log.is_some_and(|log| log.is_beyond(recording.created_at, recording.last_modified, wait))
    };
    // Binary search for the longest wait after the recording that the log was read for.
    let (mut read, mut unread) = (0, QUARTERS);
    if !is_read(0) {
        return 1.0;
    }
    while unread - read > 1 {
        let middle = i64::midpoint(read, unread);
        if is_read(middle) { read = middle } else { unread = middle }
    }
    (0..read).fold(1.0, |chance, _| chance * STILL_LOGGED)
}

/// Density of session lengths, per second. Roughly one to two minutes is as likely as one to two hours.
fn of_length(length: SignedDuration) -> f64 {
    1.0 / (LENGTHS * (length.as_secs_f64().max(0.0) + SHORT))
}

/// Density of the length of a recording written at once, per second.
fn of_length_at_once(length: SignedDuration) -> f64 {
    let longer = 1.0 + length.as_secs_f64().max(0.0);
    0.6 / (longer * longer)
}

fn offset(apart: SignedDuration, usual: (i16, i16)) -> Offset {
    Offset { millis: i64::try_from(apart.as_millis()).unwrap_or(i64::MAX), usual }
}
