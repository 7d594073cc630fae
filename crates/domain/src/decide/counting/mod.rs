//! Counts the recordings and sessions of a day.

mod shifts;
mod twins;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::decide::calibration::DayCounts;
use crate::decide::join::{LogRead, NameIndex, Pair, RecordingEvidence, SessionEvidence};
use crate::policy::join::{AT_ONCE, Gates, MatchingRules};
use crate::record::join_key::JoinKey;

/// Maximum length of a session whose recording may be written at once in either way of writing.
const SHORT: SignedDuration = SignedDuration::from_secs(30);
/// Minimum distance by which the log must have been read beyond a recording before a missing session counts.
const LOGGED_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Which recordings and sessions may belong together.
struct Candidates<'a> {
    index: &'a NameIndex<'a>,
    matching: &'a MatchingRules,
    gates: Gates,
    log: Option<LogRead>,
    /// Sessions that each recording may belong to.
    sessions_of: Vec<Vec<usize>>,
    /// For each session, the number of recordings that may belong to it, and the last of them.
    recordings_of: Vec<(u32, usize)>,
}

impl DayCounts {
    /// Counts the recordings and sessions of a day. The index may include neighbouring hours: only times for which
    /// `is_of_day` is true are counted, the rest only prevents pairs from being lonely. Native clients and failed
    /// logins also prevent it, because they may have left the recording, but teach nothing themselves.
    pub fn count(
        index: &NameIndex<'_>,
        matching: &MatchingRules,
        log: Option<LogRead>,
        is_of_day: impl Fn(Timestamp) -> bool,
    ) -> Self {
        let candidates = Candidates::from_index(index, matching, log);
        let mut counts = Self::default();
        let mut names = BTreeSet::<&JoinKey>::new();
        for (recording, found) in index.recordings.iter().zip(&candidates.sessions_of) {
            if recording.has_ended && is_of_day(recording.created_at) {
                names.extend(recording.keys.last());
                candidates.count_recording(recording, found, &mut counts);
            }
        }
        for (session, recordings) in index.sessions.iter().zip(&candidates.recordings_of) {
            if let Some(start) = session.facts.started_at.filter(|start| is_of_day(*start)) {
                candidates.count_session(session, start, *recordings, &mut counts);
            }
        }
        counts.shifts = shifts::count(&candidates, is_of_day);
        counts.names = u32::try_from(names.len()).unwrap_or(u32::MAX);
        counts
    }

    /// Counts a lonely pair.
    fn add_lonely(&mut self, recording: &RecordingEvidence, session: &SessionEvidence) {
        if session.is_native {
            return;
        }
        self.recordings_alone.add(recording.created_at, true);
        let (Some(start), Some(end)) = (session.facts.started_at, session.ended_at) else {
            return;
        };
        if is_either_way(recording, session) {
            return;
        }
        if recording.length() <= AT_ONCE {
            self.uploads.add(recording.created_at.duration_since(end));
        } else {
            self.starts.add(recording.created_at.duration_since(start));
            self.ends.add(recording.last_modified.duration_since(end));
        }
    }
}

impl<'a> Candidates<'a> {
    fn from_index(index: &'a NameIndex<'a>, matching: &'a MatchingRules, log: Option<LogRead>) -> Self {
        let gates = Gates::from_rules(matching);
        let sessions_of: Vec<Vec<usize>> =
            index.recordings.iter().map(|recording| index.candidates(recording, gates, matching)).collect();
        let mut recordings_of = vec![(0, 0); index.sessions.len()];
        for (recording, found) in sessions_of.iter().enumerate() {
            for session in found {
                recordings_of[*session] = (recordings_of[*session].0 + 1, recording);
            }
        }
        Self { index, matching, gates, log, sessions_of, recordings_of }
    }

    /// True if the log has been read so far beyond `at` that a missing record counts.
    fn is_logged(&self, at: Timestamp) -> bool {
        self.log.is_some_and(|log| log.is_beyond(at, at, LOGGED_WITHIN))
    }

    fn count_recording(&self, recording: &RecordingEvidence, found: &[usize], counts: &mut DayCounts) {
        let sessions = &self.index.sessions;
        let is_logged =
            self.log.is_some_and(|log| log.is_beyond(recording.created_at, recording.last_modified, LOGGED_WITHIN));
        let lonely = match *found {
            [session] if self.recordings_of[session].0 == 1 => Some(&sessions[session]),
            _ => None,
        };
        if !lonely.is_some_and(|session| is_either_way(recording, session)) {
            counts.recordings += 1;
            if recording.length() <= AT_ONCE {
                let near: Vec<&SessionEvidence> = found.iter().map(|session| &sessions[*session]).collect();
                let may_grow = may_grow(recording, &near, is_logged, self.gates);
                counts.growing += u32::from(may_grow);
                counts.at_once += u32::from(!may_grow);
            }
        }
        if found.is_empty() && is_logged && self.index.failed_logins_near(recording, self.matching).is_empty() {
            counts.recordings_alone.add(recording.created_at, false);
        } else if let Some(session) = lonely {
            counts.add_lonely(recording, session);
        }
    }

    fn count_session(
        &self,
        session: &SessionEvidence,
        start: Timestamp,
        (recordings, last): (u32, usize),
        counts: &mut DayCounts,
    ) {
        if session.ended_at.is_none() || session.is_native {
            return;
        }
        twins::count(session, self.index, counts);
        match recordings {
            0 => counts.sessions_alone.add(start, false),
            1 if self.sessions_of[last].len() == 1 => counts.sessions_alone.add(start, true),
            _ => {}
        }
    }
}

/// Returns true if a recording written at once may as well be a live one of a short session, so it does not show its way
/// of writing.
fn is_either_way(recording: &RecordingEvidence, session: &SessionEvidence) -> bool {
    let length = session.facts.started_at.zip(session.ended_at).map(|(start, end)| end.duration_since(start));
    recording.length() <= AT_ONCE && length.is_some_and(|length| length <= SHORT)
}

/// Returns true if a recording that looks written at once may be a live one without a later write so far: a session
/// began with it and may not have ended, or the log may not have delivered that session yet.
fn may_grow(recording: &RecordingEvidence, near: &[&SessionEvidence], is_logged: bool, gates: Gates) -> bool {
    let (mut goes_on, mut is_over) = (false, false);
    for session in near {
        let pair = Pair::compare(recording, session, gates);
        goes_on |= session.ended_at.is_none() && !session.is_native && pair.is_some();
        is_over |= pair.is_some_and(|pair| pair.uploaded.is_some());
    }
    goes_on || !is_over && !is_logged
}
