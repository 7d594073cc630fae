//! Late writes and late records.
//!
//! - Late writes: 5 % of last writes, or of uploads, come one to eight minutes late (guess: a queue behind the
//!   recorder, a retry).
//! - Late records: 40 % of audit records become readable 30 minutes to 6 hours after their time (documented: "several
//!   hours"; a blob may contain records of other hours).

use crate::worlds::plan::WorldPlan;

/// Gives the delays of last writes a heavy tail.
pub(crate) fn writes(plan: WorldPlan) -> WorldPlan {
    WorldPlan { late_writes: 5, ..plan }
}

/// Makes many audit records late.
pub(crate) fn records(plan: WorldPlan) -> WorldPlan {
    WorldPlan { late_records: 40, ..plan }
}
