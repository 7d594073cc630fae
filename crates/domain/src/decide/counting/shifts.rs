//! Counts which recordings and sessions of a day have a counterpart at another shift of the clocks.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use super::Candidates;
use crate::decide::calibration::{FARTHEST, NEAREST, STEP, ShiftEvidence, Shifts};
use crate::decide::join::{RecordingEvidence, SessionEvidence};
use crate::policy::join::{AT_ONCE, Gates, UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::record::session::TimeSpan;

/// Maximum number of sessions of a name near a recording. A busier name fits at every shift, so it shows nothing.
const BUSIEST: usize = 500;
/// Number of shifts from [`-FARTHEST`](FARTHEST) to [`FARTHEST`].
const WIDTH: usize = 2 * FARTHEST as usize + 1;

/// Whether there is a counterpart at each shift.
type Fits = [bool; WIDTH];

/// Counts the evidence of a day for each shift.
pub(super) fn count(candidates: &Candidates<'_>, is_of_day: impl Fn(Timestamp) -> bool) -> Shifts {
    let index = candidates.index;
    let mut of_sessions: Vec<Option<Fits>> = vec![None; index.sessions.len()];
    let (mut recordings, mut sessions) = ([0_i32; WIDTH], [0_i32; WIDTH]);
    for (recording, found) in index.recordings.iter().zip(&candidates.sessions_of) {
        let Some(near) = near(candidates, recording) else { continue };
        let mut fits = [false; WIDTH];
        for session in near {
            for steps in shifts(recording, &index.sessions[session], candidates.gates).into_iter().flatten() {
                fits[place(steps)] = true;
                of_sessions[session].get_or_insert([false; WIDTH])[place(steps)] = true;
            }
        }
        if is_of_day(recording.created_at) {
            let is_read = |steps: i16| steps > 0 || is_of_day(later(recording.created_at, -steps));
            add(&mut recordings, &fits, !found.is_empty(), is_read);
        }
    }
    let all_sessions = index.sessions.iter().zip(&of_sessions).zip(&candidates.recordings_of);
    for ((session, fits), (fitting, _)) in all_sessions {
        let is_over = session.ended_at.is_some_and(|end| candidates.is_logged(end));
        if let Some(start) = session.facts.started_at.filter(|at| is_over && !session.is_native && is_of_day(*at)) {
            let is_read = |steps: i16| is_of_day(later(start, steps));
            add(&mut sessions, &fits.unwrap_or([false; WIDTH]), *fitting > 0, is_read);
        }
    }
    let of_shift =
        |steps: i16| ShiftEvidence { recordings: recordings[place(steps)], sessions: sessions[place(steps)] };
    let all = (-FARTHEST..=FARTHEST).map(|steps| (steps, of_shift(steps)));
    Shifts::new(all.filter(|(_, evidence)| *evidence != ShiftEvidence::default()))
}

/// Adds one recording or session: for each shift, whether it has a counterpart there and not without a shift, or the
/// reverse.
fn add(evidence: &mut [i32; WIDTH], fits: &Fits, fits_unshifted: bool, is_read: impl Fn(i16) -> bool) {
    for steps in (-FARTHEST..=FARTHEST).filter(|steps| steps.abs() >= NEAREST && is_read(*steps)) {
        evidence[place(steps)] += i32::from(fits[place(steps)]) - i32::from(fits_unshifted);
    }
}

/// Returns the sessions with the name of a recording that may belong to it at any shift. `None` if the recording shows
/// nothing: it has not ended, the log has not been read far enough, or its name is too busy.
fn near(candidates: &Candidates<'_>, recording: &RecordingEvidence) -> Option<Vec<usize>> {
    if !recording.has_ended || !candidates.is_logged(recording.last_modified) {
        return None;
    }
    let far = SignedDuration::from_secs(STEP * i64::from(FARTHEST)) + UPLOADED_AFTER;
    let near = candidates.index.ended_within(&recording.keys, TimeSpan::around(recording.last_modified, far));
    (near.len() <= BUSIEST).then_some(near)
}

/// Returns the shifts at which a recording and a session of the same name fit. `None` if their lengths differ too much,
/// or if the session shows nothing.
fn shifts(recording: &RecordingEvidence, session: &SessionEvidence, gates: Gates) -> Option<RangeInclusive<i16>> {
    let (start, end) = session.facts.started_at.zip(session.ended_at).filter(|_| !session.is_native)?;
    let [start, end, after] = [
        recording.created_at.duration_since(start),
        recording.last_modified.duration_since(end),
        recording.created_at.duration_since(end),
    ];
    if recording.length() <= AT_ONCE {
        return Some(steps_up(after - UPLOADED_AFTER)..=steps_down(after + UPLOADED_BEFORE));
    }
    let from = (start - gates.start).max(end - gates.end);
    let to = (start + gates.start).min(end + gates.end);
    (from <= to).then(|| steps_up(from)..=steps_down(to))
}

fn steps_down(offset: SignedDuration) -> i16 {
    let steps = offset.as_secs().div_euclid(STEP);
    i16::try_from(steps).map_or(if steps < 0 { -FARTHEST } else { FARTHEST }, |steps| steps.clamp(-FARTHEST, FARTHEST))
}

fn steps_up(offset: SignedDuration) -> i16 {
    -steps_down(-offset)
}

fn later(at: Timestamp, steps: i16) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(STEP * i64::from(steps))).unwrap_or(at)
}

fn place(steps: i16) -> usize {
    usize::try_from(steps + FARTHEST).unwrap_or_default()
}
