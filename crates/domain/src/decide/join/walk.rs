//! Bounds the best assignment of sessions to recordings by following who would replace whom.

use std::rc::Rc;

use crate::record::join::Points;

/// Maximum number of steps of one walk over all branches; beyond it, the walk is repeated with less depth.
const WAYS: usize = 1_000;

/// A recording or a session, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PairNode {
    Recording(usize),
    Session(usize),
}

/// Rivals of a node with the points of each pair, all above zero, in descending order.
pub(super) type NodeRivals = Rc<[(PairNode, Points)]>;

/// Recordings and sessions that compete.
pub(super) trait Graph {
    /// Returns the rivals of a node that is `depth` steps from the beginning of the walk. `None` if they were not read.
    fn rivals(&self, node: PairNode, depth: usize) -> Option<NodeRivals>;
}

/// Returns a lower bound of the lead: the points by which the best assignment of sessions to recordings with a session
/// of `wanted` for recording 0 exceeds the best assignment without one. `None` if it can have none of `wanted`.
pub(super) fn lead(graph: &impl Graph, steps: usize, wanted: impl Fn(usize) -> bool) -> Option<Points> {
    let middle = PairNode::Recording(0);
    let rivals = graph.rivals(middle, 0)?;
    (1..=steps).rev().find_map(|steps| {
        let mut walk = Walk { graph, path: vec![middle], ways: 0 };
        let (mut with, mut without) = (None, Points::ZERO);
        for (rival, points) in rivals.iter() {
            let PairNode::Session(session) = *rival else { continue };
            if wanted(session) {
                let taken = walk.worth(*rival, steps, Bound::Most, Window::ALL)?;
                with = with.max(Some(*points - taken));
            } else if *points > without {
                let window = Window { low: -Points::MOST, high: *points - without };
                without = without.max(*points - walk.worth(*rival, steps, Bound::Least, window)?);
            }
        }
        Some(with.map(|with| with - without))
    })?
}

/// Returns a bound of the points that the best assignment of sessions to recordings loses without this node.
pub(super) fn worth(graph: &impl Graph, steps: usize, node: PairNode, bound: Bound) -> Points {
    let found = (1..=steps)
        .rev()
        .find_map(|steps| Walk { graph, path: Vec::new(), ways: 0 }.worth(node, steps, bound, Window::ALL));
    found.unwrap_or(bound.of_unread())
}

/// Selects the lower or the upper bound of a worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Least,
    Most,
}

impl Bound {
    /// Returns the bound for an unread node.
    fn of_unread(self) -> Points {
        match self {
            Self::Least => Points::ZERO,
            Self::Most => Points::MOST,
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Least => Self::Most,
            Self::Most => Self::Least,
        }
    }
}

/// Range in which the exact worth matters, as in alpha-beta pruning. If the worth is below `low`, any number between
/// the two is equivalent; likewise if it is above `high`.
#[derive(Debug, Clone, Copy)]
struct Window {
    low: Points,
    high: Points,
}

impl Window {
    const ALL: Self = Self { low: Points::from_tenths(i32::MIN), high: Points::from_tenths(i32::MAX) };
}

/// Follows who would replace whom. The worth of a node is the maximum, over its rivals, of the points of the pair minus
/// the rival's worth in the graph without this node.
struct Walk<'g, G> {
    graph: &'g G,
    path: Vec<PairNode>,
    ways: usize,
}

impl<G: Graph> Walk<'_, G> {
    /// Returns the worth of a node in the graph without the nodes of `path`. `None` if there are too many branches.
    fn worth(&mut self, node: PairNode, steps: usize, bound: Bound, window: Window) -> Option<Points> {
        self.ways += 1;
        if self.ways > WAYS {
            return None;
        }
        let Some(rivals) = self.graph.rivals(node, self.path.len()) else {
            return Some(bound.of_unread());
        };
        let mut best = Points::ZERO;
        self.path.push(node);
        for (rival, points) in rivals.iter() {
            // Later rivals have fewer points, even if nothing else competes for them.
            if *points <= best || best >= window.high {
                break;
            }
            if self.path.contains(rival) {
                continue;
            }
            if steps == 0 {
                best = if bound == Bound::Least { Points::ZERO } else { *points };
                break;
            }
            let inner = Window { low: *points - window.high, high: *points - best.max(window.low) };
            best = best.max(*points - self.worth(*rival, steps - 1, bound.other(), inner)?);
        }
        self.path.pop();
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// More steps than any two nodes of a table are apart.
    const FAR: usize = 8;

    struct Table(BTreeMap<PairNode, NodeRivals>);

    impl Graph for Table {
        fn rivals(&self, node: PairNode, _: usize) -> Option<NodeRivals> {
            self.0.get(&node).cloned()
        }
    }

    /// Builds a graph from the points of each pair; 0 if the two are not a pair.
    fn table(worth: &[Vec<i32>]) -> Table {
        let mut rivals = BTreeMap::<PairNode, Vec<(PairNode, Points)>>::new();
        for (recording, row) in worth.iter().enumerate() {
            for (session, points) in row.iter().enumerate() {
                let (one, other) = (PairNode::Recording(recording), PairNode::Session(session));
                rivals.entry(one).or_default();
                rivals.entry(other).or_default();
                if *points > 0 {
                    rivals.entry(one).or_default().push((other, Points::whole(*points)));
                    rivals.entry(other).or_default().push((one, Points::whole(*points)));
                }
            }
        }
        for rivals in rivals.values_mut() {
            rivals.sort_by_key(|(_, points)| Reverse(*points));
        }
        Table(rivals.into_iter().map(|(node, rivals)| (node, rivals.into())).collect())
    }

    /// Returns the maximum total of the recordings from `first` on, each with a distinct allowed session.
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

    /// Returns the exact lead of the best assignment with the pair over the best one without it.
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
        fn the_lead_is_computed_over_every_alternative(worth in worths()) {
            for session in (0..worth[0].len()).filter(|session| worth[0][*session] > 0) {
                let found = lead(&table(&worth), FAR, |one| one == session);
                prop_assert_eq!(found, Some(Points::whole(exact(&worth, session))));
            }
        }

        #[test]
        fn missing_input_never_increases_a_lead(worth in worths(), unread in vec(any::<bool>(), 8)) {
            for session in (0..worth[0].len()).filter(|session| worth[0][*session] > 0) {
                let mut part = table(&worth);
                let nodes: Vec<PairNode> = part.0.keys().copied().filter(|node| *node != PairNode::Recording(0)).collect();
                for (node, is_unread) in nodes.iter().zip(&unread) {
                    if *is_unread {
                        part.0.remove(node);
                    }
                }
                let found = lead(&part, FAR, |one| one == session);
                prop_assert!(found <= Some(Points::whole(exact(&worth, session))), "{found:?}");
            }
        }
    }
}
