//! All troubles together: shared accounts, biased and drifting clocks, late writes and records, reconnects, odd names
//! and agents, failed logins and heavy losses.

use super::{clocks, failed, late, losses, odd, reconnects, shared};
use crate::worlds::plan::WorldPlan;

pub(crate) fn plan(recordings: usize) -> WorldPlan {
    let people = reconnects::within(failed::logins(shared::plan(recordings)));
    let estate = odd::some_agents(odd::names(people));
    losses::heavy(late::records(late::writes(clocks::drifting(estate))))
}
