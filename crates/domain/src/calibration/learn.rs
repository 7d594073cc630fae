//! What counts say, and how counts are taken.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::counts::DayCounts;
use super::density::Density;
use super::histogram::{Histogram, seconds};
use super::hours::hour;
use super::twins::{self, TWIN_ENDS_REGION, TWIN_ENDS_WIDER, TWINS_REGION, TWINS_WIDER};
use super::{AT_ONCE, Gates, UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::join::{Attended, JoinKey, LogRead, Matching, NameIndex, Pair, Recorded};

use jiff::{SignedDuration, Timestamp};

/// From how many days before a day is learned where it shows little itself.
pub const LEARNED_FROM_DAYS: usize = 3;
/// From so many recordings on, a way of writing that is rare is held to be none.
pub const ENOUGH: u32 = 20;
/// A share below this, or above 1 less this, is the other way of writing broken off at once.
const ODD: f64 = 0.02;
/// Half of what is seen of clocks that nobody knows lies within this, in seconds.
const BROAD: f64 = 40.0;
/// Uploads that nobody has seen are expected within this after the end, in seconds.
const UPLOADED_SOON: i16 = 180;
/// A session no longer than this may be on a recording that was written at once, whichever way it is written.
const SHORT: SignedDuration = SignedDuration::from_secs(30);
/// If more than this share of recordings and this share of sessions lack their counterpart at the same time, a clock may be
/// off by more than the gates, and jobs that run each hour fit those of another hour.
const OUT_OF_STEP: f64 = 0.35;
/// How far the log must have been read beyond a recording before its silence teaches anything.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// How a bastion writes recordings on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Creation minus start of session.
    pub starts: Density,
    /// Last write minus end of session.
    pub ends: Density,
    /// Creation minus end of session, of recordings that are uploaded.
    pub uploads: Density,
    /// The share of recordings that are uploaded when their session is over.
    pub uploaded: f64,
    /// The share of sessions whose recording is lost, by hour.
    pub lost: [f64; 24],
    /// The share of recordings whose session the log lacks, by hour.
    pub unlogged: [f64; 24],
    /// How dense twins are, per second of start and second of end, of sessions that last longer than a minute.
    pub twins: f64,
    /// The same of shorter ones.
    pub short_twins: f64,
    /// How dense twin ends are, per second.
    pub twin_ends: f64,
    /// How many recordings of one name there are, per second.
    pub name_rate: f64,
    /// From how many pairs of the day it is learned.
    pub learned_from: u32,
    /// How recordings are written.
    pub writes: WayOfWriting,
}

/// When a bastion writes recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WayOfWriting {
    /// Too few are known.
    #[default]
    Unknown,
    /// While the session goes on.
    Live,
    /// When the session is over.
    AtEnd,
    /// Some in one way, some in the other.
    Both,
}

impl WayOfWriting {
    /// The name in shown forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Live => "live",
            Self::AtEnd => "at_end",
            Self::Both => "changing",
        }
    }
}

impl DayCounts {
    /// Counts what the recordings and sessions of a day show. Those of the neighbouring hours may be among them: only
    /// what `is_of_day` says is counted, the rest only keeps pairs from being lonely. Native clients and failed logins
    /// may be on a recording, so that it is not lonely, and teach nothing themselves.
    pub fn of(
        index: &NameIndex<'_>,
        matching: &Matching,
        log: Option<LogRead>,
        is_of_day: impl Fn(Timestamp) -> bool,
    ) -> Self {
        let (recordings, gates) = (index.recordings, Gates::of(matching));
        let candidates: Vec<Vec<usize>> =
            recordings.iter().map(|recorded| index.candidates(recorded, gates, matching)).collect();
        let mut recordings_of = vec![(0_u32, 0_usize); index.sessions.len()];
        for (recording, found) in candidates.iter().enumerate() {
            for session in found {
                recordings_of[*session] = (recordings_of[*session].0 + 1, recording);
            }
        }
        let mut counts = Self::default();
        let mut names = BTreeSet::<&JoinKey>::new();
        for (recorded, found) in recordings.iter().zip(&candidates).filter(|(one, _)| is_of_day(one.created_at)) {
            if !recorded.has_ended {
                continue;
            }
            let is_told =
                log.is_some_and(|log| log.is_beyond(recorded.created_at, recorded.last_modified, TOLD_WITHIN));
            names.extend(recorded.keys.last());
            let lonely = match found[..] {
                [session] if recordings_of[session].0 == 1 => Some(&index.sessions[session]),
                _ => None,
            };
            if !lonely.is_some_and(|session| is_either_way(recorded, session)) {
                counts.recordings += 1;
                if recorded.length() <= AT_ONCE {
                    let near: Vec<&Attended> = found.iter().map(|session| &index.sessions[*session]).collect();
                    let may_grow = may_grow(recorded, &near, is_told, gates);
                    counts.growing += u32::from(may_grow);
                    counts.at_once += u32::from(!may_grow);
                }
            }
            match found[..] {
                [] if is_told && index.failed_logins_near(recorded, matching).is_empty() => {
                    counts.recordings_alone.add(recorded.created_at, false);
                }
                _ => {
                    if let Some(session) = lonely {
                        counts.add_lonely(recorded, session);
                    }
                }
            }
        }
        for (session, (count, recording)) in index.sessions.iter().zip(&recordings_of) {
            let Some(start) = session.facts.started_at.filter(|start| is_of_day(*start)) else {
                continue;
            };
            if session.ended_at.is_none() || session.is_native {
                continue;
            }
            twins::count(session, index, &mut counts);
            match count {
                0 => counts.sessions_alone.add(start, false),
                1 if candidates[*recording].len() == 1 => counts.sessions_alone.add(start, true),
                _ => {}
            }
        }
        counts.names = u32::try_from(names.len()).unwrap_or(u32::MAX);
        counts
    }

