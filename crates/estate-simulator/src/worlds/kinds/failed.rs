//! Failed logins that leave recordings.
//!
//! - Before one session in seven, the same person fails one to three times, 4–25 seconds each, seconds apart (guess).
//! - Four in five of these leave a recording (inferred from the very short recordings in the screenshots). The log has
//!   a record of each, but no session.

use crate::worlds::plan::WorldPlan;

/// Adds failed logins.
pub(crate) fn logins(plan: WorldPlan) -> WorldPlan {
    WorldPlan { failed_logins: 14, ..plan }
}
