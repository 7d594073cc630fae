//! Recordings and sessions by name, each in the order of their beginning.

use std::collections::HashMap;

use domain::join::{Attended, JoinKey, LogRead, Matching, Neighbourhood, Recorded};
use jiff::Timestamp;

/// What was recorded and attended under each name.
pub struct Index<'a> {
    by_name: HashMap<&'a JoinKey, Beginnings<'a>>,
}

/// What has one name, in the order of its beginning.
#[derive(Default)]
pub struct Beginnings<'a> {
    recordings: Vec<(Timestamp, &'a Recorded)>,
    sessions: Vec<(Timestamp, &'a Attended)>,
}

impl<'a> Index<'a> {
    /// Of these recordings and sessions, of which each has one name and a start.
    pub fn of(recordings: &'a [Recorded], sessions: &'a [Attended]) -> Self {
        let mut by_name: HashMap<&JoinKey, Beginnings<'_>> = HashMap::new();
        for session in sessions {
            for (name, at) in session.keys.iter().zip(session.facts.started_at) {
                by_name.entry(name).or_default().sessions.push((at, session));
            }
        }
        for recording in recordings {
            for name in &recording.keys {
                by_name.entry(name).or_default().recordings.push((recording.created_at, recording));
            }
        }
        for beginnings in by_name.values_mut() {
            beginnings.recordings.sort_by_key(|(at, _)| *at);
            beginnings.sessions.sort_by_key(|(at, _)| *at);
        }
        Self { by_name }
    }

    /// What there is of each name.
    pub fn names(&self) -> impl Iterator<Item = &Beginnings<'a>> {
        self.by_name.values()
    }
}

impl<'a> Beginnings<'a> {
    /// The recordings of this name.
    pub fn recordings(&self) -> impl Iterator<Item = &'a Recorded> {
        self.recordings.iter().map(|(_, recording)| *recording)
    }

    /// All recordings and sessions that may belong to a group with this one: those that begin so soon after each other
    /// that a recording and a session could be one.
    pub fn near(
        &self,
        subject: &Recorded,
        log: Option<LogRead>,
        matching: &Matching,
    ) -> Neighbourhood<&'a Recorded, &'a Attended> {
        let (mut first, mut last) = (subject.created_at, subject.created_at);
        loop {
            let (from, to) = (first - matching.start_tolerance, last + matching.start_tolerance);
            let (sessions, recordings) = (within(&self.sessions, from, to), within(&self.recordings, from, to));
            let begins = [sessions.first().map(|(at, _)| *at), recordings.first().map(|(at, _)| *at)];
            let ends = [sessions.last().map(|(at, _)| *at), recordings.last().map(|(at, _)| *at)];
            let begin = begins.into_iter().flatten().fold(first, Timestamp::min);
            let end = ends.into_iter().flatten().fold(last, Timestamp::max);
            if (begin, end) == (first, last) {
                let others = recordings.iter().map(|(_, recording)| *recording);
                return Neighbourhood {
                    recordings: others.filter(|recording| !std::ptr::eq(*recording, subject)).collect(),
                    sessions: sessions.iter().map(|(_, session)| *session).collect(),
                    is_whole: true,
                    log,
                    ..Neighbourhood::default()
                };
            }
            (first, last) = (begin, end);
        }
    }
}

/// Those that begin between two moments.
fn within<T>(sorted: &[(Timestamp, T)], first: Timestamp, last: Timestamp) -> &[(Timestamp, T)] {
    let begin = sorted.partition_point(|(at, _)| *at < first);
    let count = sorted[begin..].iter().take_while(|(at, _)| *at <= last).count();
    &sorted[begin..begin + count]
}