    /// Counts a recording and a session that have no other near.
    fn add_lonely(&mut self, recorded: &Recorded, session: &Attended) {
        if session.is_native {
            return;
        }
        self.recordings_alone.add(recorded.created_at, true);
        let (Some(start), Some(end)) = (session.facts.started_at, session.ended_at) else {
            return;
        };
        if is_either_way(recorded, session) {
            return;
        }
        if recorded.length() <= AT_ONCE {
            self.uploads.add(recorded.created_at.duration_since(end));
        } else {
            self.starts.add(recorded.created_at.duration_since(start));
            self.ends.add(recorded.last_modified.duration_since(end));
        }
    }
}

/// Whether a recording that was written at once may as well have been written during its session, which was short: it does
/// not show how it was written.
fn is_either_way(recorded: &Recorded, session: &Attended) -> bool {
    let length = session.facts.started_at.zip(session.ended_at).map(|(start, end)| end.duration_since(start));
    recorded.length() <= AT_ONCE && length.is_some_and(|length| length <= SHORT)
}

/// Whether a recording that looks as if it was written at once may be one of a session that goes on, of which no later
/// write is known yet: a session began with it and may not have ended, or the log may not have told of it.
fn may_grow(recorded: &Recorded, near: &[&Attended], is_told: bool, gates: Gates) -> bool {
    let (mut goes_on, mut is_over) = (false, false);
    for session in near {
        let pair = Pair::of(recorded, session, gates);
        goes_on |= session.ended_at.is_none() && !session.is_native && pair.is_some();
        is_over |= pair.is_some_and(|pair| pair.uploaded.is_some());
    }
    goes_on || !is_over && !is_told
}

impl Calibration {
    /// What a day and the days before it, at most [`LEARNED_FROM_DAYS`], say.
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
        }
    }

    /// What is held where nothing was learned, made once.
    pub fn unlearned() -> Arc<Self> {
        static UNLEARNED: LazyLock<Arc<Calibration>> = LazyLock::new(Arc::default);
        Arc::clone(&UNLEARNED)
    }

    /// How dense twins are of a session of this length.
    pub fn twins_of(&self, length: SignedDuration) -> f64 {
        if length <= twins::SHORT { self.short_twins } else { self.twins }
    }

    /// The share of sessions that are lost where one began at this time.
    pub fn lost_at(&self, at: Timestamp) -> f64 {
        self.lost[hour(at)]
    }

    /// The share of recordings whose session the log lacks where one was created at this time.
    pub fn unlogged_at(&self, at: Timestamp) -> f64 {
        self.unlogged[hour(at)]
    }

    /// Whether as much lacks its counterpart on both sides at this time as if a clock was far off.
    pub fn is_out_of_step_at(&self, at: Timestamp) -> bool {
        self.lost_at(at) > OUT_OF_STEP && self.unlogged_at(at) > OUT_OF_STEP
    }
}

/// What is held where nothing was learned.
impl Default for Calibration {
    fn default() -> Self {
        Self::learn(&DayCounts::default(), [], Gates::of(&Matching::default()))
    }
}

/// How likely each difference is that lies within a gate on either side.
pub(super) fn around(day: &Histogram, before: &Histogram, gate: SignedDuration) -> Density {
    let broad = |second: i16| 1.0 / (1.0 + f64::from(second) * f64::from(second) / (BROAD * BROAD));
    Density::learn(day, before, seconds(-gate), seconds(gate), broad)
}

/// How likely each time of an upload is.
pub(super) fn after_end(day: &Histogram, before: &Histogram) -> Density {
    let soon = |second: i16| if (0..=UPLOADED_SOON).contains(&second) { 1.0 } else { 0.1 };
    Density::learn(day, before, seconds(-UPLOADED_BEFORE), seconds(UPLOADED_AFTER), soon)
}

/// The share of recordings that are uploaded. Of the day itself: on the day on which the way of writing changes, the days
/// before would give wrong names.
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
        // Those that may be growing may be the first ones of the other way.
        (share, _) => share.max(ODD),
    }
}

/// How recordings are written, by the share that was created and written at once.
pub(super) fn writes(day: &DayCounts) -> WayOfWriting {
    match uploaded(day) {
        _ if day.fully_written() < ENOUGH => WayOfWriting::Unknown,
        ..0.1 => WayOfWriting::Live,
        0.9.. => WayOfWriting::AtEnd,
        _ => WayOfWriting::Both,
    }
}
