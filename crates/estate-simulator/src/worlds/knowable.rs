//! Finds the recordings that leave no other explanation possible.
//!
//! The assumed reader knows the limits of every delay, the error of every clock and the way each recording was
//! written, but no probability. Recordings and logged sessions are a graph with edges for "this could show that"; the
//! truth is a matching in it. Another explanation is possible if an alternating cycle passes through a recording, or
//! an alternating path that ends at a session without a recording or begins at a recording without a session. Native
//! clients are recognized by their agents and left out.

use super::build::{Equipment, Trace};
use super::cycles::on_cycles;
use super::estate::WorldEstate;
use super::fits::WorldRivals;

/// Returns for each trace true if its recording leaves no other explanation possible.
pub(crate) fn knowable(estate: &WorldEstate, equipment: &[Equipment], traces: &[Trace]) -> Vec<bool> {
    let rivals = WorldRivals::new(estate, equipment, traces);
    let edges: Vec<Vec<usize>> = (0..traces.len()).map(|index| rivals.of_trace(index)).collect();
    let mut back = vec![Vec::new(); traces.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            back[*to].push(from);
        }
    }
    let without_session = |index: &usize| traces[*index].written.is_some() && !traces[*index].is_logged();
    let without_recording = |index: &usize| traces[*index].written.is_none();
    let taken = reached((0..traces.len()).filter(without_session), &edges);
    let given_up = reached((0..traces.len()).filter(without_recording), &back);
    let cycles = on_cycles(&edges);
    let is_clear = |index: usize| {
        if traces[index].is_logged() {
            !taken[index] && !given_up[index] && !cycles[index]
        } else {
            edges[index].is_empty()
        }
    };
    (0..traces.len()).map(is_clear).collect()
}

/// Returns for each node true if it is reachable, including the first ones.
fn reached(first: impl Iterator<Item = usize>, edges: &[Vec<usize>]) -> Vec<bool> {
    let mut is_reached = vec![false; edges.len()];
    let mut open: Vec<usize> = first.collect();
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut is_reached[node], true) {
            open.extend(&edges[node]);
        }
    }
    is_reached
}
