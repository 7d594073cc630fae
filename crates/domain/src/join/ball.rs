//! Who competes for a recording or a session, a few steps around it.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use super::likelihood::Background;
use super::pair::Pair;
use super::points::Points;
use super::reach::Middle;
use super::sides::{Attended, Neighbourhood, Recorded};
use crate::calibration::Gates;

/// How many steps around the middle are looked at.
const STEPS: usize = 6;
/// How many ways from competitor to competitor are followed; where there are more, fewer steps are looked at.
const WAYS: usize = 4_000;

/// A recording or a session, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Recording(usize),
    Session(usize),
}

/// The recordings and sessions around one of them that compete with each other. One recording has at most one session,
/// and the other way round.
///
/// What was not read may be anything: a bound that rests on it is the least, or the most, that it can be.
pub(super) struct Ball<'a> {
    pub(super) recordings: Vec<&'a Recorded>,
    pub(super) sessions: Vec<&'a Attended>,
    /// Who is worth more than nothing to whom, of all that are near enough to the middle.
    rivals: BTreeMap<Node, Vec<(Node, Points)>>,
}

impl<'a> Ball<'a> {
    /// The ball around a recording, which has the first place, or around a session, which has the first place; neither
    /// must be in the neighbourhood once more.
    pub(super) fn around<R: Borrow<Recorded>, A: Borrow<Attended>>(
        middle: Middle<'a>,
        near: &'a Neighbourhood<R, A>,
        gates: Gates,
    ) -> Self {
        let (mut recordings, mut sessions) = (Vec::new(), Vec::new());
        let start = match middle {
            Middle::Recording(recorded) => {
                recordings.push(recorded);
                Node::Recording(0)
            }
            Middle::Session(attended) => {
                sessions.push(attended);
                Node::Session(0)
            }
        };
        recordings.extend(near.recordings.iter().map(Borrow::borrow));
        sessions.extend(near.sessions.iter().map(Borrow::borrow));
        let logged_in = sessions.len();
        sessions.extend(near.failed_logins.iter().map(Borrow::borrow));
        let mut ball = Self { recordings, sessions, rivals: BTreeMap::new() };
        ball.grow(start, &Values { near, gates, logged_in }, near.steps_read.min(STEPS));
        ball
    }

    fn grow<R: Borrow<Recorded>, A: Borrow<Attended>>(&mut self, start: Node, values: &Values<'_, R, A>, steps: usize) {
        let mut backgrounds = BTreeMap::new();
        let mut ring = vec![start];
        for _ in 0..steps {
            let mut next = Vec::new();
            for node in ring {
                if self.rivals.contains_key(&node) {
                    continue;
                }
                let rivals = self.rivals_of(node, values, &mut backgrounds);
                next.extend(rivals.iter().map(|(rival, _)| *rival));
                self.rivals.insert(node, rivals);
            }
            ring = next;
        }
    }

