//! Graph of the recordings and sessions that compete within a few steps of one of them.

use std::borrow::Borrow;
use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::likelihood::Background;
use super::pair::Pair;
use super::reach::Middle;
use super::sides::{LogRead, Neighbourhood, RecordingEvidence, SessionEvidence};
use super::walk::{self, Bound, Graph, NodeRivals, PairNode};
use crate::decide::calibration::Calibration;
use crate::policy::join::Gates;
use crate::record::join::Points;

/// Maximum number of steps around the middle.
const STEPS: usize = 6;
/// Maximum number of nodes; beyond it, fewer steps are followed.
const NODES: usize = 500;

/// Recordings and sessions around one of them that compete with each other. A recording has at most one session, and a
/// session at most one recording.
///
/// Unread nodes may have any worth, so results that depend on them are lower or upper bounds. Backgrounds and rivals
/// are computed on first use.
pub(super) struct Ball<'a> {
    pub(super) recordings: Vec<&'a RecordingEvidence>,
    pub(super) sessions: Vec<&'a SessionEvidence>,
    logged_in: usize,
    gates: Gates,
    log: Option<LogRead>,
    pub(super) calibration: &'a Calibration,
    middle: PairNode,
    steps: usize,
    backgrounds: RefCell<BTreeMap<usize, Background<'a>>>,
    rivals: RefCell<BTreeMap<PairNode, NodeRivals>>,
    nodes: OnceCell<BTreeSet<PairNode>>,
}

