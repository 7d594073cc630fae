//! Connections on the same machine and account within seconds of a broken one.
//!
//! - Two connections in five break off, three in five of these after 2–25 seconds already. The screenshots of June
//!   2024 show five recordings of about 15 seconds in a row, and that a reconnect makes a new blob.
//! - The next connection follows after 1–8 seconds, up to three times in a row. Every second one is by a random user
//!   of the account (guess).

use crate::worlds::plan::WorldPlan;

/// Adds many reconnects.
pub(crate) fn within(plan: WorldPlan) -> WorldPlan {
    WorldPlan { reconnects: 40, ..plan }
}