    fn rivals_of<'v, R: Borrow<Recorded>, A: Borrow<Attended>>(
        &self,
        node: Node,
        values: &Values<'v, R, A>,
        backgrounds: &mut BTreeMap<usize, Background<'v>>,
    ) -> Vec<(Node, Points)> {
        let mut worth = |recording: usize, session: usize| {
            let recorded = self.recordings[recording];
            let pair = values.pair(recorded, self.sessions[session], session)?;
            let background = backgrounds.entry(recording).or_insert_with(|| values.background(self, recording));
            let points = values.points(background, recorded, self.sessions[session], session, pair);
            (points > Points::ZERO).then_some(points)
        };
        match node {
            Node::Recording(recording) => (0..self.sessions.len())
                .filter_map(|session| Some((Node::Session(session), worth(recording, session)?)))
                .collect(),
            Node::Session(session) => (0..self.recordings.len())
                .filter_map(|recording| Some((Node::Recording(recording), worth(recording, session)?)))
                .collect(),
        }
    }

    /// By how much the best way to give sessions to recordings is better where the recording in the middle has one of
    /// `wanted` than where it has none of them: the least that it can be. `None` where it can have none of them.
    pub(super) fn lead(&self, wanted: impl Fn(usize) -> bool) -> Option<Points> {
        let middle = Node::Recording(0);
        let rivals = self.rivals.get(&middle)?;
        (1..=STEPS).rev().find_map(|steps| {
            let mut walk = Walk { ball: self, path: vec![middle], ways: 0 };
            let (mut with, mut without) = (None, Points::ZERO);
            for (rival, points) in rivals {
                let Node::Session(session) = *rival else { continue };
                if wanted(session) {
                    let least = *points - walk.worth(*rival, steps, Bound::Most)?;
                    with = with.max(Some(least));
                } else {
                    without = without.max(*points - walk.worth(*rival, steps, Bound::Least)?);
                }
            }
            Some(with.map(|with| with - without))
        })?
    }

    /// How much worse the best way to give sessions to recordings gets where this one has none: the least that it can be.
    pub(super) fn worth(&self, node: Node) -> Points {
        let found = (1..=STEPS)
            .rev()
            .find_map(|steps| Walk { ball: self, path: Vec::new(), ways: 0 }.worth(node, steps, Bound::Least));
        found.unwrap_or(Points::ZERO)
    }

    /// All sessions that compete for a recording with the session in the middle, directly or by way of others.
    pub(super) fn competing_sessions(&self) -> impl Iterator<Item = usize> {
        let sessions = self.rivals.iter().filter(|(_, rivals)| !rivals.is_empty());
        sessions.filter_map(|(node, _)| match node {
            Node::Session(session) => Some(*session),
            Node::Recording(_) => None,
        })
    }

    /// What the node is worth to others, `None` where that was not read.
    fn rivals(&self, node: Node) -> Option<&[(Node, Points)]> {
        self.rivals.get(&node).map(Vec::as_slice)
    }
}

/// Which end of what a worth may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Least,
    Most,
}

impl Bound {
    fn other(self) -> Self {
        match self {
            Self::Least => Self::Most,
            Self::Most => Self::Least,
        }
    }
}

/// Follows who would take whose place. What a node adds to a ball is the most, over all that it may be paired with, of
/// what the pair is worth less what the other would add to a ball without this node.
struct Walk<'b, 'a> {
    ball: &'b Ball<'a>,
    path: Vec<Node>,
    ways: usize,
}

impl Walk<'_, '_> {
    /// What a node adds to the ball without those on the path. `None` if there are too many ways to follow.
    fn worth(&mut self, node: Node, steps: usize, bound: Bound) -> Option<Points> {
        self.ways += 1;
        if self.ways > WAYS {
            return None;
        }
        let Some(rivals) = self.ball.rivals(node) else {
            return Some(if bound == Bound::Least { Points::ZERO } else { Points::MOST });
        };
        let free = rivals.iter().filter(|(rival, _)| !self.path.contains(rival));
        if steps == 0 {
            let most = free.map(|(_, points)| *points).max().unwrap_or(Points::ZERO);
            return Some(if bound == Bound::Least { Points::ZERO } else { most });
        }
        let free: Vec<(Node, Points)> = free.copied().collect();
        self.path.push(node);
        let mut best = Points::ZERO;
        for (rival, points) in free {
            best = best.max(points - self.worth(rival, steps - 1, bound.other())?);
        }
        self.path.pop();
        Some(best)
    }
}

/// What a pair is worth.
pub(super) struct Values<'v, R, A> {
    near: &'v Neighbourhood<R, A>,
    gates: Gates,
    logged_in: usize,
}

impl<'v, R: Borrow<Recorded>, A: Borrow<Attended>> Values<'v, R, A> {
    fn pair(&self, recorded: &Recorded, session: &Attended, place: usize) -> Option<Pair> {
        if place < self.logged_in {
            Pair::of(recorded, session, self.gates)
        } else {
            Pair::of_failed_login(recorded, session, self.gates)
        }
    }

