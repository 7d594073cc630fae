//! Recordings and sessions by name, each in the order of their beginning.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use domain::join::{Attended, JoinKey, LogRead, Matching, Neighbourhood, Recorded};
use jiff::Timestamp;

/// What was recorded and attended, the same names side by side.
pub struct Index {
    recordings: Side<Recorded>,
    sessions: Side<Attended>,
    /// What has each name.
    names: Vec<[Range<usize>; 2]>,
}

/// What is near a recording.
pub type Near<'a> = Neighbourhood<&'a Recorded, &'a Attended>;

/// All of one kind, and when each of them began.
struct Side<T> {
    all: Vec<T>,
    begins: Vec<Timestamp>,
}

/// What has one name, in the order of its beginning.
pub struct Named<'a> {
    recordings: Beginnings<'a, Recorded>,
    sessions: Beginnings<'a, Attended>,
}

struct Beginnings<'a, T> {
    all: &'a [T],
    begins: &'a [Timestamp],
}

impl Index {
    /// Of these recordings and sessions, of which each has one name and a start.
    pub fn of(mut recordings: Vec<Recorded>, mut sessions: Vec<Attended>) -> Self {
        let mut numbers = HashMap::new();
        let of_recordings: Vec<_> = recordings.iter_mut().map(|one| number(&mut numbers, &mut one.keys)).collect();
        let of_sessions: Vec<_> = sessions.iter_mut().map(|one| number(&mut numbers, &mut one.keys)).collect();
        let recordings = Side::of(recordings, of_recordings, numbers.len(), |one| one.created_at);
        let sessions = Side::of(sessions, of_sessions, numbers.len(), |one| one.facts.started_at.unwrap_or_default());
        let names = recordings.1.into_iter().zip(sessions.1).map(|(recordings, sessions)| [recordings, sessions]);
        Self { names: names.collect(), recordings: recordings.0, sessions: sessions.0 }
    }

    /// What there is of each name.
    pub fn names(&self) -> impl Iterator<Item = Named<'_>> {
        self.names.iter().map(|[recordings, sessions]| Named {
            recordings: self.recordings.within(recordings.clone()),
            sessions: self.sessions.within(sessions.clone()),
        })
    }
}

/// The number of a name, which is kept once for all that have it.
fn number(numbers: &mut HashMap<Arc<[JoinKey]>, usize>, keys: &mut Arc<[JoinKey]>) -> usize {
    let next = numbers.len();
    if let Some((known, number)) = numbers.get_key_value(keys) {
        *keys = known.clone();
        return *number;
    }
    numbers.insert(keys.clone(), next);
    next
}

impl<T> Side<T> {
    /// All of them by name and beginning, and where each name has its own.
    fn of(all: Vec<T>, names: Vec<usize>, count: usize, begin: impl Fn(&T) -> Timestamp) -> (Self, Vec<Range<usize>>) {
        let mut numbered: Vec<(usize, Timestamp, T)> =
            all.into_iter().zip(names).map(|(one, name)| (name, begin(&one), one)).collect();
        numbered.sort_by_key(|(name, at, _)| (*name, *at));
        let end = |name| numbered.partition_point(|(other, ..)| *other <= name);
        let ends: Vec<usize> = (0..count).map(end).collect();
        let begins = std::iter::once(0).chain(ends.iter().copied());
        let ranges = begins.zip(&ends).map(|(begin, end)| begin..*end).collect();
        let (begins, all) = numbered.into_iter().map(|(_, at, one)| (at, one)).unzip();
        (Self { all, begins }, ranges)
    }

    fn within(&self, range: Range<usize>) -> Beginnings<'_, T> {
        Beginnings { all: &self.all[range.clone()], begins: &self.begins[range] }
    }
}

impl<'a> Named<'a> {
    /// Each recording of this name in the order of its beginning, and what is near it.
    pub fn each(&self, log: Option<LogRead>, matching: &Matching) -> impl Iterator<Item = (&'a Recorded, Near<'a>)> {
        let mut before = 0;
        self.recordings.all.iter().enumerate().map(move |(place, recording)| {
            // Both sides are in order, so what began before the last one began before this one.
            let later = self.sessions.begins[before..].iter();
            before += later.take_while(|at| **at < recording.created_at).count();
            (recording, self.near(place, before, log, matching))
        })
    }

    /// All recordings and sessions that may belong to a group with the recording at `place`, before which `before`
    /// sessions began: those that begin so soon after each other that a recording and a session could be one.
    fn near(&self, place: usize, before: usize, log: Option<LogRead>, matching: &Matching) -> Near<'a> {
        let (mut recordings, mut sessions) = (place..place + 1, before..before);
        let mut first = self.recordings.begins[place];
        let mut last = first;
        loop {
            let told = (first, last);
            let (from, to) = (first - matching.start_tolerance, last + matching.start_tolerance);
            for (found, begins) in [(&mut recordings, self.recordings.begins), (&mut sessions, self.sessions.begins)] {
                widen(found, begins, from, to);
                first = begins[found.clone()].first().map_or(first, |at| first.min(*at));
                last = begins[found.clone()].last().map_or(last, |at| last.max(*at));
            }
            if (first, last) == told {
                let all = self.recordings.all;
                let others = all[recordings.start..place].iter().chain(&all[place + 1..recordings.end]);
                return Neighbourhood {
                    recordings: others.collect(),
                    sessions: self.sessions.all[sessions].iter().collect(),
                    is_whole: true,
                    log,
                    ..Neighbourhood::default()
                };
            }
        }
    }
}

/// Adds those on both sides that begin between two moments.
fn widen(found: &mut Range<usize>, begins: &[Timestamp], first: Timestamp, last: Timestamp) {
    while found.start > 0 && begins[found.start - 1] >= first {
        found.start -= 1;
    }
    while begins.get(found.end).is_some_and(|at| *at <= last) {
        found.end += 1;
    }
}
