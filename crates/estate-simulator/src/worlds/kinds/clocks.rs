//! Errors of the storage clock against the log clock.
//!
//! The accuracy of a bastion's clock against storage's is not documented. All figures are guesses.
//!
//! - Biased and drifting: 20–120 seconds off in either direction for each bastion, wandering by up to 30 seconds
//!   within 8–16 days.
//! - Stepping: 90 seconds off, and a step of a minute about the middle of the time, as after a restart of a host.
//! - An hour off for the middle third, as if one side counts daylight saving time. The error is on either side.

use crate::worlds::plan::{ClockPlan, WorldPlan};

/// Gives the recorders biased and drifting clocks.
pub(crate) fn drifting(plan: WorldPlan) -> WorldPlan {
    WorldPlan { recorder_clock: ClockPlan::Drifting, ..plan }
}

/// Gives storage a biased clock that steps.
pub(crate) fn stepping(plan: WorldPlan) -> WorldPlan {
    WorldPlan { recorder_clock: ClockPlan::Stepping, ..plan }
}

/// Shifts storage's times by an hour for the middle third.
pub(crate) fn storage_hour_off(plan: WorldPlan) -> WorldPlan {
    WorldPlan { recorder_clock: ClockPlan::HourOff, ..plan }
}

/// Shifts the log's times by an hour for the middle third.
pub(crate) fn log_hour_off(plan: WorldPlan) -> WorldPlan {
    WorldPlan { log_clock: ClockPlan::HourOff, ..plan }
}
