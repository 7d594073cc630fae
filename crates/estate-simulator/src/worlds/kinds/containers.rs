//! What the container does to names.
//!
//! - Two bastions write into one container. The documentation recommends a container of its own for each bastion, and
//!   does not forbid this. Both count the numbers of a name together; here no machine is behind both.
//! - Names used again: recordings are deleted after four days, and the lowest free number of a name is taken (inferred
//!   from the scheme of the numbers).

use crate::worlds::plan::{DAY, EstatePlan, Plan};

/// The same world, with one container for all bastions.
pub(crate) fn shared(plan: Plan) -> Plan {
    Plan { estate: EstatePlan { has_one_container: true, ..plan.estate }, ..plan }
}

/// The same world, where blob names are used again.
pub(crate) fn names_again(plan: Plan) -> Plan {
    Plan { names_free_after: Some(4 * DAY), ..plan }
}
