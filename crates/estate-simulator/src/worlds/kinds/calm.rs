//! A calm estate: everything works, and people mostly do not overlap.
//!
//! - Recordings are live, as in the screenshots of June 2024: creation is the begin of a session, last write its end.
//! - Delays of up to four seconds between the log's times and storage's (guess).
//! - 60 accounts on 20 machines, three people per account, 180 sessions a day, two bastions (guess).
//! - One connection in thirty breaks off and is set up again within seconds: an ordinary bad line (guess).
//! - One session in twenty is by a native client, which cannot be recorded (documented).
//! - Audit records arrive within 12 minutes, 2 % of them 30 minutes to 6 hours late (documented as "hours late").

use crate::worlds::plan::{
    Agents, ClockPlan, EstatePlan, Lengths, Losses, NamingPlan, Rhythm, SECOND, WorldPlan, Writing,
};

pub(crate) fn plan(recordings: usize) -> WorldPlan {
    WorldPlan {
        recordings,
        estate: EstatePlan {
            bastions: 2,
            has_one_container: false,
            machines: 20,
            accounts: 3,
            people: 3,
            sessions_per_day: 180,
            names: NamingPlan::Plain,
            agents: Agents::Ordinary,
        },
        rhythm: Rhythm::WorkingDay,
        lengths: Lengths::Ordinary,
        writing: Writing::Live,
        live_delay: 4 * SECOND,
        recorder_clock: ClockPlan::Right,
        log_clock: ClockPlan::Right,
        late_writes: 0,
        reconnects: 3,
        failed_logins: 0,
        native: 5,
        losses: Losses::default(),
        late_records: 2,
        names_free_after: None,
    }
}
