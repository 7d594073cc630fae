//! All worlds with their goals.

use super::kinds::{calm, crowded, shared, uploaded};
use super::plan::Plan;
use super::world::World;

/// A kind of world, and how well a matcher should do in it.
#[derive(Debug, Clone, Copy)]
pub struct WorldKind {
    /// Its name.
    pub name: &'static str,
    /// Number of recordings for which the goal is meant.
    pub usual_size: usize,
    /// Least share of recordings named right, of those whose session is in the log. `None` if no goal was set.
    pub goal: Option<f64>,
    /// So many wrong names are excused in a world of the usual size.
    pub excused: usize,
    plan: fn(usize) -> Plan,
}

impl WorldKind {
    /// Makes the world with that seed and so many recordings. The time it covers grows with their number.
    pub fn generate(&self, seed: u64, recordings: usize) -> World {
        (self.plan)(recordings).generate(seed)
    }

    const fn new(name: &'static str, goal: f64, plan: fn(usize) -> Plan) -> Self {
        Self { name, usual_size: 2000, goal: Some(goal), excused: 0, plan }
    }

    /// Meant for that number of recordings.
    const fn of_size(self, usual_size: usize) -> Self {
        Self { usual_size, ..self }
    }
}

/// Every kind of world.
pub const WORLDS: &[WorldKind] = &[
    WorldKind::new("calm", 0.999, calm::plan),
    WorldKind::new("shared accounts", 0.993, shared::plan),
    WorldKind::new("crowded", 0.990, crowded::plan).of_size(20_000),
    WorldKind::new("uploaded, calm", 0.958, |size| uploaded::after(calm::plan(size))),
    WorldKind::new("uploaded, shared accounts", 0.85, |size| uploaded::after(shared::plan(size))),
    WorldKind::new("uploaded, crowded", 0.10, |size| uploaded::after(crowded::plan(size))).of_size(20_000),
];
