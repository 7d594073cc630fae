//! Wakes recordings and sessions whose result differs under a newly learned calibration.

use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts};
use domain::decide::join::{judge, recording_coverage};
use domain::record::recording_id::RecordingId;
use domain::record::session::SessionId;
use jiff::civil::Date;

use super::learn::DayEvidence;
use super::utc_day;
use crate::calibration::LearnCalibration;
use crate::ports::Fault;

impl LearnCalibration {
    /// Wakes the recordings and sessions of a day with a different result under the new calibration.
    pub(super) async fn wake_what_differs(
        &self,
        read: &DayEvidence,
        day: Date,
        counts: &DayCounts,
        earlier: &DayCounts,
    ) -> Result<(), Fault> {
        let calibration = Arc::new(self.calibrations.learned(counts, earlier));
        for id in self.recordings_that_differ(read, day, &calibration) {
            self.neighbours.wake(id).await?;
        }
        for id in self.sessions_that_differ(read, day, &calibration) {
            self.neighbours.wake_session(&id).await?;
        }
        Ok(())
    }

    fn recordings_that_differ(
        &self,
        read: &DayEvidence,
        day: Date,
        calibration: &Arc<Calibration>,
    ) -> Vec<RecordingId> {
        let (matching, index) = (&self.rules.matching, read.index());
        let of_day = read.entries.iter().zip(&read.recordings).enumerate().filter(|(_, (entry, recording))| {
            entry.match_state.judged.is_some() && utc_day(recording.created_at) == day
        });
        let differing = of_day.filter(|(place, (entry, recording))| {
            let near = index.near(*place, read.log, calibration, matching);
            !judge(recording, &near, matching).finds_the_same(&entry.match_state.verdict)
        });
        differing.map(|(_, (entry, _))| entry.id).collect()
    }

    /// Skips sessions with a planned wake-up, which are reviewed anyway.
    fn sessions_that_differ(&self, read: &DayEvidence, day: Date, calibration: &Arc<Calibration>) -> Vec<SessionId> {
        let (matching, index) = (&self.rules.matching, read.index());
        let of_day = read.session_entries.iter().zip(&read.sessions).enumerate().filter(|(_, (entry, evidence))| {
            entry.wake_at.is_none()
                && evidence.ended_at.is_some()
                && evidence.facts.started_at.is_some_and(|at| utc_day(at) == day)
        });
        let differing = of_day.filter(|(place, (entry, evidence))| {
            let near = index.near_session(*place, read.log, calibration, matching);
            !entry.finds_the_same(&recording_coverage(evidence, &near, matching))
        });
        differing.map(|(_, (entry, _))| entry.id.clone()).collect()
    }
}
