//! Recordings and sessions that may belong together, directly or by way of others.

use std::borrow::Borrow;

use super::matching::Matching;
use super::pair::Pair;
use super::sides::{Attended, Neighbourhood, Recorded};
use super::solve::best;

/// A group of more on one side is not solved: nobody would believe the answer.
pub(super) const LARGEST: usize = 64;

/// Everything that must be solved together with one recording or one session, which stands first on its side.
#[derive(Debug)]
pub struct Group<'a> {
    /// The recordings.
    pub recordings: Vec<&'a Recorded>,
    /// The sessions.
    pub sessions: Vec<&'a Attended>,
    /// What each recording has to do with each session, the pairs of one recording behind those of the other.
    pairs: Vec<Option<Pair>>,
}

impl<'a> Group<'a> {
    /// The group of a recording, whose neighbourhood must not have it once more.
    pub fn of_recording<R: Borrow<Recorded>, A: Borrow<Attended>>(
        subject: &'a Recorded,
        near: &'a Neighbourhood<R, A>,
        matching: &Matching,
    ) -> Self {
        Self { recordings: vec![subject], sessions: Vec::new(), pairs: Vec::new() }.grown(near, matching)
    }

    /// The group of a session, whose neighbourhood must not have it once more.
    pub fn of_session<R: Borrow<Recorded>, A: Borrow<Attended>>(
        subject: &'a Attended,
        near: &'a Neighbourhood<R, A>,
        matching: &Matching,
    ) -> Self {
        Self { recordings: Vec::new(), sessions: vec![subject], pairs: Vec::new() }.grown(near, matching)
    }

    fn grown<R: Borrow<Recorded>, A: Borrow<Attended>>(
        mut self,
        near: &'a Neighbourhood<R, A>,
        matching: &Matching,
    ) -> Self {
        let mut recordings: Vec<&Recorded> = near.recordings.iter().map(Borrow::borrow).collect();
        let mut sessions: Vec<&Attended> = near.sessions.iter().map(Borrow::borrow).collect();
        // The same group in the same order, whoever came first.
        recordings.sort_by(|one, other| one.rank().cmp(&other.rank()));
        sessions.sort_by(|one, other| one.facts.tunnel_id.cmp(&other.facts.tunnel_id));
        loop {
            let members = self.recordings.len() + self.sessions.len();
            let joins = |recording: &Recorded, session: &Attended| Pair::of(recording, session, matching).is_some();
            let mine = &self.recordings;
            let found = sessions.extract_if(.., |session| mine.iter().any(|one| joins(one, session)));
            self.sessions.extend(found);
            let mine = &self.sessions;
            let found = recordings.extract_if(.., |one| mine.iter().any(|session| joins(one, session)));
            self.recordings.extend(found);
            let is_everything = recordings.is_empty() && sessions.is_empty();
            let is_closed = self.recordings.len() + self.sessions.len() == members;
            if is_everything || is_closed || self.is_too_large() {
                break;
            }
        }
        let (recordings, sessions) = (&self.recordings, &self.sessions);
        let of_one = |recording| sessions.iter().map(move |session| Pair::of(recording, session, matching));
        self.pairs = recordings.iter().flat_map(|recording| of_one(recording)).collect();
        self
    }

    /// The pairs, each with the place of its recording and of its session.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize, Pair)> {
        let width = self.sessions.len();
        self.pairs.iter().enumerate().filter_map(move |(at, pair)| Some((at / width, at % width, (*pair)?)))
    }

    /// What a recording and a session have to do with each other.
    pub(super) fn pair(&self, row: usize, column: usize) -> Option<Pair> {
        self.pairs[row * self.sessions.len() + column]
    }

    /// Whether it is too large to be solved.
    pub fn is_too_large(&self) -> bool {
        self.recordings.len() > LARGEST || self.sessions.len() > LARGEST
    }

    /// The best total of giving sessions to recordings, some of each left out.
    pub(super) fn best(
        &self,
        weight: impl Fn(usize, Pair) -> i64,
        leaves_out: impl Fn(Option<usize>, Option<usize>) -> bool,
    ) -> i64 {
        let rows: Vec<usize> = (0..self.recordings.len()).filter(|row| !leaves_out(Some(*row), None)).collect();
        let columns: Vec<usize> = (0..self.sessions.len()).filter(|column| !leaves_out(None, Some(*column))).collect();
        best(&rows, &columns, |row, column| match self.pair(row, column) {
            Some(pair) if !leaves_out(Some(row), Some(column)) => weight(row, pair),
            _ => 0,
        })
    }
}
