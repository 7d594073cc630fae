//! Learns a calibration from the counts of a day.

use std::sync::{Arc, LazyLock};

use super::counts::DayCounts;
use super::density::Density;
use super::histogram::{Histogram, seconds};
use super::hours::hour;
use super::twins::{self, TWIN_ENDS_REGION, TWIN_ENDS_WIDER, TWINS_REGION, TWINS_WIDER};
use crate::named;
use crate::policy::join::{Gates, MatchingRules, UPLOADED_AFTER, UPLOADED_BEFORE};

use jiff::{SignedDuration, Timestamp};
use strum::IntoStaticStr;

/// Maximum number of earlier days that contribute to a day with few observations.
pub const LEARNED_FROM_DAYS: usize = 3;
/// Number of recordings from which a rare way of writing counts as absent.
pub const ENOUGH: u32 = 20;
/// Shares below this, or above one minus this, count as 0 or 1: the exceptions are recordings of the other way that
/// broke off at once.
const ODD: f64 = 0.02;
/// Half-width of the prior for unknown clocks, in seconds: half of its weight lies within.
const BROAD: f64 = 40.0;
/// Time after the session's end, in seconds, within which the prior expects uploads.
const UPLOADED_SOON: i16 = 180;
/// If more than this share of recordings and of sessions lack a counterpart at the same time, a clock may be off by
/// more than the gates, and hourly jobs then fit those of another hour.
const OUT_OF_STEP: f64 = 0.35;
/// How a bastion writes recordings on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Creation minus start of the session.
    pub starts: Density,
    /// Last write minus end of the session.
    pub ends: Density,
    /// Creation minus end of the session, for uploaded recordings.
    pub uploads: Density,
    /// Share of recordings uploaded after their session.
    pub uploaded: f64,
    /// Share of sessions whose recording is lost, by UTC hour.
    pub lost: [f64; 24],
    /// Share of recordings whose session the log lacks, by UTC hour.
    pub unlogged: [f64; 24],
    /// Density of twins among sessions longer than a minute, per second of start and second of end.
    pub twins: f64,
    /// Density of twins among sessions of a minute at most.
    pub short_twins: f64,
    /// Density of twin ends, per second.
    pub twin_ends: f64,
    /// Recordings per name and second.
    pub name_rate: f64,
    /// Number of pairs of the day that it was learned from.
    pub learned_from: u32,
    /// Way of writing.
    pub writes: WayOfWriting,
    /// Minutes by which recordings seem to be later than the log says, if another session then fits them: a fit may be
    /// chance.
    pub shifted: Option<i64>,
}

/// Time at which a bastion writes recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum WayOfWriting {
    /// Too few recordings are known.
    #[default]
    Unknown,
    /// During the session.
    Live,
    /// After the session, as an upload.
    AtEnd,
    /// Some during the session, some after it.
    #[strum(serialize = "changing")]
    Both,
}

named!(WayOfWriting: name);

