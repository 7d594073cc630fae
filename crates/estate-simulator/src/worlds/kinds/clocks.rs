//! Clocks that err: storage's against the log's.
//!
//! Nobody documents how well the clock of a bastion follows storage's. All figures are guesses.
//!
//! - Biased and drifting: 20–120 seconds off, one way or the other for each bastion, wandering by up to 30 seconds to
//!   and fro within 8–16 days.
//! - Stepping: 90 seconds off, and a step of a minute about the middle of the time, as after a restart of a host.
//! - An hour off for the middle third, as when one side counts daylight saving time. It is either side's error.

use crate::worlds::plan::{ClockPlan, Plan};

/// The same world, with clocks of recorders that are biased and drift.
pub(crate) fn drifting(plan: Plan) -> Plan {
    Plan { recorder_clock: ClockPlan::Drifting, ..plan }
}

/// The same world, with a biased clock of storage that steps.
pub(crate) fn stepping(plan: Plan) -> Plan {
    Plan { recorder_clock: ClockPlan::Stepping, ..plan }
}

/// The same world; storage's times are an hour off for a while.
pub(crate) fn storage_hour_off(plan: Plan) -> Plan {
    Plan { recorder_clock: ClockPlan::HourOff, ..plan }
}

/// The same world; the log's times are an hour off for a while.
pub(crate) fn log_hour_off(plan: Plan) -> Plan {
    Plan { log_clock: ClockPlan::HourOff, ..plan }
}
