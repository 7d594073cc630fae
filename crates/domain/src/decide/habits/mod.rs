//! Habits of a bastion: how it writes recordings, learned from recent days and shown to people.
//!
//! Verdicts use the [`Calibration`](crate::decide::calibration::Calibration) of one day. [`RecordingHabits`] combine the counts of up to
//! [`HABIT_DAYS`] days, so a bastion with few recordings has numbers, too. A number based on fewer than [`ENOUGH`]
//! recordings is unknown, never 0.

mod explain;
mod names;
mod offset;
mod share;

pub use names::{NameCounts, why_open};
pub use offset::OffsetHabit;
pub use share::Share;

use crate::decide::calibration::{DayCounts, ENOUGH, Histogram, WayOfWriting, after_end, around, twins, writes};

use jiff::SignedDuration;

/// Number of UTC days, including today, from which habits are learned.
pub const HABIT_DAYS: usize = 14;

/// Widest gate that the settings allow; offsets were counted within it.
const WIDEST: SignedDuration = SignedDuration::from_hours(1);

/// Writing habits of a bastion, and how many recordings remain undecided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordingHabits {
    /// Ended recordings of all days.
    pub recordings: u32,
    /// Way in which the newest recordings are written.
    pub writes: WayOfWriting,
    /// Way in which earlier recordings were written.
    pub wrote_before: WayOfWriting,
    /// Creation minus start of the session, for live recordings.
    pub starts: OffsetHabit,
    /// Last write minus end of the session, for live recordings.
    pub ends: OffsetHabit,
    /// Creation minus end of the session, for uploaded recordings.
    pub uploads: OffsetHabit,
    /// Share of ended recordings that form a lonely pair.
    pub alone: Share,
    /// Share of recordings without rivals whose session the log lacks.
    pub unlogged: Share,
    /// Share of sessions without rivals whose recording is lost.
    pub lost: Share,
    /// Wrong matches per million recordings that no matching can avoid: the log lacks the session and contains another
    /// person's session at the same times whose recording is lost. `None` if too little is known.
    pub unavoidable: Option<u32>,
    /// Minutes by which recordings seem to be later than the log says, as of the newest day.
    pub shifted: Option<i64>,
    /// Number of recordings by match state and reason.
    pub names: NameCounts,
}

impl RecordingHabits {
    /// Learns habits from the counts of days, newest first, and from the match states of their recordings.
    ///
    /// Shares cover all days. The way of writing and each offset are learned from the newest whole days with [`ENOUGH`]
    /// observations together, and compared with the days before.
    pub fn learn(days: &[DayCounts], names: NameCounts) -> Self {
        let all = merged(days);
        let ways = divided(days, DayCounts::fully_written).map(|days| writes(&days));
        let offsets = |histogram: fn(&DayCounts) -> &Histogram, learn: offset::Learn| {
            let [newest, earlier] = divided(days, |day| histogram(day).total());
            OffsetHabit::learn(histogram(&newest), histogram(&earlier), learn)
        };
        let (recordings, sessions) = (all.recordings_alone.total(), all.sessions_alone.total());
        let unlogged = Share { count: recordings.without, of: recordings.with.saturating_add(recordings.without) };
        let lost = Share { count: sessions.without, of: sessions.with.saturating_add(sessions.without) };
        let is_known = unlogged.known().is_some() && lost.known().is_some();
        Self {
            recordings: all.recordings,
            writes: ways[0],
            wrote_before: ways[1],
            starts: offsets(|day| &day.starts, |day, before| around(day, before, WIDEST)),
            ends: offsets(|day| &day.ends, |day, before| around(day, before, WIDEST)),
            uploads: offsets(|day| &day.uploads, after_end),
            alone: Share { count: recordings.with, of: all.recordings },
            unlogged,
            lost,
            unavoidable: is_known.then(|| unavoidable(&all, ways[0])),
            shifted: days.first().and_then(|newest| newest.shifts.suspected()),
            names,
        }
    }

    /// True if recordings were written in another way before, or are written in both ways now.
    pub fn is_changing(&self) -> bool {
        use WayOfWriting::{Both, Unknown};
        self.writes == Both || (self.wrote_before != Unknown && self.writes != self.wrote_before)
    }
}

/// Returns the unavoidable wrong matches per million recordings.
fn unavoidable(all: &DayCounts, writes: WayOfWriting) -> u32 {
    let twins = match writes {
        // An upload does not show the start of its session.
        WayOfWriting::AtEnd | WayOfWriting::Both => {
            twins::share(all.twin_ends, twins::TWIN_ENDS_WIDER, all.sessions, 0.0)
        }
        WayOfWriting::Live | WayOfWriting::Unknown => twins::share(all.twins, twins::TWINS_WIDER, all.sessions, 0.0),
    };
    let share = all.sessions_alone.share_without() * all.recordings_alone.share_without() * twins;
    (share * 1e6).round() as u32
}

/// Splits days, newest first, into the newest days with [`ENOUGH`] observations together, and the rest.
fn divided(days: &[DayCounts], count: impl Fn(&DayCounts) -> u32) -> [DayCounts; 2] {
    let mut seen = 0_u32;
    let enough = days.iter().position(|day| {
        seen = seen.saturating_add(count(day));
        seen >= ENOUGH
    });
    let (newest, earlier) = days.split_at(enough.map_or(days.len(), |last| last + 1));
    [merged(newest), merged(earlier)]
}

fn merged(days: &[DayCounts]) -> DayCounts {
    let mut all = DayCounts::default();
    days.iter().for_each(|day| all.merge(day));
    all
}
