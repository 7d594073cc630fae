//! Recordings that are written after the session.
//!
//! - The documentation says that recordings are stored "once a session is closed or disconnected"; a report of
//!   November 2025 (access by identity) says "processed and uploaded" one to two minutes later.
//! - Creation is 30–150 seconds after the end, evenly spread; the last write is the creation, or up to five seconds
//!   later (guess: large recordings take several requests).

use crate::worlds::plan::{WorldPlan, Writing};

/// Makes all bastions upload.
pub(crate) fn after(plan: WorldPlan) -> WorldPlan {
    WorldPlan { writing: Writing::Uploaded, ..plan }
}
