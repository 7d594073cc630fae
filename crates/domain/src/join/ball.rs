//! Who competes for a recording or a session, a few steps around it.

use std::borrow::Borrow;
use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::likelihood::Background;
use super::pair::Pair;
use super::points::Points;
use super::reach::Middle;
use super::sides::{Attended, LogRead, Neighbourhood, Recorded};
use super::walk::{self, Bound, Graph, Node, Rivals};
use crate::calibration::{Calibration, Gates};

/// How many steps around the middle are looked at.
const STEPS: usize = 6;
/// How many competitors are looked at; where there are more, fewer steps are.
const NODES: usize = 500;

/// The recordings and sessions around one of them that compete with each other. One recording has at most one session,
/// and the other way round.
///
/// What was not read may be anything: a bound that rests on it is the least, or the most, that it can be. Who competes with
/// whom is found when somebody asks.
pub(super) struct Ball<'a> {
    pub(super) recordings: Vec<&'a Recorded>,
    pub(super) sessions: Vec<&'a Attended>,
    logged_in: usize,
    gates: Gates,
    log: Option<LogRead>,
    calibration: &'a Calibration,
    middle: Node,
    steps: usize,
    backgrounds: RefCell<BTreeMap<usize, Background<'a>>>,
    rivals: RefCell<BTreeMap<Node, Rivals>>,
    nodes: OnceCell<BTreeSet<Node>>,
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
        let middle = match middle {
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
        Self {
            recordings,
            sessions,
            logged_in,
            gates,
            log: near.log,
            calibration: &near.calibration,
            middle,
            steps: near.steps_read.min(STEPS),
            backgrounds: RefCell::default(),
            rivals: RefCell::default(),
            nodes: OnceCell::new(),
        }
    }

    /// The same ball, as if the log had told so much and so many steps had been read.
    pub(super) fn if_read(&self, log: LogRead, steps_read: usize) -> Self {
        Self {
            recordings: self.recordings.clone(),
            sessions: self.sessions.clone(),
            log: Some(log),
            steps: steps_read.min(STEPS),
            backgrounds: RefCell::default(),
            rivals: RefCell::default(),
            nodes: OnceCell::new(),
            ..*self
        }
    }

    /// The sessions, and the failed logins.
    pub(super) fn sessions(&self) -> (&[&'a Attended], &[&'a Attended]) {
        self.sessions.split_at(self.logged_in)
    }

    /// Whether a place is that of a session, not of a failed login.
    pub(super) fn is_logged_in(&self, session: usize) -> bool {
        session < self.logged_in
    }

    /// What is behind a recording.
    pub(super) fn background(&self, recording: usize) -> Background<'a> {
        *self.backgrounds.borrow_mut().entry(recording).or_insert_with(|| self.background_beside(recording, |_| true))
    }

    /// What is behind a recording, beside these sessions only.
    pub(super) fn background_beside(&self, recording: usize, counts: impl Fn(&Attended) -> bool) -> Background<'a> {
        let recorded = self.recordings[recording];
        let others = self.recordings.iter().enumerate().filter(|(other, _)| *other != recording).map(|(_, one)| *one);
        let sessions = self.sessions[..self.logged_in].iter().copied().filter(|session| counts(session));
        Background::of(recorded, others, sessions, self.log, self.calibration)
    }

    /// By how much the best way to give sessions to recordings is better where the recording in the middle has one of
    /// `wanted` than where it has none of them: the least that it can be. `None` where it can have none of them.
    pub(super) fn lead(&self, wanted: impl Fn(usize) -> bool) -> Option<Points> {
        walk::lead(self, STEPS, wanted)
    }

    /// How much worse the best way to give sessions to recordings gets where one of these sessions has none, for each the
    /// least that it can be: all that compete for a recording with the session in the middle, directly or by way of others.
    pub(super) fn worths(&self) -> BTreeMap<usize, Points> {
        let sessions = self.nodes().iter().filter_map(|node| match node {
            Node::Session(session) if !self.rivals_of(*node).is_empty() => Some(*session),
            _ => None,
        });
        sessions
            .map(|session| (session, walk::worth(&Within(self), STEPS, Node::Session(session), Bound::Least)))
            .collect()
    }

    /// Whether the best way to give sessions to recordings needs no recording for this one, whatever was not read.
    pub(super) fn can_go_without(&self, session: usize) -> bool {
        walk::worth(&Within(self), STEPS, Node::Session(session), Bound::Most) <= Points::ZERO
    }

    /// All that is fewer steps from the middle than were read.
    fn nodes(&self) -> &BTreeSet<Node> {
        self.nodes.get_or_init(|| {
            let (mut nodes, mut ring) = (BTreeSet::new(), BTreeSet::from([self.middle]));
            for _ in 0..self.steps {
                if nodes.len() + ring.len() > NODES {
                    break;
                }
                let rivals: Vec<Rivals> = ring.iter().map(|node| self.rivals_of(*node)).collect();
                nodes.append(&mut ring);
                ring = rivals.iter().flat_map(|rivals| rivals.iter().map(|(rival, _)| *rival)).collect();
                ring.retain(|node| !nodes.contains(node));
            }
            nodes
        })
    }

    fn rivals_of(&self, node: Node) -> Rivals {
        if let Some(known) = self.rivals.borrow().get(&node) {
            return Rc::clone(known);
        }
        let mut rivals: Vec<(Node, Points)> = match node {
            Node::Recording(recording) => (0..self.sessions.len())
                .filter_map(|session| Some((Node::Session(session), self.points(recording, session)?)))
                .collect(),
            Node::Session(session) => (0..self.recordings.len())
                .filter_map(|recording| Some((Node::Recording(recording), self.points(recording, session)?)))
                .collect(),
        };
        rivals.sort_by(|one, other| {
            // No order of what was read must decide where a walk is broken off.
            let by_points = Reverse(one.1).cmp(&Reverse(other.1));
            by_points.then_with(|| self.identity(one.0).cmp(&self.identity(other.0)))
        });
        let rivals: Rivals = rivals.into();
        self.rivals.borrow_mut().insert(node, Rc::clone(&rivals));
        rivals
    }

    fn identity(&self, node: Node) -> impl Ord {
        match node {
            Node::Recording(recording) => (Some(self.recordings[recording]), None),
            Node::Session(session) => (None, Some(&self.sessions[session].facts.tunnel_id)),
        }
    }

    /// What a recording and a session are worth to each other. `None` if that is nothing.
    fn points(&self, recording: usize, session: usize) -> Option<Points> {
        let (recorded, attended) = (self.recordings[recording], self.sessions[session]);
        let points = if session < self.logged_in {
            let pair = Pair::of(recorded, attended, self.gates)?;
            self.background(recording).points(recorded, attended, pair)
        } else {
            let pair = Pair::of_failed_login(recorded, attended, self.gates)?;
            self.background(recording).of_failed_login(recorded, pair)
        };
        (points > Points::ZERO).then_some(points)
    }
}

impl Graph for Ball<'_> {
    fn rivals(&self, node: Node, depth: usize) -> Option<Rivals> {
        // What is reached by a short walk is near.
        (depth < self.steps || self.nodes().contains(&node)).then(|| self.rivals_of(node))
    }
}

/// A ball in which walks begin anywhere.
struct Within<'b, 'a>(&'b Ball<'a>);

impl Graph for Within<'_, '_> {
    fn rivals(&self, node: Node, _: usize) -> Option<Rivals> {
        self.0.nodes().contains(&node).then(|| self.0.rivals_of(node))
    }
}