    fn background(&self, ball: &Ball<'_>, recording: usize) -> Background<'v> {
        background(ball.recordings[recording], &ball.recordings, &ball.sessions[..self.logged_in], self.near)
    }

    fn points(
        &self,
        background: &Background<'_>,
        recorded: &Recorded,
        session: &Attended,
        place: usize,
        pair: Pair,
    ) -> Points {
        if place < self.logged_in {
            background.grounds(recorded, session, pair).points
        } else {
            background.of_failed_login(recorded, pair)
        }
    }
}

/// What is behind a recording, which may be among `recordings`.
pub(super) fn background<'v, R, A>(
    recorded: &Recorded,
    recordings: &[&Recorded],
    sessions: &[&Attended],
    near: &'v Neighbourhood<R, A>,
) -> Background<'v> {
    let others = recordings.iter().copied().filter(|other| !std::ptr::eq(*other, recorded));
    Background::of(recorded, others, sessions.iter().copied(), near.log, &near.calibration)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// A ball of what recordings and sessions are worth to each other, in points; 0 where they are no pair.
    fn ball(worth: &[Vec<i32>]) -> Ball<'static> {
        let mut rivals = BTreeMap::<Node, Vec<(Node, Points)>>::new();
        for (recording, row) in worth.iter().enumerate() {
            for (session, points) in row.iter().enumerate() {
                let (one, other) = (Node::Recording(recording), Node::Session(session));
                rivals.entry(one).or_default();
                rivals.entry(other).or_default();
                if *points > 0 {
                    rivals.entry(one).or_default().push((other, Points::whole(*points)));
                    rivals.entry(other).or_default().push((one, Points::whole(*points)));
                }
            }
        }
        Ball { recordings: Vec::new(), sessions: Vec::new(), rivals }
    }

    /// The most that all recordings from `first` on come to, each with a session of its own that it is allowed to have.
    fn best(worth: &[Vec<i32>], first: usize, taken: &mut Vec<usize>, allowed: &dyn Fn(usize, usize) -> bool) -> i32 {
        let Some(row) = worth.get(first) else { return 0 };
        let mut most = best(worth, first + 1, taken, allowed);
        for (session, points) in row.iter().enumerate().filter(|(_, points)| **points > 0) {
            if !taken.contains(&session) && allowed(first, session) {
                taken.push(session);
                most = most.max(points + best(worth, first + 1, taken, allowed));
                taken.pop();
            }
        }
        most
    }

    /// By how much the best way with the pair leads the best way without it.
    fn exact(worth: &[Vec<i32>], session: usize) -> i32 {
        let rest = best(&worth[1..], 0, &mut vec![session], &|_, _| true);
        let without = best(worth, 0, &mut Vec::new(), &|recording, other| recording > 0 || other != session);
        worth[0][session] + rest - without
    }

    fn worths() -> impl Strategy<Value = Vec<Vec<i32>>> {
        (1usize..4, 1usize..4).prop_flat_map(|(recordings, sessions)| vec(vec(0..40, sessions), recordings))
    }

    proptest! {
        #[test]
        fn the_lead_is_that_over_every_other_way(worth in worths()) {
            for session in (0..worth[0].len()).filter(|session| worth[0][*session] > 0) {
                let lead = ball(&worth).lead(|one| one == session);
                prop_assert_eq!(lead, Some(Points::whole(exact(&worth, session))));
            }
        }

        #[test]
        fn what_was_not_read_never_makes_a_lead_larger(worth in worths(), unread in vec(any::<bool>(), 8)) {
            for session in (0..worth[0].len()).filter(|session| worth[0][*session] > 0) {
                let mut part = ball(&worth);
                let nodes: Vec<Node> = part.rivals.keys().copied().filter(|node| *node != Node::Recording(0)).collect();
                for (node, is_unread) in nodes.iter().zip(&unread) {
                    if *is_unread {
                        part.rivals.remove(node);
                    }
                }
                let lead = part.lead(|one| one == session);
                prop_assert!(lead <= Some(Points::whole(exact(&worth, session))), "{lead:?}");
            }
        }
    }
}
