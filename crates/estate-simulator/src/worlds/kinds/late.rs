//! Things that come later than usual.
//!
//! - Late writes: 5 % of last writes, or of uploads, come one to eight minutes late (guess: a queue behind the
//!   recorder, a retry).
//! - Late records: 40 % of audit records become readable 30 minutes to 6 hours after the time they carry (documented:
//!   "several hours"; a blob may hold records of other hours).

use crate::worlds::plan::Plan;

/// The same world, with a heavy tail of late writes.
pub(crate) fn writes(plan: Plan) -> Plan {
    Plan { late_writes: 5, ..plan }
}

/// The same world, with many late audit records.
pub(crate) fn records(plan: Plan) -> Plan {
    Plan { late_records: 40, ..plan }
}
