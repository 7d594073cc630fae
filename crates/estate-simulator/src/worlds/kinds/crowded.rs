//! A crowd: 4,000 sessions a day on 24 names, or 20,000 in five days.
//!
//! - Twelve machines with two accounts each, used by twelve people (guess: a training centre, or a service desk).
//! - Several sessions of a name are open at any time: the screenshots show overlapping recordings of a name.
//! - Delays of up to twelve seconds: the recorders are busy (guess).

use super::calm;
use crate::worlds::plan::{EstatePlan, SECOND, WorldPlan};

pub(crate) fn plan(recordings: usize) -> WorldPlan {
    let calm = calm::plan(recordings);
    let estate = EstatePlan { machines: 12, accounts: 2, people: 12, sessions_per_day: 4000, ..calm.estate };
    WorldPlan { estate, live_delay: 12 * SECOND, ..calm }
}
