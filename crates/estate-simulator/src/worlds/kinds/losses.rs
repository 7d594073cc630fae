//! Losses on either side. All rates are guesses; each kind of loss is documented or reported.
//!
//! - Heavy losses: 12 % of recordings, 8 % of sessions with all their records, 8 % of begin records, 8 % of end
//!   records; gaps of two hours in a log, 3 % of the time; three hours without recording, 2 % of the time. One end
//!   record in four does not carry the begin (its fields are undocumented).
//! - Outages: three hours without recording, 12 % of the time; nothing else is lost.

use crate::worlds::plan::{Losses, WorldPlan};

/// Adds heavy losses.
pub(crate) fn heavy(plan: WorldPlan) -> WorldPlan {
    WorldPlan { losses: Losses { recordings: 12, sessions: 8, begins: 8, ends: 8, log_holes: 3, outages: 2 }, ..plan }
}

/// Adds outages of recording.
pub(crate) fn outages(plan: WorldPlan) -> WorldPlan {
    WorldPlan { losses: Losses { outages: 12, ..plan.losses }, ..plan }
}
