//! In-memory index of recordings and sessions with the queries of the stores: by name and time.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::judge::ATTEMPT_LASTS;
use super::pair::{Pair, may_show};
use super::reach::{NeighbourhoodReach, STEPS};
use super::sides::{LogRead, Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::decide::calibration::Calibration;
use crate::policy::join::{AT_ONCE, Gates, MatchingRules, OPEN_SINCE};
use crate::record::join_key::JoinKey;
use crate::record::session::{TimeSpan, TimeSpans};

/// Times of each name in ascending order, with the index of the recording or session.
type Times<'a> = BTreeMap<&'a JoinKey, Vec<(Timestamp, usize)>>;

/// Index of the recordings and sessions of one bastion by name and time.
pub struct NameIndex<'a> {
    /// Indexed recordings.
    pub recordings: &'a [RecordingEvidence],
    /// Indexed sessions, without failed logins.
    pub sessions: &'a [SessionEvidence],
    /// Indexed failed logins.
    pub failed_logins: &'a [SessionEvidence],
    created: Times<'a>,
    started: Times<'a>,
    ended: Times<'a>,
    failed: Times<'a>,
}

#[derive(Clone, Copy)]
enum Place {
    Recording(usize),
    Session(usize),
}

impl<'a> NameIndex<'a> {
    /// Builds the index.
    pub fn new(
        recordings: &'a [RecordingEvidence],
        sessions: &'a [SessionEvidence],
        failed_logins: &'a [SessionEvidence],
    ) -> Self {
        Self {
            recordings,
            sessions,
            failed_logins,
            created: times(recordings.iter().map(|one| (&*one.keys, Some(one.created_at)))),
            started: times(sessions.iter().map(|one| (&*one.keys, one.facts.started_at))),
            ended: times(sessions.iter().map(|one| (&*one.keys, one.ended_at))),
            failed: times(failed_logins.iter().map(|one| (&*one.keys, one.ended_at))),
        }
    }

    /// Returns the neighbourhood of the recording at index `place`, up to the maximum distance.
    pub fn near(
        &self,
        place: usize,
        log: Option<LogRead>,
        calibration: &Arc<Calibration>,
        matching: &MatchingRules,
    ) -> Neighbourhood<&'a RecordingEvidence, &'a SessionEvidence> {
        let wanted = NeighbourhoodReach::of_recording(&self.recordings[place], matching);
        let near = self.within(place, &self.reach_around(Place::Recording(place), wanted, matching), matching);
        Neighbourhood { log, calibration: Arc::clone(calibration), steps_read: usize::MAX, ..near }
    }

    /// Returns the neighbourhood of the session at index `place`, up to the maximum distance.
    pub fn near_session(
        &self,
        place: usize,
        log: Option<LogRead>,
        calibration: &Arc<Calibration>,
        matching: &MatchingRules,
    ) -> Neighbourhood<&'a RecordingEvidence, &'a SessionEvidence> {
        let wanted = NeighbourhoodReach::of_coverage(&self.sessions[place], matching);
        let reach = self.reach_around(Place::Session(place), wanted, matching);
        let recordings = places(&self.created, &reach.keys, &reach.created);
        let sessions = self.sessions_within(&reach).into_iter().filter(|other| *other != place);
        Neighbourhood {
            recordings: recordings.into_iter().map(|at| &self.recordings[at]).collect(),
            sessions: sessions.map(|at| &self.sessions[at]).collect(),
            failed_logins: Vec::new(),
            steps_read: usize::MAX,
            log,
            calibration: Arc::clone(calibration),
        }
    }

    /// Extends `wanted` to everything within the maximum number of steps around a recording or session.
    fn reach_around(
        &self,
        middle: Place,
        mut wanted: NeighbourhoodReach,
        matching: &MatchingRules,
    ) -> NeighbourhoodReach {
        let gates = Gates::from_rules(matching);
        let (mut recordings, mut sessions, mut ring, mut is_of_recordings) = match middle {
            Place::Recording(place) => (vec![place], Vec::new(), vec![place], true),
            Place::Session(place) => (Vec::new(), vec![place], vec![place], false),
        };
        for step in 1..STEPS {
            let mut next = Vec::new();
            for middle in ring {
                if is_of_recordings {
                    next.extend(self.candidates(&self.recordings[middle], gates, matching));
                } else if step == 1 {
                    next.extend(self.possible_recordings_of(&self.sessions[middle], gates, matching));
                } else {
                    next.extend(self.recordings_of(&self.sessions[middle], gates, matching));
                }
            }
            is_of_recordings = !is_of_recordings;
            let known = if is_of_recordings { &mut recordings } else { &mut sessions };
            next.sort_unstable();
            next.dedup();
            next.retain(|one| !known.contains(one));
            known.extend(&next);
            for one in &next {
                wanted.add(match is_of_recordings {
                    true => NeighbourhoodReach::of_recording(&self.recordings[*one], matching),
                    false => NeighbourhoodReach::of_session(&self.sessions[*one], matching),
                });
            }
            ring = next;
        }
        wanted
    }

