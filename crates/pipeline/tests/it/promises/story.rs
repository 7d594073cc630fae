//! Generated events of a few blob names.

use std::collections::BTreeMap;
use std::fmt;

use jiff::SignedDuration;
use proptest::prelude::*;

use crate::promises::storage::Raised;
use crate::promises::world::World;

pub const NAMES: [&str; 3] = ["vm-user", "vm-user.1", "srv/CONTOSO\\jörg %2e"];

/// A possible sequence of steps.
#[derive(Debug, Clone)]
pub struct Story(pub Vec<Step>);

#[derive(Clone)]
pub struct Step {
    /// Seconds since the step before.
    pub after: i64,
    pub name: &'static str,
    pub what: What,
    /// True if storage's event of this step arrives.
    pub heard: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Write(u64),
    Delete,
    Tier(&'static str),
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(size) => write!(f, "written with {size} bytes"),
            Self::Delete => f.write_str("deleted"),
            Self::Tier(tier) => write!(f, "moved to {tier}"),
        }
    }
}

/// One line, so a shrunk story is readable.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unheard = if self.heard { "" } else { ", unheard" };
        write!(f, "+{} s {} {:?}{unheard}", self.after, self.name, self.what)
    }
}

impl Step {
    /// Executes the step at the time of the clock. Returns its event, or `None` if the event never arrives.
    pub fn happen(&self, world: &World) -> Option<Raised> {
        let raised = match self.what {
            What::Write(size) => world.write(self.name, size),
            What::Delete => world.delete(self.name),
            What::Tier(tier) => world.set_tier(self.name, tier),
        };
        self.heard.then_some(raised)
    }
}

impl Story {
    /// Plays the story. `then` gets the event of each step; sweeps run all due work before the next one.
    pub fn play(&self, world: &World, mut then: impl FnMut(usize, Option<Raised>)) {
        for (at, step) in self.0.iter().enumerate() {
            world.run_until(world.now() + SignedDuration::from_secs(step.after));
            then(at, step.happen(world));
        }
    }
}

/// Generates stories of a few names, including deletes whose event never arrives.
///
/// Only the creation time of a later blob reveals such a delete, so a later blob must exist.
pub fn story(names: usize, steps: usize) -> impl Strategy<Value = Story> {
    let after = prop::sample::select(vec![1i64, 2, 40, 400, 50_000]);
    let what = prop_oneof![
        4 => prop_oneof![Just(0u64), 1u64..100].prop_map(What::Write),
        3 => Just(What::Delete),
        1 => prop::sample::select(vec!["Cool", "Cold", "Hot"]).prop_map(What::Tier),
    ];
    let step =
        (after, 0..names, what).prop_map(|(after, name, what)| Step { after, name: NAMES[name], what, heard: true });
    (prop::collection::vec(step, 1..=steps), prop::collection::vec(any::<bool>(), names)).prop_map(|(steps, lost)| {
        let mut steps = possible(steps);
        for (name, _) in NAMES.iter().zip(lost).filter(|(_, lost)| *lost) {
            lose_last_delete(&mut steps, name);
        }
        Story(steps)
    })
}

/// Turns a step on an absent blob into a write.
fn possible(mut steps: Vec<Step>) -> Vec<Step> {
    let mut there: BTreeMap<&str, bool> = BTreeMap::new();
    for step in &mut steps {
        let there = there.entry(step.name).or_default();
        if !*there {
            step.what = What::Write(9);
        }
        *there = step.what != What::Delete;
    }
    steps
}

fn lose_last_delete(steps: &mut [Step], name: &str) {
    let mut of_name: Vec<&mut Step> = steps.iter_mut().filter(|step| step.name == name).collect();
    let ends_there = of_name.last().is_some_and(|step| step.what != What::Delete);
    if let Some(step) = of_name.iter_mut().rev().find(|step| step.what == What::Delete).filter(|_| ends_there) {
        step.heard = false;
    }
}
