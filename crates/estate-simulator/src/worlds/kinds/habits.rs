//! What people and jobs do at certain times, and how long.
//!
//! - Shift begin: two sessions in five begin between 07:57 and 08:05.
//! - Hourly jobs: every second session is a job in a browser that somebody drives by a script; on four machines, each
//!   hour on the minute, 40–70 seconds long. An error of a clock of exactly an hour then looks like none.
//! - Long sessions: one in ten lasts 18–21 hours. Very short ones: one in three lasts 1–4 seconds.
//!
//! All guesses.

use crate::worlds::plan::{Lengths, Plan, Rhythm};

/// The same world, with a shift that begins at 08:00.
pub(crate) fn shift_begin(plan: Plan) -> Plan {
    Plan { rhythm: Rhythm::ShiftBegin, ..plan }
}

/// The same world, with jobs that connect each hour.
pub(crate) fn hourly_jobs(plan: Plan) -> Plan {
    Plan { rhythm: Rhythm::HourlyJobs, ..plan }
}

/// The same world, with very long sessions.
pub(crate) fn twenty_hours(plan: Plan) -> Plan {
    Plan { lengths: Lengths::SomeOfTwentyHours, ..plan }
}

/// The same world, with very short sessions.
pub(crate) fn two_seconds(plan: Plan) -> Plan {
    Plan { lengths: Lengths::ManyOfTwoSeconds, ..plan }
}
