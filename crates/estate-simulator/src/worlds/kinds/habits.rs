//! Habits of people and jobs: regular times and unusual lengths.
//!
//! - Shift begin: two sessions in five begin between 07:57 and 08:05.
//! - Hourly jobs: every second session is a scripted browser session on one of four machines, each hour on the minute,
//!   40–70 seconds long. A clock error of exactly an hour is then invisible.
//! - Long sessions: one in ten lasts 18–21 hours. Very short ones: one in three lasts 1–4 seconds.
//!
//! All guesses.

use crate::worlds::plan::{Lengths, Rhythm, WorldPlan};

/// Adds a shift that begins at 08:00.
pub(crate) fn shift_begin(plan: WorldPlan) -> WorldPlan {
    WorldPlan { rhythm: Rhythm::ShiftBegin, ..plan }
}

/// Adds jobs that connect each hour.
pub(crate) fn hourly_jobs(plan: WorldPlan) -> WorldPlan {
    WorldPlan { rhythm: Rhythm::HourlyJobs, ..plan }
}

/// Makes some sessions very long.
pub(crate) fn twenty_hours(plan: WorldPlan) -> WorldPlan {
    WorldPlan { lengths: Lengths::SomeOfTwentyHours, ..plan }
}

/// Makes many sessions very short.
pub(crate) fn two_seconds(plan: WorldPlan) -> WorldPlan {
    WorldPlan { lengths: Lengths::ManyOfTwoSeconds, ..plan }
}
