//! Few machines with shared accounts, and slow recorders.
//!
//! - Eight accounts on four machines, each used by twelve people, 25 sessions a day per account (guess: jump hosts of
//!   an operations team).
//! - Delays of up to 25 seconds on both sides (guess).

use super::calm;
use crate::worlds::plan::{EstatePlan, SECOND, WorldPlan};

pub(crate) fn plan(recordings: usize) -> WorldPlan {
    let calm = calm::plan(recordings);
    WorldPlan {
        estate: EstatePlan { machines: 4, accounts: 2, people: 12, sessions_per_day: 200, ..calm.estate },
        live_delay: 25 * SECOND,
        ..calm
    }
}
