//! Stored form of a day's calibration.

use domain::decide::calibration::{DayCounts, Histogram, HourCounts, Hours, NeighbourCounts, ShiftEvidence, Shifts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::stored::Schema;
use crate::stored::checkpoint::CheckpointDocument;

/// Counts of a bastion's day, and of the days before it as of when the day was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalibrationForm {
    schema: Schema,
    pub(super) day: CountsForm,
    pub(super) before: CountsForm,
}

/// Offsets in seconds with their frequency; hourly counts with and without a counterpart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CountsForm {
    starts: Vec<(i16, u32)>,
    ends: Vec<(i16, u32)>,
    uploads: Vec<(i16, u32)>,
    recordings: u32,
    at_once: u32,
    growing: u32,
    names: u32,
    recordings_alone: [(u32, u32); 24],
    sessions_alone: [(u32, u32); 24],
    sessions: u32,
    twins: (u32, u32),
    short_sessions: u32,
    short_twins: (u32, u32),
    twin_ends: (u32, u32),
    /// Shifts of the clocks in steps of five minutes, with the evidence of recordings and of sessions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shifts: Vec<(i16, i32, i32)>,
}

impl CheckpointDocument for CalibrationForm {
    const WHAT: &str = "calibration of a day";

    fn without_future(self, _now: Timestamp) -> Self {
        // The form has no times.
        let Self { schema, day, before } = self;
        Self { schema, day, before }
    }
}

impl CalibrationForm {
    pub(super) fn new(day: &DayCounts, before: &DayCounts) -> Self {
        Self { schema: Schema, day: day.into(), before: before.into() }
    }
}

impl From<&DayCounts> for CountsForm {
    fn from(counts: &DayCounts) -> Self {
        let hours = |hours: &Hours| hours.0.map(|hour| (hour.with, hour.without));
        let near = |near: NeighbourCounts| (near.near, near.farther);
        Self {
            starts: counts.starts.counts().collect(),
            ends: counts.ends.counts().collect(),
            uploads: counts.uploads.counts().collect(),
            recordings: counts.recordings,
            at_once: counts.at_once,
            growing: counts.growing,
            names: counts.names,
            recordings_alone: hours(&counts.recordings_alone),
            sessions_alone: hours(&counts.sessions_alone),
            sessions: counts.sessions,
            twins: near(counts.twins),
            short_sessions: counts.short_sessions,
            short_twins: near(counts.short_twins),
            twin_ends: near(counts.twin_ends),
            shifts: counts.shifts.iter().map(|(steps, more)| (steps, more.recordings, more.sessions)).collect(),
        }
    }
}

impl From<&CountsForm> for DayCounts {
    fn from(form: &CountsForm) -> Self {
        let histogram = |counts: &[(i16, u32)]| {
            let mut histogram = Histogram::default();
            counts.iter().for_each(|(second, times)| histogram.add_many(*second, *times));
            histogram
        };
        let hours = |hours: [(u32, u32); 24]| Hours(hours.map(|(with, without)| HourCounts { with, without }));
        let near = |(near, farther): (u32, u32)| NeighbourCounts { near, farther };
        Self {
            starts: histogram(&form.starts),
            ends: histogram(&form.ends),
            uploads: histogram(&form.uploads),
            recordings: form.recordings,
            at_once: form.at_once,
            growing: form.growing,
            names: form.names,
            recordings_alone: hours(form.recordings_alone),
            sessions_alone: hours(form.sessions_alone),
            sessions: form.sessions,
            twins: near(form.twins),
            short_sessions: form.short_sessions,
            short_twins: near(form.short_twins),
            twin_ends: near(form.twin_ends),
            shifts: Shifts::new(form.shifts.iter().map(|(steps, recordings, sessions)| {
                (*steps, ShiftEvidence { recordings: *recordings, sessions: *sessions })
            })),
        }
    }
}