impl<'a> Ball<'a> {
    /// Builds the ball around a recording or session, which gets index 0 of its list. `near` must not contain it again.
    pub(super) fn around<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
        middle: Middle<'a>,
        near: &'a Neighbourhood<R, A>,
        gates: Gates,
    ) -> Self {
        let (mut recordings, mut sessions) = (Vec::new(), Vec::new());
        let middle = match middle {
            Middle::Recording(recording_evidence) => {
                recordings.push(recording_evidence);
                PairNode::Recording(0)
            }
            Middle::Session(session_evidence) => {
                sessions.push(session_evidence);
                PairNode::Session(0)
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

    /// Copies the ball as if the log were read up to `log` and `steps_read` steps had been read.
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

    /// Returns the sessions and the failed logins.
    pub(super) fn sessions(&self) -> (&[&'a SessionEvidence], &[&'a SessionEvidence]) {
        self.sessions.split_at(self.logged_in)
    }

    /// True if the index is that of a session, false if it is that of a failed login.
    pub(super) fn is_logged_in(&self, session: usize) -> bool {
        session < self.logged_in
    }

    /// Returns the cached background of a recording.
    pub(super) fn background(&self, recording: usize) -> Background<'a> {
        *self.backgrounds.borrow_mut().entry(recording).or_insert_with(|| self.background_beside(recording, |_| true))
    }

    /// Computes the background of a recording from the sessions for which `counts` is true.
    pub(super) fn background_beside(
        &self,
        recording: usize,
        counts: impl Fn(&SessionEvidence) -> bool,
    ) -> Background<'a> {
        let recording_evidence = self.recordings[recording];
        let others = self.recordings.iter().enumerate().filter(|(other, _)| *other != recording).map(|(_, one)| *one);
        let sessions = self.sessions[..self.logged_in].iter().copied().filter(|session| counts(session));
        Background::compute(recording_evidence, others, sessions, self.log, self.calibration)
    }

    /// Returns a lower bound of the lead: the points by which the best assignment of sessions to recordings with a
    /// session of `wanted` for the middle recording exceeds the best assignment without one. `None` if it can have none
    /// of `wanted`.
    pub(super) fn lead(&self, wanted: impl Fn(usize) -> bool) -> Option<Points> {
        walk::lead(self, STEPS, wanted)
    }

    /// Returns, for each session that competes with the middle session for a recording, directly or through others, a
    /// lower bound of the points that the best assignment loses without it.
    pub(super) fn worths(&self) -> BTreeMap<usize, Points> {
        let sessions = self.nodes().iter().filter_map(|node| match node {
            PairNode::Session(session) if !self.rivals_of(*node).is_empty() => Some(*session),
            _ => None,
        });
        sessions
            .map(|session| (session, walk::worth(&Within(self), STEPS, PairNode::Session(session), Bound::Least)))
            .collect()
    }

    /// True if the best assignment loses nothing without this session, whatever was not read.
    pub(super) fn can_go_without(&self, session: usize) -> bool {
        walk::worth(&Within(self), STEPS, PairNode::Session(session), Bound::Most) <= Points::ZERO
    }

    /// Nodes closer to the middle than the number of steps read.
    fn nodes(&self) -> &BTreeSet<PairNode> {
        self.nodes.get_or_init(|| {
            let (mut nodes, mut ring) = (BTreeSet::new(), BTreeSet::from([self.middle]));
            for _ in 0..self.steps {
                if nodes.len() + ring.len() > NODES {
                    break;
                }
                let rivals: Vec<NodeRivals> = ring.iter().map(|node| self.rivals_of(*node)).collect();
                nodes.append(&mut ring);
                ring = rivals.iter().flat_map(|rivals| rivals.iter().map(|(rival, _)| *rival)).collect();
                ring.retain(|node| !nodes.contains(node));
            }
            nodes
        })
    }

    fn rivals_of(&self, node: PairNode) -> NodeRivals {
        if let Some(known) = self.rivals.borrow().get(&node) {
            return Rc::clone(known);
        }
        let mut rivals: Vec<(PairNode, Points)> = match node {
            PairNode::Recording(recording) => (0..self.sessions.len())
                .filter_map(|session| Some((PairNode::Session(session), self.points(recording, session)?)))
                .collect(),
            PairNode::Session(session) => (0..self.recordings.len())
                .filter_map(|recording| Some((PairNode::Recording(recording), self.points(recording, session)?)))
                .collect(),
        };
        rivals.sort_by(|one, other| {
            // The order of the input must not decide where a walk is cut off.
            let by_points = Reverse(one.1).cmp(&Reverse(other.1));
            by_points.then_with(|| self.identity(one.0).cmp(&self.identity(other.0)))
        });
        let rivals: NodeRivals = rivals.into();
        self.rivals.borrow_mut().insert(node, Rc::clone(&rivals));
        rivals
    }

    fn identity(&self, node: PairNode) -> impl Ord {
        match node {
            PairNode::Recording(recording) => (Some(self.recordings[recording]), None),
            PairNode::Session(session) => (None, Some(&self.sessions[session].facts.tunnel_id)),
        }
    }

    /// Returns the points of a pair. `None` if they are zero or less, or if the two cannot belong together.
    fn points(&self, recording: usize, session: usize) -> Option<Points> {
        let (recording_evidence, session_evidence) = (self.recordings[recording], self.sessions[session]);
        let points = if session < self.logged_in {
            let pair = Pair::compare(recording_evidence, session_evidence, self.gates)?;
            self.background(recording).points(recording_evidence, session_evidence, pair)
        } else {
            let pair = Pair::of_failed_login(recording_evidence, session_evidence, self.gates)?;
            self.background(recording).of_failed_login(recording_evidence, pair)
        };
        (points > Points::ZERO).then_some(points)
    }
}

impl Graph for Ball<'_> {
    fn rivals(&self, node: PairNode, depth: usize) -> Option<NodeRivals> {
        // A node reached by a short walk is near, so the node set is not needed.
        (depth < self.steps || self.nodes().contains(&node)).then(|| self.rivals_of(node))
    }
}

/// View of a ball in which walks may begin at any node.
struct Within<'b, 'a>(&'b Ball<'a>);

impl Graph for Within<'_, '_> {
    fn rivals(&self, node: PairNode, _: usize) -> Option<NodeRivals> {
        self.0.nodes().contains(&node).then(|| self.0.rivals_of(node))
    }
}
