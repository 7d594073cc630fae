//! Concurrent work on one name.

use jiff::SignedDuration;

use crate::promises::host::Work;
use crate::promises::storage::Raised;
use crate::promises::world::{ACTIVE_AT_MOST, SETTLE_AFTER, World};

pub const NAME: &str = "vm-user";

/// One of the concurrent pieces of work.
pub enum Part {
    /// Existing work.
    Has(Work),
    /// An event during the run of the others.
    Hears(fn(&World) -> Work),
}

/// Concurrent pieces of work, in the order of their causes.
#[derive(Debug, Clone, Copy)]
pub enum Meeting {
    FirstWriteTwice,
    RewriteAndItsDouble,
    RewriteAndSettling,
    DeleteAndSettling,
    DeleteAndFinal,
    TwoSweeps,
    LateDeleteAndNewLife,
    ThreeEventsOfTwoLives,
    LateDeleteRewriteAndSweep,
    SlowHandlerAndSettling,
    DeleteDuringHandler,
    RewriteDuringSweep,
    RebirthDuringSweep,
}

impl Meeting {
    pub fn all() -> [Self; 13] {
        [
            Self::FirstWriteTwice,
            Self::RewriteAndItsDouble,
            Self::RewriteAndSettling,
            Self::DeleteAndSettling,
            Self::DeleteAndFinal,
            Self::TwoSweeps,
            Self::LateDeleteAndNewLife,
            Self::ThreeEventsOfTwoLives,
            Self::LateDeleteRewriteAndSweep,
            Self::SlowHandlerAndSettling,
            Self::DeleteDuringHandler,
            Self::RewriteDuringSweep,
            Self::RebirthDuringSweep,
        ]
    }

    /// Prepares the world and returns the concurrent pieces of work.
    #[expect(clippy::too_many_lines, reason = "one line for each meeting")]
    pub fn parts(self, world: &World) -> Vec<Part> {
        match self {
            Self::FirstWriteTwice => {
                let written = world.write(NAME, 9);
                events([written.clone(), written])
            }
            Self::RewriteAndItsDouble => {
                known(world);
                let rewritten = world.write(NAME, 10);
                events([rewritten.clone(), rewritten])
            }
            Self::RewriteAndSettling => {
                known(world);
                world.pass_time(SETTLE_AFTER);
                let rewritten = world.write(NAME, 10);
                vec![event(rewritten), Part::Has(Work::Sweep)]
            }
            Self::DeleteAndSettling => {
                known(world);
                world.pass_time(SETTLE_AFTER);
                vec![event(world.delete(NAME)), Part::Has(Work::Sweep)]
            }
            Self::DeleteAndFinal => {
                known(world);
                world.run_until(world.now() + SETTLE_AFTER * 2);
                world.pass_time(ACTIVE_AT_MOST);
                vec![Part::Has(Work::Sweep), event(world.delete(NAME))]
            }
            Self::TwoSweeps => {
                known(world);
                world.pass_time(SETTLE_AFTER * 2);
                vec![Part::Has(Work::Sweep), Part::Has(Work::Sweep)]
            }
            Self::LateDeleteAndNewLife => {
                known(world);
                let deleted = world.delete(NAME);
                pause(world);
                events([deleted, world.write(NAME, 10)])
            }
            Self::ThreeEventsOfTwoLives => {
                let (first, deleted) = (world.write(NAME, 9), {
                    pause(world);
                    world.delete(NAME)
                });
                pause(world);
                events([first, deleted, world.write(NAME, 10)])
            }
            Self::LateDeleteRewriteAndSweep => {
                known(world);
                let deleted = world.delete(NAME);
                pause(world);
                world.does(&Work::Event(world.write(NAME, 10)));
                world.pass_time(SETTLE_AFTER);
                let rewritten = world.write(NAME, 11);
                vec![event(deleted), event(rewritten), Part::Has(Work::Sweep)]
            }
            Self::SlowHandlerAndSettling => {
                let sweep = |world: &World| {
                    world.pass_time(SETTLE_AFTER * 2);
                    Work::Sweep
                };
                vec![event(world.write(NAME, 9)), Part::Hears(sweep)]
            }
            Self::DeleteDuringHandler => {
                let written = world.write(NAME, 9);
                pause(world);
                vec![event(written), Part::Hears(|world| Work::Event(world.delete(NAME)))]
            }
            Self::RewriteDuringSweep => {
                known(world);
                world.pass_time(SETTLE_AFTER);
                vec![Part::Has(Work::Sweep), Part::Hears(|world| Work::Event(world.write(NAME, 10)))]
            }
            Self::RebirthDuringSweep => {
                known(world);
                world.pass_time(SETTLE_AFTER);
                let rebirth = |world: &World| {
                    drop(world.delete(NAME));
                    pause(world);
                    Work::Event(world.write(NAME, 10))
                };
                vec![Part::Has(Work::Sweep), Part::Hears(rebirth)]
            }
        }
    }
}

fn known(world: &World) {
    world.does(&Work::Event(world.write(NAME, 9)));
    pause(world);
}

pub fn pause(world: &World) {
    world.pass_time(SignedDuration::from_secs(30));
}

fn event(raised: Raised) -> Part {
    Part::Has(Work::Event(raised))
}

fn events<const N: usize>(raised: [Raised; N]) -> Vec<Part> {
    raised.into_iter().map(event).collect()
}

impl Part {
    pub fn begin(self, world: &World) -> Work {
        match self {
            Self::Has(work) => work,
            Self::Hears(happen) => happen(world),
        }
    }
}
