//! Somebody connects again within seconds, on the same machine with the same account.
//!
//! - Two connections in five break off, three in five of these after 2–25 seconds already. The screenshots of June
//!   2024 show five recordings of about 15 seconds in a row, and that a reconnect makes a new blob.
//! - The next connection follows after 1–8 seconds, up to three times in a row. Every other time it is by anybody who
//!   uses the account (guess).

use crate::worlds::plan::Plan;

/// The same world, with many reconnects.
pub(crate) fn within(plan: Plan) -> Plan {
    Plan { reconnects: 40, ..plan }
}
