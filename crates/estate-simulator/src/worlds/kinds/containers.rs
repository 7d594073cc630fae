//! Effects of containers on names.
//!
//! - Two bastions write into one container. The documentation recommends a separate container for each bastion and
//!   does not forbid this. Both bastions share the numbers of a name; here no machine is behind both.
//! - Names used again: recordings are deleted after four days, and a new recording takes the lowest free number of a
//!   name (inferred from the numbering scheme).

use crate::worlds::plan::{DAY, EstatePlan, WorldPlan};

/// Gives all bastions one container.
pub(crate) fn shared(plan: WorldPlan) -> WorldPlan {
    WorldPlan { estate: EstatePlan { has_one_container: true, ..plan.estate }, ..plan }
}

/// Reuses the names of deleted blobs.
pub(crate) fn names_again(plan: WorldPlan) -> WorldPlan {
    WorldPlan { names_free_after: Some(4 * DAY), ..plan }
}
