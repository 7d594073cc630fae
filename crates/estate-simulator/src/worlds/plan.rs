//! The assumptions of a world. Each module of [`kinds`](super::kinds) sets some of them.

use super::world::Millis;

pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// Monday 2026-03-02T00:00:00Z, the first day of every world.
pub(crate) const FIRST_DAY: Millis = 20_514 * DAY;

/// All assumptions about a world. Percentages are 0 to 100.
#[derive(Debug, Clone)]
pub(crate) struct WorldPlan {
    /// Number of recordings in the world.
    pub recordings: usize,
    pub estate: EstatePlan,
    pub rhythm: Rhythm,
    pub lengths: Lengths,
    pub writing: Writing,
    /// Maximum delay between a session's time and the live recording's time.
    pub live_delay: Millis,
    pub recorder_clock: ClockPlan,
    pub log_clock: ClockPlan,
    /// Percent of last writes (or uploads) that come minutes late.
    pub late_writes: u64,
    /// Percent of sessions that break off and are followed by another one within seconds.
    pub reconnects: u64,
    /// Percent of sessions preceded by failed logins that leave recordings.
    pub failed_logins: u64,
    /// Percent of sessions by a native client, which are never recorded.
    pub native: u64,
    pub losses: Losses,
    /// Percent of audit records that come 30 minutes to 6 hours late.
    pub late_records: u64,
    /// Time after which recordings are deleted and their blob names reused; `None` means never.
    pub names_free_after: Option<Millis>,
}

/// Size and habits of the estate.
#[derive(Debug, Clone)]
pub(crate) struct EstatePlan {
    pub bastions: usize,
    pub has_one_container: bool,
    pub machines: usize,
    /// Accounts on each machine.
    pub accounts: usize,
    /// People who use one account of one machine.
    pub people: usize,
    pub sessions_per_day: usize,
    pub names: NamingPlan,
    pub agents: Agents,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamingPlan {
    Plain,
    /// Scale sets, IP addresses, domain accounts, mixed case, names with hyphens and trailing digits.
    Odd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agents {
    Ordinary,
    /// Half of the people use a browser whose agent names no engine.
    HalfOdd,
    AllOdd,
}

/// Distribution of session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// 07:00–19:00, one in ten at any hour.
    WorkingDay,
    /// Like `WorkingDay`, but two in five within minutes of 08:00.
    ShiftBegin,
    /// Like `WorkingDay`, but every second one is a job that connects each hour on the minute.
    HourlyJobs,
}

/// Distribution of session lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lengths {
    /// One minute to two hours, mostly around ten minutes.
    Ordinary,
    /// Like `Ordinary`, but one in ten lasts 18–21 hours.
    SomeOfTwentyHours,
    /// Like `Ordinary`, but one in three lasts 1–4 seconds.
    ManyOfTwoSeconds,
}

/// Way of writing recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    Live,
    Uploaded,
    /// The whole estate changes from one way to the other about the middle of the time.
    ChangesHalfway,
    /// Every second bastion uploads.
    ByBastion,
}

/// Error of a clock. Each bastion has its own clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClockPlan {
    Right,
    /// 20–120 s off, wandering by up to 30 s in both directions.
    Drifting,
    /// 90 s off, and a step of 60 s about the middle of the time.
    Stepping,
    /// An hour off for the middle third of the time.
    HourOff,
}

/// Rates of losses. Percentages are 0 to 100.
#[derive(Debug, Clone, Default)]
pub(crate) struct Losses {
    /// Percent of recordings that are never written or are deleted at once.
    pub recordings: u64,
    /// Percent of sessions without any readable record.
    pub sessions: u64,
    /// Percent of lost begin records.
    pub begins: u64,
    /// Percent of lost end records.
    pub ends: u64,
    /// Percent of the time in which a bastion's log has a gap of two hours.
    pub log_holes: u64,
    /// Percent of the time in which a bastion does not record for three hours.
    pub outages: u64,
}

impl WorldPlan {
    /// Length of the world, at least one day.
    pub(crate) fn span(&self) -> Millis {
        let days = self.recordings / self.estate.sessions_per_day.max(1);
        days.max(1) as Millis * DAY
    }
}