    /// Returns the indexes of the recordings that may belong to a session.
    fn recordings_of(&self, session: &SessionEvidence, gates: Gates, matching: &MatchingRules) -> Vec<usize> {
        let mut found =
            places(&self.created, &*session.keys, &NeighbourhoodReach::of_session(session, matching).created);
        found.retain(|at| Pair::compare(&self.recordings[*at], session, gates).is_some());
        found
    }

    /// Returns the indexes of the recordings that may belong to a session, also of those with other times.
    fn possible_recordings_of(&self, session: &SessionEvidence, gates: Gates, matching: &MatchingRules) -> Vec<usize> {
        let reach = NeighbourhoodReach::of_coverage(session, matching);
        let mut found = places(&self.created, &*session.keys, &reach.created);
        found.retain(|at| {
            let recording = &self.recordings[*at];
            Pair::compare(recording, session, gates).is_some() || may_show(recording, session, gates)
        });
        found
    }

    /// Returns the indexes of the sessions that may belong to a recording.
    pub(crate) fn candidates(
        &self,
        recording: &RecordingEvidence,
        gates: Gates,
        matching: &MatchingRules,
    ) -> Vec<usize> {
        let mut found = self.sessions_within(&NeighbourhoodReach::of_recording(recording, matching));
        found.retain(|at| Pair::compare(recording, &self.sessions[*at], gates).is_some());
        found
    }

    /// Returns the indexes of the sessions with any of these names that ended within `ended`.
    pub(crate) fn ended_within(&self, keys: &[JoinKey], ended: TimeSpan) -> Vec<usize> {
        places(&self.ended, keys, &TimeSpans::from_span(ended))
    }

    /// Returns the failed logins that may have left a recording.
    pub(crate) fn failed_logins_near(
        &self,
        recording: &RecordingEvidence,
        matching: &MatchingRules,
    ) -> Vec<&'a SessionEvidence> {
        if recording.length() > ATTEMPT_LASTS {
            return Vec::new();
        }
        let near = |at| TimeSpan::around(at, matching.start_tolerance);
        let failed = TimeSpans::from_span(near(recording.created_at).with(near(recording.last_modified)));
        places(&self.failed, &*recording.keys, &failed).into_iter().map(|at| &self.failed_logins[at]).collect()
    }

    fn within(
        &self,
        place: usize,
        reach: &NeighbourhoodReach,
        matching: &MatchingRules,
    ) -> Neighbourhood<&'a RecordingEvidence, &'a SessionEvidence> {
        let subject = &self.recordings[place];
        let recordings = places(&self.created, &reach.keys, &reach.created).into_iter().filter(|other| *other != place);
        let mut sessions = self.sessions_within(reach);
        if subject.length() <= AT_ONCE {
            let first = subject.created_at.saturating_sub(OPEN_SINCE).unwrap_or(Timestamp::MIN);
            let began = TimeSpans::from_span(TimeSpan { first, last: subject.created_at });
            let open = places(&self.started, &*subject.keys, &began).into_iter();
            sessions.extend(open.filter(|at| self.sessions[*at].ended_at.is_none()));
            sessions.sort_unstable();
            sessions.dedup();
        }
        Neighbourhood {
            recordings: recordings.map(|at| &self.recordings[at]).collect(),
            sessions: sessions.into_iter().map(|at| &self.sessions[at]).collect(),
            failed_logins: self.failed_logins_near(subject, matching),
            ..Neighbourhood::default()
        }
    }

    fn sessions_within(&self, reach: &NeighbourhoodReach) -> Vec<usize> {
        let mut found = places(&self.started, &reach.keys, &reach.started);
        found.extend(places(&self.ended, &reach.keys, &reach.ended));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn times<'a>(all: impl Iterator<Item = (&'a [JoinKey], Option<Timestamp>)>) -> Times<'a> {
    let mut times = Times::new();
    for (place, (keys, at)) in all.enumerate() {
        for key in keys {
            times.entry(key).or_default().extend(at.map(|at| (at, place)));
        }
    }
    times.values_mut().for_each(|times| times.sort_unstable());
    times
}

/// Returns the indexes for these names and times, without duplicates.
fn places<'k>(times: &Times<'_>, keys: impl IntoIterator<Item = &'k JoinKey>, spans: &TimeSpans) -> Vec<usize> {
    let mut found = Vec::new();
    for times in keys.into_iter().filter_map(|key| times.get(key)) {
        for span in spans.iter() {
            let from = times.partition_point(|(at, _)| *at < span.first);
            found.extend(times[from..].iter().take_while(|(at, _)| *at <= span.last).map(|(_, place)| *place));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
