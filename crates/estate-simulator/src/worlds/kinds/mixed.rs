//! Both ways of writing in one estate.
//!
//! - The way changes once, about the middle of the time and everywhere at once, in either direction (guess: Microsoft
//!   changes the recorder, or the operator changes from a shared access signature to an identity).
//! - Or every second bastion uploads (guess: the change comes region by region).

use crate::worlds::plan::{WorldPlan, Writing};

/// Changes the way of writing about the middle of the time.
pub(crate) fn in_time(plan: WorldPlan) -> WorldPlan {
    WorldPlan { writing: Writing::ChangesHalfway, ..plan }
}

/// Makes every second bastion write the other way.
pub(crate) fn by_bastion(plan: WorldPlan) -> WorldPlan {
    WorldPlan { writing: Writing::ByBastion, ..plan }
}