impl Calibration {
    /// Learns from a day and at most [`LEARNED_FROM_DAYS`] days before it.
    pub fn learn<'a>(day: &DayCounts, before: impl IntoIterator<Item = &'a DayCounts>, gates: Gates) -> Self {
        let mut earlier = DayCounts::default();
        for counts in before {
            earlier.merge(counts);
        }
        let all_twins = twins::share(day.twins, TWINS_WIDER, day.sessions, 0.0);
        let twins = |near, sessions| twins::share(near, TWINS_WIDER, sessions, all_twins) / TWINS_REGION;
        let longer_sessions = day.sessions.saturating_sub(day.short_sessions);
        Self {
            starts: around(&day.starts, &earlier.starts, gates.start),
            ends: around(&day.ends, &earlier.ends, gates.end),
            uploads: after_end(&day.uploads, &earlier.uploads),
            uploaded: uploaded(day),
            lost: day.sessions_alone.shares_without(),
            unlogged: day.recordings_alone.shares_without(),
            twins: twins(day.twins.without(day.short_twins), longer_sessions),
            short_twins: twins(day.short_twins, day.short_sessions),
            twin_ends: twins::share(day.twin_ends, TWIN_ENDS_WIDER, day.sessions, 0.0) / TWIN_ENDS_REGION,
            name_rate: f64::from(day.recordings.max(1)) / f64::from(day.names.max(1)) / 86_400.0,
            learned_from: day.starts.total().saturating_add(day.uploads.total()),
            writes: if writes(day) == WayOfWriting::Unknown {
                writes(&earlier)
            } else {
                writes(day)
            },
            shifted: if day.is_learned() {
                day.shifts.suspected()
            } else {
                earlier.shifts.suspected()
            },
        }
    }

    /// Returns the shared calibration without any observation.
    pub fn unlearned() -> Arc<Self> {
        static UNLEARNED: LazyLock<Arc<Calibration>> = LazyLock::new(Arc::default);
        Arc::clone(&UNLEARNED)
    }

    /// Returns the density of twins of a session of this length.
    pub fn twins_of(&self, length: SignedDuration) -> f64 {
        if length <= twins::SHORT { self.short_twins } else { self.twins }
    }

    /// Returns the share of lost sessions for a start at `at`.
    pub fn lost_at(&self, at: Timestamp) -> f64 {
        self.lost[hour(at)]
    }

    /// Returns the share of recordings without a logged session for a creation at `at`.
    pub fn unlogged_at(&self, at: Timestamp) -> f64 {
        self.unlogged[hour(at)]
    }

    /// True if so much lacks a counterpart on both sides at this time that a clock may be far off.
    pub fn is_out_of_step_at(&self, at: Timestamp) -> bool {
        self.lost_at(at) > OUT_OF_STEP && self.unlogged_at(at) > OUT_OF_STEP
    }
}

/// Calibration without any observation.
impl Default for Calibration {
    fn default() -> Self {
        Self::learn(&DayCounts::default(), [], Gates::from_rules(&MatchingRules::default()))
    }
}

/// Learns the density of an offset within `gate` on either side.
pub(crate) fn around(day: &Histogram, before: &Histogram, gate: SignedDuration) -> Density {
    let broad = |second: i16| 1.0 / (1.0 + f64::from(second) * f64::from(second) / (BROAD * BROAD));
    Density::learn(day, before, seconds(-gate), seconds(gate), broad)
}

/// Learns the density of uploads relative to the session's end.
pub(crate) fn after_end(day: &Histogram, before: &Histogram) -> Density {
    let soon = |second: i16| if (0..=UPLOADED_SOON).contains(&second) { 1.0 } else { 0.1 };
    Density::learn(day, before, seconds(-UPLOADED_BEFORE), seconds(UPLOADED_AFTER), soon)
}

/// Share of uploaded recordings. Only the day itself counts: on the day on which the way of writing changes, earlier
/// days would lead to wrong matches.
fn uploaded(day: &DayCounts) -> f64 {
    let known = day.fully_written();
    if known < ENOUGH {
        return f64::from(day.at_once + 1) / f64::from(known + 2);
    }
    let share = f64::from(day.at_once) / f64::from(known);
    let most = f64::from(day.at_once + day.growing) / f64::from(day.recordings);
    match (share, most) {
        (_, ..ODD) => 0.0,
        (share, _) if share > 1.0 - ODD => 1.0,
        // Recordings that may be growing may be the first ones of the other way.
        (share, _) => share.max(ODD),
    }
}

/// Returns the way of writing, by the share of recordings created and written at once.
pub(crate) fn writes(day: &DayCounts) -> WayOfWriting {
    match uploaded(day) {
        _ if day.fully_written() < ENOUGH => WayOfWriting::Unknown,
        ..0.1 => WayOfWriting::Live,
        0.9.. => WayOfWriting::AtEnd,
        _ => WayOfWriting::Both,
    }
}
