//! The first day of a small estate: one bastion, and all its sessions in one day.
//!
//! - Five machines with one account each, used by three people; nothing is lost, and there are no native clients.

use super::calm;
use crate::worlds::plan::{EstatePlan, WorldPlan};

pub(crate) fn plan(recordings: usize) -> WorldPlan {
    let calm = calm::plan(recordings);
    let sessions_per_day = recordings.max(1);
    let estate = EstatePlan { bastions: 1, machines: 5, accounts: 1, sessions_per_day, ..calm.estate };
    WorldPlan { estate, native: 0, ..calm }
}
